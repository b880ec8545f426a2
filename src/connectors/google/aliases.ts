import type { AccountId, AccountValue } from '../../domain/vocabulary.ts';
import { ConnectorError, type Call } from '../contract/connector.ts';
import { sameAddress } from './resource.ts';
import { succeeded, type Transport } from './transport.ts';

const adding = { doing: 'adding an alias', writes: true };
const removing = { doing: 'removing an alias', writes: true };

/**
 * Adds the aliases that are wanted and not there, and takes back those that Usher put there (`applied`) and nobody wants any more. Those
 * of others stay, and so does the old address after a rename. True: something was changed.
 */
export async function keepAliases(
  transport: Transport,
  id: AccountId,
  aliases: { readonly wanted: AccountValue; readonly present: AccountValue; readonly applied: AccountValue },
  call: Call,
): Promise<boolean> {
  const [wanted, present, applied] = [listOf(aliases.wanted), listOf(aliases.present), listOf(aliases.applied)];
  const missing = wanted.filter((alias) => !has(present, alias));
  const surplus = present.filter((alias) => has(applied, alias) && !has(wanted, alias));
  for (const alias of surplus) {
    const answer = await transport.send(
      removing,
      call,
      (directory, options) => directory.users.aliases.delete({ userKey: id, alias }, options),
      {
        statusOnly: true,
      },
    );
    if (!succeeded(answer) && answer.status !== 404) throw named(transport.failure(answer, removing));
  }
  for (const alias of missing) {
    const answer = await transport.send(adding, call, (directory, options) =>
      directory.users.aliases.insert({ userKey: id, requestBody: { alias } }, options),
    );
    if (!succeeded(answer)) throw named(transport.failure(answer, adding));
  }
  return missing.length + surplus.length > 0;
}

/** An alias that somebody else has is this account's problem: looking for another account would not help. */
function named(error: ConnectorError): ConnectorError {
  const { kind } = error.failure;
  if (kind === 'missing')
    return new ConnectorError({ kind: 'transient', mayHaveApplied: true }, error.message, { cause: error, saidOfNew: true });
  if (kind !== 'conflict' && kind !== 'rejected') return error;
  const message = kind === 'conflict' ? `${error.message} The alias is the address of another account or group.` : error.message;
  return new ConnectorError({ kind: 'rejected', attribute: 'aliases' }, message, { cause: error });
}

function listOf(value: AccountValue): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function has(list: readonly string[], alias: string): boolean {
  return list.some((one) => sameAddress(one, alias));
}
