/** A SCIM server that lets two accounts of one name in, so that whatever is made twice is seen. */
import { startScimServer, type ScimServer } from '../support/targets/scim-server.ts';
import { commonFault, pick, type Fake } from './fake.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export async function fakeScim(given?: ScimServer): Promise<Fake> {
  const server = given ?? (await startScimServer({ unique: false }));
  const { store } = server;
  let count = 0;
  const firstOf = (list: unknown): unknown => (list as readonly { readonly value: unknown }[] | undefined)?.[0]?.value;
  return {
    connectorType: 'scim2',
    config: { baseUrl: server.url, authentication: 'bearer', token: server.token, groups: true },
    freesNames: true,
    hasProtected: false,
    removals: ['deactivate', 'delete'],
    accounts: () =>
      store.users().map((user) => {
        const name = user['name'] as { readonly givenName?: string; readonly familyName?: string } | undefined;
        const extension = user[enterprise] as { readonly department?: string } | undefined;
        return {
          id: user.id,
          active: user.active !== false,
          name: user.userName,
          ownId: user.externalId ?? null,
          shown: {
            givenName: name?.givenName,
            familyName: name?.familyName,
            title: user['title'],
            phone: firstOf(user['phoneNumbers']),
            department: extension?.department,
          },
          whole: JSON.stringify(user),
          passwords: null,
        };
      }),
    groups: () =>
      server
        .groups()
        .map(({ id, displayName, members }) => ({ id, name: displayName, members: (members ?? []).map(({ value }) => value) })),
    putMember: (groupId, number) => {
      const group = server.groups().find(({ id }) => id === groupId);
      if (group) server.addMember(group.displayName, `guest-${number}`);
      return `guest-${number}`;
    },
    expected: ({ attributes }) => ({
      givenName: attributes['givenName'],
      familyName: attributes['familyName'],
      title: attributes['title'],
      phone: attributes['phone'],
      department: attributes['department'],
    }),
    put: (name) => store.save({ id: `foreign-${++count}`, userName: name, active: true, title: 'By others', nickName: 'Foreign' }).id,
    suspend: (id) => {
      const user = store.byId.get(id);
      if (user) store.save({ ...user, active: false });
    },
    tamper: (id, random) => {
      const user = store.byId.get(id);
      if (!user) return null;
      const what = pick(random, ['renames', 'deactivates', 'deletes'] as const);
      if (what === 'deletes') store.remove(id);
      else if (what === 'deactivates') store.save({ ...user, active: false });
      else store.save({ ...user, title: 'Changed by others', name: { givenName: 'Changed', familyName: 'By Others' } });
      return what;
    },
    misbehave: (random) => {
      if (random() < 0.1) {
        // A server that forgets for a moment: Usher looks twice before it believes it. One that says so twice would be believed.
        server.clear();
        server.fault('404');
        return '404 once';
      }
      return commonFault(server, random);
    },
    fault: (kind, times, after = 0) => server.fault(kind, { times, after }),
    behave: () => server.clear(),
    close: () => server.close(),
  };
}
