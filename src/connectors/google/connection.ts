import type { Connector, ConnectorTools } from '../contract/connector.ts';
import { createChanges } from './change.ts';
import { check, type CheckSettings } from './check.ts';
import { createGroups, type GroupSettings } from './groups.ts';
import { createLife, type LifeSettings } from './life.ts';
import { createSearch } from './search.ts';
import { createTokens, type TokenSettings } from './token.ts';
import { createTransport } from './transport.ts';

export interface GoogleSettings extends TokenSettings, LifeSettings, CheckSettings, GroupSettings {
  readonly apiRoot: string;
}

export function openGoogle(settings: GoogleSettings, tools: ConnectorTools): Connector {
  const transport = createTransport(settings.apiRoot, createTokens(settings, tools), tools);
  const search = createSearch(transport, settings.customer);
  const parts = { transport, search, domain: settings.domain };
  const changes = createChanges(parts);
  return {
    check: (call) => check(transport, settings, call),
    find: search.find,
    ...changes,
    ...createLife(parts, settings, changes.read),
    groups: createGroups(transport, settings),
  };
}
