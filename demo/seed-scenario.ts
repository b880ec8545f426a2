/**
 * The scenario that Usher is for: an employee who registers has accounts at Google and at Salesforce, a customer has none; then the
 * employee's name and groups change, they leave and come back. Each chapter tells what the targets hold by their own books.
 */
import { createBrowser } from '../test/support/browser.ts';
import { cloudDomain, type Clouds } from '../test/support/clouds.ts';
import { about, explain, isSignedIn, settled, type Scene } from './chapters.ts';
import { atGoogle, atSalesforce, type CloudAccount, type EmployeePortal } from './clouds.ts';
import { eventually } from './told.ts';

export interface SeedScene extends Scene {
  readonly clouds: Clouds;
  readonly employees: EmployeePortal;
}

const erin = `erin@${cloudDomain}`;
const fieldService = 'Field Service';

export async function registeredEmployee(scene: SeedScene): Promise<void> {
  const { story, clouds, employees, admin } = scene;
  story.chapter('Erin is an employee: she registers at the employees’ portal and signs in at once');
  const password = 'a good password of an employee';
  const attributes = [
    { name: 'givenName', values: ['Erin'] },
    { name: 'familyName', values: ['Miller'] },
    { name: 'title', values: ['Field engineer'] },
  ];
  await admin.do(
    `mutation($input: RegisterUserInput!) { registerUser(input: $input) { ... on RegisteredUser { id } ... on Problem { message path } } }`,
    { input: { serviceProviderId: employees.serviceProvider.id, userName: erin, password, attributes } },
  );
  const browser = createBrowser();
  const door = await browser.get(employees.serviceProvider.loginUrl);
  const page = await browser.waitOut(await browser.submit(door, { userName: erin, password }), 60_000);
  const [atTheDoor, ...doubles] = atSalesforce(clouds, erin);
  story.claim('She is signed in.', await isSignedIn(scene, browser, page, erin, employees.serviceProvider));
  story.claim('Salesforce blocks: by then it has exactly one active user of hers.', atTheDoor?.active === true && doubles.length === 0);
  await eventually(() => Promise.resolve(atGoogle(clouds, erin)[0] ?? null), 'an account of Erin at Google', scene.signal);
  await settled(scene, erin);
  story.claim('Google follows in the background: exactly one account.', atGoogle(clouds, erin).length === 1);
  tellBoth(scene);
  await explain(scene, erin, employees.serviceProvider, ['IN_SYNC', 'IN_SYNC']);
}

/** Carol registered at the shop a few chapters ago. */
export function customerIsNowhere({ story, clouds }: SeedScene): Promise<void> {
  story.chapter('Carol, the customer of the shop, and the clouds');
  const carol = [...atGoogle(clouds, 'carol@example.net'), ...atSalesforce(clouds, 'carol@example.net')];
  story.claim('Neither Google nor Salesforce has heard of her.', carol.length === 0);
  return Promise.resolve();
}

export async function newName(scene: SeedScene): Promise<void> {
  const { story, admin, clouds } = scene;
  story.chapter('Erin marries: the administrator changes her name');
  const before = both(clouds);
  const { person } = await about(admin, erin);
  await admin.do(
    `mutation($input: ChangeUserInput!) { changeUser(input: $input) { ... on User { id } ... on Problem { message path } } }`,
    { input: { id: person.id, version: person.version, attributes: [{ name: 'familyName', values: ['Gray'] }] } },
  );
  await eventually(
    () => Promise.resolve(both(clouds).every(({ name }) => name === 'Erin Gray') ? true : null),
    'the new name at Google and Salesforce',
    scene.signal,
  );
  await settled(scene, erin);
  story.claim('Both have the new name, in the accounts that they had.', sameAccounts(before, both(clouds)));
  tellBoth(scene);
}

export async function newGroup(scene: SeedScene): Promise<void> {
  const { story, admin, clouds, employees } = scene;
  story.chapter('Erin joins the group Field Service, which Google is to have as well');
  const group: { readonly id: string } = await admin.do(
    `mutation($input: CreateGroupInput!) { createGroup(input: $input) { ... on Group { id } ... on Problem { message path } } }`,
    { input: { name: fieldService } },
  );
  await admin.do(
    `mutation($input: ConfigureGroupProvisioningInput!) { configureGroupProvisioning(input: $input) { __typename ... on Problem { message path } ... on InvalidInput { problems { path message } } } }`,
    { input: { targetId: employees.workspace.connectorId, version: employees.workspace.version, groups: [{ groupId: group.id }] } },
  );
  const { person } = await about(admin, erin);
  await admin.do(`mutation($input: MembersInput!) { addMembers(input: $input) { __typename ... on Problem { message path } } }`, {
    input: { groupId: group.id, userIds: [person.id] },
  });
  await eventually(() => Promise.resolve(members(clouds)?.length === 1 ? true : null), 'Erin in the group at Google', scene.signal);
  const [account] = atGoogle(clouds, erin);
  story.claim('Google has the group, and in it the account of Erin and nobody else.', members(clouds)?.[0] === account?.id);
  story.say(`  Google says:     ${fieldService}  members ${members(clouds)?.join(', ') ?? 'unknown'}`);
}

/** Account ids of the group's members by Google's own books; null: it has no such group. */
function members({ google }: Clouds): readonly string[] | null {
  const group = [...google.directory.groups.values()].find(({ name }) => name === fieldService);
  return group ? [...group.members.keys()] : null;
}

export async function departure(scene: SeedScene): Promise<void> {
  const { story, admin, clouds } = scene;
  story.chapter('Erin leaves: the administrator deactivates her');
  const before = both(clouds);
  await changeActivity(scene, 'deactivateUser');
  await eventually(
    () => Promise.resolve(both(clouds).every(({ active }) => !active) ? true : null),
    'no active account of Erin any more',
    scene.signal,
  );
  await settled(scene, erin);
  story.claim('Google has suspended her and Salesforce deactivated her; nothing is deleted.', sameAccounts(before, both(clouds)));
  await eventually(() => Promise.resolve(members(clouds)?.length === 0 ? true : null), 'Erin out of the group at Google', scene.signal);
  story.claim('She has left the group at Google, which stays.', members(clouds)?.length === 0);
  tellBoth(scene);
  const { operations } = await about(admin, erin);
  story.claim(
    'No operation is left to do.',
    operations.every((operation) => operation.settledAt !== null),
  );
}

export async function homecoming(scene: SeedScene): Promise<void> {
  const { story, clouds, employees } = scene;
  story.chapter('Erin returns');
  const before = both(clouds);
  await changeActivity(scene, 'reactivateUser');
  await eventually(
    () => Promise.resolve(both(clouds).every(({ active }) => active) ? true : null),
    'active accounts of Erin again',
    scene.signal,
  );
  await settled(scene, erin);
  story.claim('She has her own accounts again, not new ones.', sameAccounts(before, both(clouds)));
  await eventually(() => Promise.resolve(members(clouds)?.length === 1 ? true : null), 'Erin in the group again', scene.signal);
  story.claim('And she is in the group at Google again.', members(clouds)?.[0] === atGoogle(clouds, erin)[0]?.id);
  tellBoth(scene);
  await explain(scene, erin, employees.serviceProvider, ['IN_SYNC', 'IN_SYNC']);
}

async function changeActivity({ admin }: SeedScene, mutation: 'deactivateUser' | 'reactivateUser'): Promise<void> {
  const { person } = await about(admin, erin);
  await admin.do(`mutation($input: UserByIdInput!) { ${mutation}(input: $input) { ... on User { id } ... on Problem { message path } } }`, {
    input: { id: person.id },
  });
}

function both(clouds: Clouds): readonly CloudAccount[] {
  return [...atGoogle(clouds, erin), ...atSalesforce(clouds, erin)];
}

function sameAccounts(before: readonly CloudAccount[], after: readonly CloudAccount[]): boolean {
  return before.length === 2 && JSON.stringify(before.map(({ id }) => id)) === JSON.stringify(after.map(({ id }) => id));
}

function tellBoth({ story, clouds }: SeedScene): void {
  for (const { inOneLine } of atGoogle(clouds, erin)) story.say(`  Google says:     ${inOneLine}`);
  for (const { inOneLine } of atSalesforce(clouds, erin)) story.say(`  Salesforce says: ${inOneLine}`);
}
