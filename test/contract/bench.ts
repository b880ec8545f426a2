/** What the checks of the contract kit work with: a connector, accounts of their own, and a broom. Independent of any test runner. */
import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import {
  ConnectorError,
  type Account,
  type Call,
  type Connector,
  type ConnectorDefinition,
} from '../../src/connectors/contract/connector.ts';
import { withoutCleared } from '../../src/connectors/contract/without-cleared.ts';
import { mapAccount, type AccountAttributeSpec } from '../../src/domain/mapping.ts';
import type { Failure } from '../../src/domain/failure.ts';
import type { AccountAttributes, AccountId, UserId } from '../../src/domain/vocabulary.ts';

export interface KitSettings {
  /** Domain of the names and addresses that the kit makes up. Default example.com. */
  readonly domain?: string;
  /** Account attributes that this target wants beside the mapped ones. */
  readonly attributes?: AccountAttributes;
  /** Two optional text attributes that the target lets us set and clear. Default: the first two of the definition that are neither required nor matchable. */
  readonly changeable?: readonly [string, string];
}

export interface Bench {
  readonly definition: ConnectorDefinition;
  readonly connector: Connector;
  readonly matching: string;
  readonly changeable: readonly [string, string];
  /** Attributes of an account that nobody has yet. `name` replaces the value of the matching attribute's local part. */
  newAccount(name?: string): AccountAttributes;
  /** Creates and remembers, for the broom. */
  create(attributes: AccountAttributes): Promise<Account>;
  call(milliseconds?: number): Call;
  /** Deletes or deactivates whatever was created. Returns what could not be removed. */
  cleanUp(): Promise<readonly AccountId[]>;
}

export function createBench(definition: ConnectorDefinition, connector: Connector, settings: KitSettings = {}): Bench {
  const domain = settings.domain ?? 'example.com';
  const matching = definition.defaultMatchingAttribute;
  const made = new Set<AccountId>();
  const call = (milliseconds = 30_000): Call => ({
    operationId: null,
    signal: AbortSignal.timeout(milliseconds),
    log: () => undefined,
  });

  return {
    definition,
    connector,
    matching,
    changeable: settings.changeable ?? twoOf(definition.account),
    call,
    newAccount: (name) => {
      const local = name ?? `kit-${randomUUID()}`;
      const attributes = {
        email: [`kit-${randomUUID()}@${domain}`],
        givenName: ['Kit'],
        familyName: ['Contract'],
        displayName: ['Kit Contract'],
        title: ['Tester'],
        department: ['Quality'],
        locale: ['en-GB'],
      };
      const mapped = mapAccount(definition.account, { id: randomUUID() as UserId, userName: `${local}@${domain}`, attributes });
      assert(mapped.kind === 'mapped', `The default mapping gives no value for a required attribute.`);
      return { ...withoutCleared(mapped.attributes), ...settings.attributes };
    },
    create: async (attributes) => {
      const account = await connector.create(attributes, call());
      made.add(account.id);
      return account;
    },
    cleanUp: async () => {
      const left: AccountId[] = [];
      for (const id of made) {
        try {
          if (connector.delete) await connector.delete(id, call());
          else await connector.deactivate?.(id, call());
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          left.push(id);
        }
      }
      made.clear();
      return left;
    },
  };
}

/** The failure of a call that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return (await errorOf(work)).failure;
}

export async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  const outcome = await outcomeOf(work);
  assert(outcome, 'The call succeeded, but it should have failed.');
  return outcome;
}

/** null: it succeeded. Anything but a ConnectorError breaks the contract. */
export async function outcomeOf(work: Promise<unknown>): Promise<ConnectorError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    assert(error instanceof ConnectorError, `A connector throws nothing but ConnectorError, but this was: ${String(error)}`);
    return error;
  }
}

function twoOf(specs: readonly AccountAttributeSpec[]): readonly [string, string] {
  const [first, second] = specs.filter(
    (spec) => spec.type === 'string' && !spec.required && !spec.matchable && spec.mutable === 'always' && spec.defaultMapping !== null,
  );
  assert(first && second, 'The definition has no two optional text attributes; name some in the settings.');
  return [first.name, second.name];
}
