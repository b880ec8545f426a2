import type { Connector, ConnectorTools } from '../contract/connector.ts';
import { attributeOfField } from './attributes.ts';
import { createUsers, type ChangeSettings } from './change.ts';
import { check, type CheckSettings } from './check.ts';
import { createDescription } from './describe.ts';
import { createGroups } from './groups.ts';
import { createLook } from './look.ts';
import { createReferences } from './references.ts';
import { createRest } from './rest.ts';
import { createSessions, type TokenSettings } from './token.ts';

export interface SalesforceSettings extends ChangeSettings, CheckSettings {
  readonly token: TokenSettings;
}

export function openSalesforce(settings: SalesforceSettings, tools: ConnectorTools): Connector {
  const { ownIdField, apiVersion } = settings;
  const rest = createRest(apiVersion, createSessions(settings.token, tools), (field) => attributeOfField(field, ownIdField), tools);
  const description = createDescription(rest, tools.now);
  const references = createReferences(rest, tools.now);
  const look = createLook(rest, description, settings);
  const users = createUsers({ rest, look, references, description, settings });
  return {
    check: (call) => check({ rest, description, references }, settings, call),
    find: look.find,
    read: look.read,
    create: users.create,
    update: users.update,
    deactivate: users.deactivate,
    groups: createGroups(rest),
  };
}
