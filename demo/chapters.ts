/** What happens in the demo, person by person. Each chapter does one thing through Usher's front doors and claims what must be true then. */
import type { Administrator, ServiceProvider } from '../test/support/administer.ts';
import { createBrowser, type Browser, type Page } from '../test/support/browser.ts';
import type { Company } from './company.ts';
import { inOneLine, type ScimAccount, type ScimView } from './scim-view.ts';
import { eventually, type Story } from './told.ts';

export interface Scene {
  readonly url: string;
  readonly admin: Administrator;
  readonly company: Company;
  readonly scim: ScimView;
  /** Requests that the SCIM server has seen from anybody but us. */
  readonly calls: () => number;
  readonly story: Story;
  readonly signal: AbortSignal;
}
interface Person {
  readonly id: string;
  readonly version: number;
  readonly userName: string;
}

export async function heldEmployee(scene: Scene): Promise<void> {
  const { story, company, scim, admin } = scene;
  story.chapter('Ada signs in to the portal, which holds her until she has an account');
  const { browser, page, ms } = await signInAsStaff(scene, company.portal, 'ada');
  story.claim(`She is signed in after ${inSeconds(ms)}.`, await isSignedIn(scene, browser, page, 'ada@example.org', company.portal));
  const [account, ...others] = await scim('ada@example.org');
  story.claim('The SCIM server has exactly one account of hers.', account !== undefined && others.length === 0);
  if (account) story.say(`  it says: ${inOneLine(account)}`);
  const attempt = await lastAttempt(admin, 'ada@example.org');
  story.claim(
    'The door opened after the account was made, not before.',
    attempt.state === 'OPENED' && attempt.holds.length === 1 && account !== undefined && attempt.decidedAt >= createdAt(account),
  );
  await explain(scene, 'ada@example.org', company.portal, ['IN_SYNC']);
  const before = scene.calls();
  const again = await signInAsStaff(scene, company.portal, 'ada');
  story.claim(
    `She signs in once more, in ${inSeconds(again.ms)}: her account is right already, so the SCIM server is not called at all.`,
    (await isSignedIn(scene, again.browser, again.page, 'ada@example.org', company.portal)) && scene.calls() === before,
  );
}

export async function backgroundEmployee(scene: Scene): Promise<void> {
  const { story, company, scim, admin } = scene;
  story.chapter('Bob signs in to the intranet, which holds nobody');
  const { browser, page, ms } = await signInAsStaff(scene, company.intranet, 'bob');
  story.claim(`He is signed in after ${inSeconds(ms)}.`, await isSignedIn(scene, browser, page, 'bob@example.org', company.intranet));
  const account = await eventually(async () => (await scim('bob@example.org'))[0] ?? null, 'an account of Bob', scene.signal);
  story.say(`  the SCIM server says: ${inOneLine(account)}`);
  const attempt = await lastAttempt(admin, 'bob@example.org');
  story.claim(
    'The door opened first, then a worker made the account.',
    attempt.state === 'OPENED' && attempt.holds.length === 0 && attempt.decidedAt <= createdAt(account),
  );
  await settled(scene, 'bob@example.org');
  await explain(scene, 'bob@example.org', company.intranet, ['IN_SYNC']);
}

export async function storedCustomer(scene: Scene): Promise<void> {
  const { story, company, scim, admin } = scene;
  story.chapter('Carol is a customer: she registers at the shop and signs in with a password');
  const password = 'a good password of a customer';
  await admin.do(
    `mutation($input: RegisterUserInput!) { registerUser(input: $input) { ... on RegisteredUser { id } ... on Problem { message path } } }`,
    {
      input: {
        serviceProviderId: company.shop.id,
        userName: 'carol@example.net',
        password,
        attributes: [{ name: 'givenName', values: ['Carol'] }],
      },
    },
  );
  const browser = createBrowser();
  const page = await browser.submit(await browser.get(company.shop.loginUrl), { userName: 'carol@example.net', password });
  story.claim('She is signed in.', await isSignedIn(scene, browser, page, 'carol@example.net', company.shop));
  const { operations } = await about(admin, 'carol@example.net');
  story.claim(
    'She is stored, and nothing else: no operation, no account at the SCIM server.',
    operations.length === 0 && (await scim('carol@example.net')).length === 0,
  );
  await explain(scene, 'carol@example.net', company.shop, []);
  story.say('  and if she ever signed in to the portal?');
  await explain(scene, 'carol@example.net', company.portal, ['NEEDS_ACCOUNT']);
}

export async function changeOfName(scene: Scene): Promise<void> {
  const { story, company, scim, admin } = scene;
  story.chapter('The administrator changes the name of Ada');
  const { person } = await about(admin, 'ada@example.org');
  await admin.do(
    `mutation($input: ChangeUserInput!) { changeUser(input: $input) { ... on User { id } ... on Problem { message path } } }`,
    {
      input: { id: person.id, version: person.version, attributes: [{ name: 'familyName', values: ['Lovelace'] }] },
    },
  );
  const account = await eventually(
    async () => (await scim('ada@example.org')).find((one) => one.name?.familyName === 'Lovelace') ?? null,
    'the new name at the SCIM server',
    scene.signal,
  );
  story.claim('The account has the new name, though nobody signed in.', account.name?.familyName === 'Lovelace');
  story.say(`  the SCIM server says: ${inOneLine(account)}`);
  await settled(scene, 'ada@example.org');
  await explain(scene, 'ada@example.org', company.portal, ['IN_SYNC']);
}

export async function removal(scene: Scene): Promise<void> {
  const { story, scim, admin } = scene;
  story.chapter('Bob leaves: the administrator removes him');
  const { person } = await about(admin, 'bob@example.org');
  await admin.do(`mutation($input: UserByIdInput!) { removeUser(input: $input) { ... on User { id } ... on Problem { message path } } }`, {
    input: { id: person.id },
  });
  const account = await eventually(
    async () => (await scim('bob@example.org')).find((one) => one.active === false) ?? null,
    'an account of Bob that is not active',
    scene.signal,
  );
  story.claim('His account is deactivated, not deleted: that is how a connector is set unless told otherwise.', account.active === false);
  story.say(`  the SCIM server says: ${inOneLine(account)}`);
  story.claim('The account of Ada is not touched by that.', (await scim('ada@example.org'))[0]?.active !== false);
}

/** The feed that integrators read, from its beginning. */
export async function whatHappened({ story, admin, signal }: Scene): Promise<void> {
  story.chapter('What Usher tells of it: the events, as integrators read them');
  const expected = [
    'outbound-provisioning.configured',
    'user.created',
    'assignment.added',
    'login.held',
    'provisioning.succeeded',
    'login.opened',
    'user.changed',
    'user.removed',
  ];
  const events = await eventually(
    async () => {
      const { events: page } = await admin.do(
        `query { events(first: 500) { events { type at payload user { userName } provisioningConnector { name } } } }`,
      );
      const done = page.filter((event: any) => event.type === 'provisioning.succeeded').length;
      return done >= 4 ? (page as readonly any[]) : null;
    },
    'four events of provisioning that succeeded',
    signal,
  );
  for (const { type, at, user, provisioningConnector, payload } of events) {
    const whom = [user?.userName, provisioningConnector && `at ${provisioningConnector.name}`].filter(Boolean).join(' ');
    const more = ['kind', 'action', 'trigger', 'by', 'name', 'heldMilliseconds'].flatMap((key) =>
      payload[key] === undefined || payload[key] === null ? [] : [`${key}: ${payload[key]}`],
    );
    story.say(`  ${at.slice(11, 23)}  ${type.padEnd(34)} ${whom}${more.length > 0 ? `  (${more.join(', ')})` : ''}`.trimEnd());
  }
  const missing = expected.filter((type) => !events.some((event) => event.type === type));
  story.claim(`All of it is there${missing.length > 0 ? `, but not ${missing.join(', ')}` : ''}.`, missing.length === 0);
}

async function signInAsStaff(
  { company, story }: Scene,
  serviceProvider: ServiceProvider,
  name: string,
): Promise<{ readonly browser: Browser; readonly page: Page; readonly ms: number }> {
  const begun = performance.now();
  const browser = createBrowser();
  const form = await browser.get(`${serviceProvider.loginUrl}/${company.staffId}`);
  story.say('The browser comes to the door, which sends it to the identity provider; the form there is filled in.');
  const posting = await browser.submit(form, { user: name });
  story.say('The identity provider sends it back with a signed assertion.');
  const page = await browser.waitOut(await browser.submit(posting), 60_000);
  return { browser, page, ms: performance.now() - begun };
}

export async function isSignedIn(scene: Scene, browser: Browser, page: Page, userName: string, where: ServiceProvider): Promise<boolean> {
  const answer = await browser.get(`${scene.url}/session`);
  const session = answer.status === 200 ? JSON.parse(answer.text) : null;
  if (session === null)
    scene.story.say(`  the last page said, with status ${page.status}:`, page.text.replace(/<[^>]+>|\s+/g, ' ').slice(0, 400));
  return session?.user.userName === userName && session.serviceProvider.id === where.id;
}

export async function explain({ admin, story }: Scene, userName: string, at: ServiceProvider, reasons: readonly string[]): Promise<void> {
  const { person } = await about(admin, userName);
  const { targets, holdsLogin } = await admin.do(
    `query($user: ID!, $at: ID!) { explain(userId: $user, serviceProviderId: $at) { holdsLogin targets { targetName operation reason explanation } } }`,
    { user: person.id, at: at.id },
  );
  story.say('  Usher explains what a sign-in there would do:');
  if (targets.length === 0) story.say('    nothing: this service provider sends its people nowhere.');
  for (const target of targets)
    story.say(`    ${target.targetName}: ${target.explanation}${holdsLogin ? ' The sign-in would wait for that.' : ''}`);
  story.claim('And that is right.', JSON.stringify(targets.map((target: any) => target.reason)) === JSON.stringify(reasons));
}

/** Until no operation of this person is left to do: what a target has may be ahead of what Usher has written down. */
export async function settled({ admin, signal }: Scene, userName: string): Promise<void> {
  await eventually(
    async () => ((await about(admin, userName)).operations.every((one) => one.settledAt !== null) ? true : null),
    `all operations of ${userName} are settled`,
    signal,
  );
}

export async function about(
  admin: Administrator,
  userName: string,
): Promise<{ readonly person: Person; readonly operations: readonly { readonly settledAt: string | null }[] }> {
  const users = await admin.do(
    `query($name: String!) { users(filter: { userNameContains: $name }) { edges { node { id version userName } } } }`,
    { name: userName },
  );
  const person: Person | undefined = users.edges[0]?.node;
  if (person === undefined) throw new Error(`Usher does not know ${userName}.`);
  const operations = await admin.do(`query($id: ID!) { operations(filter: { userId: $id }) { edges { node { settledAt } } } }`, {
    id: person.id,
  });
  return { person, operations: operations.edges.map((edge: any) => edge.node) };
}

async function lastAttempt(
  admin: Administrator,
  userName: string,
): Promise<{ readonly state: string; readonly decidedAt: string; readonly holds: readonly unknown[] }> {
  const { person } = await about(admin, userName);
  const attempts = await admin.do(
    `query($id: ID!) { loginAttempts(filter: { userId: $id }) { edges { node { state decidedAt createdAt holds { targetName } } } } }`,
    { id: person.id },
  );
  const attempt = attempts.edges[0]?.node;
  return { ...attempt, decidedAt: attempt?.decidedAt ?? attempt?.createdAt ?? '' };
}

const createdAt = (account: ScimAccount): string => account.meta?.created ?? '';
const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
