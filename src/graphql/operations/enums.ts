/** The words of provisioning, as GraphQL tells them. */
import type { FailureKind } from '../../domain/failure.ts';
import type { AttemptAction, OperationKind, OperationState, Trigger } from '../../domain/vocabulary.ts';
import { enumOf } from '../enums.ts';

export const OperationKindEnum = enumOf<OperationKind>('OperationKind', 'What an operation is to bring about.', {
  provision: 'The account exists, matches the user and is active.',
  deprovision: "The account is ended as the connector's removal setting says.",
});
export const OperationStateEnum = enumOf<OperationState>('OperationState', 'Where an operation stands.', {
  pending: 'Due at its time.',
  running: 'Somebody works at it.',
  held: 'One of many removals at once: it waits for somebody to confirm. See heldRemovals.',
  succeeded: 'Ended well.',
  failed: 'Given up; an operator may retry it.',
  cancelled: 'Ended without being done, for nothing is left to do.',
});
export const TriggerEnum = enumOf<Trigger>('Trigger', 'What made Usher look.', {
  login: 'A sign-in.',
  registration: 'A self-registration.',
  change: 'A change of the user or what belongs to them.',
  removal: 'The removal of a user or an assignment.',
  operator: 'An operator asked for it.',
});
export const FailureKindEnum = enumOf<FailureKind>('FailureKind', 'How a target failed, by what is done about it.', {
  transient: 'No answer, or a passing fault: it is tried again.',
  throttled: 'The target asked for time.',
  conflict: 'Such an account exists already.',
  missing: 'There is no account with the remembered id.',
  unauthorized: 'The target refuses our credentials: it is suspended until its configuration changes.',
  rejected: 'The target refuses this account for good.',
});
export const AttemptActionEnum = enumOf<AttemptAction>('AttemptAction', 'What an attempt did at the target.', {
  none: 'Nothing: the account was right already.',
  created: 'It made the account.',
  linked: 'It took over the account that matched.',
  restored: 'It brought back the account that had been deleted.',
  updated: 'It sent what differed.',
  deactivated: 'It deactivated the account.',
  deleted: 'It deleted the account.',
  left: 'It left the account as it was.',
});
