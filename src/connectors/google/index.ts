/**
 * Google Workspace: provisions accounts and groups through the Directory API, in the name of an administrator (domain-wide delegation).
 * It decides nothing about linking, retries nothing and never touches a password after create. Start here, then connection.ts;
 * README.md is the administrator's guide.
 */
import type { ConfigOf } from '../contract/config-fields.ts';
import { defineConnector, type ConnectorDefinition } from '../contract/connector.ts';
import { customPattern, googleAttributes } from './attributes.ts';
import { openGoogle } from './connection.ts';
import { googleFields } from './form.ts';
import type { KeySettings } from './service-account.ts';

const scopes = 'https://www.googleapis.com/auth/admin.directory.';

export const google: ConnectorDefinition = defineConnector({
  type: 'google',
  displayName: 'Google Workspace',
  description: 'Accounts and groups in a Google Workspace.',
  config: googleFields,
  account: googleAttributes.map(({ spec }) => spec),
  moreAccountAttributes: {
    pattern: customPattern,
    description: "A field of one of your custom schemas: custom.<schema's name>.<field's name>.",
    example: 'custom.Employment.badge',
  },
  userIdAttribute: 'primaryEmail',
  groupsField: 'useGroups',
  defaultMatchingAttribute: 'primaryEmail',
  capabilities: {
    deactivate: true,
    delete: true,
    groups: true,
    memberBatch: 20,
    slowToShow: true,
    tellsProtected: true,
    checksSaved: true,
    undelete: true,
    idempotentCreate: false,
  },
  callsPerMinute: (config) => config.callsPerMinute,
  open: (config, tools) =>
    openGoogle(
      {
        key: keyOf(config),
        administratorEmail: config.administratorEmail.trim(),
        // Members of groups are included in the permission to manage groups; aliases and restoring in the one to manage accounts.
        scopes: [`${scopes}user`, ...(config.useGroups ? [`${scopes}group`] : [])],
        tokenUrl: config.tokenUrl,
        apiRoot: config.apiRoot,
        customer: config.customer,
        domain: config.userIdDomain ?? '',
        groupDomain: config.useGroups ? (config.groupDomain ?? config.userIdDomain ?? '') : null,
        orgUnitPath: config.orgUnitPath ?? null,
      },
      tools,
    ),
});

/** The form has been checked: what is asked for with this choice is there. */
function keyOf(config: ConfigOf<typeof googleFields>): KeySettings {
  return config.keyFormat === 'json'
    ? { format: 'json', text: config.serviceAccountKey ?? '' }
    : {
        format: 'pkcs12',
        base64: config.pkcs12 ?? '',
        password: config.pkcs12Password ?? 'notasecret',
        email: (config.serviceAccountEmail ?? '').trim(),
      };
}
