/** Keeps an attempt within its lease: beside whoever takes the operation over, nothing more is written. */
import { ConnectorError, type Connector } from '../connectors/contract/connector.ts';
import type { House, LeasedOperation } from './ports.ts';

/**
 * Writes only while the lease lasts. A process that stood still, or an attempt that began late, would else write beside whoever took the
 * operation over: a lapsed timer is not enough, for the answer that came meanwhile may be heard before it.
 */
export function whileLeased(house: House, leased: LeasedOperation, connector: Connector): Connector {
  const leaseHolds = (): void => {
    if (leaseLeftMs(house, leased) <= 0)
      throw new ConnectorError(
        { kind: 'transient', mayHaveApplied: false },
        'The attempt came too late: its lease has lapsed, and nothing was written.',
      );
  };
  return {
    check: (call) => connector.check(call),
    find: (attribute, value, call) => connector.find(attribute, value, call),
    read: (id, call) => connector.read(id, call),
    create: async (attributes, call) => {
      leaseHolds();
      return connector.create(attributes, call);
    },
    update: async (id, attributes, call, applied) => {
      leaseHolds();
      return connector.update(id, attributes, call, applied);
    },
    ...(connector.deactivate
      ? {
          deactivate: async (id, call) => {
            leaseHolds();
            await connector.deactivate?.(id, call);
          },
        }
      : {}),
    ...(connector.delete
      ? {
          delete: async (id, call) => {
            leaseHolds();
            await connector.delete?.(id, call);
          },
        }
      : {}),
    ...whileHolding(connector, leaseHolds),
  };
}

function whileHolding(connector: Connector, leaseHolds: () => void): Pick<Connector, 'undelete'> {
  if (!connector.undelete) return {};
  return {
    undelete: async (id, call) => {
      leaseHolds();
      const restored = await connector.undelete?.(id, call);
      if (!restored) throw new ConnectorError({ kind: 'missing' }, 'This connector cannot bring accounts back.');
      return restored;
    },
  };
}

/** What is left of the lease, less a part of its margin for an answer that is on its way. */
export function leaseLeftMs(house: House, { operation }: LeasedOperation): number {
  const { leaseUntil } = operation;
  return leaseUntil ? leaseUntil.getTime() - house.clock.now().getTime() - house.settings.leaseMarginMs / 4 : Infinity;
}
