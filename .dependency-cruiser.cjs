/**
 * Who may import whom. `npm run rooms` checks it and test/house/rooms.test.ts runs it with the tests. A room is a folder of src;
 * what a room may import is listed, everything else is forbidden. Each package has one home; a new one gets its line in `homes` first.
 */

/** Room -> what it may import beside itself: other rooms and, where it is written `node:x`, modules of Node. '*': any module of Node. */
const rooms = {
  domain: { imports: [], node: [] },
  xacml: { imports: [], node: [] },
  'connectors/contract': { imports: ['domain'], node: [] },
  // A connector gets its HTTP client through the contract; this is the one that stands behind it.
  'connectors/network': { imports: ['connectors/contract'], node: ['dns', 'net'] },
  // Beyond the contract a connector may name what the contract itself is written in, the words of the domain: types, no code.
  'connectors/(?!contract/|network/)[^/]+': { imports: ['connectors/contract'], types: ['domain'], node: ['crypto', 'timers/promises'] },
  commands: { imports: ['domain', 'xacml', 'connectors/contract'], node: ['crypto'] },
  // Of the commands only what it implements. The migrations stand beside src.
  persistence: { imports: ['domain', 'commands/(group-)?ports\\.ts', 'config'], outside: ['migrations'], node: '*' },
  dispatch: { imports: ['domain', 'commands'], node: '*' },
  events: { imports: ['domain', 'commands'], node: '*' },
  auth: { imports: ['domain', 'commands', 'config'], node: '*' },
  graphql: { imports: ['domain', 'commands', 'events', 'connectors/contract'], node: '*' },
  // Health and metrics ask the database through a port: they name its type, and are given the thing by app.ts.
  http: { imports: ['auth', 'graphql', 'config'], types: ['commands/ports\\.ts'], node: '*' },
  config: { imports: [], node: '*' },
  console: { imports: [], node: [] },
};

/** Package -> the rooms it may be imported from (`types:x`: its types only). Not listed: nowhere. `app.ts` and `usher.ts` compose and may name any of these. */
const homes = {
  '@mikro-orm/.+': ['persistence'],
  '@electric-sql/pglite(-prepopulatedfs)?': ['persistence'],
  // The session store's option is typed as its Pool.
  pg: ['persistence', 'types:http'],
  'connect-pg-simple': ['persistence', 'http'],
  'pg-boss': ['dispatch'],
  passport: ['auth'],
  '@node-saml/.+': ['auth'],
  '@xmldom/xmldom': ['auth'],
  'xml-encryption': ['auth'],
  'xml-crypto': ['auth'],
  '@peculiar/x509': ['auth'],
  '@node-rs/argon2': ['auth'],
  'type-graphql': ['graphql'],
  // type-graphql and @peculiar/x509 both ask for it at run time.
  'reflect-metadata': ['graphql', 'auth'],
  graphql: ['graphql'],
  'graphql-scalars': ['graphql'],
  'graphql-ws': ['graphql'],
  'graphql-sse': ['graphql'],
  dataloader: ['graphql'],
  '@escape.tech/graphql-armor': ['graphql'],
  '@apollo/server': ['graphql', 'http'],
  '@as-integrations/express5': ['graphql', 'http'],
  ws: ['graphql', 'http'],
  'rate-limiter-flexible': ['graphql', 'http', 'auth'],
  // What a route receives and answers: the three rooms that have routes.
  express: ['auth', 'graphql', 'http'],
  'express-session': ['auth', 'http'],
  helmet: ['http'],
  pino: ['http', 'config'],
  'pino-http': ['http'],
  'prom-client': ['http'],
  '@googleapis/admin': ['connectors/google'],
  'google-auth-library': ['connectors/google'],
  jsforce: ['connectors/salesforce'],
  // Reads PKCS#12, which Node cannot.
  'node-forge': ['connectors/google'],
  undici: ['connectors/network'],
  'ipaddr.js': ['connectors/network'],
  // Parsing at the borders: the environment, inputs, forms.
  zod: ['config', 'graphql', 'auth', 'http', 'persistence'],
  uuid: ['persistence', 'config'],
  // Expressions of a mapping, and regular expressions, there and in policies, which never backtrack.
  jsonata: ['domain/mapping'],
  re2js: ['domain/mapping', 'xacml'],
  // Policies and requests as XML: strict, with positions, without DTDs.
  saxes: ['xacml'],
};
const composers = '^src/(app|usher|main|serve|cannot-start)\\.ts$';
const typesHome = '(@types/)?';

const inRoom = (room) => `^src/${room}/`;
const pathOf = (place) => (place.endsWith('.ts') ? `^src/${place}$` : `^src/${place}/`);
const nodeModules = (allowed) => (allowed === '*' ? ['.'] : allowed.map((name) => `^(node:)?${name}$`));

const roomRules = Object.entries(rooms).flatMap(([room, { imports, types = [], outside = [], node }]) => {
  const name = room.startsWith('connectors/(') ? 'connectors-each' : room.replace('/', '-');
  // $1 is the connector's own folder: never another one's.
  const self = room.startsWith('connectors/(') ? '^src/connectors/$1/' : inRoom(room);
  const from = { path: room.startsWith('connectors/(') ? '^src/connectors/(?!contract/|network/)([^/]+)/' : inRoom(room) };
  const open = [self, ...imports.map(pathOf), ...outside.map((folder) => `^${folder}/`)];
  return [
    {
      name: `${name}-imports`,
      comment: `${room} may import itself${imports.map((each) => `, ${each}`).join('')}.`,
      severity: 'error',
      from,
      to: { path: '^(src|migrations|test|demo|bench|scripts|schema)/', pathNot: [...open, ...types.map(pathOf)] },
    },
    ...(types.length === 0
      ? []
      : [
          {
            name: `${name}-types-only`,
            comment: `${room} may import types from ${types.join(', ')}, no code.`,
            severity: 'error',
            from,
            to: { path: types.map(pathOf), pathNot: open, dependencyTypesNot: ['type-only'] },
          },
        ]),
    {
      name: `${name}-node`,
      comment: `${room} may use of Node: ${Array.isArray(node) ? node.join(', ') || 'nothing' : 'anything'}.`,
      severity: 'error',
      from,
      to: { dependencyTypes: ['core'], pathNot: nodeModules(node) },
    },
  ].filter((rule) => !(rule.to.dependencyTypes && node === '*'));
});

const packagePath = (name) => `(^|/)node_modules/${typesHome}${name.replace(/^@([^/]+)\//, '@$1/')}/`;
const homeRules = [
  ...Object.entries(homes).flatMap(([name, places]) => {
    const rule = (suffix, from, to) => ({
      name: `home-of-${name.replace(/[^a-z0-9]+/gi, '-')}${suffix}`,
      comment: `${name} is used in ${places.join(', ')} only.`,
      severity: 'error',
      from,
      to: { path: packagePath(name), ...to },
    });
    const typesOnly = places.filter((place) => place.startsWith('types:')).map((place) => inRoom(place.slice('types:'.length)));
    return [
      rule('', { path: '^src/', pathNot: [...places.map(inRoom), ...typesOnly, composers] }, {}),
      ...(typesOnly.length > 0 ? [rule('-types', { path: typesOnly }, { dependencyTypesNot: ['type-only'] })] : []),
    ];
  }),
  {
    name: 'package-without-a-home',
    comment:
      'Each package has one home: name it in `homes` of .dependency-cruiser.cjs, with a decision record where somebody will ask why.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '(^|/)node_modules/', pathNot: Object.keys(homes).map(packagePath) },
  },
];

const badNames = '(^|/)(utils?|helpers?|common|services?|shared|managers?)(/|\\.ts$)';

module.exports = {
  forbidden: [
    ...roomRules,
    ...homeRules,
    {
      name: 'composition-is-nobodys-import',
      comment: 'app.ts sees every room; only the ways in may see it.',
      severity: 'error',
      from: { pathNot: '^src/(main|serve|usher)\\.ts$' },
      to: { path: composers },
    },
    {
      name: 'open-connections',
      comment: 'Keeps connectors open and to their pace: it knows the contract and no connector.',
      severity: 'error',
      from: { path: '^src/connectors/open-connections\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/connectors/(contract|network)/', '^src/domain/', '^src/commands/ports\\.ts$'] },
    },
    {
      name: 'registry',
      comment: 'The registry names every connector and nothing else.',
      severity: 'error',
      from: { path: '^src/connectors/registry\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/connectors/[^/]+/index\\.ts$', '^src/connectors/contract/'] },
    },
    {
      name: 'a-folder-for-everything',
      comment:
        'No utils, helpers, common, services, shared or manager: a helper lives beside its only user, and at the second gets a name and a room.',
      severity: 'error',
      from: {},
      to: { path: badNames, pathNot: 'node_modules' },
    },
    {
      name: 'from-a-folder-for-everything',
      comment: 'See a-folder-for-everything.',
      severity: 'error',
      from: { path: badNames, pathNot: 'node_modules' },
      to: {},
    },
    { name: 'no-circle', comment: 'No circular imports.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment: 'A module that imports nothing and that nobody imports is forgotten or not yet wired.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'no-tests-or-scripts-in-src',
      comment: 'src runs without tests, demo, bench and scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|demo|bench|scripts)/' },
    },
    { name: 'resolvable', comment: 'An import that leads nowhere.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'dependencies-not-dev',
      comment: 'What src imports at run time is a dependency of the package, not of its development.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
