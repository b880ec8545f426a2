/**
 * What commands need from outside, as interfaces: the database, connections to targets, clock and chance. Implemented in persistence,
 * dispatch and connectors, put together in app.ts. Nothing here knows SQL, HTTP or a package. Start with House.
 */
import type { Connector, ConnectorDefinition } from '../connectors/contract/connector.ts';
import type { EventType, PayloadOf } from '../domain/event-catalogue.ts';
import type { Failure } from '../domain/failure.ts';
import type { MappingSubject, Surroundings } from '../domain/mapping/prepare.ts';
import type { Candidate } from '../domain/provisioning-plan.ts';
import type { Ground, RuledOperation, RuleVerdict } from '../domain/rules.ts';
import type { UserIdClaim } from '../domain/user-id-pattern.ts';
import type { PolicyProblem } from '../xacml/pdp.ts';
import type { GroupsConcerned, MemberCounts, ProvisionedGroups, TargetLesson } from './group-ports.ts';
import type {
  AccountAttributes,
  AccountId,
  Administrator,
  AdoptionCase,
  AdoptionReason,
  AdoptionCandidate,
  ApiToken,
  Assignment,
  Attempt,
  AttemptAction,
  ChosenAccount,
  ConnectorCheck,
  DeletedAccount,
  Event,
  Group,
  GroupId,
  Identity,
  IdentityProvider,
  IdentityProviderId,
  Link,
  LoginAttempt,
  Membership,
  OfferedValue,
  Operation,
  OperationId,
  OperationKind,
  OutboundRow,
  Policy,
  PolicyCombining,
  PolicyId,
  PolicyVersion,
  ProvisionedGroup,
  ProvisionedGroupId,
  ProvisionedMember,
  Reevaluation,
  RuleDecision,
  ServiceProvider,
  ServiceProviderId,
  Session,
  Target,
  TargetCondition,
  TargetId,
  Tenant,
  TenantId,
  Trigger,
  User,
  UserId,
  UserStore,
} from '../domain/vocabulary.ts';

/** Everything a command may use. */
export interface House {
  readonly database: Database;
  readonly connections: Connections;
  readonly definitions: ReadonlyMap<string, ConnectorDefinition>;
  readonly decisionPoint: DecisionPoint;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly settings: EngineSettings;
  readonly runner: Runner;
  readonly certificates: Certificates;
  readonly metrics: Metrics;
}

/** Asks the policies of a tenant. It keeps them compiled. See decision-point.ts. */
export interface DecisionPoint {
  /** Those in force, read by `reads` where what is kept is of another revision than `state` tells. */
  inForce(reads: Pick<Reads, 'tenantId' | 'policiesInForce'>, state: PolicyState): Promise<PolicyJudge>;
  /** Those that are about to come into force: what is compiled of them now is not compiled again when they are asked. */
  prepare(tenantId: TenantId, policies: PoliciesInForce): CompiledPolicies;
  /** Those of somebody who only wants to know: nothing of them is kept. */
  tryOut(tenantId: TenantId, policies: PoliciesInForce): CompiledPolicies;
}
/** Problems are of the policies whose id is their source. */
export type CompiledPolicies =
  { readonly kind: 'compiled'; readonly judge: PolicyJudge } | { readonly kind: 'problems'; readonly problems: readonly PolicyProblem[] };
/** What a set of policies says of one user at one target: pure. */
export type PolicyJudge = (view: ProvisioningView, question: RuleQuestion) => RuleVerdict;
export interface RuleQuestion {
  readonly candidate: Candidate;
  readonly ground: Ground;
  readonly operation: RuledOperation;
  readonly trigger: Trigger;
  readonly now: Date;
}

/** What happened, counted. Labels are fixed words and ids of settings, never of people. */
export interface Metrics {
  /** `heldMs`: how long the gate kept it; 0 where there was nothing to wait for. */
  loginDecided(outcome: 'opened' | 'refused', heldMs: number): void;
  loginHeld(): void;
  attemptSettled(targetId: TargetId, outcome: 'succeeded' | 'again' | 'failed' | 'refused', ms: number): void;
}

/** Our own keys, one for each identity provider: for signing requests and for receiving encrypted assertions. */
export interface Certificates {
  /** A new RSA key of at least 2048 bits and its self-signed certificate, both PEM (the key as PKCS #8). */
  make(commonName: string): Promise<{ readonly certificate: string; readonly privateKey: string }>;
}

/** Runs leased operations in this process: within the limits of each target, seen by a drain, settled in batches. Implemented in dispatch. */
export interface Runner {
  /** A free place for one call at this target in this process, or null: then let a worker take it. Give it back with the function. */
  takeSlot(target: Pick<Target, 'id' | 'maxConcurrentCalls'>): (() => void) | null;
  /** Starts the attempt; nobody has to await it: a drain does. Resolves when it is settled. */
  run(leased: LeasedOperation, freeSlot: () => void): Promise<void>;
  /** Resolves as soon as an attempt at one of these ends, in whatever process, or after `ms`. */
  whenSettled(operationIds: readonly OperationId[], ms: number): Promise<void>;
}

export interface Clock {
  now(): Date;
}
export interface Chance {
  /** From 0 inclusive to 1 exclusive. */
  random(): number;
  /** UUID version 7 (RFC 9562): ordered by time. */
  uuid(): string;
  /** Unguessable, URL-safe, of at least 32 bytes. */
  secret(): string;
}
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | Error>>;
export interface Log {
  info(fields: LogFields, fact: string): void;
  warn(fields: LogFields, fact: string): void;
  error(fields: LogFields, fact: string): void;
}
export interface EngineSettings {
  /** One attempt at one operation takes at most this long. */
  readonly attemptTimeoutMs: number;
  /** A lease outlives the attempt by this much: a dead process's work lapses then. */
  readonly leaseMarginMs: number;
  /** A login request waits this long before it shows the waiting page. */
  readonly holdInRequestMs: number;
}

/** Opens connectors from the sealed configuration and keeps them while they are used. */
export interface Connections {
  /** Throws ConnectorError or an Error where the stored configuration cannot be opened. */
  connection(target: Pick<Target, 'tenantId' | 'id' | 'version'>): Promise<Connector>;
  /** Opens a form that is not saved, for trying it out; whoever asks closes it. Throws as `connection` does. */
  open(form: UnsavedForm): Promise<Connector>;
}
export interface UnsavedForm {
  readonly tenantId: TenantId;
  readonly connectorType: string;
  /** The whole form as parseConfig gave it, with the secrets that were typed in. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Secrets that were not typed in are taken from what is stored for this version of the target, by these names only. */
  readonly storedSecrets: { readonly targetId: TargetId; readonly version: number; readonly names: readonly string[] } | null;
}

/** What is stored of a target, all of one version. It goes from the database to whoever opens a connection, and nowhere else. */
export interface StoredConfig {
  readonly version: number;
  readonly connectorType: string;
  /** Without the secrets. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Unsealed. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Records that are read and written in the plain way, by kind. */
export interface RecordTypes {
  administrator: Administrator;
  apiToken: ApiToken;
  userStore: UserStore;
  user: User;
  group: Group;
  membership: Membership;
  identity: Identity;
  serviceProvider: ServiceProvider;
  identityProvider: IdentityProvider;
  target: Target;
  targetCondition: TargetCondition;
  connectorCheck: ConnectorCheck;
  outboundRow: OutboundRow;
  assignment: Assignment;
  link: Link;
  operation: Operation;
  attempt: Attempt;
  loginAttempt: LoginAttempt;
  adoptionCase: AdoptionCase;
  chosenAccount: ChosenAccount;
  deletedAccount: DeletedAccount;
  offeredValue: OfferedValue;
  reevaluation: Reevaluation;
  /** Its lease and counters are the engine's: see group-ports.ts. */
  provisionedGroup: ProvisionedGroup;
  provisionedMember: ProvisionedMember;
  policy: Policy;
  policyVersion: PolicyVersion;
  ruleDecision: RuleDecision;
  /** Written by the browser's session store alone: read, counted and removed here, neither inserted nor changed. */
  session: Session;
}
export type Kind = keyof RecordTypes;
export type RecordOf<K extends Kind> = RecordTypes[K];
/** Equal to a value, to null, or to one of a list; `{ since, before }` for dates, `{ contains }` for texts (case-insensitive). */
export type Condition<V> = V | readonly V[] | { readonly since?: Date; readonly before?: Date } | { readonly contains: string };
export type Where<K extends Kind> = { readonly [P in keyof RecordOf<K>]?: Condition<RecordOf<K>[P]> };
/** Fields that take a usual value where a new record does not say them: the entity's default. */
type Usual =
  | 'mapping'
  | 'selfRegistered'
  | 'graceDays'
  | 'protectedAccounts'
  | 'guardEnabled'
  | 'guardCount'
  | 'guardPercent'
  | 'guardPercentFrom'
  | 'guardWindowMinutes'
  | 'linkedAt'
  | 'unansweredAt'
  | 'deleteAt'
  | 'deletionAskedAt'
  | 'protectedAs'
  | 'heldAt'
  | 'whenNotApplicable'
  | 'accountsOfDenied'
  | 'requireProvisioned'
  | 'rulesOnRemoval';
type FilledIn = 'id' | 'createdAt' | 'version' | Usual;
/** `id`, `createdAt`, `updatedAt`, `version` are filled in where the kind has them and they are absent; so are usual values. */
export type New<K extends Kind> = Omit<RecordOf<K>, 'tenantId' | 'updatedAt' | FilledIn> &
  Partial<Pick<RecordOf<K>, Extract<FilledIn, keyof RecordOf<K>>>>;
export type Patch<K extends Kind> = Partial<Omit<RecordOf<K>, 'id' | 'tenantId' | 'version' | 'createdAt' | 'updatedAt'>>;

/** Kinds that are found by their id. */
export type KindWithId = { [K in Kind]: RecordOf<K> extends { readonly id: string } ? K : never }[Kind];
/** Fields of a kind that hold one id: whose it is. */
export type ParentField<K extends Kind> = Extract<
  { [P in keyof RecordOf<K>]: RecordOf<K>[P] extends string | null ? P : never }[keyof RecordOf<K>],
  string
>;

/** A page by key: newest first where `newestFirst`, else oldest first; `after` is the id the last page ended with. */
export interface PageRequest<K extends Kind> {
  readonly where: Where<K>;
  readonly first: number;
  readonly after: string | null;
  readonly newestFirst: boolean;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNextPage: boolean;
}

/** Everything is read within one tenant: no method takes a tenant, none reaches another. */
export interface Reads {
  readonly tenantId: TenantId;
  tenant(): Promise<Tenant>;
  byId<K extends Kind>(kind: K, id: string): Promise<RecordOf<K> | null>;
  /** At most 10,000 records, ordered by id; a defect is thrown beyond, for lists are paged. */
  find<K extends Kind>(kind: K, where: Where<K>): Promise<readonly RecordOf<K>[]>;
  page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<RecordOf<K>>>;
  count<K extends Kind>(kind: K, where: Where<K>): Promise<number>;
  /** A page for each of these parents, of the records whose `field` it is, all in one query. Parents without any are absent. */
  pagesOf<K extends KindWithId>(
    kind: K,
    field: ParentField<K>,
    parents: readonly string[],
    request: PageRequest<K>,
  ): Promise<ReadonlyMap<string, Page<RecordOf<K>>>>;
  /** How many records each of these parents has, in one query. Parents without any are absent. */
  countsOf<K extends KindWithId>(
    kind: K,
    field: ParentField<K>,
    parents: readonly string[],
    where: Where<K>,
  ): Promise<ReadonlyMap<string, number>>;
  /** What concerns this user's provisioning, in one round trip: the rows of the service provider (own or inherited), assignments, links. */
  provisioningView(userId: UserId, serviceProviderId: ServiceProviderId | null): Promise<ProvisioningView | null>;
  /** Of several users at once, at most 1,000, as changes of them see it: without a service provider. Who does not exist is left out. */
  provisioningViews(userIds: readonly UserId[]): Promise<readonly ProvisioningView[]>;
  /** The policies that are published and active, in their order, with the revision that they belong to. */
  policiesInForce(): Promise<PoliciesInForce>;
  /** One user at one target, as its mapping asks for them; null where there is no such user or target, or the user was removed. */
  mappingSubject(userId: UserId, targetId: TargetId): Promise<MappingSubject | null>;
  /** What a verified sign-in needs to know, in one round trip. */
  loginView(
    serviceProviderId: ServiceProviderId,
    who:
      { readonly identityProviderId: IdentityProviderId; readonly issuer: string; readonly subject: string } | { readonly userId: UserId },
  ): Promise<LoginView>;
  events(request: EventRequest): Promise<EventPage>;
  /** Endings that wait for a person, by target. */
  heldRemovals(): Promise<readonly HeldRemovals[]>;
  /** Whose last operation there was given up without knowing whether its write was done, in the order of their ids, after this one. */
  usersUnsettledAt(targetId: TargetId, page: { readonly first: number; readonly after: UserId | null }): Promise<readonly UserId[]>;
  /** Names of the secrets that are set, by owner id, in one query: never their values. Owners without any may be absent. */
  secretNamesOf(kind: SecretOwner['kind'], ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Counts members of provisioned groups, in one query; unknown ids are absent. */
  memberCounts(ids: readonly ProvisionedGroupId[]): Promise<ReadonlyMap<ProvisionedGroupId, MemberCounts>>;
  /** Position of the latest event that may be told already, for whoever wants only what comes; null where there is none. */
  lastPosition(): Promise<string | null>;
}
export interface ProvisioningView {
  readonly user: User;
  readonly groupIds: readonly GroupId[];
  readonly surroundings: Surroundings;
  /** The one that was asked for; null: none was. */
  readonly serviceProvider: Pick<ServiceProvider, 'id' | 'name'> | null;
  readonly policies: PolicyState;
  readonly candidates: readonly Candidate[];
}
export interface PoliciesInForce extends PolicyState {
  readonly policies: readonly PolicyInForce[];
}
export interface PolicyInForce {
  readonly id: PolicyId;
  readonly name: string;
  /** Number of the published version; null: a draft that is being tried. */
  readonly version: number | null;
  readonly xml: string;
  readonly referencedOnly: boolean;
  readonly position: number;
}
/** Which policies are in force in a tenant: what was compiled at another revision is out of date. */
export interface PolicyState {
  readonly revision: number;
  readonly combining: PolicyCombining;
  /** IANA name. */
  readonly timeZone: string;
}
export interface LoginView {
  readonly serviceProvider: ServiceProvider | null;
  readonly identityProvider: IdentityProvider | null;
  /** null: nobody is known by this identity yet (or the user is gone). */
  readonly known: ProvisioningView | null;
}
export interface EventRequest {
  /** Everything later than this position; null: from the oldest that is kept. */
  readonly after: string | null;
  readonly first: number;
  readonly types?: readonly string[];
  readonly userId?: UserId;
  readonly targetId?: TargetId;
}
export interface EventPage {
  readonly items: readonly Event[];
  readonly hasNextPage: boolean;
  /** Where to go on from, even where the filter let nothing through. */
  readonly endPosition: string | null;
  /** Later events exist but may not be told yet, for an earlier one may still commit: ask again soon. */
  readonly unsettled: boolean;
}

/** One transaction in one tenant. No network inside; every statement goes through this object. */
export interface Transaction extends Reads {
  /** Throws UniqueViolation where the name (or another unique key) is taken. */
  insert<K extends Kind>(kind: K, record: New<K>): Promise<RecordOf<K>>;
  insertMany<K extends Kind>(kind: K, records: readonly New<K>[]): Promise<void>;
  /** With a version: only if it is still that one ('stale' otherwise). Raises the version where the kind has one. Throws UniqueViolation. */
  change<K extends Kind>(kind: K, id: string, patch: Patch<K>, version?: number): Promise<RecordOf<K> | 'missing' | 'stale'>;
  remove<K extends Kind>(kind: K, where: Where<K>): Promise<number>;
  /** Locks the user's row until commit, so that two changes of one person are planned one after the other. */
  lockUser(userId: UserId): Promise<User | null>;
  append(events: readonly NewEvent[]): Promise<void>;
  /** For settings of the tenant as a whole (its default outbound rows): raises its version, only if it is still this one. One statement, so that of two only one passes. */
  raiseTenantVersion(version: number): Promise<'raised' | 'stale'>;
  /** Gives policies their places: 1 to the first. */
  orderPolicies(ids: readonly PolicyId[]): Promise<void>;
  /** Locks the tenant's row until commit: of two that change its settings the second waits. */
  lockTenant(): Promise<Tenant>;
  /** Every process compiles the policies anew that it next asks. Two that change policies do so one after the other from here on. */
  raisePolicyRevision(change?: Partial<Pick<Tenant, 'timeZone' | 'policyCombining'>>): Promise<Tenant>;
  /**
   * Writes operations into their lanes with their queue entries: see LaneRequest. Order of answers is order of requests. Endings pass the
   * target's guard when the transaction commits: too many of them are held for a person, and have no queue entry.
   */
  requestOperations(requests: readonly LaneRequest[]): Promise<readonly LaneAnswer[]>;
  /** Whoever asked for this transaction has seen how many accounts it ends: up to so many pass the guard. */
  confirmEndings(accounts: number): void;
  /** Lets held endings of a target go on: all, or these. Returns them. */
  confirmHeld(targetId: TargetId, ids: readonly OperationId[] | null): Promise<readonly OperationInLane[]>;
  /** Ends held endings of a target undone. */
  cancelHeld(targetId: TargetId, ids: readonly OperationId[] | null): Promise<readonly OperationInLane[]>;
  /** Makes provisioned groups due when the transaction is about to commit. Whoever changes members, names or links by hand says so here. */
  concernGroups(concerned: GroupsConcerned): void;
  /** Locks what is unfinished in this lane until commit, so that nobody takes a lease on it meanwhile; null: nothing is. */
  lockLane(userId: UserId, targetId: TargetId): Promise<Operation | null>;
  /** Replaces the secrets of a target, authenticator or the like; null clears one, absent keeps it. Sealed before they reach the database. */
  putSecrets(owner: SecretOwner, secrets: Readonly<Record<string, string | null>>): Promise<void>;
  /** False where this assertion (or code) was used before: one use, across processes. */
  useOnce(key: string, until: Date): Promise<boolean>;
  /** Sets the engine's knowledge about targets aside when the configuration changed or a person resumed them: suspension, pause, circuit. True where it was suspended. */
  clearCondition(targetId: TargetId): Promise<boolean>;
  /** Counts these attributes as never written to the accounts of a target: from now on they go to another place there. */
  forgetApplied(targetId: TargetId, attributes: readonly string[]): Promise<void>;
  /** Whether there is an owner, in whatever tenant, beside this one. Until commit nobody else is told: of two that go at once the second sees the first. */
  otherOwnerExists(administratorId: string): Promise<boolean>;
  /** null: no password at all. */
  setPassword(owner: { readonly kind: 'user' | 'administrator'; readonly id: string }, hash: string | null): Promise<void>;
  /** `hash`: SHA-256 of the token, hex. */
  insertApiToken(token: Omit<ApiToken, 'tenantId' | 'createdAt' | 'lastUsedAt' | 'revokedAt'>, hash: string): Promise<ApiToken>;
}
export interface SecretOwner {
  readonly kind: 'target' | 'identityProvider';
  readonly id: string;
}

/** The name or another unique key is taken. `constraint` is the database's name of it. */
export class UniqueViolation extends Error {
  readonly constraint: string;
  constructor(constraint: string, options?: ErrorOptions) {
    super(`A unique key is taken: ${constraint}`, options);
    this.name = 'UniqueViolation';
    this.constraint = constraint;
  }
}

export type NewEvent = {
  readonly [T in EventType]: {
    readonly type: T;
    readonly userId?: UserId | null;
    readonly targetId?: TargetId | null;
    readonly operationId?: OperationId | null;
    readonly payload: PayloadOf<T>;
  };
}[EventType];

/** login before change before bulk. */
export const priorities = { login: 30, change: 20, bulk: 10 } as const;
export type Priority = keyof typeof priorities;

/**
 * Put one intention into its lane. No unfinished operation there: a new one. One is pending: it takes over kind and the higher priority,
 * and is leased to the asker if a lease is asked for and it is due. One is running: `nextKind` is set, exactly one more follows, unless
 * what runs is the same login's wish already (`joinRunning`: a provision that started after the change it is asked for needs no second).
 */
export interface LaneRequest {
  readonly userId: UserId;
  readonly targetId: TargetId;
  readonly kind: OperationKind;
  readonly trigger: Trigger;
  readonly serviceProviderId: ServiceProviderId | null;
  readonly priority: Priority;
  /** Not before; default now. */
  readonly dueAt?: Date;
  /** Lease it at once to this owner until then; its queue entry is dated at that time. */
  readonly lease?: { readonly owner: string; readonly until: Date };
  /** The user did not change: whoever runs the lane now does what we want, so join instead of asking for one more. */
  readonly joinRunning: boolean;
}
export interface LaneAnswer {
  readonly operationId: OperationId;
  /** made: a new operation. joined: an unfinished one will do it, or exactly one more after it. */
  readonly outcome: 'made' | 'joined';
  /** That operation runs already, and one more follows it. */
  readonly follows: boolean;
  /** Set where the lease was given: settle with this fencing number. */
  readonly leased: LeasedOperation | null;
}

export interface HeldRemovals {
  readonly targetId: TargetId;
  readonly removals: number;
  readonly since: Date;
}

export interface OperationInLane {
  readonly id: OperationId;
  readonly userId: UserId;
}

/** All that one attempt needs, read in one round trip when the lease is taken. */
export interface LeasedOperation extends MappingSubject {
  readonly operation: Operation;
  /** The number that the record of this attempt will have, from 1. One whose process died left no record, and so its number to the next. */
  readonly attempt: number;
  readonly target: Target;
  readonly link: Link | null;
  /** Its identity provider and connector are enabled and its condition lets calls through. */
  readonly open: boolean;
  /** Its circuit was open: this attempt tells about the target, and nothing about the operation. */
  readonly probing: boolean;
}

/** What one attempt came to; written in one short transaction, many at once. */
export interface Settlement {
  readonly tenantId: TenantId;
  readonly operation: Operation;
  readonly attempt: { readonly startedAt: Date; readonly endedAt: Date };
  readonly outcome:
    | {
        readonly kind: 'succeeded';
        readonly action: AttemptAction;
        readonly link: LinkAfter;
        /** Remembered, so that the target can be asked to bring it back. */
        readonly deleted?: Pick<Link, 'accountId' | 'origin'>;
      }
    | {
        readonly kind: 'again';
        readonly failure: Failure;
        readonly message: string;
        readonly dueAt: Date;
        /** Throttled and unauthorized spend no attempt. */
        readonly countsAttempt: boolean;
        /** A write of it, or of an attempt before, may have been done. */
        readonly mayHaveApplied: boolean;
        /** One of its own. */
        readonly unanswered: boolean;
        readonly link: LinkAfter;
      }
    | {
        readonly kind: 'failed';
        readonly failure: Failure;
        readonly message: string;
        /** A write of it, or of an attempt before, may have been done. */
        readonly mayHaveApplied: boolean;
        /** One of its own. */
        readonly unanswered: boolean;
        readonly link: LinkAfter;
        /** Accounts that a person has to decide about. */
        readonly undecided?: UndecidedAccounts;
      };
  /** What it taught about the target. */
  readonly condition: TargetLesson;
}
/** The link after an attempt: as before, written, or forgotten. */
export type LinkAfter = { readonly kind: 'keep' } | { readonly kind: 'write'; readonly link: LinkState } | { readonly kind: 'forget' };
export interface LinkState {
  readonly accountId: AccountId;
  readonly origin: Link['origin'];
  readonly active: boolean;
  readonly applied: AccountAttributes;
  /** Absent: there is none. */
  readonly deleteAt?: Date | null;
  readonly protectedAs?: string | null;
}
export interface UndecidedAccounts {
  readonly reason: AdoptionReason;
  readonly wanted: AccountAttributes;
  readonly candidates: readonly AdoptionCandidate[];
}
/** refused: somebody else has taken the lane since (an older fencing number). */
export type Settled = 'settled' | 'refused';

export interface Backlog {
  readonly targetId: TargetId;
  readonly unfinished: number;
  /** Of these, due now. */
  readonly due: number;
  /** Of these, endings that wait for a person. */
  readonly held: number;
  /** How long the oldest has been due, in seconds; 0 where none is. */
  readonly oldestDueSeconds: number;
  readonly circuit: 'closed' | 'half-open' | 'open';
  readonly suspended: boolean;
}

/** Operations as the dispatcher works them: over all tenants, by id. */
export interface Operations {
  /** Takes the lease of those that are due and free (or whose lease lapsed); the others are left out. */
  lease(ids: readonly OperationId[], owner: string, until: Date, now: Date): Promise<readonly LeasedOperation[]>;
  /** Link, attempt record, operation state, event, target condition and next queue entry of each, in one transaction. */
  settle(settlements: readonly Settlement[]): Promise<readonly Settled[]>;
  /** Gives back a lease without an attempt: a process that drains, a target without a free slot. Due at once, or at `dueAt`. */
  release(operation: Pick<Operation, 'id' | 'tenantId' | 'fence'>, dueAt: Date): Promise<void>;
  /** Unfinished, due or lapsed for a while, and without a live queue entry: gives each a new one. Returns how many. */
  sweep(now: Date): Promise<number>;
  /** At the start of the only process on an embedded database: nobody else can hold a lease. Returns how many it freed. */
  freeAllLeases(now: Date): Promise<number>;
  /** Unfinished operations by target, over all tenants, for whoever watches the queue. */
  backlog(now: Date): Promise<readonly Backlog[]>;
  /** Targets that no call may go to now (disabled, suspended, paused, circuit open), and those that take one probe at a time (circuit half-open). */
  closedTargets(now: Date): Promise<{ readonly closed: readonly TargetId[]; readonly probing: readonly TargetId[] }>;
}

export interface Database {
  reads(tenantId: TenantId): Reads;
  /** Commits what `work` did, or nothing. `work` may run again where it lost a race on a unique key or a serialisation. */
  transaction<T>(tenantId: TenantId, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Uses a key of once and records an opened login, in one statement: both or nothing. null where the key was used before, or the user is no
   * more as given (their version has moved on).
   */
  openLogin(tenantId: TenantId, login: LoginToOpen): Promise<LoginAttempt | null>;
  /** In a transaction of its own: the first choice that no other user has at this target, or what was claimed for this base before; null: all are taken. */
  claimUserId(tenantId: TenantId, request: ClaimRequest): Promise<UserIdClaim | null>;
  readonly operations: Operations;
  readonly provisionedGroups: ProvisionedGroups;
  /** Forgets events of all tenants that happened before this, the oldest first and at most so many. Returns how many. */
  deleteEvents(before: Date, atMost: number): Promise<number>;
  readonly tenants: Tenants;
  readonly credentials: Credentials;
}

export interface ClaimRequest {
  readonly userId: UserId;
  readonly targetId: TargetId;
  /** What the pattern makes of the user. */
  readonly base: string;
  readonly choices: readonly string[];
}

export interface LoginToOpen {
  readonly attempt: Omit<LoginAttempt, 'tenantId' | 'createdAt'>;
  readonly user: Pick<User, 'id' | 'version'>;
  readonly once: { readonly key: string; readonly until: Date };
}

export interface Tenants {
  all(): Promise<readonly Tenant[]>;
  byName(name: string): Promise<Tenant | null>;
  byId(id: TenantId): Promise<Tenant | null>;
  /** With its PRIMARY user store. Throws UniqueViolation. */
  create(name: string): Promise<Tenant>;
  /** What a login URL names, in one question and so in one tenant; each null where it does not exist there. */
  signInParties(
    serviceProviderId: ServiceProviderId,
    identityProviderId: IdentityProviderId | null,
  ): Promise<{ readonly serviceProvider: ServiceProvider | null; readonly identityProvider: IdentityProvider | null }>;
  /** Which tenant a service provider or identity provider of a login URL belongs to: their ids are unique over all tenants. */
  ofServiceProvider(id: ServiceProviderId): Promise<TenantId | null>;
  ofIdentityProvider(id: IdentityProviderId): Promise<TenantId | null>;
}

/** Who may come in. Hashes stay behind this door. */
export interface Credentials {
  administrator(tenantId: TenantId, userName: string): Promise<Administrator | null>;
  user(tenantId: TenantId, userStoreId: UserStoreIdOrAny, userName: string): Promise<User | null>;
  /**
   * The right to try one password, counted as wrong before it is looked at: from the fifth on it locks for a minute, doubling. Null while
   * it is locked: nothing may be tried. The only way to a hash.
   */
  reserveTry(holder: HashHolder, now: Date): Promise<ReservedTry | null>;
  /** The try with this number was right: forgets it and those before it. What was tried after it stays counted, and locked. */
  forgetTries(holder: HashHolder, number: number): Promise<void>;
  /** By SHA-256 of the token, hex; notes its use at most once a minute. null: unknown, expired or revoked. */
  apiToken(hash: string, now: Date): Promise<ApiToken | null>;
  administratorById(id: string): Promise<Administrator | null>;
  countAdministrators(): Promise<number>;
}
export type UserStoreIdOrAny = string | null;
export interface HashHolder {
  readonly tenantId: TenantId;
  readonly kind: 'user' | 'administrator';
  readonly id: string;
}
export interface ReservedTry {
  /** Null: there is no password to try. */
  readonly hash: string | null;
  /** How many were tried since the last right one, this one included. */
  readonly number: number;
  /** Whether this one, when wrong, locks. */
  readonly locks: boolean;
}

/** What the database asks of the queue engine; implemented in dispatch, called inside transactions. */
export interface Queue {
  /** `transaction` is the database's own handle (a Kysely transaction); the entries commit with it. Wakes dispatchers on commit. */
  enqueue(transaction: unknown, entries: readonly QueueEntry[]): Promise<void>;
  /** Which of these entries still wait to be fetched. */
  waiting(transaction: unknown, entryIds: readonly string[]): Promise<ReadonlySet<string>>;
}
export interface QueueEntry {
  /** Stored on the operation, so that the sweep can tell whether it still lives. */
  readonly id: string;
  readonly operationId: OperationId;
  readonly targetId: TargetId;
  /** The target's `maxConcurrentCalls`: over all processes. */
  readonly callsAtOnce: number;
  readonly priority: number;
  readonly startAfter: Date;
}

/** LISTEN and NOTIFY on the one database: across processes on PostgreSQL, within the process when embedded. */
export interface Bus {
  /** `listener` runs on every notification and after every reconnect (something may have been missed). Returns how to stop. */
  listen(channel: BusChannel, listener: (payload: string) => void): () => void;
}
/** work: entries were written. events: the feed grew. settled: operations ended (payload: their ids). */
export type BusChannel = 'usher_work' | 'usher_events' | 'usher_settled';
