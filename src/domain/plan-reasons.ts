/** Each reason of a plan in one sentence for a person. Fixed words: no names, no values. */
import type { PlanReason } from './provisioning-plan.ts';

export const planReasons: Readonly<Record<PlanReason, string>> = {
  'needs-account': 'The user has no account there yet: one is made, or the one that matches is used.',
  differs: 'The account differs from what it should be: what differs is sent.',
  'inactive-account': 'The account was deactivated: it is made active again.',
  'user-inactive': 'The user is deactivated: the account ends as the connector is set.',
  'user-removed': 'The user was removed: the account ends as the connector is set.',
  'assignment-removed': 'The user does not belong there any more: the account ends as the connector is set.',
  'connector-being-removed':
    'The connector is being removed together with its accounts: it takes no new users, and the account ends as it is set.',
  'left-outbound-role':
    "The user is in none of the identity provider's outbound provisioning roles any more: the account ends as the connector is set.",
  'asked-by-operator': 'An operator asked for it although nothing differs.',
  'attempt-unsettled': 'An attempt is running or its outcome is not known yet: the account is made right after it.',
  'in-sync': 'The account is right already: nothing is sent.',
  'jit-outbound-off': 'The row has JIT outbound switched off: a login provisions nobody there.',
  'not-assigned': 'The user does not belong there: no login, registration or assignment brought them.',
  'not-in-outbound-role': "The user is in none of the identity provider's outbound provisioning roles.",
  'no-published-policy': 'Rules are enabled for this row, but no policy is published: nobody is provisioned.',
  'rule-denied': 'The rules deny it.',
  'rule-not-applicable': 'No policy says anything about it, and the row provisions only whom one permits.',
  'rule-indeterminate': 'The rules came to no decision because of a fault, so nobody is provisioned: see the decision for its cause.',
  'removal-denied': 'The rules keep the account from ending, as the row lets them.',
  'no-account': 'There is no account to end.',
  'removal-leaves-account': 'The connector is set to leave accounts as they are.',
  'connector-unknown': 'This installation has no connector of this type.',
};
