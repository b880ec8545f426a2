import type { ConfigFields } from '../contract/config-fields.ts';
import { userIdFields } from '../contract/user-id-fields.ts';

const json = { field: 'keyFormat', equals: ['json'] } as const;
const pkcs12 = { field: 'keyFormat', equals: ['pkcs12'] } as const;
const groups = { field: 'useGroups', equals: [true] } as const;

/** What an administrator fills in to connect a Google Workspace. */
export const googleFields = {
  keyFormat: {
    kind: 'choice',
    displayName: 'Format of the key',
    description: "Which file Google gave for the service account's key.",
    required: true,
    default: 'json',
    options: [
      { value: 'json', label: 'JSON' },
      { value: 'pkcs12', label: 'PKCS#12 (P12)' },
    ],
  },
  serviceAccountKey: {
    kind: 'secret',
    multiline: true,
    displayName: 'Service account key',
    description: 'The whole text of the JSON file. It is kept sealed and is never written to a file.',
    required: true,
    when: json,
  },
  pkcs12: {
    kind: 'secret',
    multiline: true,
    displayName: 'PKCS#12 key',
    description: 'The P12 file in base64.',
    required: true,
    when: pkcs12,
  },
  pkcs12Password: {
    kind: 'secret',
    displayName: 'Password of the PKCS#12 key',
    description: 'Empty means notasecret, which is what Google uses for every file.',
    required: false,
    when: pkcs12,
  },
  serviceAccountEmail: {
    kind: 'text',
    displayName: 'Service account e-mail',
    description: 'Such as usher@my-project.iam.gserviceaccount.com.',
    required: true,
    maxLength: 254,
    when: pkcs12,
  },
  administratorEmail: {
    kind: 'text',
    displayName: "Administrator's e-mail",
    description: 'The administrator of the Google Workspace in whose name Usher works.',
    required: true,
    pattern: '[^\\s@]+@[^\\s@]+',
    maxLength: 254,
  },
  ...userIdFields({
    domainDescription: 'Domain of the addresses, one of those of your Google Workspace: accounts are named something@domain.',
    domainRequired: true,
  }),
  orgUnitPath: {
    kind: 'text',
    displayName: 'Organizational unit',
    description: 'Where new accounts go unless their attribute orgUnitPath says otherwise, such as /Staff. Empty means the top.',
    required: false,
    pattern: '/.*',
    maxLength: 512,
  },
  useGroups: {
    kind: 'boolean',
    displayName: 'Groups',
    description: 'Provision groups as well. Only then the permission to manage groups is asked for.',
    required: false,
    default: false,
  },
  groupDomain: {
    kind: 'text',
    displayName: 'Domain of groups',
    description: 'Domain of the addresses of groups. Empty means the same as that of accounts.',
    required: false,
    pattern: '[A-Za-z0-9](?:[A-Za-z0-9.\\-]{0,251}[A-Za-z0-9])?',
    maxLength: 253,
    when: groups,
  },
  customer: {
    kind: 'text',
    displayName: 'Customer',
    description: 'Whose accounts are searched: my_customer is the one that the administrator belongs to. A reseller names a customer id.',
    required: false,
    default: 'my_customer',
    pattern: '[A-Za-z0-9_]+',
    maxLength: 100,
  },
  callsPerMinute: {
    kind: 'integer',
    displayName: 'Calls a minute',
    description: 'The quota of your project. Usher keeps just below it. Where several processes run, enter the share of one.',
    required: false,
    default: 2_400,
    min: 1,
    max: 100_000,
  },
  tokenUrl: {
    kind: 'url',
    displayName: 'Token URL',
    description: 'Where access tokens come from. Changed for tests only.',
    required: false,
    default: 'https://oauth2.googleapis.com/token',
  },
  apiRoot: {
    kind: 'url',
    displayName: 'API root',
    description: 'Scheme and host of the Directory API. Changed for tests only.',
    required: false,
    default: 'https://admin.googleapis.com',
  },
} as const satisfies ConfigFields;
