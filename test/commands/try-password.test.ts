import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeMyPassword } from '../../src/commands/change-my-password.ts';
import type { Passwords } from '../../src/commands/passwords.ts';
import { signInAdministrator } from '../../src/commands/sign-in-administrator.ts';
import { tryPassword } from '../../src/commands/try-password.ts';
import type { Administrator, Tenant, User } from '../../src/domain/vocabulary.ts';
import { settledEvents } from '../support/events.ts';
import { runWebHouse, type WebHouse } from '../support/web-house.ts';

let web: WebHouse;
let tenant: Tenant;
beforeAll(async () => {
  web = await runWebHouse();
  tenant = await web.tenant('default');
});
afterAll(() => web.close());

/** Which passwords were looked at, and which were only work for nothing. */
let lookedAt: string[];
let forNothing: number;
/** Nobody is answered before all have asked: the worst case of guessing in parallel. */
let asked: (() => void)[];
const passwords: Passwords = {
  hash: async (password) => `hash of ${password}`,
  verify: async (hash, password) => {
    if (hash === null) forNothing += 1;
    else lookedAt.push(password);
    await new Promise<void>((resolve) => asked.push(resolve));
    return hash === `hash of ${password}`;
  },
};
beforeEach(() => {
  lookedAt = [];
  forNothing = 0;
  asked = [];
});

const right = 'the right password';
async function make(userName: string): Promise<{ administrator: Administrator; user: User }> {
  return web.database.transaction(tenant.id, async (tx) => {
    const administrator = await tx.insert('administrator', { userName, role: 'viewer', mustChangePassword: false });
    await tx.setPassword({ kind: 'administrator', id: administrator.id }, await passwords.hash(right));
    const [store] = await tx.find('userStore', {});
    const fields = { userName, userStoreId: store!.id, attributes: {}, active: true, removedAt: null, selfRegistered: false };
    const user = await tx.insert('user', fields);
    await tx.setPassword({ kind: 'user', id: user.id }, await passwords.hash(right));
    return { administrator, user };
  });
}

const ways = {
  'signing in as an administrator': ({ administrator: { userName } }, password) =>
    signInAdministrator(web.house, passwords, { tenant: 'default', userName, password }).then(({ kind }) => kind === 'done'),
  'signing in as a user': ({ user }, password) => tryPassword(web.house, passwords, { kind: 'user', ...user }, password),
  'changing one’s own password': ({ administrator: { id } }, currentPassword) =>
    changeMyPassword(
      web.house,
      passwords,
      { actor: { kind: 'administrator', id } },
      { currentPassword, newPassword: `${right} renewed` },
    ).then(({ kind }) => kind === 'done'),
} satisfies Record<string, (people: Awaited<ReturnType<typeof make>>, password: string) => Promise<boolean>>;

async function allAtOnce(tries: readonly (() => Promise<boolean>)[]): Promise<readonly boolean[]> {
  asked = [];
  const running = tries.map((one) => one());
  while (asked.length < tries.length) await new Promise((resolve) => setImmediate(resolve));
  for (const answer of asked) answer();
  return Promise.all(running);
}

describe.each(Object.entries(ways))('%s', (name, attempt) => {
  it('lets no more than five of many guesses at once be looked at, and a right one among the others does not come in', async () => {
    const people = await make(`guessed by ${name}`);
    const guesses = [...Array.from({ length: 19 }, (_, n) => `guess ${n}`), right];
    expect(await allAtOnce(guesses.map((guess) => () => attempt(people, guess)))).toEqual(guesses.map(() => false));
    expect(lookedAt).toHaveLength(5);
    expect(forNothing).toBe(15);
  });

  it('tells the feed once when that locks', async () => {
    const people = await make(`locked by ${name}`);
    await allAtOnce(Array.from({ length: 8 }, () => () => attempt(people, 'wrong')));
    const { items } = await settledEvents(web.database.reads(tenant.id), {
      after: null,
      first: 1000,
      types: ['administrator.locked', 'user.locked'],
    });
    const { administrator, user } = people;
    expect(items.filter((event) => event.userId === user.id || Object.values(event.payload).includes(administrator.id))).toHaveLength(1);
  });

  it('forgets the wrong ones with a right one', async () => {
    const people = await make(`right by ${name}`);
    for (let n = 0; n < 4; n += 1) await allAtOnce([() => attempt(people, 'wrong')]);
    expect(await allAtOnce([() => attempt(people, right)])).toEqual([true]);
    await allAtOnce(Array.from({ length: 4 }, () => () => attempt(people, 'wrong')));
    expect(lookedAt).toHaveLength(9);
  });
});
