/** What every connector promises about creating, finding and changing accounts. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Account } from '../../src/connectors/contract/connector.ts';
import type { AccountValue } from '../../src/domain/vocabulary.ts';
import { accountNameIn as nameIn, assertFound, awkwardNames, errorOf, failureOf, outcomeOf, wordsOf, type Bench } from './bench.ts';
import type { KitCheck } from './live-kit.ts';

export const accountChecks: readonly KitCheck[] = [
  {
    name: 'create gives an id and an active account with what was sent, and read gives the same',
    run: async (bench) => {
      const sent = bench.newAccount();
      const account = await bench.create(sent);
      const read = await bench.shows(() => bench.connector.read(account.id, bench.call()));
      assert(account.id !== '');
      assert(account.active && read.active, 'active');
      assert.deepEqual(read.id, account.id);
      for (const name of [bench.matching, ...bench.changeable]) assert.deepEqual(read.attributes[name], sent[name], name);
    },
  },
  {
    name: 'an ordinary account is protected by nothing',
    run: async (bench) => {
      const sent = bench.newAccount();
      const account = await bench.create(sent);
      const found = await bench.connector.find(bench.matching, nameIn(bench, sent), bench.call());
      const read = await bench.shows(() => bench.connector.read(account.id, bench.call()));
      for (const told of [account, read, ...found]) assert.equal(told.protectedAs ?? null, null);
    },
  },
  {
    name: 'a new account is found by every matchable attribute, and only it',
    run: async (bench) => {
      const sent = bench.newAccount();
      await bench.create(bench.newAccount());
      const account = await bench.create(sent);
      for (const { name, matchable, neededField } of bench.definition.account) {
        const value = [sent[name]].flat()[0];
        const isKept = neededField === undefined || bench.isGiven(neededField);
        if (!matchable || !isKept || typeof value !== 'string') continue;
        await assertFound(bench, name, value, [account.id]);
      }
    },
  },
  {
    name: 'find gives nothing for a name that nobody has',
    run: async (bench) => {
      for (const name of ['nobody', ...awkwardNames]) {
        const value = nameOf(bench, `${name}-${randomUUID()}`);
        assert.deepEqual(await bench.connector.find(bench.matching, value, bench.call()), [], name);
      }
    },
  },
  {
    name: 'find takes the value whole and literally: no prefix, no pattern',
    run: async (bench) => {
      const value = String((await bench.create(bench.newAccount())).attributes[bench.matching]);
      for (const part of [
        value.slice(0, -1),
        value.slice(1),
        `${value.slice(0, 5)}*`,
        `${value.slice(0, 5)}%`,
        '*',
        '" or userName pr or userName eq "',
      ])
        assert.deepEqual(await bench.connector.find(bench.matching, part, bench.call()), [], part);
    },
  },
  ...awkwardNames.map((name): KitCheck => ({
    name: `an account named ${name} is created, found and read exactly`,
    run: async (bench) => {
      const attributes = bench.newAccount(`kit-${randomUUID().slice(0, 8)}-${name}`);
      const refused = await outcomeOf(bench.create(attributes));
      if (refused?.failure.kind === 'rejected') return `the target does not take such names: ${wordsOf(refused)}`;
      if (refused) throw refused;
      const value = String(attributes[bench.matching]);
      await bench.shows(async () => {
        const found = await bench.connector.find(bench.matching, value, bench.call());
        assert.deepEqual(
          found.map((account) => account.attributes[bench.matching]),
          [value],
        );
      });
    },
  })),
  {
    name: 'creating an account twice is a conflict, or gives the first one where create is idempotent',
    run: async (bench) => {
      const attributes = bench.newAccount();
      const first = await bench.create(attributes);
      const second = await bench.shows(async () => {
        const outcome = await outcomeOf(bench.create(attributes));
        if (outcome) assert.equal(outcome.failure.kind, 'conflict');
        return outcome;
      });
      if (!second) assert(bench.definition.capabilities.idempotentCreate, 'two accounts were made');
      await assertFound(bench, bench.matching, nameIn(bench, attributes), [first.id]);
    },
  },
  {
    name: 'update sets what it is given and leaves the rest',
    run: async (bench) => {
      const [changed, kept] = bench.changeable;
      const account = await bench.create(bench.newAccount());
      const updated = await bench.shows(() => bench.connector.update(account.id, { [changed]: 'Changed' }, bench.call()));
      const assertChanged = (after: Account): void => {
        assert.deepEqual(after.id, account.id);
        assert.deepEqual(after.attributes, {
          ...account.attributes,
          [changed]: 'Changed',
          ...derived(after.attributes, account.attributes),
        });
        assert.equal(after.attributes[kept], account.attributes[kept]);
      };
      assertChanged(updated);
      await bench.shows(async () => assertChanged(await bench.connector.read(account.id, bench.call())));
    },
  },
  {
    name: 'update clears with null, also what is clear already',
    run: async (bench) => {
      const [cleared, kept] = bench.changeable;
      const account = await bench.create(bench.newAccount());
      for (let i = 0; i < 2; i++) await bench.shows(() => bench.connector.update(account.id, { [cleared]: null }, bench.call()));
      await bench.shows(async () => {
        const read = await bench.connector.read(account.id, bench.call());
        assert.equal(read.attributes[cleared] ?? null, null);
        assert.equal(read.attributes[kept], account.attributes[kept]);
      });
    },
  },
  {
    name: 'update replaces a list, keeps its order where it has one, and clears it',
    run: async (bench) => {
      const list = bench.settings.list ?? defaultList(bench);
      if (!list) return 'the target has no optional list';
      const { attribute, values, ordered } = list;
      const [first, second, third] = values;
      const { id, attributes } = await bench.create(bench.newAccount());
      const inOrder = (value: AccountValue): AccountValue => (Array.isArray(value) && ordered === false ? value.toSorted() : value);
      let applied = attributes[attribute] ?? null;
      for (const wanted of [[second, first], [third], null]) {
        const before = { [attribute]: applied };
        await bench.shows(() => bench.connector.update(id, { [attribute]: wanted }, bench.call(), before));
        applied = wanted;
        await bench.shows(async () => {
          const read = await bench.connector.read(id, bench.call());
          assert.deepEqual(inOrder(read.attributes[attribute] ?? null), inOrder(wanted));
        });
      }
    },
  },
  {
    name: 'a renamed account keeps its id and is found by its new name only',
    run: async (bench) => {
      const spec = bench.definition.account.find(({ name }) => name === bench.matching);
      if (spec?.mutable !== 'always') return 'the matching attribute never changes here';
      const [before, after] = [bench.newAccount(), bench.newAccount()];
      const { id } = await bench.create(before);
      await bench.shows(() => bench.connector.update(id, { [bench.matching]: nameIn(bench, after) }, bench.call()));
      await assertFound(bench, bench.matching, nameIn(bench, after), [id]);
      await assertFound(bench, bench.matching, nameIn(bench, before), []);
    },
  },
  {
    name: 'renaming an account to a name that is taken is a conflict',
    run: async (bench) => {
      const taken = await bench.create(bench.newAccount());
      const { id } = await bench.create(bench.newAccount());
      const value = String(taken.attributes[bench.matching]);
      await bench.shows(async () => {
        assert.equal((await failureOf(bench.connector.update(id, { [bench.matching]: value }, bench.call()))).kind, 'conflict');
      });
    },
  },
  {
    name: 'a call that is over before it begins changes nothing and fails at once',
    run: async (bench) => {
      const attributes = bench.newAccount();
      const call = { ...bench.call(), signal: AbortSignal.abort() };
      const started = performance.now();
      const { failure } = await errorOf(bench.connector.create(attributes, call));
      assert.deepEqual(failure, { kind: 'transient', mayHaveApplied: false });
      assert(performance.now() - started < 1_000, 'it took too long');
      assert.deepEqual(await bench.connector.find(bench.matching, nameIn(bench, attributes), bench.call()), []);
    },
  },
];

function defaultList({ definition }: Bench): Bench['settings']['list'] | null {
  const spec = definition.account.find(({ type, required, mutable }) => type === 'strings' && !required && mutable === 'always');
  return spec ? { attribute: spec.name, values: ['a@example.com', 'b@example.com', 'c@example.com'] } : null;
}

/** What a target computes from other attributes may change along: a formatted name, for instance. */
function derived(after: object, before: object): object {
  return Object.fromEntries(Object.entries(after).filter(([name]) => name === 'formatted' && !(name in before)));
}

function nameOf(bench: Bench, local: string): string {
  return nameIn(bench, bench.newAccount(local));
}
