/**
 * The names under which a policy asks for what it is told: those of WSO2 Identity Server, and our own beside them. Policies are written with
 * them, so none is ever renamed. docs/rules.md says what each holds.
 */

export const ruleCategories = {
  user: 'http://wso2.org/identity/user',
  serviceProvider: 'http://wso2.org/identity/sp',
  identityProvider: 'http://wso2.org/identity/idp',
  action: 'http://wso2.org/identity/identity-action',
  provisioning: 'http://wso2.org/identity/provisioning',
  environment: 'urn:oasis:names:tc:xacml:3.0:attribute-category:environment',
  subject: 'urn:oasis:names:tc:xacml:1.0:subject-category:access-subject',
} as const;

/** Of the original. */
export const originalIds = {
  userTenant: 'http://wso2.org/identity/user/user-tenant-domain',
  userName: 'http://wso2.org/identity/user/username',
  serviceProvider: 'http://wso2.org/identity/sp/sp-name',
  serviceProviderTenant: 'http://wso2.org/identity/auth/sp-tenant-domain',
  identityProvider: 'http://wso2.org/identity/idp/idp-name',
  connectorType: 'http://wso2.org/identity/idp/connector-type',
  action: 'http://wso2.org/identity/identity-action/action-name',
  operation: 'http://wso2.org/identity/provisioning/provision-operation',
  groupsAtCreate: 'http://wso2.org/identity/provisioning/claim-group',
  tenant: 'urn:oasis:names:tc:xacml:1.0:environment:environment-id',
  date: 'urn:oasis:names:tc:xacml:1.0:environment:current-date',
  time: 'urn:oasis:names:tc:xacml:1.0:environment:current-time',
  dateTime: 'urn:oasis:names:tc:xacml:1.0:environment:current-dateTime',
  subject: 'urn:oasis:names:tc:xacml:1.0:subject:subject-id',
  claim: (name: string) => `http://wso2.org/claims/${name}`,
} as const;

/** Our own. */
export const ownIds = {
  userId: 'urn:usher:user:id',
  userStore: 'urn:usher:user:store',
  selfRegistered: 'urn:usher:user:self-registered',
  group: 'urn:usher:user:group',
  groupId: 'urn:usher:user:group-id',
  emailDomain: 'urn:usher:user:email-domain',
  attribute: (name: string) => `urn:usher:user:attribute:${name}`,
  serviceProviderId: 'urn:usher:service-provider:id',
  identityProviderId: 'urn:usher:identity-provider:id',
  connectorId: 'urn:usher:connector:id',
  connectorName: 'urn:usher:connector:name',
  operation: 'urn:usher:operation',
  trigger: 'urn:usher:trigger',
  weekday: 'urn:usher:weekday',
} as const;

/** How the original calls the attributes that both have; every other one is a claim by its own name. */
const claims: Readonly<Record<string, readonly string[]>> = {
  userName: ['username'],
  email: ['emailaddress'],
  givenName: ['givenname'],
  familyName: ['lastname'],
  displayName: ['displayName', 'fullname'],
  phone: ['telephone', 'mobile'],
  organization: ['organization'],
  country: ['country'],
};

/** An attribute may be called as a property that every object has, such as `constructor`. */
export const claimsOf = (attribute: string): readonly string[] => (Object.hasOwn(claims, attribute) ? (claims[attribute] ?? []) : []);
