/** Every fake target, by the name of its service, each started anew. */
import { fakeGoogle } from './fake-google.ts';
import { fakeSalesforce } from './fake-salesforce.ts';
import { fakeScim } from './fake-scim.ts';

export const fakes = [
  ['SCIM', () => fakeScim()],
  ['Google', () => fakeGoogle('acme.example')],
  ['Salesforce', () => fakeSalesforce()],
] as const;
