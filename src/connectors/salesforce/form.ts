import type { ConfigFields } from '../contract/config-fields.ts';
import { userIdFields } from '../contract/user-id-fields.ts';

const password = { field: 'authentication', equals: ['password'] } as const;
const jwt = { field: 'authentication', equals: ['jwt-bearer'] } as const;
const withUser = { field: 'authentication', equals: ['password', 'jwt-bearer'] } as const;
const withSecret = { field: 'authentication', equals: ['password', 'client-credentials'] } as const;

/** What an administrator fills in to connect an organisation of Salesforce. */
export const salesforceFields = {
  authentication: {
    kind: 'choice',
    displayName: 'OAuth flow',
    description: 'How Usher gets its access token from the connected app.',
    required: true,
    default: 'client-credentials',
    options: [
      { value: 'client-credentials', label: 'Client credentials' },
      { value: 'jwt-bearer', label: 'JWT bearer' },
      { value: 'password', label: 'User name and password' },
    ],
  },
  loginUrl: {
    kind: 'url',
    displayName: 'Login URL',
    description:
      'Where tokens are issued: https://login.salesforce.com, https://test.salesforce.com for sandboxes, or the My Domain address (https://acme.my.salesforce.com), which client credentials need.',
    required: false,
    default: 'https://login.salesforce.com',
  },
  clientId: { kind: 'text', displayName: 'Client id', description: 'Consumer key of the app made for Usher.', required: true },
  clientSecret: {
    kind: 'secret',
    displayName: 'Client secret',
    description: 'Consumer secret of the app made for Usher.',
    required: true,
    when: withSecret,
  },
  username: {
    kind: 'text',
    displayName: 'Username',
    description: 'Of the integration user that Usher acts as.',
    required: true,
    maxLength: 80,
    when: withUser,
  },
  password: {
    kind: 'secret',
    displayName: 'Password',
    description: 'Of the integration user.',
    required: true,
    when: password,
  },
  securityToken: {
    kind: 'secret',
    displayName: 'Security token',
    description: 'Of the integration user. Not needed where the address of Usher is trusted by the organisation.',
    required: false,
    when: password,
  },
  privateKey: {
    kind: 'secret',
    multiline: true,
    displayName: 'Private key',
    description: 'PEM, RSA. Its certificate is uploaded to the app.',
    required: true,
    when: jwt,
  },
  audience: {
    kind: 'choice',
    displayName: 'Audience',
    description: 'Whom the signed statement is for.',
    required: false,
    default: 'https://login.salesforce.com',
    options: [
      { value: 'https://login.salesforce.com', label: 'Production' },
      { value: 'https://test.salesforce.com', label: 'Sandbox' },
    ],
    when: jwt,
  },
  apiVersion: {
    kind: 'text',
    displayName: 'API version',
    description: 'Of the REST API, such as 64.0; 46.0 at least.',
    required: false,
    default: '64.0',
    pattern: '(?:4[6-9]|[5-9][0-9])\\.0',
  },
  profile: {
    kind: 'text',
    displayName: 'Profile',
    description: 'Name or id of the profile of new users. Needed unless a mapping gives each user one.',
    required: false,
    maxLength: 255,
  },
  timeZone: {
    kind: 'text',
    displayName: 'Time zone',
    description: 'Of new users that have none: a key such as Europe/Vienna.',
    required: false,
    default: 'Europe/London',
    maxLength: 40,
  },
  locale: {
    kind: 'text',
    displayName: 'Locale',
    description: 'Of new users that have none: a key such as en_GB.',
    required: false,
    default: 'en_GB',
    maxLength: 40,
  },
  emailEncoding: {
    kind: 'text',
    displayName: 'E-mail encoding',
    description: 'Of new users that have none.',
    required: false,
    default: 'UTF-8',
    maxLength: 40,
  },
  language: {
    kind: 'text',
    displayName: 'Language',
    description: 'Of new users that have none: a key such as en_US.',
    required: false,
    default: 'en_US',
    maxLength: 40,
  },
  ...userIdFields({
    domainDescription:
      'Ending of usernames. A Salesforce username has the form of an e-mail address and need not be one. Empty: as the user is named.',
    domainRequired: false,
  }),
  usernameTaken: {
    kind: 'choice',
    displayName: 'When a username is taken elsewhere',
    description:
      'Usernames are unique over all organisations of Salesforce. When one is taken in an organisation that this one cannot see: refuse the user with a clear problem, or add the ending below.',
    required: false,
    default: 'refuse',
    options: [
      { value: 'refuse', label: 'Refuse' },
      { value: 'suffix', label: 'Add the ending' },
    ],
  },
  usernameSuffix: {
    kind: 'text',
    displayName: 'Ending',
    description: 'Added to a username that is taken elsewhere: .acme makes ann@example.com.acme.',
    required: true,
    pattern: '\\.[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,18}[A-Za-z0-9])?',
    maxLength: 21,
    when: { field: 'usernameTaken', equals: ['suffix'] },
  },
  freeUsername: {
    kind: 'boolean',
    displayName: 'Free the username',
    description: 'Renames a user that is deactivated, so that the username can be used again. Off: a username is never changed for that.',
    required: false,
    default: false,
  },
  ownIdField: {
    kind: 'text',
    displayName: 'Field for our id',
    description:
      "API name of a text field of User that keeps Usher's id of the user, such as Usher_Id__c, or FederationIdentifier. With it Usher recognises accounts of its own making.",
    required: false,
    pattern: 'FederationIdentifier|[A-Za-z][A-Za-z0-9_]*__c',
    maxLength: 80,
  },
  usePublicGroups: {
    kind: 'boolean',
    displayName: 'Public groups by mapping',
    description: 'Lets a mapping keep the public groups of a user. It costs one more call for each look at a user.',
    required: false,
    default: false,
  },
} as const satisfies ConfigFields;
