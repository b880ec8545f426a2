/** A house over a real database for tests of settings: nothing runs operations, GraphQL is executed without HTTP. */
import { createDecisionPoint } from '../../src/commands/decision-point.ts';
import { readFileSync } from 'node:fs';
import { graphql, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Caller } from '../../src/commands/caller.ts';
import type { Clock, House } from '../../src/commands/ports.ts';
import { createHttpClient } from '../../src/connectors/network/http-client.ts';
import { createConnections } from '../../src/connectors/open-connections.ts';
import { definitionsWithMemory } from '../../src/connectors/registry.ts';
import type { Role, TenantId, UserStoreId } from '../../src/domain/vocabulary.ts';
import { createContext, type ContextParts } from '../../src/graphql/context.ts';
import { buildUsherSchema } from '../../src/graphql/schema.ts';
import { createCertificates } from '../../src/auth/own-certificate.ts';
import { testChance, testClock, testDatabase, type TestDatabase } from './database.ts';
import { settledEvents } from './events.ts';

export interface Configuration {
  readonly database: TestDatabase;
  readonly house: House;
  /** What was logged, as JSON. */
  readonly logged: readonly string[];
  readonly schema: GraphQLSchema;
  /** A tenant of its own for a test. */
  tenant(): Promise<ConfiguredTenant>;
  close(): Promise<void>;
}
export interface ConfiguredTenant {
  readonly tenantId: TenantId;
  readonly caller: Caller;
  readonly userStoreId: UserStoreId;
  /** Executes an operation as an administrator (or in another role); fails the test on errors. */
  run(source: string, variables?: Record<string, unknown>, role?: Role): Promise<any>;
  /** The same, with whatever errors there are. */
  ask(source: string, variables?: Record<string, unknown>, role?: Role): Promise<ExecutionResult>;
  /** Types of the events until now, oldest first. */
  events(): Promise<readonly string[]>;
}

/** The committed documents of a file in schema/operations/, each with the fragments that it uses. */
export function operations(file: string): (name: string) => string {
  const parts = readFileSync(`schema/operations/${file}.graphql`, 'utf8').split(/\n(?=fragment|query|mutation)/);
  const withFragments = (part: string): readonly string[] => {
    const names = [...part.matchAll(/\.\.\.(\w+)/g)].map((match) => match[1]);
    const used = parts.filter((other) => names.some((name) => other.startsWith(`fragment ${name} `)));
    return [part, ...used.flatMap(withFragments)];
  };
  return (name) => {
    const found = parts.find((part) => new RegExp(`^(query|mutation) ${name}\\b`).test(part));
    if (found === undefined) throw new Error(`There is no operation ${name} in ${file}.graphql.`);
    return [...new Set(withFragments(found))].join('\n');
  };
}

const publicUrl = 'https://usher.test';

export async function openConfiguration(clock: Clock = testClock): Promise<Configuration> {
  const database = await testDatabase({ clock });
  const http = createHttpClient({ allowInternalAddresses: true });
  const logged: string[] = [];
  const note = (fields: object, fact: string) => void logged.push(JSON.stringify({ ...fields, fact }));
  const connections = createConnections({
    definitions: definitionsWithMemory,
    tools: { http, now: Date.now },
    loadConfig: ({ tenantId, id }) => database.configOf(tenantId, id),
  });
  const house: House = {
    database,
    decisionPoint: createDecisionPoint(),
    definitions: definitionsWithMemory,
    connections,
    clock,
    chance: testChance,
    log: { info: note, warn: note, error: note },
    settings: { attemptTimeoutMs: 1_000, leaseMarginMs: 1_000, holdInRequestMs: 1_000 },
    runner: { takeSlot: never, run: never, whenSettled: never },
    certificates: createCertificates(clock),
    metrics: { loginDecided: () => undefined, loginHeld: () => undefined, attemptSettled: () => undefined },
  };
  const schema = buildUsherSchema();
  let count = 0;
  return {
    database,
    house,
    logged,
    schema,
    tenant: () => tenant(house, schema, `Tenant ${(count += 1)}`),
    close: async () => {
      await connections.close();
      await http.close();
      await database.close();
    },
  };
}

async function tenant(house: House, schema: GraphQLSchema, name: string): Promise<ConfiguredTenant> {
  const { id: tenantId } = await house.database.tenants.create(name);
  const caller: Caller = { tenantId, actor: { kind: 'administrator', id: 'test' }, role: 'administrator' };
  const ask: ConfiguredTenant['ask'] = async (source, variableValues = {}, role = 'administrator') => {
    const access = { ...caller, role, name: 'test', mustChangePassword: false };
    const rest = {
      passwords: never,
      bus: never,
      feed: never,
      takeRegistration: never,
      takePassword: never,
      session: never,
    } as unknown as ContextParts;
    const contextValue = createContext({ ...rest, requestId: 'test', access, house, publicUrl });
    return graphql({ schema, source, variableValues, contextValue });
  };
  const [primary] = await house.database.reads(tenantId).find('userStore', {});
  return {
    tenantId,
    caller,
    userStoreId: primary!.id,
    ask,
    run: async (source, variables, role) => {
      const result = await ask(source, variables, role);
      if (result.errors) throw new Error(result.errors.map((error) => error.message).join('\n'));
      return Object.values(result.data ?? {})[0];
    },
    events: async () => (await settledEvents(house.database.reads(tenantId), { after: null, first: 500 })).items.map((event) => event.type),
  };
}

function never(): never {
  throw new Error('No test of settings comes here.');
}
