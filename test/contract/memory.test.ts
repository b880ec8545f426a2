import { memory } from '../../src/connectors/memory/index.ts';
import { memoryTarget, type MemoryFault } from '../../src/connectors/memory/target.ts';
import type { FaultKind } from '../support/targets/faults.ts';
import { contractKit } from './kit.ts';

contractKit({
  name: 'The target in memory',
  definition: memory,
  start: async () => {
    const target = memoryTarget('contract-kit');
    target.reset();
    return {
      config: { name: 'contract-kit' },
      inject: (kind, _times, method) => {
        // Nothing stands in front of this target that could answer 404 for it: what is gone is simply not there.
        const missing = ['update', 'undelete', 'read-group', 'rename-group', 'add-members', 'remove-members'];
        if (kind === '404' && missing.includes(method)) target.inject({ kind: 'fail', when: 'before', failure: { kind: 'missing' } });
        else if (kind === '404' && method.startsWith('create'))
          target.inject({ kind: 'fail', when: 'before', failure: { kind: 'rejected' } });
        else if (kind !== '404') target.inject(faultFor(kind));
      },
      clearFaults: () => target.clearFaults(),
      stored: (userName) => target.accounts().filter((account) => account.attributes['userName'] === userName).length,
      groups: {
        storedGroups: (name) => target.groups().filter((group) => group.name === name).length,
        membersOf: (name) => target.groups().flatMap((group) => (group.name === name ? [...group.members] : [])),
        putForeignMember: (name) => {
          const [group] = target.groups().filter((one) => one.name === name);
          target.addMember(group!.id, 'somebody-elses');
          return 'somebody-elses';
        },
      },
      stop: async () => target.reset(),
    };
  },
});

/** What the network's faults come to where there is no network. */
function faultFor(kind: Exclude<FaultKind, '404'>): MemoryFault {
  const lost = { kind: 'transient', mayHaveApplied: true } as const;
  switch (kind) {
    case 'time-out-before-write':
      return { kind: 'hang', when: 'before' };
    case 'time-out-after-write':
    case 'slow-body':
      return { kind: 'hang', when: 'after' };
    case 'reset-after-write':
    case 'garbage-body':
    case 'wrong-content-type':
      return { kind: 'fail', when: 'after', failure: lost };
    case 'reset-before-write':
    case '500':
    case '503':
      return { kind: 'fail', when: 'before', failure: lost };
    case '429-with-retry-after':
    case '429-without-retry-after':
      return { kind: 'fail', when: 'before', failure: { kind: 'throttled', retryAfterMs: 7_000 } };
    case '400':
      return { kind: 'fail', when: 'before', failure: { kind: 'rejected' } };
    case '401':
    case '403':
      return { kind: 'fail', when: 'before', failure: { kind: 'unauthorized' } };
    case '409':
      return { kind: 'fail', when: 'before', failure: { kind: 'conflict' } };
  }
}
