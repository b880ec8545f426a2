/**
 * The one place where an assertion is read: the verified bytes, canonicalised, as the library hands them out. Each check names its paragraph
 * of the web browser profile (SAML Profiles 4.1.4) or of SAML Core.
 */
import type { Element } from '@xmldom/xmldom';
import type { Attributes } from '../../domain/vocabulary.ts';
import { fault, type Faulty } from './faults.ts';
import { attributeOf, childrenOf, elementsIn, isElement, onlyChild, textOf } from './xml.ts';

export interface ExpectedAssertion {
  readonly issuer: string;
  readonly acs: string;
  /** Our entity id. */
  readonly audience: string;
  readonly requestId: string;
  readonly now: Date;
}

export interface Assertion {
  readonly kind: 'assertion';
  readonly id: string;
  readonly nameId: NameId | null;
  readonly sessionIndex: string | null;
  readonly attributes: Attributes;
  /** After this moment it is accepted no more, skew included. */
  readonly usableUntil: Date;
}
export interface NameId {
  readonly value: string;
  readonly format: string | null;
  readonly nameQualifier: string | null;
  readonly spNameQualifier: string | null;
}

/** Clocks differ; by no more than this. */
export const clockSkewMs = 60_000;
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

export function readAssertion(element: Element, expected: ExpectedAssertion): Assertion | Faulty {
  const id = attributeOf(element, 'ID');
  if (!isElement(element, 'assertion', 'Assertion') || id === null || attributeOf(element, 'Version') !== '2.0')
    return fault('assertion-form');
  const issuer = onlyChild(element, 'assertion', 'Issuer');
  if (!issuer || textOf(issuer) !== expected.issuer) return fault('issuer');
  const subject = onlyChild(element, 'assertion', 'Subject');
  if (!subject) return fault('assertion-form');

  const issued = timeOf(element, 'IssueInstant');
  if (issued === null || issued - clockSkewMs > expected.now.getTime()) return fault('time');
  const confirmedUntil = confirm(subject, expected);
  if (typeof confirmedUntil === 'object') return confirmedUntil;
  const holdsUntil = judgeConditions(element, expected);
  if (typeof holdsUntil === 'object') return holdsUntil;

  const statement = childrenOf(element, 'assertion', 'AuthnStatement')[0];
  const sessionEnd = statement ? timeOf(statement, 'SessionNotOnOrAfter', Infinity) : null;
  // 4.1.4.2: an assertion that confirms a bearer says how they were authenticated.
  if (!statement || sessionEnd === null) return fault('assertion-form');
  if (sessionEnd + clockSkewMs <= expected.now.getTime()) return fault('time');
  return {
    kind: 'assertion',
    id,
    nameId: nameIdOf(subject),
    sessionIndex: attributeOf(statement, 'SessionIndex'),
    attributes: attributesOf(element),
    usableUntil: new Date(Math.min(confirmedUntil, holdsUntil) + clockSkewMs),
  };
}

/** 4.1.4.2 and 4.1.4.3: at least one bearer confirmation for our address, answering our request, and still fresh. Until when. */
function confirm(subject: Element, expected: ExpectedAssertion): number | Faulty {
  const confirmations = childrenOf(subject, 'assertion', 'SubjectConfirmation').filter((one) => attributeOf(one, 'Method') === bearer);
  let worst = fault('recipient');
  let until = 0;
  for (const confirmation of confirmations) {
    const judged = judgeConfirmation(onlyChild(confirmation, 'assertion', 'SubjectConfirmationData'), expected);
    if (typeof judged === 'number') until = Math.max(until, judged);
    else worst = judged;
  }
  return until > 0 ? until : worst;
}

function judgeConfirmation(data: Element | null, expected: ExpectedAssertion): number | Faulty {
  if (!data || attributeOf(data, 'Recipient') !== expected.acs) return fault('recipient');
  if (attributeOf(data, 'InResponseTo') !== expected.requestId) return fault('not-asked-for');
  const until = timeOf(data, 'NotOnOrAfter');
  const from = timeOf(data, 'NotBefore', 0);
  if (until === null || from === null) return fault('time');
  const now = expected.now.getTime();
  return from - clockSkewMs <= now && now < until + clockSkewMs ? until : fault('time');
}

/** Core 2.5.1: every audience restriction must name us; OneTimeUse and ProxyRestriction bind nobody who uses it once and passes nothing on. */
function judgeConditions(element: Element, expected: ExpectedAssertion): number | Faulty {
  const conditions = onlyChild(element, 'assertion', 'Conditions');
  if (!conditions) return fault('audience');
  const restrictions = childrenOf(conditions, 'assertion', 'AudienceRestriction');
  const namesUs = (one: Element): boolean =>
    childrenOf(one, 'assertion', 'Audience').some((audience) => textOf(audience) === expected.audience);
  if (restrictions.length === 0 || !restrictions.every(namesUs)) return fault('audience');
  // A condition nobody knows makes the assertion indeterminate.
  const known = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']);
  if (!elementsIn(conditions).every((one) => known.has(one.localName ?? '') && isElement(one, 'assertion', one.localName ?? '')))
    return fault('assertion-form');
  const from = timeOf(conditions, 'NotBefore', 0);
  const until = timeOf(conditions, 'NotOnOrAfter', Infinity);
  if (from === null || until === null) return fault('time');
  const now = expected.now.getTime();
  return from - clockSkewMs <= now && now < until + clockSkewMs ? until : fault('time');
}

function nameIdOf(subject: Element): NameId | null {
  const element = onlyChild(subject, 'assertion', 'NameID');
  const value = element ? textOf(element) : '';
  if (!element || value === '') return null;
  return {
    value,
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  };
}

/** By Name; values of one name are gathered wherever they stand, each once. Empty and xsi:nil values are none, and leave the name absent. */
function attributesOf(element: Element): Attributes {
  const gathered = new Map<string, Set<string>>();
  for (const statement of childrenOf(element, 'assertion', 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, 'assertion', 'Attribute')) {
      const name = attributeOf(attribute, 'Name');
      if (name === null) continue;
      const values = gathered.get(name) ?? new Set();
      for (const value of childrenOf(attribute, 'assertion', 'AttributeValue')) values.add(valueOf(value));
      values.delete('');
      if (values.size > 0) gathered.set(name, values);
    }
  }
  return Object.fromEntries([...gathered].map(([name, values]) => [name, [...values]]));
}

/** Text; of a nested object only the NameID that eduPersonTargetedID wraps. Other structures are no values of ours. */
function valueOf(value: Element): string {
  const [nested, second] = elementsIn(value);
  if (!nested) return textOf(value);
  return !second && isElement(nested, 'assertion', 'NameID') ? textOf(nested) : '';
}

/** Milliseconds; `absent` where the attribute is missing, null where it is no xs:dateTime in UTC (Core 1.3.3). */
function timeOf(element: Element, name: string, absent: number | null = null): number | null {
  const text = attributeOf(element, name);
  if (text === null) return absent;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
