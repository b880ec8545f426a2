/**
 * What a policy is told of one person at one target: the whole of them as they are after the change, under the names that WSO2 Identity
 * Server uses, so that policies that were written for it work, and under richer ones of our own. Pure. Start with ruleAttributes.
 */
import { claimsOf, originalIds, ownIds, ruleCategories } from '../domain/rule-attributes.ts';
import type { RuledOperation } from '../domain/rules.ts';
import { wallClock } from '../domain/time-zone.ts';
import type { PlainAttribute } from '../xacml/pdp.ts';
import type { ProvisioningView, RuleQuestion } from './ports.ts';

/** `zone`: minutes east of UTC, of the tenant there and then. */
export function ruleAttributes(view: ProvisioningView, question: RuleQuestion, zone: number): readonly PlainAttribute[] {
  return [...ofUser(view), ...ofParties(view, question), ...ofOperation(view, question), ...ofMoment(view, question.now, zone)];
}

type Values = PlainAttribute['values'];
const xs = (name: string): string => `http://www.w3.org/2001/XMLSchema#${name}`;
const within =
  (category: string) =>
  (id: string, values: Values, dataType?: string): PlainAttribute => ({ category, id, values, ...(dataType ? { dataType } : {}) });

/**
 * The role that everybody has in the original. Its policies insist that there are roles: without it somebody who lost the last one would be a
 * fault, which ends nothing, and not a clear no.
 */
const everyone = 'Internal/everyone';

/** Said by us alone: attributes are what people say of themselves, and none of them gives anybody a role. */
const ofUsher: ReadonlySet<string> = new Set(['username', 'roles', 'groups']);

function ofUser({ user, surroundings }: ProvisioningView): readonly PlainAttribute[] {
  const say = within(ruleCategories.user);
  const groups = surroundings.groups.map(({ name }) => name);
  const emails = (user.attributes['email'] ?? []).map(String);
  return [
    say(originalIds.userTenant, [surroundings.tenant]),
    say(originalIds.userName, [user.userName]),
    say(ownIds.userId, [user.id]),
    say(ownIds.userStore, [surroundings.userStore]),
    say(ownIds.selfRegistered, [user.selfRegistered]),
    say(ownIds.group, groups),
    say(
      ownIds.groupId,
      surroundings.groups.map(({ id }) => id),
    ),
    say(
      ownIds.emailDomain,
      emails.flatMap((email) => (email.includes('@') ? [email.slice(email.lastIndexOf('@') + 1).toLowerCase()] : [])),
    ),
    say(originalIds.claim('username'), [user.userName]),
    // The original knows groups of its own as roles with this in front of their names.
    say(originalIds.claim('roles'), [...groups, ...groups.map((name) => `Internal/${name}`), everyone]),
    say(originalIds.claim('groups'), groups),
    ...Object.entries(user.attributes).flatMap(([name, values]) => [
      say(ownIds.attribute(name), values),
      // Claims are texts to the original, whatever they hold.
      ...[...new Set([name, ...claimsOf(name)])].flatMap((claim) =>
        ofUsher.has(claim) ? [] : say(originalIds.claim(claim), values.map(String), xs('string')),
      ),
    ]),
    within(ruleCategories.subject)(originalIds.subject, [user.userName]),
  ];
}

function ofParties({ surroundings }: ProvisioningView, { candidate, ground }: RuleQuestion): readonly PlainAttribute[] {
  const { identityProvider, target } = candidate;
  const [ofProvider, ofTarget] = [within(ruleCategories.serviceProvider), within(ruleCategories.identityProvider)];
  const provider = ground.serviceProvider;
  return [
    ...(provider ? [ofProvider(originalIds.serviceProvider, [provider.name]), ofProvider(ownIds.serviceProviderId, [provider.id])] : []),
    ofProvider(originalIds.serviceProviderTenant, [surroundings.tenant]),
    ofTarget(originalIds.identityProvider, [identityProvider.name]),
    ofTarget(ownIds.identityProviderId, [identityProvider.id]),
    ofTarget(originalIds.connectorType, [target.connectorType]),
    ofTarget(ownIds.connectorId, [target.id]),
    ofTarget(ownIds.connectorName, [target.name]),
  ];
}

/** As it will be sent: an account that is there is changed, whatever the change of the person was. */
const methods = { create: 'POST', update: 'PUT', end: 'DELETE' } as const satisfies Record<RuledOperation, string>;

function ofOperation({ surroundings }: ProvisioningView, { operation, trigger }: RuleQuestion): readonly PlainAttribute[] {
  const say = within(ruleCategories.provisioning);
  return [
    within(ruleCategories.action)(originalIds.action, ['provisioning']),
    say(originalIds.operation, [methods[operation]]),
    say(originalIds.groupsAtCreate, operation === 'create' ? [...surroundings.groups.map(({ name }) => name), everyone] : []),
    say(ownIds.operation, [operation]),
    say(ownIds.trigger, [trigger]),
  ];
}

/** Date and time twice: typed, as the standard has them, and as the texts that the original sends. */
function ofMoment({ surroundings }: ProvisioningView, now: Date, zone: number): readonly PlainAttribute[] {
  const say = within(ruleCategories.environment);
  const { date, time, weekday } = wallClock(now, zone);
  const offset = offsetOf(zone);
  const original = date.replaceAll('-', '/');
  return [
    say(originalIds.tenant, [surroundings.tenant]),
    say(originalIds.date, [`${date}${offset}`], xs('date')),
    say(originalIds.time, [`${time}${offset}`], xs('time')),
    say(originalIds.dateTime, [`${date}T${time}${offset}`], xs('dateTime')),
    say(originalIds.date, [original], xs('string')),
    say(originalIds.time, [time], xs('string')),
    say(originalIds.dateTime, [`${original} ${time}`], xs('string')),
    say(ownIds.weekday, [weekday]),
  ];
}

function offsetOf(zone: number): string {
  const minutes = Math.abs(zone);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
