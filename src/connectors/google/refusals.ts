import type { AccountId } from '../../domain/vocabulary.ts';
import type { Answer } from '../contract/answer.ts';
import { ConnectorError, type Call, type Connector } from '../contract/connector.ts';

/**
 * Google says 403 of us and of one account in the same words: whoever is no super administrator may not change administrators. Which of
 * the two it is, the account tells.
 */
export async function aboutAdministrators(
  error: ConnectorError,
  answer: Answer,
  id: AccountId,
  read: Connector['read'],
  call: Call,
): Promise<ConnectorError> {
  if (!isRefusal(error, answer)) return error;
  const { protectedAs } = await read(id, call);
  if (protectedAs === undefined || protectedAs === null) return error;
  return new ConnectorError({ kind: 'rejected' }, `Google does not let Usher change this account: it is that of a ${protectedAs}.`);
}

/** 403 is also the answer to a domain that is not the customer's. Whether it is about us or about this address, the form decides. */
export function aboutDomain(error: ConnectorError, answer: Answer, address: unknown, domain: string): ConnectorError {
  if (!isRefusal(error, answer) || typeof address !== 'string' || address.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) return error;
  return new ConnectorError(
    { kind: 'rejected', attribute: 'primaryEmail' },
    `${error.message} The domain of the address is not the one that this connector is set up for.`,
  );
}

function isRefusal(error: ConnectorError, answer: Answer): boolean {
  return answer.status === 403 && error.failure.kind === 'unauthorized';
}
