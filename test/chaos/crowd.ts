/** Two hundred people who want in, whatever happens to Usher meanwhile, and the count of what became of them. */
import type { ServiceProvider } from '../support/administer.ts';
import { administer } from '../support/administer.ts';
import { createBrowser, type Browser, type Page } from '../support/browser.ts';
import { isWaiting, person, signInAs, until } from '../support/people.ts';
import { ask } from '../support/web.ts';
import type { Place } from './place.ts';

export interface Story {
  /** Held logins that lost their process on the waiting page and went on from it. */
  resumed: number;
  /** Sign-ins begun anew after a broken request or a refusal. */
  again: number;
  /** How many accounts had been asked for at each kill. */
  readonly kills: number[];
  /** Seconds: of all the killing and starting again, and of what came after the last one. */
  killing: number;
  after: number;
}
export const newStory = (): Story => ({ resumed: 0, again: 0, kills: [], killing: 0, after: 0 });

/** How long anybody tries once nobody is killed any more: six times the deadline of a held login, seconds on a machine that has nothing else to do. */
const patienceMs = 180_000;
/** On a machine that is busy with other things the whole crowd, back after the last kill, has waited half a minute in line. This is no line any more. */
const hangsAfterMs = 80_000;
/** The waiting page asks browsers to come again after two seconds. */
const reloadMs = 1_000;

/** What people share: nobody goes on when one has failed, and patience begins when the killing is over. */
interface Crowd {
  readonly place: Place;
  readonly story: Story;
  failure: Error | null;
  killingEndedAt: number | null;
}

const writesOf = ({ scim }: Place): number => scim.requests.filter((request) => request.method === 'POST').length;

export const kills = 20;
export const peopleForEach = 10;

/**
 * Ten people arrive, and at a moment that chance chooses while their accounts are being made somebody is killed; then the next ten, whether
 * the others are in or not. Resolves when everybody is; rejects with what happened to the first who did not come in.
 */
export async function killWhileTheyArrive(place: Place, story: Story, random: () => number, kill: () => Promise<void>): Promise<void> {
  const crowd: Crowd = { place, story, failure: null, killingEndedAt: null };
  const began = performance.now();
  const people: Promise<void>[] = [];
  const arrives = async (n: number): Promise<void> => {
    try {
      await arrive(crowd, n);
    } catch (error) {
      crowd.failure ??= new Error(`Person ${n}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
  try {
    for (let round = 0; round < kills && !crowd.failure; round++) {
      const next = writesOf(place) + 1 + Math.floor(random() * (peopleForEach - 2));
      const within = random() * 40;
      people.push(...Array.from({ length: peopleForEach }, (_, i) => arrives(round * peopleForEach + i)));
      await until(() => crowd.failure !== null || writesOf(place) >= next, 60_000, 'Nothing was written any more.');
      await wait(within);
      story.kills.push(writesOf(place));
      await kill();
    }
  } catch (error) {
    crowd.failure ??= error instanceof Error ? error : new Error(String(error));
  }
  crowd.killingEndedAt = performance.now();
  await Promise.all(people);
  story.killing = seconds(crowd.killingEndedAt - began);
  story.after = seconds(performance.now() - crowd.killingEndedAt);
  if (crowd.failure) throw crowd.failure;
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Half of them are held, a quarter is provisioned behind their back, a quarter registers. */
async function arrive(crowd: Crowd, n: number): Promise<void> {
  const { place, story } = crowd;
  const name = `person-${String(n).padStart(3, '0')}`;
  if (n % 4 === 3) return register(crowd, name);
  const serviceProvider = n % 4 === 2 ? place.background : place.held;
  person(place.idp, name);
  const patience = patienceOf(crowd, () => `${name} could not sign in`);
  for (let time = 0; patience(); time++) {
    if (time > 0) story.again++;
    if (await tryToSignIn(crowd, serviceProvider, name)) return;
    await pause(place);
  }
}

async function tryToSignIn(crowd: Crowd, serviceProvider: ServiceProvider, name: string): Promise<boolean> {
  const browser = createBrowser();
  try {
    const { page } = await inTime(signInAs(serviceProvider.loginUrl, crowd.place.signInWith, name, browser), serviceProvider.loginUrl);
    if (isWaiting(page) && !(await waitOut(crowd, browser, page))) return false;
    const url = `${crowd.place.url}/session`;
    return (await inTime(browser.get(url), url)).status === 200;
  } catch (error) {
    if (isBroken(error)) return false;
    throw error;
  }
}

/** On the waiting page a person only reloads. False: it led to a refusal. */
async function waitOut(crowd: Crowd, browser: Browser, first: Page): Promise<boolean> {
  const { place, story } = crowd;
  let [waited, broke] = [0, 0];
  const patience = patienceOf(
    crowd,
    () => `a held login was never resolved; its page said ${waited} times to wait and broke ${broke} times: ${first.url}`,
  );
  while (patience()) {
    try {
      const page = await inTime(browser.get(first.url), first.url);
      if (!isWaiting(page)) {
        if (broke > 0 && page.status === 200) story.resumed++;
        return page.status === 200;
      }
      waited++;
      await wait(reloadMs);
    } catch (error) {
      if (!isBroken(error)) throw error;
      broke++;
      await pause(place);
    }
  }
  return false;
}

async function register(crowd: Crowd, name: string): Promise<void> {
  const { place } = crowd;
  const document = `mutation($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }`;
  const input = { serviceProviderId: place.registration.id, userName: `${name}@example.org` };
  const patience = patienceOf(crowd, () => `${name} could not register`);
  while (patience()) {
    try {
      // Everybody at a place of their own: registrations are limited by address.
      const answer = await inTime(ask(place.url, document, { input }, { 'x-forwarded-for': addressOf(name) }), 'registerUser');
      const kind: unknown = answer.data?.registerUser?.__typename;
      // Taken: the first request was heard, its answer was not.
      if (kind === 'RegisteredUser' || kind === 'NameTaken') return;
      throw new Error(`Registration answered ${JSON.stringify(answer)}`);
    } catch (error) {
      if (!isBroken(error)) throw error;
      await pause(place);
    }
  }
}

/**
 * Asked before every try. While somebody is killed every few seconds a person may be unlucky for as long as that lasts; patience is counted
 * from its end. False: somebody else has failed, and that is what shall be told.
 */
function patienceOf(crowd: Crowd, said: () => string): () => boolean {
  const began = performance.now();
  return () => {
    if (crowd.failure) return false;
    if (crowd.killingEndedAt !== null && performance.now() > Math.max(began, crowd.killingEndedAt) + patienceMs) throw new Error(said());
    return true;
  };
}

/** A killed process breaks its requests; one that is alive answers. */
async function inTime<T>(request: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a request got no answer in ${hangsAfterMs / 1000} s: ${what}`)), hangsAfterMs);
  });
  try {
    return await Promise.race([request, hangs]);
  } finally {
    clearTimeout(timer);
  }
}

const addressOf = (name: string): string => `192.0.2.${Number(name.slice(-3)) % 250}`;

/** The process went away under the request, or is not there yet. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && 'code' in error && String(error.code).startsWith('E'));
}

/** A person who sees an error page comes back when the page does; a hundred that knocked meanwhile would be the load that is measured. */
const pause = async (place: Place): Promise<void> => {
  await place.isUp;
  await wait(1_000 * Math.random());
};

export interface Report {
  readonly people: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Accounts of nobody. */
  readonly strangers: readonly string[];
  /** Links that lead to no account, or to somebody else's. */
  readonly badLinks: readonly string[];
  readonly unfinished: number;
  readonly failed: number;
  readonly held: number;
  readonly logins: Readonly<Record<string, number>>;
  readonly story: Story;
}

export const allIsWell = { lost: [], doubled: [], strangers: [], badLinks: [], unfinished: 0, failed: 0, held: 0 } as const;

/** Waits until the engine rests, then compares every person with the target. */
export async function checkEverybody(place: Place, people: number, story: Story): Promise<Report> {
  const admin = administer(place);
  const count = async (states: string): Promise<number> =>
    (await admin.do(`{ operations(filter: { states: [${states}] }) { totalCount } }`)).totalCount;
  const logins = async (state: string): Promise<number> =>
    (await admin.do(`{ loginAttempts(filter: { state: ${state} }) { totalCount } }`)).totalCount;
  await until(async () => (await count('PENDING, RUNNING')) === 0, 60_000).catch(() => undefined);
  await until(async () => (await logins('HELD')) === 0, 60_000).catch(() => undefined);

  const users = await everyUser(admin);
  const byName = Map.groupBy(place.scim.users(), (account) => account.userName);
  const names = new Set(users.map((user) => user.userName));
  const lost = users.filter((user) => !byName.has(user.userName) || user.links.edges.length === 0).map((user) => user.userName);
  if (users.length !== people) lost.push(`${people - users.length} people are not in the house`);
  return {
    people: users.length,
    lost,
    doubled: [...byName].filter(([, same]) => same.length > 1).map(([name]) => name),
    strangers: [...byName.keys()].filter((name) => !names.has(name)),
    badLinks: users.flatMap((user) =>
      user.links.edges
        .filter(({ node }) => !byName.get(user.userName)?.some((account) => account.id === node.accountId))
        .map(() => user.userName),
    ),
    unfinished: await count('PENDING, RUNNING'),
    failed: await count('FAILED'),
    held: await logins('HELD'),
    logins: { opened: await logins('OPENED'), refused: await logins('REFUSED') },
    story,
  };
}

interface FoundUser {
  readonly userName: string;
  readonly links: { readonly edges: readonly { readonly node: { readonly accountId: string } }[] };
}

async function everyUser(admin: ReturnType<typeof administer>): Promise<FoundUser[]> {
  const users: FoundUser[] = [];
  for (let after: string | null = null; ;) {
    const page: { edges: { node: FoundUser }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await admin.do(
      `query($after: String) { users(first: 100, after: $after) { edges { node { userName links { edges { node { accountId } } } } } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    users.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) return users;
    after = page.pageInfo.endCursor;
  }
}
