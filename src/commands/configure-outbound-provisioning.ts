/**
 * An administrator saves the whole table of outbound rows of a service provider, gives it back to the tenant's default, or saves that
 * default. No call is made; accounts of rows that go stay as they are unless they are to be deprovisioned. The judge is domain/outbound-settings.ts.
 */
import { judgeOutboundRows, type JudgedRow, type OutboundFacts, type SignInFacts, type WantedRow } from '../domain/outbound-settings.ts';
import type { OutboundRow, ServiceProvider, ServiceProviderId, TargetId } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { endAssignments, type Causes } from './end-assignments.ts';
import { done, invalid, notFound, versionConflict, type Outcome } from './outcome.ts';
import type { House, Reads, Transaction } from './ports.ts';
import type { AccountsOfRemoved, ConfirmedAccounts } from './remove-provisioning-connector.ts';
import { requestReevaluation } from './reevaluate.ts';
import { changeAsSeen } from './settings-record.ts';

export interface ConfigureOutboundProvisioningInput {
  /** null: the tenant's default. */
  readonly serviceProviderId: ServiceProviderId | null;
  /** The version the asker saw: of the service provider, or of the tenant. */
  readonly version: number;
  /** own: these rows, none of them means that nobody is provisioned. inherit: the tenant's default from now on. */
  readonly table: { readonly kind: 'own'; readonly rows: readonly WantedRow[] } | { readonly kind: 'inherit' };
  readonly accountsOfRemovedRows: AccountsOfRemoved;
  readonly confirmedAccounts?: ConfirmedAccounts;
}
export interface ConfiguredOutboundProvisioning {
  readonly serviceProvider: ServiceProvider | null;
  /** How many accounts will end. */
  readonly accounts: number;
}

export async function configureOutboundProvisioning(
  house: Pick<House, 'database'>,
  caller: Caller,
  input: ConfigureOutboundProvisioningInput,
): Promise<Outcome<ConfiguredOutboundProvisioning>> {
  const { serviceProviderId, table } = input;
  if (serviceProviderId === null && table.kind === 'inherit')
    return invalid({ path: ['inherit'], message: "The tenant's default is what service providers inherit; it inherits from nothing." });
  return house.database.transaction(caller.tenantId, async (tx) => {
    const current = serviceProviderId === null ? null : await tx.byId('serviceProvider', serviceProviderId);
    if (serviceProviderId !== null && !current) return notFound('service provider', 'serviceProviderId');
    const version = current?.version ?? (await tx.tenant()).version;
    if (version !== input.version) return versionConflict(version);

    const before = await rowsInForce(tx, current);
    const judged = table.kind === 'inherit' ? null : judgeOutboundRows(table.rows, await factsFor(tx, table.rows, before, current));
    if (judged?.kind === 'invalid') return invalid(...judged.problems);

    const saved = current
      ? await changeAsSeen(tx, 'serviceProvider', { id: current.id, version }, { ownsOutboundRows: judged !== null }, 'serviceProviderId')
      : await raiseTenant(tx, version);
    if (saved.kind !== 'done') return saved;
    await tx.remove('outboundRow', { serviceProviderId });
    if (judged)
      await tx.insertMany(
        'outboundRow',
        judged.rows.map((row) => newRow(row, serviceProviderId)),
      );
    const after = await rowsInForce(tx, saved.value);
    const gone = before.filter((row) => !after.some((other) => other.targetId === row.targetId)).map((row) => row.targetId);
    if (typeof input.confirmedAccounts === 'number') tx.confirmEndings(input.confirmedAccounts);
    const accounts = input.accountsOfRemovedRows === 'deprovision' ? await endAccounts(tx, gone, await causesOf(tx, serviceProviderId)) : 0;
    await requestReevaluation(tx, 'rules', ruledOtherwise(before, after));
    const payload = { serviceProviderId, rows: judged?.rows.length ?? 0, inherits: judged === null };
    await tx.append([{ type: 'outbound-provisioning.configured', payload }]);
    return done({ serviceProvider: saved.value, accounts });
  });
}

/** Targets whose rows ask the rules otherwise than before: people who were kept out may come in now, or the other way round. */
function ruledOtherwise(before: readonly OutboundRow[], after: readonly OutboundRow[]): readonly TargetId[] {
  const said = ({ enableRules, whenNotApplicable, accountsOfDenied }: OutboundRow): string =>
    enableRules ? `${whenNotApplicable} ${accountsOfDenied}` : 'nothing';
  return after.filter((row) => before.some((old) => old.targetId === row.targetId && said(old) !== said(row))).map((row) => row.targetId);
}

async function raiseTenant(tx: Transaction, version: number): Promise<Outcome<null>> {
  if ((await tx.raiseTenantVersion(version)) === 'raised') return done(null);
  return versionConflict((await tx.tenant()).version);
}

/** The rows that apply to people of this service provider (null: the tenant's default), its own or inherited. */
async function rowsInForce(reads: Reads, provider: ServiceProvider | null): Promise<readonly OutboundRow[]> {
  return reads.find('outboundRow', { serviceProviderId: provider?.ownsOutboundRows ? provider.id : null });
}

function newRow(row: JudgedRow, serviceProviderId: ServiceProviderId | null): Omit<OutboundRow, 'id' | 'tenantId'> {
  const { targetId, blocking, enableRules, jitOutbound, deadlineMs, whenDeadlinePasses } = row;
  const { whenNotApplicable, accountsOfDenied, requireProvisioned, rulesOnRemoval } = row;
  return {
    ...{ serviceProviderId, targetId, blocking, enableRules, jitOutbound, deadlineMs, whenDeadlinePasses },
    ...{ whenNotApplicable, accountsOfDenied, requireProvisioned, rulesOnRemoval },
  };
}

async function factsFor(
  reads: Reads,
  rows: readonly WantedRow[],
  before: readonly OutboundRow[],
  provider: ServiceProvider | null,
): Promise<OutboundFacts> {
  const named = [...new Set(rows.map((row) => row.identityProviderId))];
  const targetIds = [...new Set(rows.flatMap((row) => (row.targetId === null ? [] : [row.targetId])))];
  return {
    identityProviders: named.length === 0 ? [] : await reads.find('identityProvider', { id: named }),
    targets: [
      ...(named.length === 0 ? [] : await reads.find('target', { identityProviderId: named })),
      ...(targetIds.length === 0 ? [] : await reads.find('target', { id: targetIds })),
    ],
    savedTargetIds: before.map((row) => row.targetId),
    signIn: await signInFacts(reads, provider),
  };
}

async function signInFacts(reads: Reads, provider: ServiceProvider | null): Promise<SignInFacts> {
  const ids = provider?.signInIdentityProviderIds;
  const providers = ids?.length === 0 ? [] : await reads.find('identityProvider', ids ? { id: ids } : {});
  const identityProviders = providers.map(({ name, justInTime }) => ({ name, justInTime: justInTime.enabled }));
  return { of: provider ? 'service-provider' : 'tenant', identityProviders };
}

/** People of a service provider that inherits are assigned because of it, by rows of the default. */
async function causesOf(reads: Reads, serviceProviderId: ServiceProviderId | null): Promise<Causes> {
  if (serviceProviderId !== null) return [serviceProviderId];
  const inheriting = await reads.find('serviceProvider', { ownsOutboundRows: false });
  return [null, ...inheriting.map((provider) => provider.id)];
}

async function endAccounts(tx: Transaction, targetIds: readonly TargetId[], causes: Causes): Promise<number> {
  if (targetIds.length === 0) return 0;
  let accounts = 0;
  for (const target of await tx.find('target', { id: targetIds })) accounts += await endAssignments(tx, target, causes);
  return accounts;
}
