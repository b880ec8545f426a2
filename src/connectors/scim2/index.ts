/**
 * SCIM 2.0 (RFC 7643, RFC 7644): provisions accounts into any server that speaks it, also approximately.
 * It decides nothing about linking and retries nothing. Start here, then connection.ts; README.md is the administrator's guide.
 */
import { defineConnector, type ConnectorDefinition } from '../contract/connector.ts';
import { scimAttributes } from './attributes.ts';
import { openScim } from './connection.ts';
import type { Authentication } from './credentials.ts';
import type { PasswordProvisioning } from './first-password.ts';
import { scimFields } from './form.ts';
import type { ConfigOf } from '../contract/config-fields.ts';

export const scim2: ConnectorDefinition = defineConnector({
  type: 'scim2',
  displayName: 'SCIM 2.0',
  description: 'Accounts and groups in any system with a SCIM 2.0 interface.',
  config: scimFields,
  account: scimAttributes.map(({ spec }) => spec),
  groupsField: 'groups',
  defaultMatchingAttribute: 'userName',
  capabilities: { deactivate: true, delete: true, groups: true, memberBatch: 100, checksSaved: true, idempotentCreate: false },
  open: (config, tools) =>
    openScim(
      {
        baseUrl: config.baseUrl,
        authentication: authenticationOf(config),
        secretField: secretFieldOf[config.authentication],
        updateMethod: config.updateMethod,
        filterUse: config.filterUse,
        listingLimit: config.listingLimit,
        passwordProvisioning: passwordProvisioningOf(config),
        groups: config.groups,
      },
      tools,
    ),
});

const secretFieldOf = { bearer: 'token', basic: 'password', 'api-key': 'apiKey', 'oauth-client-credentials': 'clientSecret' } as const;

/** The form has been checked: what is asked for with this choice is there. Pasted secrets often end with a line break. */
function authenticationOf(config: ConfigOf<typeof scimFields>): Authentication {
  switch (config.authentication) {
    case 'bearer':
      return { kind: 'bearer', token: trimmed(config.token) };
    case 'basic':
      return { kind: 'basic', userName: config.userName ?? '', password: config.password ?? '' };
    case 'api-key':
      return { kind: 'api-key', header: trimmed(config.apiKeyHeader), key: trimmed(config.apiKey) };
    case 'oauth-client-credentials':
      return {
        kind: 'oauth',
        tokenUrl: config.tokenUrl ?? '',
        clientId: trimmed(config.clientId),
        clientSecret: trimmed(config.clientSecret),
        scope: config.scope ?? null,
        clientAuthentication: config.clientAuthentication ?? 'basic',
      };
  }
}

/** As it stands, because a password may end with a space. */
function passwordProvisioningOf(config: ConfigOf<typeof scimFields>): PasswordProvisioning {
  const kind = config.passwordProvisioning;
  return kind === 'default' ? { kind, password: config.defaultPassword ?? '' } : { kind };
}

function trimmed(value: string | undefined): string {
  return (value ?? '').trim();
}
