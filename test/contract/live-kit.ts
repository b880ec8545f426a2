/**
 * The fault-free part of the contract kit: what every connector promises, against whatever target it is connected to. It needs no
 * test runner, so that `npm run kit` can try a live server with it; kit.ts runs it in the tests and adds the faults.
 */
import assert from 'node:assert/strict';
import type { ConnectorDefinition } from '../../src/connectors/contract/connector.ts';
import type { Bench } from './bench.ts';
import { accountChecks } from './live-accounts.ts';
import { endingChecks } from './live-endings.ts';
import { groupChecks } from './live-groups.ts';

export interface KitCheck {
  readonly name: string;
  /** Throws where the promise is broken. A text that it resolves with says why the check does not apply here. */
  readonly run: (bench: Bench) => Promise<unknown>;
  /** Where this one fails, the others would fail for the same reason. */
  readonly decisive?: true;
}

/** What a connector of this definition has to keep. */
export function liveChecks({ capabilities }: ConnectorDefinition): readonly KitCheck[] {
  return [...firstChecks, ...accountChecks, ...endingChecks, ...(capabilities.groups ? groupChecks : [])];
}

/** What of it the form on this bench asks for: one line says that groups are not tried. */
export function checksOf({ definition, isGiven }: Bench): readonly KitCheck[] {
  const { groupsField } = definition;
  if (groupsField === undefined || isGiven(groupsField)) return liveChecks(definition);
  const reason = `they are switched off in the form: config.${groupsField}`;
  return [
    ...liveChecks({ ...definition, capabilities: { ...definition.capabilities, groups: false } }),
    { name: 'groups', run: () => Promise.resolve(reason) },
  ];
}

const firstChecks: readonly KitCheck[] = [
  {
    name: 'its capabilities agree with its methods',
    run: async ({ definition, connector }) => {
      const { capabilities } = definition;
      assert.equal('deactivate' in connector, capabilities.deactivate, 'deactivate');
      assert.equal('delete' in connector, capabilities.delete, 'delete');
      assert.equal('undelete' in connector, capabilities.undelete ?? false, 'undelete');
      assert.equal(connector.groups !== undefined, capabilities.groups, 'groups');
      const { memberBatch } = capabilities;
      if (capabilities.groups) assert(Number.isInteger(memberBatch) && Number(memberBatch) >= 1, 'memberBatch says how many');
      else assert.equal(memberBatch, undefined, 'memberBatch without groups');
      const named = [definition.groupsField, ...definition.account.flatMap(({ neededField, freedBy }) => [neededField, freedBy])];
      for (const field of named) assert(field === undefined || field in definition.config, `the form has no field ${String(field)}`);
      assert(definition.account.some((spec) => spec.name === definition.defaultMatchingAttribute && spec.matchable));
      for (const { neededField, orFromField } of definition.account)
        for (const field of [neededField, orFromField]) assert(field === undefined || definition.config[field]?.required === false);
    },
  },
  {
    name: 'check finds nothing wrong',
    decisive: true,
    run: async (bench) => {
      const problems = await bench.connector.check(bench.call());
      const told = problems.map(({ field, message }) => (field === null ? message : `config.${field}: ${message}`));
      assert(problems.length === 0, told.join('\n'));
    },
  },
];
