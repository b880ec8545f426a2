/** Every kind of target that Usher knows: one import and one line for each. */
import type { ConnectorDefinition } from './contract/connector.ts';
import { google } from './google/index.ts';
import { memory } from './memory/index.ts';
import { salesforce } from './salesforce/index.ts';
import { scim2 } from './scim2/index.ts';

export const definitions: ReadonlyMap<string, ConnectorDefinition> = byType(google, scim2, salesforce);

/** With the target in memory as well: for tests and for trying out, because no real person's account belongs there. */
export const definitionsWithMemory: ReadonlyMap<string, ConnectorDefinition> = byType(...definitions.values(), memory);

function byType(...all: readonly ConnectorDefinition[]): ReadonlyMap<string, ConnectorDefinition> {
  return new Map(all.map((definition) => [definition.type, definition]));
}
