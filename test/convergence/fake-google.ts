/** Google with what it is known for: accounts that are not seen yet, conflicts after success, tokens that end, limits of licences and speed. */
import { startGoogleServer, type GoogleServer } from '../support/targets/google-server.ts';
import { refusals } from '../support/targets/google-errors.ts';
import { commonFault, pick, type Fake } from './fake.ts';

type Entry = Readonly<Record<string, unknown>>;

export async function fakeGoogle(domain: string, given?: GoogleServer): Promise<Fake> {
  const server = given ?? (await startGoogleServer({ domains: [domain] }));
  const { directory } = server;
  const entry = (resource: Entry, list: string, is: (one: Entry) => boolean): Entry | undefined =>
    ((resource[list] ?? []) as readonly Entry[]).find(is);
  return {
    connectorType: 'google',
    config: { ...server.config, userIdDomain: domain, useGroups: true },
    // A name that was given up stays an alias of whoever had it.
    freesNames: false,
    hasProtected: true,
    removals: ['deactivate', 'delete'],
    accounts: () =>
      server.users().map(({ id, resource, aliases, passwords }) => {
        const name = resource['name'] as Entry;
        const work = entry(resource, 'organizations', (one) => one['type'] === 'work');
        const own = entry(resource, 'externalIds', (one) => one['customType'] === 'usher')?.['value'];
        return {
          id,
          active: resource['suspended'] !== true,
          name: resource.primaryEmail,
          ownId: typeof own === 'string' ? own : null,
          shown: {
            givenName: name['givenName'],
            familyName: name['familyName'],
            title: work?.['title'],
            phone: entry(resource, 'phones', (one) => one['type'] === 'work')?.['value'],
            department: work?.['department'],
          },
          whole: JSON.stringify([resource, aliases, passwords]),
          passwords: passwords.length,
        };
      }),
    groups: () => [...directory.groups.values()].map(({ id, name, members }) => ({ id, name, members: [...members.keys()] })),
    putMember: (groupId, number) => {
      const email = `guest${number}@elsewhere.example`;
      const group = directory.groups.get(groupId);
      if (group) directory.addMember(group, { email });
      return email;
    },
    expected: ({ userName, attributes }) => ({
      givenName: attributes['givenName'] ?? userName,
      familyName: attributes['familyName'] ?? userName,
      title: attributes['title'],
      phone: attributes['phone'],
      department: attributes['department'],
    }),
    put: (name, isProtected) => {
      // Others have a licence of their own.
      directory.limitUsers(Infinity);
      const made = directory.insertUser({
        primaryEmail: name,
        name: { givenName: 'By', familyName: 'Others' },
        password: 'of somebody else',
      });
      if (isProtected) made.resource = { ...made.resource, isAdmin: true };
      return made.id;
    },
    suspend: (id) => {
      const user = directory.users.get(id);
      if (user) directory.changeUser(user, { suspended: true }, false);
    },
    tamper: (id, random) => {
      const user = directory.users.get(id);
      if (!user || user.deletedAt !== null) return null;
      const what = pick(random, ['renames', 'suspends', 'deletes'] as const);
      if (what === 'deletes') directory.deleteUser(user);
      else if (what === 'suspends') directory.changeUser(user, { suspended: true }, false);
      else directory.changeUser(user, { name: { givenName: 'Changed', familyName: 'By Others' } }, false);
      return what;
    },
    misbehave: (random) => {
      const what = pick(random, ['common', 'common', 'hides', 'conflicts', 'revokes', 'too fast', 'no licence'] as const);
      switch (what) {
        case 'common':
          return commonFault(server, random);
        case 'hides':
          directory.hideNew(pick(random, [1, 2, 3]), { with: pick(random, [404, 403] as const) });
          break;
        case 'conflicts':
          server.conflictAfterUpdate(1);
          break;
        case 'revokes':
          server.tokens.revoke();
          break;
        case 'too fast':
          server.answerNext(refusals.tooFast(), pick(random, [1, 3]));
          break;
        case 'no licence':
          directory.limitUsers(pick(random, [0, Infinity]));
      }
      return what;
    },
    fault: (kind, times, after = 0) => server.fault(kind, { times, after }),
    promote: (id) => {
      const user = directory.users.get(id);
      if (user) user.resource = { ...user.resource, isAdmin: true };
    },
    denyNew: (requests) => server.answerNext(refusals.notAuthorized(), requests),
    hideNew: (looks) => directory.hideNew(looks),
    behave: () => {
      server.clear();
      server.answerNone();
      server.conflictAfterUpdate(0);
      directory.limitUsers(Infinity);
      directory.showAll();
    },
    close: () => server.close(),
  };
}
