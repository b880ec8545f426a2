/** Every fault once for every method that concerns accounts. */
import { describe, expect, it } from 'vitest';
import { secretFields } from '../../src/connectors/contract/config-fields.ts';
import { faultKinds } from '../support/targets/faults.ts';
import { accepted, accountMethods, type AccountMethod } from './accepted.ts';
import { accountNameIn, outcomeOf } from './bench.ts';
import { hangs, injected, lostAfterWrite } from './kit-faults.ts';
import type { Kit, KitAtWork } from './kit.ts';

export function accountFaults({ name: title, definition }: Kit, atWork: () => KitAtWork): void {
  const { capabilities } = definition;
  const can = (method: AccountMethod): boolean =>
    method !== 'deactivate' && method !== 'delete' && method !== 'undelete' ? true : (capabilities[method] ?? false);

  describe.each(faultKinds)(`${title} met with %s`, (kind) => {
    it.each(accountMethods.filter(can))('fails as it should at %s', async (method) => {
      const { target, bench } = atWork();
      const { connector } = bench;
      const attributes = bench.newAccount();
      const name = accountNameIn(bench, attributes);
      const account = method === 'create' ? null : await bench.create(attributes);
      if (method === 'undelete') await bench.end(account!.id);
      // A connector that learns about its target at first use has done so now.
      await connector.find(bench.matching, 'warm-up', bench.call());
      const call = bench.call(hangs(kind) ? 400 : 10_000);

      const error = await injected(target, kind, method, () => outcomeOf(ask()));
      expect(accepted(method, kind), error?.message ?? 'success').toContainEqual(error?.failure ?? 'success');
      const message = error?.message ?? '';
      expect(message).not.toContain(name);
      for (const field of secretFields(definition.config)) expect(message).not.toContain(target.config[field] ?? 'no such secret');

      // Whatever the failure said, it is true of the target.
      const applied = error?.failure.kind === 'transient' && error.failure.mayHaveApplied;
      if (method === 'create' && lostAfterWrite(kind)) {
        await expect.poll(() => target.stored(name)).toBe(1);
        for (const { id } of await connector.find(bench.matching, name, bench.call())) await bench.end(id);
      }
      if (method === 'create' && error && !applied) expect(target.stored(name)).toBe(0);

      function ask(): Promise<unknown> {
        switch (method) {
          case 'find':
            return connector.find(bench.matching, name, call);
          case 'create':
            return connector.create(attributes, call);
          case 'update':
            return connector.update(account!.id, { [bench.changeable[0]]: 'Changed' }, call);
          case 'deactivate':
            return connector.deactivate!(account!.id, call);
          case 'delete':
            return connector.delete!(account!.id, call);
          case 'undelete':
            return connector.undelete!(account!.id, call);
        }
      }
    });
  });
}
