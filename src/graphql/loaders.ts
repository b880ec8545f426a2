/** Records asked for one by one in one tick are read with one query: a dataloader per kind and per parent field, for one request. */
import DataLoader from 'dataloader';
import type { Kind, KindWithId, Page, PageRequest, ParentField, Reads, RecordOf, SecretOwner, Where } from '../commands/ports.ts';
import type { MemberCounts } from '../commands/group-ports.ts';
import type { OperationId, OutboundRow, ProvisionedGroupId, RuleDecision } from '../domain/vocabulary.ts';
import { isId } from './ids.ts';

export interface Loaders {
  /** One record of this tenant; null where there is none (or it is not even an id). */
  one<K extends KindWithId>(kind: K, id: string | null): Promise<RecordOf<K> | null>;
  /** All records whose `field` is `parent`, ordered by id: for what is short by nature. Lists of a listed type are connections: see pageOf. */
  many<K extends Kind>(kind: K, field: ParentField<K>, parent: string): Promise<readonly RecordOf<K>[]>;
  /** One page of the records whose `field` is `parent`: one query for all parents that are asked for the same page. */
  pageOf<K extends KindWithId>(kind: K, field: ParentField<K>, parent: string, request: PageRequest<K>): Promise<Page<RecordOf<K>>>;
  /** How many there are on all pages. */
  countOf<K extends KindWithId>(kind: K, field: ParentField<K>, parent: string, where: Where<K>): Promise<number>;
  /** Names of the secrets that are set for this target or identity provider. */
  secretNames(kind: SecretOwner['kind'], id: string): Promise<readonly string[]>;
  /** Members of a provisioned group; none of each where there is no such group. */
  memberCounts(id: ProvisionedGroupId): Promise<MemberCounts>;
  /** The tenant's default outbound rows: many service providers of one list may inherit them. */
  defaultOutboundRows(): Promise<readonly OutboundRow[]>;
  /** The latest decision of the rules that asked for this operation; null: none did. */
  ruleDecisionOf(operation: OperationId): Promise<RuleDecision | null>;
  /** Whether a group is called exactly so, as policies compare names. */
  hasGroupNamed(name: string): Promise<boolean>;
  /** Whether a policy is published and active. */
  policiesInForce(): Promise<boolean>;
  /** Forget what was read: after a mutation's write, and between two events of a subscription. */
  clear(): void;
}

export function createLoaders(reads: () => Reads): Loaders {
  const loaders = new Map<string, DataLoader<string, unknown>>();

  function loaderFor<V>(key: string, read: (ids: readonly string[]) => Promise<readonly V[]>): DataLoader<string, V> {
    const known = loaders.get(key);
    // The key names the kind (and field), which decides V, and all else that a query asks for besides the ids.
    if (known !== undefined) return known as DataLoader<string, V>;
    const made = new DataLoader<string, V>(read, { maxBatchSize: 1000 });
    loaders.set(key, made);
    return made;
  }

  return {
    async one(kind, id) {
      if (id === null || !isId(id)) return null;
      return loaderFor(kind, async (ids) => {
        const found = await reads().find(kind, whereIn<typeof kind>('id', ids));
        const byId = new Map(found.map((record) => [record.id, record]));
        return ids.map((each) => byId.get(each) ?? null);
      }).load(id);
    },
    async many(kind, field, parent) {
      return loaderFor(`${kind}.${field}`, async (parents) => {
        const found = await reads().find(kind, whereIn<typeof kind>(field, parents));
        const byParent = Map.groupBy(found, (record) => record[field] as string);
        return parents.map((each) => byParent.get(each) ?? []);
      }).load(parent);
    },
    pageOf: (kind, field, parent, request) =>
      loaderFor(`pages of ${kind}.${field} ${JSON.stringify(request)}`, async (parents) => {
        const pages = await reads().pagesOf(kind, field, parents, request);
        return parents.map((each) => pages.get(each) ?? { items: [], hasNextPage: false });
      }).load(parent),
    countOf: (kind, field, parent, where) =>
      loaderFor(`counts of ${kind}.${field} ${JSON.stringify(where)}`, async (parents) => {
        const counts = await reads().countsOf(kind, field, parents, where);
        return parents.map((each) => counts.get(each) ?? 0);
      }).load(parent),
    secretNames: (kind, owner) =>
      loaderFor(`secrets of ${kind}`, async (ids) => {
        const names = await reads().secretNamesOf(kind, ids);
        return ids.map((each) => names.get(each) ?? []);
      }).load(owner),
    memberCounts: (group) =>
      loaderFor('members of provisioned groups', async (ids) => {
        // The ids that were asked for, whose kind the key has forgotten.
        const counts: ReadonlyMap<string, MemberCounts> = await reads().memberCounts(ids as readonly ProvisionedGroupId[]);
        return ids.map((each) => counts.get(each) ?? { wanted: 0, waiting: 0, placed: 0 });
      }).load(group),
    defaultOutboundRows: () =>
      loaderFor('default outbound rows', async (keys) => {
        const rows = await reads().find('outboundRow', { serviceProviderId: null });
        return keys.map(() => rows);
      }).load('default'),
    ruleDecisionOf: (operation) =>
      loaderFor('rule decisions of operations', async (ids) => {
        // The ids that were asked for, whose kind the key has forgotten.
        const latest = await latestDecisions(reads(), ids as readonly OperationId[]);
        return ids.map((each) => latest.get(each) ?? null);
      }).load(operation),
    hasGroupNamed: (name) =>
      loaderFor('names of groups', async (names) => {
        const found = new Set((await reads().find('group', { name: names })).map((group) => group.name));
        return names.map((each) => found.has(each));
      }).load(name),
    policiesInForce: () =>
      loaderFor('policies in force', async (keys) => {
        const active = await reads().find('policy', { active: true, referencedOnly: false });
        const inForce = active.some((policy) => policy.publishedVersionId !== null);
        return keys.map(() => inForce);
      }).load('any'),
    clear: () => loaders.clear(),
  };
}

/** A page at a time, for one operation that many logins joined has a decision for each of them. Mostly there is one page. */
async function latestDecisions(reads: Reads, operations: readonly OperationId[]): Promise<ReadonlyMap<string, RuleDecision>> {
  const latest = new Map<string, RuleDecision>();
  let after: string | null = null;
  for (let goesOn = true; goesOn;) {
    const missing = operations.filter((id) => !latest.has(id));
    if (missing.length === 0) break;
    const page: Page<RuleDecision> = await reads.page('ruleDecision', {
      where: { operationId: missing },
      ...{ first: 500, after, newestFirst: true },
    });
    for (const decision of page.items)
      if (decision.operationId !== null && !latest.has(decision.operationId)) latest.set(decision.operationId, decision);
    after = page.items.at(-1)?.id ?? null;
    goesOn = page.hasNextPage;
  }
  return latest;
}

/** The compiler cannot see that a generic kind has this field; ParentField and KindWithId made sure of it. */
const whereIn = <K extends Kind>(field: string, values: readonly string[]): Where<K> => ({ [field]: values }) as Where<K>;
