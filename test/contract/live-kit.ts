/**
 * The fault-free part of the contract kit: what every connector promises, against whatever target it is connected to. It needs no
 * test runner, so that `npm run kit` can try a live server with it; kit.ts runs it in the tests and adds the faults.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { errorOf, failureOf, outcomeOf, type Bench } from './bench.ts';

export interface KitCheck {
  readonly name: string;
  /** Throws where the promise is broken. A text that it resolves with says why the check does not apply here. */
  readonly run: (bench: Bench) => Promise<unknown>;
}

const awkwardNames = ['o"neil', 'back\\slash', "d'arc", 'grüße-日本-😀', 'a+b & c?d=e#f', 'per%cent_*', 'paren(the)ses', 'back\\"both'];

export const liveChecks: readonly KitCheck[] = [
  {
    name: 'its capabilities agree with its methods',
    run: async ({ definition, connector }) => {
      assert.equal('deactivate' in connector, definition.capabilities.deactivate, 'deactivate');
      assert.equal('delete' in connector, definition.capabilities.delete, 'delete');
      assert(definition.account.some((spec) => spec.name === definition.defaultMatchingAttribute && spec.matchable));
    },
  },
  {
    name: 'check finds nothing wrong',
    run: async (bench) => assert.deepEqual(await bench.connector.check(bench.call()), []),
  },
  {
    name: 'create gives an id and an active account with what was sent, and read gives the same',
    run: async (bench) => {
      const sent = bench.newAccount();
      const account = await bench.create(sent);
      const read = await bench.connector.read(account.id, bench.call());
      assert(account.id !== '');
      assert(account.active && read.active, 'active');
      assert.deepEqual(read.id, account.id);
      for (const name of [bench.matching, ...bench.changeable]) assert.deepEqual(read.attributes[name], sent[name], name);
    },
  },
  {
    name: 'a new account is found by every matchable attribute, and only it',
    run: async (bench) => {
      const sent = bench.newAccount();
      await bench.create(bench.newAccount());
      const account = await bench.create(sent);
      for (const { name, matchable } of bench.definition.account) {
        const value = [sent[name]].flat()[0];
        if (!matchable || typeof value !== 'string') continue;
        const found = await bench.connector.find(name, value, bench.call());
        assert.deepEqual(
          found.map(({ id }) => id),
          [account.id],
          name,
        );
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
      if (refused?.failure.kind === 'rejected') return 'the target does not take such names';
      if (refused) throw refused;
      const value = String(attributes[bench.matching]);
      const found = await bench.connector.find(bench.matching, value, bench.call());
      assert.deepEqual(
        found.map((account) => account.attributes[bench.matching]),
        [value],
      );
    },
  })),
  {
    name: 'creating an account twice is a conflict, or gives the first one where create is idempotent',
    run: async (bench) => {
      const attributes = bench.newAccount();
      const first = await bench.create(attributes);
      const second = await outcomeOf(bench.create(attributes));
      if (second) assert.equal(second.failure.kind, 'conflict');
      else assert(bench.definition.capabilities.idempotentCreate, 'two accounts were made');
      assert.deepEqual(
        (await bench.connector.find(bench.matching, nameIn(bench, attributes), bench.call())).map(({ id }) => id),
        [first.id],
      );
    },
  },
  {
    name: 'update sets what it is given and leaves the rest',
    run: async (bench) => {
      const [changed, kept] = bench.changeable;
      const account = await bench.create(bench.newAccount());
      const updated = await bench.connector.update(account.id, { [changed]: 'Changed' }, bench.call());
      const read = await bench.connector.read(account.id, bench.call());
      for (const after of [updated, read]) {
        assert.deepEqual(after.id, account.id);
        assert.deepEqual(after.attributes, {
          ...account.attributes,
          [changed]: 'Changed',
          ...derived(after.attributes, account.attributes),
        });
        assert.equal(after.attributes[kept], account.attributes[kept]);
      }
    },
  },
  {
    name: 'update clears with null, also what is clear already',
    run: async (bench) => {
      const [cleared, kept] = bench.changeable;
      const account = await bench.create(bench.newAccount());
      for (let i = 0; i < 2; i++) await bench.connector.update(account.id, { [cleared]: null }, bench.call());
      const read = await bench.connector.read(account.id, bench.call());
      assert.equal(read.attributes[cleared] ?? null, null);
      assert.equal(read.attributes[kept], account.attributes[kept]);
    },
  },
  {
    name: 'update replaces a list, keeps its order and clears it',
    run: async (bench) => {
      const spec = bench.definition.account.find(({ type, required, mutable }) => type === 'strings' && !required && mutable === 'always');
      if (!spec) return 'the target has no optional list';
      const { id } = await bench.create(bench.newAccount());
      for (const values of [['b@example.com', 'a@example.com'], ['c@example.com'], null]) {
        await bench.connector.update(id, { [spec.name]: values }, bench.call());
        assert.deepEqual((await bench.connector.read(id, bench.call())).attributes[spec.name] ?? null, values);
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
      await bench.connector.update(id, { [bench.matching]: nameIn(bench, after) }, bench.call());
      assert.deepEqual(
        (await bench.connector.find(bench.matching, nameIn(bench, after), bench.call())).map((one) => one.id),
        [id],
      );
      assert.deepEqual(await bench.connector.find(bench.matching, nameIn(bench, before), bench.call()), []);
    },
  },
  {
    name: 'renaming an account to a name that is taken is a conflict',
    run: async (bench) => {
      const taken = await bench.create(bench.newAccount());
      const { id } = await bench.create(bench.newAccount());
      const value = String(taken.attributes[bench.matching]);
      assert.equal((await failureOf(bench.connector.update(id, { [bench.matching]: value }, bench.call()))).kind, 'conflict');
    },
  },
  {
    name: 'deactivate ends access, keeps the data, and may be repeated',
    run: async (bench) => {
      if (!bench.connector.deactivate) return 'the target cannot deactivate';
      const account = await bench.create(bench.newAccount());
      for (let i = 0; i < 2; i++) await bench.connector.deactivate(account.id, bench.call());
      const read = await bench.connector.read(account.id, bench.call());
      assert.equal(read.active, false);
      for (const name of [bench.matching, ...bench.changeable]) assert.deepEqual(read.attributes[name], account.attributes[name], name);
    },
  },
  {
    name: 'update makes a deactivated account active again',
    run: async (bench) => {
      if (!bench.connector.deactivate) return 'the target cannot deactivate';
      const { id } = await bench.create(bench.newAccount());
      await bench.connector.deactivate(id, bench.call());
      const updated = await bench.connector.update(id, { [bench.changeable[0]]: 'Back' }, bench.call());
      assert(updated.active, 'the answer says inactive');
      assert((await bench.connector.read(id, bench.call())).active, 'it is still inactive');
    },
  },
  {
    name: 'a deleted account is gone, and deleting or deactivating it again succeeds',
    run: async (bench) => {
      if (!bench.connector.delete) return 'the target cannot delete';
      const attributes = bench.newAccount();
      const { id } = await bench.create(attributes);
      for (let i = 0; i < 2; i++) await bench.connector.delete(id, bench.call());
      await bench.connector.deactivate?.(id, bench.call());
      assert.deepEqual(await bench.connector.find(bench.matching, nameIn(bench, attributes), bench.call()), []);
      await assertMissing(bench, id);
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

async function assertMissing(bench: Bench, id: AccountId): Promise<void> {
  assert.equal((await failureOf(bench.connector.read(id, bench.call()))).kind, 'missing', 'read');
  assert.equal((await failureOf(bench.connector.update(id, { [bench.changeable[0]]: 'Late' }, bench.call()))).kind, 'missing', 'update');
}

/** What a target computes from other attributes may change along: a formatted name, for instance. */
function derived(after: object, before: object): object {
  return Object.fromEntries(Object.entries(after).filter(([name]) => name === 'formatted' && !(name in before)));
}

function nameOf(bench: Bench, local: string): string {
  return nameIn(bench, bench.newAccount(local));
}

function nameIn(bench: Bench, attributes: Readonly<Record<string, unknown>>): string {
  return String([attributes[bench.matching]].flat()[0]);
}
