/**
 * Salesforce: provisions users, their permission sets and public groups into an organisation, by its REST API.
 * It decides nothing about linking and retries nothing. Start here, then connection.ts; README.md is the administrator's guide.
 */
import type { ConfigOf } from '../contract/config-fields.ts';
import { defineConnector, type ConnectorDefinition } from '../contract/connector.ts';
import { customFieldPattern, salesforceAttributes } from './attributes.ts';
import { openSalesforce } from './connection.ts';
import { salesforceFields } from './form.ts';
import { memberBatch } from './groups.ts';
import type { Grant, RefusalField } from './token.ts';

type Config = ConfigOf<typeof salesforceFields>;

export const salesforce: ConnectorDefinition = defineConnector({
  type: 'salesforce',
  displayName: 'Salesforce',
  description: 'Users of an organisation of Salesforce, with profile, role, permission sets and public groups.',
  config: salesforceFields,
  account: salesforceAttributes,
  moreAccountAttributes: {
    pattern: customFieldPattern,
    description: 'A custom field of User, by its API name.',
    example: 'Cost_Centre__c',
  },
  userIdAttribute: 'Username',
  defaultMatchingAttribute: 'Username',
  capabilities: {
    deactivate: true,
    delete: false,
    groups: true,
    memberBatch,
    tellsProtected: true,
    checksSaved: true,
    idempotentCreate: false,
  },
  open: (config, tools) =>
    openSalesforce(
      {
        token: { loginUrl: config.loginUrl.replace(/\/+$/, ''), clientId: config.clientId.trim(), grant: grantOf(config) },
        blamed: blamedOf(config),
        apiVersion: config.apiVersion,
        ownIdField: config.ownIdField ?? null,
        usePublicGroups: config.usePublicGroups,
        usernameSuffix: config.usernameTaken === 'suffix' ? (config.usernameSuffix ?? null) : null,
        freeUsername: config.freeUsername,
        profile: config.profile?.trim() ?? null,
        defaults: {
          TimeZoneSidKey: config.timeZone,
          LocaleSidKey: config.locale,
          EmailEncodingKey: config.emailEncoding,
          LanguageLocaleKey: config.language,
        },
      },
      tools,
    ),
});

/** The form has been checked: what is asked for with this choice is there. Pasted secrets often end with a line break. */
function grantOf(config: Config): Grant {
  const clientSecret = (config.clientSecret ?? '').trim();
  const username = (config.username ?? '').trim();
  switch (config.authentication) {
    case 'client-credentials':
      return { kind: 'client-credentials', clientSecret };
    case 'password':
      return { kind: 'password', clientSecret, username, password: (config.password ?? '') + (config.securityToken ?? '').trim() };
    case 'jwt-bearer':
      return {
        kind: 'jwt-bearer',
        username,
        privateKey: config.privateKey ?? '',
        audience: config.audience ?? 'https://login.salesforce.com',
      };
  }
}

/** Which field of the form is to blame for what the token endpoint says, with this flow. */
function blamedOf({ authentication }: Config): Readonly<Record<RefusalField, string | null>> {
  const credential = ({ 'client-credentials': 'clientSecret', password: 'password', 'jwt-bearer': 'privateKey' } as const)[authentication];
  const isJwt = authentication === 'jwt-bearer';
  const hasUser = authentication !== 'client-credentials';
  return {
    clientId: 'clientId',
    clientSecret: isJwt ? 'clientId' : 'clientSecret',
    credential,
    audience: isJwt ? 'audience' : 'loginUrl',
    loginUrl: 'loginUrl',
    username: hasUser ? 'username' : 'clientId',
  };
}
