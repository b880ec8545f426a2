/**
 * What every connector is. A connector speaks one protocol to one target and translates its errors; it never retries, sleeps,
 * decides about linking, reads the environment or puts a secret into a message. The contract kit in test/contract/ is the
 * definition of done. Start with ConnectorDefinition.
 */
import type { Failure } from '../../domain/failure.ts';
import type { AccountAttributes, AccountId, OperationId } from '../../domain/vocabulary.ts';
import type { AccountAttributeSpec } from '../../domain/mapping.ts';
import type { ConfigFields, ConfigOf } from './config-fields.ts';
import type { HttpClient } from './http.ts';

/** The user's counterpart inside a target. */
export interface Account {
  readonly id: AccountId;
  readonly active: boolean;
  /** The attributes of the definition that the target told, in the definition's form. */
  readonly attributes: AccountAttributes;
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
  /** Sets exactly these attributes, reactivates, leaves the others. */
  update(id: AccountId, attributes: AccountAttributes, call: Call): Promise<Account>;
  /** Ends access and keeps the data; succeeds where the account is gone. */
  deactivate?(id: AccountId, call: Call): Promise<void>;
  /** Succeeds where the account is gone. */
  delete?(id: AccountId, call: Call): Promise<void>;
  close?(): Promise<void>;
}

/** What a connector can do; the contract kit proves that it agrees with the methods. */
export interface Capabilities {
  readonly deactivate: boolean;
  readonly delete: boolean;
  readonly groups: boolean;
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
  /** Attribute used to find an existing account unless the administrator chooses another matchable one. */
  readonly defaultMatchingAttribute: string;
  readonly capabilities: Capabilities;
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
  constructor(failure: Failure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectorError';
    this.failure = failure;
  }
}
