/** Remembers what the kit makes at a target, and takes it away again. Start with Broom. */
import assert from 'node:assert/strict';
import { ConnectorError, type Account, type Call, type Connector, type TargetGroup } from '../../src/connectors/contract/connector.ts';
import type { AccountAttributes, AccountId, TargetGroupId } from '../../src/domain/vocabulary.ts';

export interface Broom {
  /** Gives the account once it shows. What is made and does not show is remembered all the same. */
  create(attributes: AccountAttributes, call: () => Call): Promise<Account>;
  createGroup(name: string, call: () => Call): Promise<TargetGroup>;
  /** Deletes the account, or deactivates it where the target cannot delete. */
  end(id: AccountId, call: () => Call): Promise<void>;
  endGroup(id: TargetGroupId, call: () => Call): Promise<void>;
  undelete(id: AccountId, call: () => Call): Promise<Account>;
  /** Ends whatever was made. Tells what it could not end. */
  cleanUp(): Promise<readonly string[]>;
}

interface BroomParts {
  readonly connector: Connector;
  readonly matching: string;
  /** Works also when the kit was told to stop. */
  readonly call: () => Call;
  readonly shows: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One thing that was made. Of what was never seen a target that says "there is none" is not believed. */
interface Made {
  readonly name: string;
  state: 'unseen' | 'seen' | 'ended';
}

interface Shelf<Id> {
  readonly made: Map<Id, Made>;
  readonly read: (id: Id, call: Call) => Promise<unknown>;
  readonly end: (id: Id, call: Call) => Promise<unknown>;
}

export function createBroom({ connector, matching, call: ownCall, shows }: BroomParts): Broom {
  const accounts: Shelf<AccountId> = {
    made: new Map(),
    read: (id, call) => connector.read(id, call),
    end: async (id, call) => (connector.delete ? connector.delete(id, call) : connector.deactivate?.(id, call)),
  };
  const groups: Shelf<TargetGroupId> = {
    made: new Map(),
    read: async (id, call) => connector.groups?.read(id, call),
    end: async (id, call) => connector.groups?.delete(id, call),
  };

  async function untilShown<Id>({ made }: Shelf<Id>, id: Id, name: string, look: () => Promise<unknown>): Promise<void> {
    const one: Made = { name, state: 'unseen' };
    made.set(id, one);
    await shows(look);
    one.state = 'seen';
  }

  /** A target may deny what it has just made, and a connector may take that for "it is gone": it has to show first. */
  async function endShown<Id>({ made, read, end }: Shelf<Id>, id: Id, call: () => Call): Promise<void> {
    const one = made.get(id);
    await shows(async () => {
      await read(id, call());
      if (one) one.state = 'seen';
      await end(id, call());
    });
    if (one) one.state = 'ended';
  }

  async function sweep<Id>(shelf: Shelf<Id>): Promise<readonly string[]> {
    const left: string[] = [];
    for (const [id, one] of shelf.made) {
      try {
        // What was ended may have been brought back since; it is not waited for.
        await (one.state === 'ended' ? shelf.end(id, ownCall()) : endShown(shelf, id, ownCall));
      } catch (error) {
        const isGone = error instanceof ConnectorError && error.failure.kind === 'missing' && one.state !== 'unseen';
        if (!isGone) left.push(`${one.name} (${String(id)})`);
      }
    }
    shelf.made.clear();
    return left;
  }

  return {
    create: async (attributes, call) => {
      const name = String([attributes[matching]].flat()[0]);
      try {
        const account = await connector.create(attributes, call());
        await untilShown(accounts, account.id, name, () => connector.read(account.id, call()));
        return account;
      } catch (error) {
        const id = error instanceof ConnectorError ? error.written?.accountId : null;
        if (id) accounts.made.set(id, { name, state: 'unseen' });
        throw error;
      }
    },
    createGroup: async (name, call) => {
      const group = await connector.groups!.create(name, call());
      // A group may show before its name does.
      await untilShown(groups, group.id, name, async () => assert.equal((await connector.groups!.read(group.id, call())).name, name));
      return group;
    },
    end: (id, call) => endShown(accounts, id, call),
    endGroup: (id, call) => endShown(groups, id, call),
    undelete: async (id, call) => {
      const back = await connector.undelete!(id, call());
      const name = String([back.attributes[matching]].flat()[0]);
      await untilShown(accounts, id, name, () => connector.read(id, call()));
      return back;
    },
    cleanUp: async () => [...(await sweep(groups)), ...(await sweep(accounts))],
  };
}
