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
import { parseConfig } from '../../src/connectors/contract/config-fields.ts';
import { withoutCleared } from '../../src/connectors/contract/without-cleared.ts';
import { mapAccount, type AccountAttributeSpec } from '../../src/domain/mapping.ts';
import type { Failure } from '../../src/domain/failure.ts';
import type { AccountAttributes, AccountId, TargetGroupId, UserId } from '../../src/domain/vocabulary.ts';
import { createBroom } from './broom.ts';

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
  /** How long the kit waits before it looks again. Default 500. */
  readonly pauseMs?: number | undefined;
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
  /** Whether this field of the connector's form is filled in, or switched on. */
  readonly isGiven: (field: string) => boolean;
  /** Creates, remembers for the broom, and waits until it shows. */
  create(attributes: AccountAttributes): Promise<Account>;
  /** For every call to the connector: throws once the kit was told to stop, so that nothing more is begun. */
  call(milliseconds?: number): Call;
  /** Deletes the account, or deactivates it where the target cannot delete. */
  end(id: AccountId): Promise<void>;
  /** Brings back an account that was ended. */
  undelete(id: AccountId): Promise<Account>;
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
  /** Creates, remembers for the broom, and waits until it shows. */
  createGroup(name?: string): Promise<TargetGroup>;
  endGroup(id: TargetGroupId): Promise<void>;
  /** Runs an assertion until it holds, at most for the target's patience; what it throws last is thrown. */
  shows<T>(assertion: () => Promise<T>): Promise<T>;
  /** Deletes or deactivates whatever was created. Tells what could not be removed. */
  cleanUp(): Promise<readonly string[]>;
  /** From now on nothing is called but by the broom: the check that is under way ends with Stopped, or with what it makes of that. */
  stop(): void;
  readonly settings: KitSettings;
}

/** What a check meets at its next call where the kit was told to stop. */
export class Stopped extends Error {}

export function createBench(
  definition: ConnectorDefinition,
  connector: Connector,
  /** The connector's form, as somebody filled it in. */
  config: Readonly<Record<string, unknown>>,
  settings: KitSettings = {},
  inside: GroupsInside | null = null,
): Bench {
  const domain = settings.domain ?? 'example.com';
  const matching = definition.defaultMatchingAttribute;
  const form = parseConfig(definition.config, config);
  assert(form.kind === 'parsed', 'The form is not filled in as it should be.');
  let isStopped = false;
  const ownCall = (milliseconds = 30_000): Call => ({
    operationId: null,
    signal: AbortSignal.timeout(milliseconds),
    log: () => undefined,
  });
  const call = (milliseconds?: number): Call => {
    if (isStopped) throw new Stopped('The kit was told to stop.');
    return ownCall(milliseconds);
  };

  async function shows<T>(assertion: () => Promise<T>): Promise<T> {
    for (const deadline = performance.now() + (settings.patienceMs ?? 0); ;) {
      try {
        return await assertion();
      } catch (error) {
        if (error instanceof Stopped || performance.now() >= deadline) throw error;
        await wait(settings.pauseMs ?? 500);
      }
    }
  }

  const broom = createBroom({ connector, matching, call: ownCall, shows });
  const bench: Bench = {
    definition,
    connector,
    settings,
    inside,
    matching,
    isGiven: (field) => (form.config[field] ?? false) !== false,
    create: (attributes) => broom.create(attributes, call),
    end: (id) => broom.end(id, call),
    undelete: (id) => broom.undelete(id, call),
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
      const { id } = await bench.create(bench.newAccount());
      if (!connector.delete || connector.undelete) return madeUp(id);
      await bench.end(id);
      return id;
    },
    get groups() {
      assert(connector.groups, 'The connector has no groups.');
      return connector.groups;
    },
    members: Math.max(2, Math.min(settings.members ?? 5, definition.capabilities.memberBatch ?? 2)),
    // Short: Salesforce keeps no more than 40 characters.
    newGroupName: (part) => `kit-${randomUUID().slice(0, 18)}${part === undefined ? '' : `-${part}`}`,
    createGroup: (name = bench.newGroupName()) => broom.createGroup(name, call),
    endGroup: (id) => broom.endGroup(id, call),
    cleanUp: () => broom.cleanUp(),
    stop: () => void (isStopped = true),
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
export async function orGone(work: Promise<void>): Promise<void> {
  const outcome = await outcomeOf(work);
  if (outcome && outcome.failure.kind !== 'missing') throw outcome;
}

/** null: it succeeded. Anything but a ConnectorError breaks the contract. */
export async function outcomeOf(work: Promise<unknown>): Promise<ConnectorError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    assert(error instanceof ConnectorError, `A connector throws nothing but ConnectorError, but this was: ${String(error)}`);
    return error;
  }
}

/** What a failure says, with the attribute that it names. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof ConnectorError)) return error instanceof Error ? error.message : String(error);
  const attribute = 'attribute' in error.failure ? error.failure.attribute : undefined;
  return attribute === undefined ? error.message : `${attribute}: ${error.message}`;
}

function twoOf(specs: readonly AccountAttributeSpec[]): readonly [string, string] {
  const [first, second] = specs.filter(
    (spec) => spec.type === 'string' && !spec.required && !spec.matchable && spec.mutable === 'always' && spec.defaultMapping !== null,
  );
  assert(first && second, 'The definition has no two optional text attributes; name some in the settings.');
  return [first.name, second.name];
}
