/** Why a SAML response is refused: told to the log, never to the person. */
export const samlFaults = [
  'not-one-response',
  'not-base64',
  'not-xml',
  'doctype',
  'comment-or-instruction',
  'too-deep',
  'not-a-response',
  'duplicate-id',
  'issuer',
  'status',
  'destination',
  'not-asked-for',
  'not-one-assertion',
  'misplaced-signature',
  'unsigned',
  'weak-algorithm',
  'signature-form',
  'signature',
  'not-encrypted',
  'encryption-form',
  'no-key',
  'assertion-form',
  'subject',
  'transient-subject',
  'recipient',
  'audience',
  'time',
] as const;
export type SamlFault = (typeof samlFaults)[number];

export interface Faulty {
  readonly kind: 'fault';
  readonly fault: SamlFault;
}
export const fault = (what: SamlFault): Faulty => ({ kind: 'fault', fault: what });
