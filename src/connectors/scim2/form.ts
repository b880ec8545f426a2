import type { ConfigFields } from '../contract/config-fields.ts';

const bearer = { field: 'authentication', equals: ['bearer'] } as const;
const basic = { field: 'authentication', equals: ['basic'] } as const;
const apiKey = { field: 'authentication', equals: ['api-key'] } as const;
const oauth = { field: 'authentication', equals: ['oauth-client-credentials'] } as const;

/** What an administrator fills in to connect a SCIM server. */
export const scimFields = {
  baseUrl: {
    kind: 'url',
    displayName: 'Base URL',
    description: 'Address above /Users, for instance https://app.example.com/scim/v2.',
    required: true,
  },
  authentication: {
    kind: 'choice',
    displayName: 'Authentication',
    description: 'How the server knows Usher.',
    required: true,
    default: 'bearer',
    options: [
      { value: 'bearer', label: 'Bearer token' },
      { value: 'basic', label: 'User name and password' },
      { value: 'api-key', label: 'API key in a header' },
      { value: 'oauth-client-credentials', label: 'OAuth 2.0 client credentials' },
    ],
  },
  token: { kind: 'secret', displayName: 'Token', description: 'The bearer token that the server issued.', required: true, when: bearer },
  userName: { kind: 'text', displayName: 'User name', description: 'Of the technical account.', required: true, when: basic },
  password: { kind: 'secret', displayName: 'Password', description: 'Of the technical account.', required: true, when: basic },
  apiKeyHeader: {
    kind: 'text',
    displayName: 'Header',
    description: 'Name of the header that carries the key.',
    required: true,
    default: 'X-API-Key',
    pattern: "[A-Za-z0-9!#$%&'*+.^_`|~\\-]+",
    maxLength: 100,
    refused: {
      // They frame the message, belong to the connection, say what is sent and taken, or make the request depend on something.
      pattern:
        'host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|expect|content-.*|accept|accept-.*|user-agent|if-.*|range|prefer',
      because: 'must be none that HTTP itself or SCIM gives a meaning, such as Host, Content-Length or Accept.',
    },
    when: apiKey,
  },
  apiKey: { kind: 'secret', displayName: 'API key', description: 'The key itself.', required: true, when: apiKey },
  tokenUrl: {
    kind: 'url',
    displayName: 'Token URL',
    description: 'Token endpoint of the authorization server.',
    required: true,
    when: oauth,
  },
  clientId: { kind: 'text', displayName: 'Client id', description: 'Of the client registered for Usher.', required: true, when: oauth },
  clientSecret: {
    kind: 'secret',
    displayName: 'Client secret',
    description: 'Of the client registered for Usher.',
    required: true,
    when: oauth,
  },
  scope: { kind: 'text', displayName: 'Scope', description: 'Scopes to ask for, separated by spaces.', required: false, when: oauth },
  clientAuthentication: {
    kind: 'choice',
    displayName: 'Client authentication',
    description: 'Where the token endpoint wants client id and secret.',
    required: false,
    default: 'basic',
    options: [
      { value: 'basic', label: 'Authorization header' },
      { value: 'body', label: 'Form' },
    ],
    when: oauth,
  },
  updateMethod: {
    kind: 'choice',
    displayName: 'Updates',
    description: 'PATCH changes single attributes; PUT reads the account and writes it whole. Automatic asks the server.',
    required: false,
    default: 'auto',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'patch', label: 'PATCH' },
      { value: 'put', label: 'PUT' },
    ],
  },
  filterUse: {
    kind: 'choice',
    displayName: 'Search',
    description:
      'Existing accounts are found by filter, or by listing all of them where the server cannot filter. Automatic asks the server.',
    required: false,
    default: 'auto',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'filter', label: 'Filter only' },
      { value: 'list', label: 'List all' },
    ],
  },
  listingLimit: {
    kind: 'integer',
    displayName: 'Limit for listing',
    description: 'A server with more accounts, or groups, is not listed; the operation fails and says so.',
    required: false,
    default: 2_000,
    min: 1,
    max: 100_000,
  },
  passwordProvisioning: {
    kind: 'choice',
    displayName: 'Password of new accounts',
    description:
      'Sent once, when an account is created, and never again. Off sends none; random sends one that nobody knows; default sends the same to all.',
    required: false,
    default: 'off',
    options: [
      { value: 'off', label: 'Off' },
      { value: 'random', label: 'Random' },
      { value: 'default', label: 'Default password' },
    ],
  },
  defaultPassword: {
    kind: 'secret',
    displayName: 'Default password',
    description: 'Every new account begins with it, so let people change it at their first sign-in.',
    required: true,
    when: { field: 'passwordProvisioning', equals: ['default'] },
  },
  groups: {
    kind: 'boolean',
    displayName: 'Groups',
    description: 'Usher fills groups there. The check then proves that the server has groups.',
    required: false,
    default: false,
  },
} as const satisfies ConfigFields;
