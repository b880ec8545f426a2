/**
 * A target in memory: the reference implementation of the contract, and what tests and the demo provision into.
 * It is no target for real people: everything is gone with the process. Start here, then connection.ts.
 */
import type { AccountAttributeSpec } from '../../domain/mapping.ts';
import { defineConnector, type ConnectorDefinition } from '../contract/connector.ts';
import { openMemory } from './connection.ts';

export const memory: ConnectorDefinition = defineConnector({
  type: 'memory',
  displayName: 'Memory',
  description: 'Accounts in the memory of this process. For trying out and for tests.',
  config: {
    name: { kind: 'text', displayName: 'Name', description: 'Targets with one name share their accounts.', required: true, maxLength: 200 },
  },
  account: [
    {
      name: 'userName',
      description: 'Unique name of the account.',
      type: 'string',
      required: true,
      mutable: 'always',
      matchable: true,
      defaultMapping: { kind: 'user-name' },
    },
    {
      name: 'externalId',
      description: 'Our id of the user.',
      type: 'string',
      required: false,
      mutable: 'always',
      matchable: true,
      defaultMapping: { kind: 'user-id' },
    },
    optional('givenName', 'Given name.'),
    optional('familyName', 'Family name.'),
    optional('displayName', 'Name to show.'),
    {
      name: 'emails',
      description: 'E-mail addresses, the first is the primary one.',
      type: 'strings',
      required: false,
      mutable: 'always',
      matchable: true,
      defaultMapping: { kind: 'attribute', name: 'email' },
    },
    optional('title', 'Title.'),
    optional('department', 'Department.'),
  ],
  defaultMatchingAttribute: 'userName',
  capabilities: { deactivate: true, delete: true, groups: true, memberBatch: 100, undelete: true, idempotentCreate: false },
  open: (config) => openMemory(config.name),
});

function optional(name: string, description: string): AccountAttributeSpec {
  return {
    name,
    description,
    type: 'string',
    required: false,
    mutable: 'always',
    matchable: false,
    defaultMapping: { kind: 'attribute', name },
  };
}
