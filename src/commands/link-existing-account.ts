/**
 * Looks at the target for an account that is this user's already, and takes it where the adoption setting and the decisions of people
 * allow. It creates nothing: where there is none to link, whoever called does. What a person has to decide goes with the settlement.
 */
import { ConnectorError, type Account } from '../connectors/contract/connector.ts';
import { isMissing } from '../connectors/contract/missing.ts';
import { correlate, type Found } from '../domain/correlation.ts';
import { withoutFilled } from '../domain/mapping.ts';
import type { AccountAttributes, AccountId, AdoptionChoice, Link } from '../domain/vocabulary.ts';
import { isOurs, matchingText, mayHaveWritten, type Attempt, type Done } from './attempt.ts';
import { differenceWithOffered, noteOffer, offeredBefore } from './offered-values.ts';
import { findByName } from './own-account.ts';
import { protectionOf, valuesOf } from './protected-account.ts';

type Choices = ReadonlyMap<AccountId, AdoptionChoice>;

/** null: there is none to link, so create. */
export async function linkExistingAccount(attempt: Attempt, wanted: AccountAttributes): Promise<Done | null> {
  const { leased, connector, specs, call, progress } = attempt;
  const { target, user } = leased;
  const choices = await choicesOf(attempt);
  const accounts = await findAccounts(attempt, wanted, choices);
  const others = await linkedToOthers(attempt, accounts);
  const value = matchingText(wanted[target.matchingAttribute])?.toLowerCase();
  const decision = correlate(
    accounts.map((account): Found => ({
      ours: isOurs(attempt, account),
      linkedToAnother: others.has(account.id),
      verified: valuesOf(account.attributes[target.matchingAttribute]).some((each) => each.toLowerCase() === value),
      protectedAs: protectionOf(target, account),
      choice: choices.get(account.id) ?? null,
    })),
    { adoption: target.adoption, selfRegistered: user.selfRegistered },
  );
  if (decision.kind === 'create') return null;
  if (decision.kind === 'ask') {
    const candidates = decision.indexes.flatMap((index) => accounts[index] ?? []);
    progress.undecided = {
      reason: decision.reason,
      wanted,
      candidates: candidates.map(({ id, active, attributes }) => ({ accountId: id, active, attributes })),
    };
  }
  if (decision.kind !== 'link') throw new ConnectorError({ kind: 'rejected', attribute: target.matchingAttribute }, decision.message);
  const account = accounts[decision.index];
  if (!account) return null;
  const offered = await offeredBefore(attempt);
  const changed = withoutFilled(specs, differenceWithOffered(specs, wanted, account.attributes, offered), account.attributes);
  if (!account.active || Object.keys(changed).length > 0) {
    await noteOffer(attempt, changed, offered);
    progress.wrote = true;
    try {
      await connector.update(account.id, changed, call, offered);
    } catch (error) {
      // It may let its person in from now on: without a link nobody would end it.
      if (mayHaveWritten(error))
        progress.half = { accountId: account.id, origin: decision.origin, active: true, applied: account.attributes };
      throw error;
    }
  }
  const link = { accountId: account.id, origin: decision.origin, active: true, applied: wanted };
  return { action: 'linked', link: { kind: 'write', link } };
}

async function choicesOf({ house, leased, progress }: Attempt): Promise<Choices> {
  const { operation, user, target } = leased;
  // What somebody linked by hand was linked, and is gone since: it says nothing about what is there now.
  const gone = progress.forgotLink ? leased.link?.accountId : undefined;
  const chosen = await house.database.reads(operation.tenantId).find('chosenAccount', { userId: user.id, targetId: target.id });
  return new Map(
    chosen.filter(({ accountId, choice }) => choice !== 'link' || accountId !== gone).map(({ accountId, choice }) => [accountId, choice]),
  );
}

/** The one that somebody chose, whatever it is called; else those that match. */
async function findAccounts(attempt: Attempt, wanted: AccountAttributes, choices: Choices): Promise<readonly Account[]> {
  const { leased, connector, call } = attempt;
  const [chosen] = [...choices].find(([, choice]) => choice === 'link') ?? [];
  if (chosen !== undefined) return [await readChosen(connector.read(chosen, call))];
  return findByName(attempt, matchingText(wanted[leased.target.matchingAttribute]));
}

async function readChosen(reading: Promise<Account>): Promise<Account> {
  try {
    return await reading;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new ConnectorError({ kind: 'rejected' }, 'The account that somebody chose for this user is not there any more.', {
      cause: error,
    });
  }
}

/** Whoever was removed holds on to an account only until it is deleted, or because its removal was called off: it may be found again. */
async function linkedToOthers({ house, leased }: Attempt, accounts: readonly Account[]): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set();
  const reads = house.database.reads(leased.operation.tenantId);
  const links = await reads.find('link', { targetId: leased.target.id, accountId: accounts.map((a) => a.id) });
  const foreign = links.filter((link: Link) => link.userId !== leased.user.id);
  if (foreign.length === 0) return new Set();
  const living = await reads.find('user', { id: foreign.map((link) => link.userId), removedAt: null });
  const ids = new Set(living.map((user) => user.id));
  return new Set(foreign.filter((link) => ids.has(link.userId)).map((link) => link.accountId));
}
