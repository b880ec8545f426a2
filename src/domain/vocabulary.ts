/**
 * The nouns of Usher, each with its sentence. Plain values: no methods, nothing that does I/O.
 * A new word enters here first. Start reading here, then provisioning-plan.ts.
 */
import type { FailureKind } from './failure.ts';
import type { MappingRow } from './mapping-row.ts';
import type { KeptDigest } from './policy-digest.ts';
import type { PolicyForm } from './policy-form.ts';
import type { RuleAnswer, RuleDetails } from './rule-details.ts';

declare const brand: unique symbol;
type Brand<B extends string> = string & { readonly [brand]: B };
export type TenantId = Brand<'TenantId'>;
export type UserId = Brand<'UserId'>;
export type GroupId = Brand<'GroupId'>;
export type UserStoreId = Brand<'UserStoreId'>;
export type ServiceProviderId = Brand<'ServiceProviderId'>;
export type IdentityProviderId = Brand<'IdentityProviderId'>;
export type TargetId = Brand<'TargetId'>;
export type OperationId = Brand<'OperationId'>;
export type LoginAttemptId = Brand<'LoginAttemptId'>;
/** The target's own immutable id of an account. Only ever what the target gave. */
export type AccountId = Brand<'AccountId'>;
/** The target's own immutable id of a group. Only ever what the target gave. */
export type TargetGroupId = Brand<'TargetGroupId'>;
export type ProvisionedGroupId = Brand<'ProvisionedGroupId'>;
export type PolicyId = Brand<'PolicyId'>;
export type PolicyVersionId = Brand<'PolicyVersionId'>;

/** One value of a user's attribute; its JavaScript type is its type. Dates are ISO 8601 strings. */
export type AttributeValue = string | number | boolean;
/** Multi-valued attributes of a user by name; an empty list does not occur: the name is absent then. */
export type Attributes = Readonly<Record<string, readonly AttributeValue[]>>;

/** What an account holds, or shall hold: null clears, absent leaves alone. */
export type AccountValue = AttributeValue | readonly string[] | null;
export type AccountAttributes = Readonly<Record<string, AccountValue>>;

/** Who may do what in a tenant; an owner is administrator of every tenant. */
export const roles = ['viewer', 'operator', 'administrator', 'owner'] as const;
export type Role = (typeof roles)[number];

/** A world of its own: everything below belongs to exactly one. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  /** IANA name of the time zone in which rules see date, time and weekday. */
  readonly timeZone: string;
  /** How the decisions of several policies become one. */
  readonly policyCombining: PolicyCombining;
  /** Raised by every change of what the rules say: compiled policies are kept by it. */
  readonly policyRevision: number;
  readonly version: number;
  readonly createdAt: Date;
}

/** A person who administers. Never in the same table as users. */
export interface Administrator {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userName: string;
  readonly role: Role;
  /** The password was made by Usher and must be changed at first sign-in. */
  readonly mustChangePassword: boolean;
  readonly version: number;
  readonly createdAt: Date;
}

/** A bearer token of a program, with one role in one tenant. The token itself is shown once and stored hashed. */
export interface ApiToken {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

/** Where users are kept: PRIMARY and named ones. A user name is unique within one. */
export interface UserStore {
  readonly id: UserStoreId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly createdAt: Date;
}

/** A person known to us. The id never changes; the name may. */
export interface User {
  readonly id: UserId;
  readonly tenantId: TenantId;
  readonly userStoreId: UserStoreId;
  readonly userName: string;
  readonly attributes: Attributes;
  readonly active: boolean;
  /** Set when removed: the row stays, emptied, until every account is ended and for the record. */
  readonly removedAt: Date | null;
  /** Registered themself, and neither an administrator nor an identity provider has vouched for what they said of themself. */
  readonly selfRegistered: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Group {
  readonly id: GroupId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly version: number;
  readonly createdAt: Date;
}

/** This user is in this group. */
export interface Membership {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly groupId: GroupId;
  readonly userId: UserId;
}

/** How a federated user is known: issuer and subject. One user may have several. */
export interface Identity {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly identityProviderId: IdentityProviderId;
  readonly issuer: string;
  readonly subject: string;
  readonly createdAt: Date;
}

/** The application a user signs in to; owner of outbound settings. */
export interface ServiceProvider {
  readonly id: ServiceProviderId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly description: string;
  /** Where a person goes after signing in when nothing else was asked for. */
  readonly homeUrl: string | null;
  /** Where a person may be sent back to: an absolute URL equal to one of these, or below one that ends with "/". */
  readonly returnUrls: readonly string[];
  /** Identity providers that people of this service provider sign in with. */
  readonly signInIdentityProviderIds: readonly IdentityProviderId[];
  readonly passwordSignIn: boolean;
  readonly selfRegistration: boolean;
  /** Where self-registered people are stored. */
  readonly userStoreId: UserStoreId;
  /** False: the tenant's default outbound rows apply, visibly, until it has its own. */
  readonly ownsOutboundRows: boolean;
  readonly version: number;
  readonly createdAt: Date;
}

/** How a SAML 2.0 identity provider signs people in (SAML Core, Bindings, Profiles 4.1). Secrets are kept apart. */
export interface SamlAuthenticator {
  readonly kind: 'saml';
  /** entityID of the identity provider: the Issuer of its assertions. */
  readonly issuer: string;
  readonly entryPoint: string;
  readonly logoutUrl: string | null;
  /** PEM certificates that may sign, several at once so that keys can turn. */
  readonly certificates: readonly string[];
  /** Attribute that holds the subject; null: the NameID. */
  readonly subjectAttribute: string | null;
  readonly signRequests: boolean;
  /** Refuse assertions that are not encrypted to our key. */
  readonly requireEncryption: boolean;
  /** PEM certificate of our own key for this identity provider; the private key is sealed. */
  readonly ownCertificate: string | null;
}
export type Authenticator = SamlAuthenticator;

/** What becomes of local attributes when somebody signs in again. */
export const attributeSyncs = ['override', 'keep-local', 'only-at-first'] as const;
export type AttributeSync = (typeof attributeSyncs)[number];

/** Just-in-time provisioning of our own user at a federated sign-in. */
export interface JustInTimeSettings {
  readonly enabled: boolean;
  readonly userStoreId: UserStoreId | null;
  readonly attributeSync: AttributeSync;
  /** Attribute of the assertion that becomes the user name; null: the subject. */
  readonly userNameAttribute: string | null;
  /** Attribute of the assertion that lists roles, mapped to groups by the role mappings. */
  readonly roleAttribute: string | null;
  /** Groups at later logins: the mapped ones replace, or are added. */
  readonly groupSync: 'override' | 'merge';
}

export interface AttributeMapping {
  /** Name in the assertion. */
  readonly federated: string;
  /** Name of the user's attribute. */
  readonly local: string;
}

export interface RoleMapping {
  readonly federated: string;
  readonly groupId: GroupId;
}

/** A federated party: it authenticates users, and its connectors are where users are provisioned to. */
export interface IdentityProvider {
  readonly id: IdentityProviderId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly authenticator: Authenticator | null;
  readonly justInTime: JustInTimeSettings;
  readonly attributeMappings: readonly AttributeMapping[];
  readonly roleMappings: readonly RoleMapping[];
  /** Groups that gate its connectors; empty: everybody. */
  readonly outboundRoles: readonly GroupId[];
  readonly version: number;
  readonly createdAt: Date;
}

/** How an account ends when its user or assignment goes. */
export const removals = ['deactivate', 'delete', 'deactivate-then-delete', 'leave'] as const;
export type Removal = (typeof removals)[number];
/** What to do when an account that nobody is linked to already matches. */
export const adoptions = ['link', 'ask', 'refuse'] as const;
export type Adoption = (typeof adoptions)[number];

/** One configured provisioning connector of an identity provider. Its secrets are sealed apart. */
export interface Target {
  readonly id: TargetId;
  readonly tenantId: TenantId;
  readonly identityProviderId: IdentityProviderId;
  readonly name: string;
  readonly connectorType: string;
  readonly enabled: boolean;
  /** The fields of the connector's form without the secret ones. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly removal: Removal;
  /** Days between deactivation and deletion, where the removal setting asks for both. */
  readonly graceDays: number;
  readonly adoption: Adoption;
  /** Ids of accounts, or values of the matching attribute: never adopted, changed or ended. */
  readonly protectedAccounts: readonly string[];
  /** Whether many endings at once wait for a person. */
  readonly guardEnabled: boolean;
  /** More endings than this within the window are held. */
  readonly guardCount: number;
  /** So are those of more than this part of the active accounts, */
  readonly guardPercent: number;
  /** once they are more than so many: in a small target one account is a large part. */
  readonly guardPercentFrom: number;
  readonly guardWindowMinutes: number;
  /** Account attribute compared to find an account that is already this user. */
  readonly matchingAttribute: string;
  /** How accounts are made of users; null: as the connector proposes. */
  readonly mapping: readonly MappingRow[] | null;
  readonly maxConcurrentCalls: number;
  /** Asked to go together with its accounts: takes no new users, and is removed when the last account has ended. */
  readonly removalAskedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** What the engine learnt about a target while working; apart from Target so that settings keep their version. */
export interface TargetCondition {
  readonly targetId: TargetId;
  readonly tenantId: TenantId;
  /** The target refuses our credentials; waits for a person to change the configuration. */
  readonly suspendedAt: Date | null;
  /** The target asked us to wait. */
  readonly pausedUntil: Date | null;
  /** Transient failures in a row, over all operations. */
  readonly consecutiveFailures: number;
  /** Until then no call is tried; after it one probe at a time. */
  readonly circuitOpenUntil: Date | null;
}

export const deadlineOutcomes = ['refuse', 'admit'] as const;
/** What a blocking row does with a login whose account is not there in time. */
export type DeadlineOutcome = (typeof deadlineOutcomes)[number];

export const whenNotApplicableChoices = ['deny', 'permit'] as const;
/** What a row does where no policy says anything about a person. */
export type WhenNotApplicable = (typeof whenNotApplicableChoices)[number];
export const accountsOfDenied = ['end', 'leave'] as const;
/** What becomes of an account whose person the rules come to deny: it ends as its connector is set, or stays as it is. */
export type AccountsOfDenied = (typeof accountsOfDenied)[number];

/** Per service provider (or the tenant's default: null) and target. */
export interface OutboundRow {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId | null;
  readonly targetId: TargetId;
  readonly blocking: boolean;
  readonly enableRules: boolean;
  readonly jitOutbound: boolean;
  readonly deadlineMs: number;
  readonly whenDeadlinePasses: DeadlineOutcome;
  readonly whenNotApplicable: WhenNotApplicable;
  readonly accountsOfDenied: AccountsOfDenied;
  /** A blocking login of somebody whom the rules or the gate keep out of the target is refused; else they are let in without an account. */
  readonly requireProvisioned: boolean;
  /** Rules are asked before an account ends, too, and may keep it. */
  readonly rulesOnRemoval: boolean;
}

/** The algorithms by which several policies decide together, in the words of XACML 3.0 appendix C. */
export const policyCombinings = [
  'deny-overrides',
  'permit-overrides',
  'first-applicable',
  'only-one-applicable',
  'deny-unless-permit',
  'permit-unless-deny',
] as const;
export type PolicyCombining = (typeof policyCombinings)[number];

/** Rules in XACML 3.0 about who is provisioned: a draft, and versions of which one may be published. In force while it is published and active. */
export interface Policy {
  readonly id: PolicyId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly description: string;
  /** Its place among the policies: smaller ones come first. */
  readonly position: number;
  readonly active: boolean;
  /** Is not asked by itself: only policies that name it do. */
  readonly referencedOnly: boolean;
  /** XACML; null: there is no draft. */
  readonly draft: string | null;
  /** The values that the draft was made from; null: it was written by hand. */
  readonly draftForm: PolicyForm | null;
  /** What is in the draft, if it is of this text: an older release changes that alone. null: there is none, or an older release saved it. */
  readonly draftDigest: KeptDigest | null;
  readonly draftedBy: string | null;
  readonly draftedAt: Date | null;
  readonly publishedVersionId: PolicyVersionId | null;
  readonly version: number;
  readonly createdAt: Date;
}

/** What was published of a policy. Never changed. */
export interface PolicyVersion {
  readonly id: PolicyVersionId;
  readonly tenantId: TenantId;
  readonly policyId: PolicyId;
  /** From 1, within the policy. */
  readonly number: number;
  readonly xml: string;
  readonly form: PolicyForm | null;
  /** What is in it; null: an older release saved it. */
  readonly digest: KeptDigest | null;
  readonly publishedBy: string;
  readonly createdAt: Date;
}

/** What the rules said about one person at one target, where something came of it. Values of the person are in its details. */
export interface RuleDecision {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly serviceProviderId: ServiceProviderId | null;
  /** null: nothing was to be done because of it. */
  readonly operationId: OperationId | null;
  readonly trigger: Trigger;
  readonly answer: RuleAnswer;
  readonly permitted: boolean;
  readonly details: RuleDetails;
  readonly createdAt: Date;
}

/** This user belongs at this target, because of that service provider (or the tenant's defaults: null). */
export interface Assignment {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly serviceProviderId: ServiceProviderId | null;
  readonly createdAt: Date;
}

/** The remembered pair of a user and an account, with the attributes that were last applied. */
export interface Link {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly accountId: AccountId;
  readonly origin: 'created' | 'adopted';
  readonly active: boolean;
  readonly applied: AccountAttributes;
  readonly appliedAt: Date;
  /** Since when it leads to this account; updates don't move it. null: since before that was kept. */
  readonly linkedAt: Date | null;
  /** A deactivated account is deleted from then on; null: it stays. */
  readonly deleteAt: Date | null;
  /** That deletion was asked for, or called off (then there is no date): either happens once. */
  readonly deletionAskedAt: Date | null;
  /** Why the target says that nobody but a person there should change it, as last told; null: no reason. */
  readonly protectedAs: string | null;
}

/** Why an account that was found is not simply taken. */
export const adoptionReasons = ['set-to-ask', 'ambiguous', 'self-registered', 'unverified'] as const;
export type AdoptionReason = (typeof adoptionReasons)[number];
export const adoptionStates = ['waiting', 'linked', 'refused', 'create-another'] as const;
export type AdoptionState = (typeof adoptionStates)[number];

/** An account that may be this user's, as it was found. */
export interface AdoptionCandidate {
  readonly accountId: AccountId;
  readonly active: boolean;
  readonly attributes: AccountAttributes;
}

/** Accounts that may be this user's wait for a person to decide. Values of people are in it until then and no longer. */
export interface AdoptionCase {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly state: AdoptionState;
  readonly reason: AdoptionReason;
  /** The account that the user should have; empty once decided. */
  readonly wanted: AccountAttributes;
  /** Empty once decided. */
  readonly candidates: readonly AdoptionCandidate[];
  /** The account that was linked. */
  readonly accountId: AccountId | null;
  /** Kind and id of who decided. */
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly createdAt: Date;
}

/** What a person decided about one account and one user. never: not theirs. create-another: not theirs, and they get one beside it. */
export const adoptionChoices = ['link', 'never', 'create-another'] as const;
export type AdoptionChoice = (typeof adoptionChoices)[number];
export interface ChosenAccount {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly accountId: AccountId;
  readonly choice: AdoptionChoice;
  readonly createdAt: Date;
}

/** An account that Usher deleted and the target can bring back for a while, should its person return. */
export interface DeletedAccount {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly accountId: AccountId;
  readonly origin: Link['origin'];
  readonly createdAt: Date;
}

/**
 * A value that an attempt set out to add to a list that others add to as well (a permission set, an alias), noted before it was sent. The
 * account may have it although nothing says so: it is taken back with what was applied. Forgotten when an attempt has made the account right.
 */
export interface OfferedValue {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly attribute: string;
  readonly value: string;
}

/** What made us look. */
export const triggers = ['login', 'registration', 'change', 'removal', 'operator'] as const;
export type Trigger = (typeof triggers)[number];

/** provision: make the account exist, match and be active. deprovision: end it as the target's removal setting says. */
export type OperationKind = 'provision' | 'deprovision';
/** pending: due at dueAt. running: leased. held: one of many endings, waits for a person. The rest is settled for good. */
export const operationStates = ['pending', 'running', 'held', 'succeeded', 'failed', 'cancelled'] as const;
export type OperationState = (typeof operationStates)[number];
export const unfinishedStates = ['pending', 'running', 'held'] as const satisfies readonly OperationState[];

/** One intention for one user at one target. At most one unfinished one exists per user and target: its lane. */
export interface Operation {
  readonly id: OperationId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly trigger: Trigger;
  readonly serviceProviderId: ServiceProviderId | null;
  /** Attempts that counted against the limit. */
  readonly attempts: number;
  readonly dueAt: Date;
  /** Who may settle it, until when: a worker or a login attempt. */
  readonly leaseOwner: string | null;
  readonly leaseUntil: Date | null;
  /** Raised by every lease; a settlement with an older number is refused. */
  readonly fence: number;
  /** A change arrived while it ran: exactly one more of this kind follows. */
  readonly nextKind: OperationKind | null;
  /** The last attempt may have written: look before creating. */
  readonly mayHaveApplied: boolean;
  /** When the last write without an answer was sent; null: there was none, or an earlier operation of the lane sent it. */
  readonly unansweredAt: Date | null;
  readonly failureKind: FailureKind | null;
  /** The account attribute the target named. */
  readonly failureAttribute: string | null;
  /** Fixed or redacted text; never a secret or a person's value. */
  readonly failureMessage: string | null;
  /** Since when it has waited for a person; null: it does not. */
  readonly heldAt: Date | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

/** What an attempt did at the target. */
export type AttemptAction = 'none' | 'created' | 'linked' | 'restored' | 'updated' | 'deactivated' | 'deleted' | 'left';

/** One try at an operation. */
export interface Attempt {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly operationId: OperationId;
  readonly number: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** null: it failed. */
  readonly action: AttemptAction | null;
  /** null: it succeeded. */
  readonly failureKind: FailureKind | null;
  readonly failureMessage: string | null;
}

export const loginStates = ['held', 'opened', 'refused'] as const;
export type LoginState = (typeof loginStates)[number];

/** What one blocking row asks of one login. */
export interface LoginHold {
  readonly targetId: TargetId;
  readonly targetName: string;
  readonly operationId: OperationId | null;
  /** That operation began before this login asked: what it waits for is the one after it. */
  readonly follows: boolean;
  readonly deadlineAt: string;
  readonly whenDeadlinePasses: DeadlineOutcome;
}

/** One person's attempt to sign in to one service provider, from the verified assertion on. */
export interface LoginAttempt {
  readonly id: LoginAttemptId;
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId;
  /** null: signed in with a local password. */
  readonly identityProviderId: IdentityProviderId | null;
  readonly userId: UserId | null;
  readonly state: LoginState;
  /** Why it was refused, from a fixed list; null otherwise. */
  readonly refusal: string | null;
  /** What a person may quote to an administrator. */
  readonly reference: string;
  /** SHA-256 of the secret in the browser's cookie: one attempt belongs to one browser. */
  readonly browserHash: string | null;
  readonly returnTo: string | null;
  readonly holds: readonly LoginHold[];
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
}

export const sessionKinds = ['user', 'administrator'] as const;
export type SessionKind = (typeof sessionKinds)[number];

/** One browser in which somebody is signed in. The id is not what the browser's cookie holds, and opens nothing. */
export interface Session {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly kind: SessionKind;
  /** Of a user: who, to which service provider, and by which login attempt; null in a session of an administrator. */
  readonly userId: UserId | null;
  readonly serviceProviderId: ServiceProviderId | null;
  readonly loginAttemptId: LoginAttemptId | null;
  /** null in a session of a user. */
  readonly administratorId: string | null;
  readonly signedInAt: Date;
  /** Over from then on, used or not; the row may stay a while. */
  readonly expiresAt: Date;
}

/** A fact that happened; position is its place in the feed. */
export interface Event {
  readonly position: string;
  readonly tenantId: TenantId;
  readonly type: string;
  readonly at: Date;
  readonly userId: UserId | null;
  readonly targetId: TargetId | null;
  readonly operationId: OperationId | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What becomes of a group at the target when ours is removed or no longer provisioned there. */
export const groupRemovals = ['leave', 'delete'] as const;
export type GroupRemoval = (typeof groupRemovals)[number];

/** pending: due at dueAt. running: leased. right: nothing differs. failed: given up until something changes or an operator retries. */
export const provisionedGroupStates = ['pending', 'running', 'right', 'failed'] as const;
export type ProvisionedGroupState = (typeof provisionedGroupStates)[number];

/** One of our groups that was chosen to exist at a target, with its members. */
export interface ProvisionedGroup {
  readonly id: ProvisionedGroupId;
  readonly tenantId: TenantId;
  /** null: it was removed, and only its end at the target is left to do. */
  readonly groupId: GroupId | null;
  readonly targetId: TargetId;
  /** null: not known yet, or no more. */
  readonly targetGroupId: TargetGroupId | null;
  /** The name it has at the target, as Usher knows it. */
  readonly appliedName: string | null;
  readonly origin: 'created' | 'adopted' | null;
  /** The name under which a group was asked for at the target without an answer: whoever looks next finds it by this name. */
  readonly begunName: string | null;
  /** When Usher first asked for the group that it made, or may have made, at the target; null: it made none. */
  readonly askedAt: Date | null;
  readonly whenRemoved: GroupRemoval;
  /** Since when it is to end at the target; null: it is to be there. */
  readonly endingSince: Date | null;
  readonly state: ProvisionedGroupState;
  readonly dueAt: Date;
  /** Runs in a row that failed and counted. */
  readonly attempts: number;
  /** When the first of the runs failed that have failed in a row, whether they counted or not; null: the last one did not. */
  readonly failingSince: Date | null;
  readonly failureKind: FailureKind | null;
  /** Fixed or redacted text; never a secret or a person's value. */
  readonly failureMessage: string | null;
  /** When it last became right; null: it has not been since the group at the target is this one. */
  readonly rightAt: Date | null;
  readonly createdAt: Date;
}

/** adding, removing: the target is being asked, or was and did not answer. unknown: the target says that it has no such account. */
export type ProvisionedMemberState = 'adding' | 'member' | 'removing' | 'unknown';

/** An account that Usher itself put into a group at a target. What others put there has no record and is never touched. */
export interface ProvisionedMember {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly provisionedGroupId: ProvisionedGroupId;
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly state: ProvisionedMemberState;
  readonly changedAt: Date;
}

/** What was changed so that many people have to be looked at again. */
export const reevaluationCauses = [
  'outbound-roles',
  'role-mappings',
  'attribute-mappings',
  'identity-provider-renamed',
  'group-renamed',
  'group-removed',
  'mapping',
  'rules',
] as const;
export type ReevaluationCause = (typeof reevaluationCauses)[number];
export const reevaluationStates = ['waiting', 'running', 'done'] as const;
export type ReevaluationState = (typeof reevaluationStates)[number];

/** Whether a connector works as it was saved last, found out in the background. */
export interface ConnectorCheck {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly targetId: TargetId;
  /** When it is to be tried, or by whom else if whoever tries it now dies; null: it was tried. */
  readonly dueAt: Date | null;
  readonly checkedAt: Date | null;
  /** Empty: it works. null: not tried yet. Never a secret. */
  readonly problems: readonly { readonly field: string | null; readonly message: string }[] | null;
  readonly version: number;
}

/** Everybody assigned to some targets is planned again, in the background and in small steps, because a setting changed. */
export interface Reevaluation {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly cause: ReevaluationCause;
  readonly targetIds: readonly TargetId[];
  readonly state: ReevaluationState;
  /** Assignments to look at, counted when it began. */
  readonly total: number;
  readonly done: number;
  /** Operations it called for so far. */
  readonly requested: number;
  /** The assignment it has come to. */
  readonly cursor: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}
