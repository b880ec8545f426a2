/** What a line of the log says of where it belongs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorDefinition } from '../../src/connectors/contract/connector.ts';
import { memory } from '../../src/connectors/memory/index.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { ask, bearer } from '../support/web.ts';
import { until } from '../support/people.ts';

let engine: Engine;
/** As in memory, but it says what it does. */
const talking: ConnectorDefinition = {
  ...memory,
  open: (config, tools) => {
    const connector = memory.open(config, tools);
    return {
      ...connector,
      check: (call) => {
        call.log('the target is being checked');
        return connector.check(call);
      },
      create: (attributes, call) => {
        call.log('an account is being made', { attributes: Object.keys(attributes).length });
        return connector.create(attributes, call);
      },
    };
  },
};
beforeAll(async () => {
  engine = await startEngine({ parts: { definitions: new Map([[talking.type, talking]]) } });
});
afterAll(() => engine.close());

const lines = (fact: string): Record<string, unknown>[] =>
  engine.usher.log.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['msg'] === fact);

describe('a line of the log', () => {
  it('names the operation and the attempt that it is about', async () => {
    const target = await engine.target();
    target.memory.inject({ kind: 'fail', when: 'before', failure: { kind: 'transient', mayHaveApplied: false }, method: 'create' });
    const { id } = await engine.register(await engine.serviceProvider({ target }));
    const settled = await until(() => {
      const found = lines('attempt settled').filter((line) => line['targetId'] === target.connectorId);
      return found.length > 1 ? found : null;
    });
    const [operation] = await engine.operationsOf(id);
    const said = lines('an account is being made').map(({ operationId, attempt, targetId }) => ({ operationId, attempt, targetId }));
    expect(said).toEqual([1, 2].map((attempt) => ({ operationId: operation?.id, attempt, targetId: target.connectorId })));
    expect(settled).toMatchObject([
      { operationId: operation?.id, attempt: 1, outcome: 'again' },
      { operationId: operation?.id, attempt: 2, outcome: 'succeeded' },
    ]);
    const recorded = await engine.usher.app.database.reads(engine.usher.tenantId).find('attempt', { operationId: operation!.id });
    expect(recorded.map(({ number }) => number).sort()).toEqual([1, 2]);
  });

  it('names the request that it was written for, on the way of signing in', async () => {
    const body = new URLSearchParams({ SAMLResponse: 'nothing of the kind' });
    const { headers } = await fetch(`${engine.usher.url}/saml/${engine.signInWith}/callback`, { method: 'POST', body });
    const [line] = lines('Something that is no SAML response was posted');
    expect(line?.['requestId']).toBe(headers.get('x-request-id'));
    expect(line?.['requestId']).toEqual(expect.stringMatching(/^[\w-]{8,}$/));
  });

  it('names the request that it was written for, in GraphQL', async () => {
    const input = { connectorType: 'memory', config: { name: 'any' } };
    await ask(
      engine.usher.url,
      `mutation($input: CheckProvisioningConnectorInput!) { checkProvisioningConnector(input: $input) { __typename } }`,
      { input },
      { ...bearer(engine.usher.token), 'x-request-id': 'request-of-this-test' },
    );
    expect(lines('the target is being checked')).toMatchObject([{ requestId: 'request-of-this-test' }]);
  });
});
