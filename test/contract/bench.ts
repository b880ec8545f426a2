/** What the checks of the contract kit work with: a connector, accounts of their own, and a broom. Independent of any test runner. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import assert from 'node:assert/strict';
import {
  ConnectorError,
  type Account,
  type Call,
  type Connector,
  type ConnectorDefinition,
  type GroupCalls,
  type TargetGroup,
} from '../../src/connectors/contract/connector.ts';
import { withoutCleared } from '../../src/connectors/contract/without-cleared.ts';
import { mapAccount, type AccountAttributeSpec } from '../../src/domain/mapping.ts';
import type { Failure } from '../../src/domain/failure.ts';
import type { AccountAttributes, AccountId, TargetGroupId, UserId } from '../../src/domain/vocabulary.ts';

export interface KitSettings {
  /** Domain of the names and addresses that the kit makes up. Default example.com. */
  readonly domain?: string | undefined;
  /** Account attributes that this target wants beside the mapped ones. */
  readonly attributes?: AccountAttributes | undefined;
  /** Two optional text attributes that the target lets us set and clear. Default: the first two of the definition that are neither required nor matchable. */
  readonly changeable?: readonly [string, string] | undefined;
  /** An optional list attribute, and three values that the target takes in it. Default: the first optional list, with e-mail addresses. */
  readonly list?:
    { readonly attribute: string; readonly values: readonly [string, string, string]; readonly ordered?: boolean | undefined } | undefined;
  /** An account id of the target's form that nobody has. Default: one of a deleted account, or one made up. */
  readonly unknownAccountId?: string | undefined;
  /** How many members the kit puts into a group at once, at least 2. Default 5. */
  readonly members?: number | undefined;
  /** How long the target may take to show what was written: some answer from an index that lags behind. Default 0. */
  readonly patienceMs?: number | undefined;
}

/** The groups of a target seen from inside, where the target is a fake. */
export interface GroupsInside {
  /** How many groups of this name there are. */
  storedGroups(name: string): number;
  /** Who is a member of the group of this name, as often as the target has stored it; empty where there is no such group. */
  membersOf(name: string): readonly string[];
  /** Somebody else puts a member there that is no account of ours (a nested group, an outside address). Answers as whom membersOf lists it. */
  putForeignMember?(name: string): string;
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
  /** Deletes the account, or deactivates it where the target cannot delete. */
  end(id: AccountId): Promise<void>;
  /** An id of no account. */
  unknownAccount(): Promise<AccountId>;
  /** The same as `connector.groups`, for checks that run only where there are groups. */
  readonly groups: GroupCalls;
  /** null: nobody can look inside. */
  readonly inside: GroupsInside | null;
  /** How many members to put into a group at once. */
  readonly members: number;
  /** A name that no group has yet. */
  newGroupName(part?: string): string;
  /** Creates and remembers, for the broom. */
  createGroup(name?: string): Promise<TargetGroup>;
  /** Runs an assertion until it holds, at most for the target's patience; what it throws last is thrown. */
  shows<T>(assertion: () => Promise<T>): Promise<T>;
  /** Deletes or deactivates whatever was created. Returns what could not be removed. */
  cleanUp(): Promise<readonly (AccountId | TargetGroupId)[]>;
  readonly settings: KitSettings;
}

export function createBench(
  definition: ConnectorDefinition,
  connector: Connector,
  settings: KitSettings = {},
  inside: GroupsInside | null = null,
): Bench {
  const domain = settings.domain ?? 'example.com';
  const matching = definition.defaultMatchingAttribute;
  const made = new Set<AccountId>();
  const madeGroups = new Set<TargetGroupId>();
  const call = (milliseconds = 30_000): Call => ({
    operationId: null,
    signal: AbortSignal.timeout(milliseconds),
    log: () => undefined,
  });

  async function end(id: AccountId): Promise<void> {
    await orGone(connector.delete ? connector.delete(id, call()) : connector.deactivate?.(id, call()));
  }

  async function create(attributes: AccountAttributes): Promise<Account> {
    const account = await connector.create(attributes, call());
    made.add(account.id);
    return account;
  }

  async function shows<T>(assertion: () => Promise<T>): Promise<T> {
    for (const deadline = performance.now() + (settings.patienceMs ?? 0); ;) {
      try {
        return await assertion();
      } catch (error) {
        if (performance.now() >= deadline) throw error;
        await wait(500);
      }
    }
  }

  const bench: Bench = {
    definition,
    connector,
    settings,
    inside,
    matching,
    end,
    create,
    shows,
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
      const userName = `${local}@${domain}`;
      // As it stands, also where a pattern would make it plainer: awkward names are what the connector is tried with.
      const mapped = mapAccount(definition.account, { id: randomUUID() as UserId, userName, attributes }, { userId: userName });
      assert(mapped.kind === 'mapped', `The default mapping gives no value for a required attribute.`);
      return { ...withoutCleared(mapped.attributes), ...settings.attributes };
    },
    unknownAccount: async () => {
      if (settings.unknownAccountId !== undefined) return settings.unknownAccountId as AccountId;
      const { id } = await create(bench.newAccount());
      if (!connector.delete || connector.undelete) return madeUp(id);
      await end(id);
      return id;
    },
    get groups() {
      assert(connector.groups, 'The connector has no groups.');
      return connector.groups;
    },
    members: Math.max(2, Math.min(settings.members ?? 5, definition.capabilities.memberBatch ?? 2)),
    // Short: Salesforce keeps no more than 40 characters.
    newGroupName: (part) => `kit-${randomUUID().slice(0, 18)}${part === undefined ? '' : `-${part}`}`,
    createGroup: async (name = bench.newGroupName()) => {
      const group = await bench.groups.create(name, call());
      madeGroups.add(group.id);
      await shows(() => bench.groups.read(group.id, call()));
      return group;
    },
    cleanUp: async () => {
      const left: (AccountId | TargetGroupId)[] = [];
      const removeAll = async <Id extends AccountId | TargetGroupId>(ids: Set<Id>, remove: (id: Id) => Promise<void>): Promise<void> => {
        for (const id of ids) {
          const outcome = await outcomeOf(remove(id));
          if (outcome) left.push(id);
        }
        ids.clear();
      };
      await removeAll(madeGroups, (id) => orGone(bench.groups.delete(id, call())));
      await removeAll(made, end);
      return left;
    },
  };
  return bench;
}

/** Of the same form, but not the same: every digit in its second half is another. */
function madeUp(id: AccountId): AccountId {
  const half = Math.ceil(id.length / 2);
  return (id.slice(0, half) + id.slice(half).replace(/\d/g, (digit) => String((Number(digit) + 1) % 10))) as AccountId;
}

/** Whatever a target may stumble over. */
export const awkwardNames = [
  'o"neil',
  'back\\slash',
  "d'arc",
  'grüße-日本-😀',
  'a+b & c?d=e#f',
  'per%cent_*',
  'paren(the)ses',
  'back\\"both',
];

/** The value of the matching attribute. */
export function accountNameIn(bench: Bench, attributes: Readonly<Record<string, unknown>>): string {
  return String([attributes[bench.matching]].flat()[0]);
}

/** These accounts, and no others, are found so. */
export async function assertFound(bench: Bench, attribute: string, value: string, ids: readonly AccountId[]): Promise<void> {
  await bench.shows(async () => {
    const found = await bench.connector.find(attribute, value, bench.call());
    assert.deepEqual(
      found.map(({ id }) => id),
      ids,
      attribute,
    );
  });
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

/** Of an ending call: it succeeds, or says that there is nothing to end. */
export async function orGone(work: Promise<void> | undefined): Promise<void> {
  const outcome = await outcomeOf(Promise.resolve(work));
  if (outcome && outcome.failure.kind !== 'missing') throw outcome;
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
