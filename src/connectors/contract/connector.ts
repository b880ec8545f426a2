/**
 * What every connector is. A connector speaks one protocol to one target and translates its errors; it never retries, sleeps,
 * decides about linking, reads the environment or puts a secret into a message. The contract kit in test/contract/ is the
 * definition of done. Start with ConnectorDefinition.
 */
import type { Failure } from '../../domain/failure.ts';
import type { AccountAttributes, AccountId, OperationId, TargetGroupId } from '../../domain/vocabulary.ts';
import type { AccountAttributeSpec } from '../../domain/mapping.ts';
import type { ConfigFields, ConfigOf } from './config-fields.ts';
import type { HttpClient } from './http.ts';

/** The user's counterpart inside a target. */
export interface Account {
  readonly id: AccountId;
  readonly active: boolean;
  /** The attributes of the definition that the target told, in the definition's form. */
  readonly attributes: AccountAttributes;
  /** Why nobody but a person at the target should change it, in a few words ("super administrator"); null or absent: no reason. */
  readonly protectedAs?: string | null;
}

/** The counterpart of a group of ours inside a target. */
export interface TargetGroup {
  readonly id: TargetGroupId;
  readonly name: string;
}

/** What a call is made for and how long it may take. */
export interface Call {
  /** Idempotency key where a target knows one. */
  readonly operationId: OperationId | null;
  readonly signal: AbortSignal;
  /** One line per fact; values of people and secrets never enter it. */
  readonly log: (fact: string, fields?: Readonly<Record<string, string | number | boolean | null>>) => void;
}

/** Something `check` found, in words for an administrator. `field` names the field of the form where one is to blame. */
export interface CheckProblem {
  readonly field: string | null;
  readonly message: string;
}

/** Every method either does what it says or throws ConnectorError. */
export interface Connector {
  /** Proves address, credentials and privileges; changes nothing. An empty list means it works. */
  check(call: Call): Promise<readonly CheckProblem[]>;
  /** All accounts whose attribute equals the value as the target compares it; never a partial match. */
  find(attribute: string, value: string, call: Call): Promise<readonly Account[]>;
  /** Throws `missing` where there is none. */
  read(id: AccountId, call: Call): Promise<Account>;
  create(attributes: AccountAttributes, call: Call): Promise<Account>;
  /**
   * Sets exactly these attributes, reactivates, leaves the others. `applied` is what Usher put there, or may have put there by an attempt
   * that failed: of a list that others add to as well (`shared`) only what is in `applied` and no longer wanted is taken back. Never touches
   * a password.
   */
  update(id: AccountId, attributes: AccountAttributes, call: Call, applied?: AccountAttributes): Promise<Account>;
  /** Ends access and keeps the data. Throws `missing` where there is none. */
  deactivate?(id: AccountId, call: Call): Promise<void>;
  /** Throws `missing` where there is none. */
  delete?(id: AccountId, call: Call): Promise<void>;
  /** Brings back, as it was, an account that was deleted; throws `missing` where the target cannot (any more). */
  undelete?(id: AccountId, call: Call): Promise<Account>;
  /** Present where the target has groups that Usher may fill. */
  readonly groups?: GroupCalls;
  close?(): Promise<void>;
}

/** Groups at a target. Every method either does what it says or throws ConnectorError; `missing` is said of the group itself. */
export interface GroupCalls {
  /** All groups of exactly this name, as the target compares it. */
  find(name: string, call: Call): Promise<readonly TargetGroup[]>;
  /** Throws `missing` where there is none. */
  read(id: TargetGroupId, call: Call): Promise<TargetGroup>;
  /**
   * Without members. Throws `conflict` where the name is taken and the target wants it unique; `transient` where the target says so and does not
   * show by whom, for that may be a group that was made a moment ago.
   */
  create(name: string, call: Call): Promise<TargetGroup>;
  /** The same group under another name; members stay. */
  rename(id: TargetGroupId, name: string, call: Call): Promise<TargetGroup>;
  delete(id: TargetGroupId, call: Call): Promise<void>;
  /**
   * Afterwards each of these accounts is a member once; one that was already counts. Other members stay. At most `memberBatch` at a time.
   * What throws may have added some: asking again is harmless.
   */
  add(id: TargetGroupId, members: readonly AccountId[], call: Call): Promise<MembersChanged>;
  /** Afterwards none of these is a member; one that was none counts, and may be told as unknown. Other members stay. At most `memberBatch` at a time. */
  remove(id: TargetGroupId, members: readonly AccountId[], call: Call): Promise<MembersChanged>;
}

export interface MembersChanged {
  /** Accounts that the target does not know, so that they could not be added; of a removal, those that it said were no members. */
  readonly unknown: readonly AccountId[];
}

/** What a connector can do; the contract kit proves that it agrees with the methods. */
export interface Capabilities {
  readonly deactivate: boolean;
  readonly delete: boolean;
  readonly groups: boolean;
  /** Members that one call to add or remove may name; absent: the connector has no groups. */
  readonly memberBatch?: number;
  /** A new account may not be found for some minutes after it was made: one that a lost answer may have left is looked for again. */
  readonly slowToShow?: boolean;
  /** Accounts tell when they are those of the target's own administrators: each is read before it is changed. */
  readonly tellsProtected?: boolean;
  /** What its form names is in another house: it is tried in the background whenever it was saved. */
  readonly checksSaved?: boolean;
  /** Deleted accounts can be brought back for a while. */
  readonly undelete?: boolean;
  /** The target recognises a repeated create by the operation id. */
  readonly idempotentCreate: boolean;
}

/** What a connection is given by the house. */
export interface ConnectorTools {
  readonly http: HttpClient;
  readonly now: () => number;
}

/** Static description of one kind of target. */
export interface ConnectorDefinition<F extends ConfigFields = ConfigFields> {
  /** Stored; never renamed once released. */
  readonly type: string;
  readonly displayName: string;
  readonly description: string;
  /** One declaration: validation, console form, GraphQL catalogue and TypeScript type. */
  readonly config: F;
  readonly account: readonly AccountAttributeSpec[];
  /** Account attributes an administrator may map besides the listed ones: custom fields of the target. */
  readonly moreAccountAttributes?: {
    /** Regular expression of the whole name. */
    readonly pattern: string;
    readonly description: string;
    readonly example: string;
  };
  /** The account attribute that a user id pattern makes; its form has the fields of user-id-fields.ts. */
  readonly userIdAttribute?: string;
  /** The switch of the form without which a connection has no groups, whatever the capabilities say. Absent: there is none. */
  readonly groupsField?: string;
  /** Attribute used to find an existing account unless the administrator chooses another matchable one. */
  readonly defaultMatchingAttribute: string;
  readonly capabilities: Capabilities;
  /** The target's quota: the house lets this connection make so many calls a minute and no more, so that none is refused. null: as many as come. */
  callsPerMinute?(config: ConfigOf<F>): number | null;
  open(config: ConfigOf<F>, tools: ConnectorTools): Connector;
}

/** Keeps the type of the config fields while giving a plain ConnectorDefinition to the registry. */
export function defineConnector<const F extends ConfigFields>(definition: ConnectorDefinition<F>): ConnectorDefinition {
  return definition;
}

/**
 * The only exception a connector throws. `message` is for administrators: what the target answered, without secrets and without
 * values of people (a status, an error code, an attribute's name).
 */
export class ConnectorError extends Error {
  readonly failure: Failure;
  /** Set where something was done before it failed, or may have been, whatever the failure says of the rest. */
  readonly written: Written | null;
  /** The target answers the same for a while about what it has just made: of a new account, group or member it is not believed. */
  readonly saidOfNew: boolean;
  constructor(failure: Failure, message: string, options: ConnectorErrorOptions = {}) {
    super(message, options);
    this.name = 'ConnectorError';
    this.failure = failure;
    this.written = options.written ?? null;
    this.saidOfNew = options.saidOfNew === true;
  }
}

export interface ConnectorErrorOptions extends ErrorOptions {
  readonly written?: Written | null;
  readonly saidOfNew?: boolean;
}

/** What a call had done at the target when it failed. */
export interface Written {
  /** The account that it made, changed or brought back: from then on it is linked. null: the target gave no id. */
  readonly accountId: AccountId | null;
  /** Whether its person gets in, as far as is known. */
  readonly active: boolean;
}
