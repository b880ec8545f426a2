/** Configures an Usher through its public GraphQL API, as an administrator's program would: for flow tests, the demo and the benchmarks. */
import { ask, bearer } from './web.ts';

export interface AdministerTarget {
  readonly url: string;
  readonly token: string;
}
export interface Administrator {
  /** Sends a document and gives the one answer in it; throws where it is an error or a problem. */
  do<T = any>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** A SAML identity provider that people sign in with. */
  addSamlIdentityProvider(settings: {
    readonly name: string;
    readonly issuer: string;
    readonly entryPoint: string;
    readonly certificate: string;
    readonly justInTime?: boolean;
    readonly saml?: Record<string, unknown>;
    readonly provider?: Record<string, unknown>;
  }): Promise<{ readonly id: string; readonly version: number }>;
  /** An identity provider that is only provisioned to, with one connector. */
  addTarget(settings: {
    readonly name: string;
    readonly connectorType: string;
    readonly config: Record<string, unknown>;
    readonly more?: Record<string, unknown>;
  }): Promise<Target>;
  addServiceProvider(settings: {
    readonly name: string;
    readonly signInWith?: readonly string[];
    readonly more?: Record<string, unknown>;
  }): Promise<ServiceProvider>;
  configureOutbound(serviceProvider: ServiceProvider, rows: readonly OutboundRow[]): Promise<void>;
}
export interface Target {
  readonly identityProviderId: string;
  readonly connectorId: string;
  readonly version: number;
}
export interface ServiceProvider {
  readonly id: string;
  readonly loginUrl: string;
}
export interface OutboundRow {
  readonly target: Target;
  readonly blocking?: boolean;
  readonly jitOutbound?: boolean;
  readonly enableRules?: boolean;
  readonly deadlineMs?: number;
  readonly whenDeadlinePasses?: 'REFUSE' | 'ADMIT';
  readonly whenNotApplicable?: 'DENY' | 'PERMIT';
  readonly accountsOfDenied?: 'END' | 'LEAVE';
  readonly requireProvisioned?: boolean;
  readonly rulesOnRemoval?: boolean;
}

const problem = `__typename ... on Problem { message path } ... on InvalidInput { problems { path message } }`;

export function administer({ url, token }: AdministerTarget): Administrator {
  const admin: Administrator = {
    async do(document, variables = {}) {
      const answer = await ask(url, document, variables, bearer(token));
      const [value] = Object.values((answer.data ?? {}) as Record<string, any>);
      if (answer.errors || value?.problems || (value?.message && value?.path)) throw new Error(JSON.stringify(answer.errors ?? value));
      return value;
    },
    async addSamlIdentityProvider(settings) {
      const added = await admin.do(
        `mutation($input: AddIdentityProviderInput!) { addIdentityProvider(input: $input) { ${problem} ... on IdentityProvider { id version } } }`,
        { input: { name: settings.name, ...settings.provider } },
      );
      const configured = await admin.do(
        `mutation($input: ConfigureAuthenticatorInput!) { configureAuthenticator(input: $input) { ${problem} ... on IdentityProvider { id version } } }`,
        {
          input: {
            identityProviderId: added.id,
            version: added.version,
            saml: { issuer: settings.issuer, entryPoint: settings.entryPoint, certificates: [settings.certificate], ...settings.saml },
          },
        },
      );
      if (settings.justInTime === false) return configured;
      return admin.do(
        `mutation($input: ConfigureJustInTimeProvisioningInput!) { configureJustInTimeProvisioning(input: $input) { ${problem} ... on IdentityProvider { id version } } }`,
        { input: { identityProviderId: added.id, version: configured.version, enabled: true } },
      );
    },
    async addTarget(settings) {
      const { id } = await admin.do(
        `mutation($input: AddIdentityProviderInput!) { addIdentityProvider(input: $input) { ${problem} ... on IdentityProvider { id } } }`,
        { input: { name: settings.name } },
      );
      const connector = await admin.do(
        `mutation($input: EnableProvisioningConnectorInput!) { enableProvisioningConnector(input: $input) { ${problem} ... on ProvisioningConnector { id version } } }`,
        {
          input: {
            identityProviderId: id,
            name: settings.name,
            connectorType: settings.connectorType,
            config: settings.config,
            ...settings.more,
          },
        },
      );
      return { identityProviderId: id, connectorId: connector.id, version: connector.version };
    },
    addServiceProvider: (settings) =>
      admin.do(
        `mutation($input: RegisterServiceProviderInput!) { registerServiceProvider(input: $input) { ${problem} ... on ServiceProvider { id loginUrl } } }`,
        { input: { name: settings.name, signInIdentityProviderIds: settings.signInWith ?? [], ...settings.more } },
      ),
    async configureOutbound(serviceProvider, rows) {
      const { outboundProvisioning } = await admin.do(`query($id: ID!) { serviceProvider(id: $id) { outboundProvisioning { version } } }`, {
        id: serviceProvider.id,
      });
      await admin.do(
        `mutation($input: ConfigureOutboundProvisioningInput!) { configureOutboundProvisioning(input: $input) { ${problem} } }`,
        {
          input: {
            serviceProviderId: serviceProvider.id,
            version: outboundProvisioning.version,
            rows: rows.map(({ target, ...row }) => ({
              identityProviderId: target.identityProviderId,
              connectorId: target.connectorId,
              ...row,
            })),
          },
        },
      );
    },
  };
  return admin;
}
