/** What every connector promises about ending accounts and bringing them back. */
import assert from 'node:assert/strict';
import type { Account } from '../../src/connectors/contract/connector.ts';
import type { AccountId } from '../../src/domain/vocabulary.ts';
import { accountNameIn as nameIn, assertFound, failureOf, orGone, type Bench } from './bench.ts';
import type { KitCheck } from './live-kit.ts';

export const endingChecks: readonly KitCheck[] = [
  {
    name: 'deactivate ends access, keeps the data, and may be repeated',
    run: async (bench) => {
      if (!bench.connector.deactivate) return 'the target cannot deactivate';
      const { id, attributes } = await bench.create(bench.newAccount());
      for (let i = 0; i < 2; i++) await bench.shows(() => bench.connector.deactivate!(id, bench.call()));
      await bench.shows(async () => {
        const read = await bench.connector.read(id, bench.call());
        assert.equal(read.active, false);
        for (const name of keptBy(bench)) assert.deepEqual(read.attributes[name], attributes[name], name);
      });
    },
  },
  {
    name: 'update makes a deactivated account active again, with the name that it had',
    run: async (bench) => {
      if (!bench.connector.deactivate) return 'the target cannot deactivate';
      const sent = bench.newAccount();
      const { id, attributes } = await bench.create(sent);
      await bench.shows(() => bench.connector.deactivate!(id, bench.call()));
      const updated = await bench.shows(() => bench.connector.update(id, { [bench.changeable[0]]: 'Back' }, bench.call(), sent));
      assert(updated.active, 'the answer says inactive');
      await bench.shows(async () => {
        const read = await bench.connector.read(id, bench.call());
        assert(read.active, 'it is still inactive');
        assert.deepEqual(read.attributes[bench.matching], attributes[bench.matching]);
      });
    },
  },
  {
    name: 'a deleted account is gone, and deleting or deactivating it again succeeds or says so',
    run: async (bench) => {
      if (!bench.connector.delete) return 'the target cannot delete';
      const attributes = bench.newAccount();
      const { id } = await bench.create(attributes);
      await bench.end(id);
      await orGone(bench.connector.delete(id, bench.call()));
      if (bench.connector.deactivate) await orGone(bench.connector.deactivate(id, bench.call()));
      await assertFound(bench, bench.matching, nameIn(bench, attributes), []);
      await bench.shows(() => assertMissing(bench, id));
    },
  },
  {
    name: 'a deleted account that is brought back is the same one with what it had',
    run: async (bench) => {
      if (!bench.connector.undelete) return 'the target cannot bring back';
      const sent = bench.newAccount();
      const account = await bench.create(sent);
      await bench.end(account.id);
      const assertSame = (told: Account): void => {
        assert.equal(told.id, account.id);
        for (const name of [bench.matching, ...bench.changeable]) assert.deepEqual(told.attributes[name], account.attributes[name], name);
      };
      assertSame(await bench.shows(() => bench.undelete(account.id)));
      await assertFound(bench, bench.matching, nameIn(bench, account.attributes), [account.id]);
      await bench.shows(async () => assertSame(await bench.connector.read(account.id, bench.call())));
      const updated = await bench.shows(() => bench.connector.update(account.id, { [bench.changeable[0]]: 'Back' }, bench.call(), sent));
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

/** What of an account a deactivation leaves as it is: all but what the form says is let go of. */
function keptBy({ definition, matching, changeable, isGiven }: Bench): readonly string[] {
  const isFreed = definition.account.some(({ name, freedBy }) => name === matching && freedBy !== undefined && isGiven(freedBy));
  return isFreed ? changeable : [matching, ...changeable];
}

async function assertMissing(bench: Bench, id: AccountId): Promise<void> {
  assert.equal((await failureOf(bench.connector.read(id, bench.call()))).kind, 'missing', 'read');
  assert.equal((await failureOf(bench.connector.update(id, { [bench.changeable[0]]: 'Late' }, bench.call()))).kind, 'missing', 'update');
}
