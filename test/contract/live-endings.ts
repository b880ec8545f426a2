/** What every connector promises about ending accounts and bringing them back. */
import assert from 'node:assert/strict';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { accountNameIn as nameIn, assertFound, failureOf, orGone, type Bench } from './bench.ts';
import type { KitCheck } from './live-kit.ts';

export const endingChecks: readonly KitCheck[] = [
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
    name: 'a deleted account is gone, and deleting or deactivating it again succeeds or says so',
    run: async (bench) => {
      if (!bench.connector.delete) return 'the target cannot delete';
      const attributes = bench.newAccount();
      const { id } = await bench.create(attributes);
      await bench.connector.delete(id, bench.call());
      await orGone(bench.connector.delete(id, bench.call()));
      await orGone(bench.connector.deactivate?.(id, bench.call()));
      await assertFound(bench, bench.matching, nameIn(bench, attributes), []);
      await assertMissing(bench, id);
    },
  },
  {
    name: 'a deleted account that is brought back is the same one with what it had',
    run: async (bench) => {
      if (!bench.connector.undelete) return 'the target cannot bring back';
      const account = await bench.create(bench.newAccount());
      await bench.end(account.id);
      const back = await bench.connector.undelete(account.id, bench.call());
      await assertFound(bench, bench.matching, nameIn(bench, account.attributes), [account.id]);
      for (const told of [back, await bench.connector.read(account.id, bench.call())]) {
        assert.equal(told.id, account.id);
        for (const name of [bench.matching, ...bench.changeable]) assert.deepEqual(told.attributes[name], account.attributes[name], name);
      }
      const updated = await bench.connector.update(account.id, { [bench.changeable[0]]: 'Back' }, bench.call());
      assert(updated.active, 'update makes it active');
    },
  },
  {
    name: 'bringing back an account that never was fails as missing',
    run: async (bench) => {
      if (!bench.connector.undelete) return 'the target cannot bring back';
      const id = await bench.unknownAccount();
      assert.equal((await failureOf(bench.connector.undelete(id, bench.call()))).kind, 'missing');
    },
  },
];

async function assertMissing(bench: Bench, id: AccountId): Promise<void> {
  assert.equal((await failureOf(bench.connector.read(id, bench.call()))).kind, 'missing', 'read');
  assert.equal((await failureOf(bench.connector.update(id, { [bench.changeable[0]]: 'Late' }, bench.call()))).kind, 'missing', 'update');
}
