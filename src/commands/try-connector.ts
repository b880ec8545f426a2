/** Asks a connector whether it works, and says so in words for an administrator whatever happens. It changes nothing, here and there. */
import { ConnectorError, type CheckProblem, type Connector } from '../connectors/contract/connector.ts';
import type { House } from './ports.ts';

export const checkTimeoutMs = 10_000;

/** An empty list means it works. `open`: whoever opens it for this alone closes it. */
export async function tryConnector(
  house: Pick<House, 'log'>,
  connectorType: string,
  open: () => Promise<Connector>,
): Promise<readonly CheckProblem[]> {
  const signal = AbortSignal.timeout(checkTimeoutMs);
  try {
    const connector = await open();
    const log = (fact: string, fields = {}) => house.log.info({ ...fields, connectorType }, fact);
    return await connector.check({ operationId: null, signal, log });
  } catch (error) {
    if (signal.aborted) return [{ field: null, message: `No answer within ${checkTimeoutMs / 1000} seconds.` }];
    if (error instanceof ConnectorError) return [{ field: null, message: error.message }];
    house.log.error({ error: error instanceof Error ? error : null, connectorType }, 'A connector could not be checked');
    return [{ field: null, message: 'It could not be checked: this is a fault of Usher, see its log.' }];
  }
}
