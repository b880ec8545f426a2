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
}
export const newStory = (): Story => ({ resumed: 0, again: 0, kills: [] });

const writesOf = ({ scim }: Place): number => scim.requests.filter((request) => request.method === 'POST').length;

export const kills = 20;
export const peopleForEach = 10;

/**
 * Ten people arrive, and at a moment that chance chooses while their accounts are being made somebody is killed; then the next ten, whether
 * the others are in or not. Resolves when everybody is.
 */
export async function killWhileTheyArrive(place: Place, story: Story, random: () => number, kill: () => Promise<void>): Promise<void> {
  const crowd: Promise<unknown>[] = [];
  for (let round = 0; round < kills; round++) {
    const next = writesOf(place) + 1 + Math.floor(random() * (peopleForEach - 2));
    const within = random() * 40;
    crowd.push(...Array.from({ length: peopleForEach }, (_, i) => arrive(place, round * peopleForEach + i, story)));
    await until(() => writesOf(place) >= next, 60_000, 'Nothing was written any more.');
    await new Promise((resolve) => setTimeout(resolve, within));
    story.kills.push(writesOf(place));
    await kill();
  }
  await Promise.all(crowd);
}

/** Half of them are held, a quarter is provisioned behind their back, a quarter registers. */
async function arrive(place: Place, n: number, story: Story): Promise<void> {
  const name = `person-${String(n).padStart(3, '0')}`;
  if (n % 4 === 3) return register(place, name);
  const serviceProvider = n % 4 === 2 ? place.background : place.held;
  person(place.idp, name);
  for (let time = 0; ; time++) {
    if (time > 0) story.again++;
    if (await tryToSignIn(place, serviceProvider, name, story)) return;
    await pause();
  }
}

async function tryToSignIn(place: Place, serviceProvider: ServiceProvider, name: string, story: Story): Promise<boolean> {
  const browser = createBrowser();
  try {
    const { page } = await signInAs(serviceProvider.loginUrl, place.signInWith, name, browser);
    if (isWaiting(page) && !(await waitOut(browser, page, story))) return false;
    return (await browser.get(`${place.url}/session`)).status === 200;
  } catch (error) {
    if (isBroken(error)) return false;
    throw error;
  }
}

/** On the waiting page a person only reloads. False: it led to a refusal. */
async function waitOut(browser: Browser, first: Page, story: Story): Promise<boolean> {
  let broke = false;
  return until(
    async () => {
      try {
        const page = await browser.get(first.url);
        if (isWaiting(page)) return null;
        if (broke && page.status === 200) story.resumed++;
        return { in: page.status === 200 };
      } catch (error) {
        if (!isBroken(error)) throw error;
        broke = true;
        await pause();
        return null;
      }
    },
    90_000,
    `A held login was never resolved: ${first.url}`,
  ).then((end) => end.in);
}

async function register(place: Place, name: string): Promise<void> {
  const document = `mutation($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }`;
  const input = { serviceProviderId: place.registration.id, userName: `${name}@example.org` };
  for (;;) {
    try {
      // Everybody at a place of their own: registrations are limited by address.
      const answer = await ask(place.url, document, { input }, { 'x-forwarded-for': addressOf(name) });
      const kind: unknown = answer.data?.registerUser?.__typename;
      // Taken: the first request was heard, its answer was not.
      if (kind === 'RegisteredUser' || kind === 'NameTaken') return;
      throw new Error(`Registration answered ${JSON.stringify(answer)}`);
    } catch (error) {
      if (!isBroken(error)) throw error;
      await pause();
    }
  }
}

const addressOf = (name: string): string => `192.0.2.${Number(name.slice(-3)) % 250}`;

/** The process went away under the request, or is not there yet. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && 'code' in error && String(error.code).startsWith('E'));
}

/** A person who sees an error page waits a little; a hundred that did not would be the load that is measured. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

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
  const lost = users.filter((user) => !byName.has(user.userName) || user.links.length === 0).map((user) => user.userName);
  if (users.length !== people) lost.push(`${people - users.length} people are not in the house`);
  return {
    people: users.length,
    lost,
    doubled: [...byName].filter(([, same]) => same.length > 1).map(([name]) => name),
    strangers: [...byName.keys()].filter((name) => !names.has(name)),
    badLinks: users.flatMap((user) =>
      user.links.filter((link) => !byName.get(user.userName)?.some((account) => account.id === link.accountId)).map(() => user.userName),
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
  readonly links: readonly { readonly accountId: string }[];
}

async function everyUser(admin: ReturnType<typeof administer>): Promise<FoundUser[]> {
  const users: FoundUser[] = [];
  for (let after: string | null = null; ;) {
    const page: { edges: { node: FoundUser }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await admin.do(
      `query($after: String) { users(first: 100, after: $after) { edges { node { userName links { accountId } } } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    users.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) return users;
    after = page.pageInfo.endCursor;
  }
}
