/**
 * The account that one attempt is to make right: mapped now, with an id of its own where a user id pattern makes it. The id is claimed
 * before anything is sent, so that a crash in between finds the same one again. It calls no target. Start with accountOfAttempt.
 */
import { ConnectorError } from '../connectors/contract/connector.ts';
import { mapAccount, type Mapped } from '../domain/mapping.ts';
import { prepareMapping, type AccountMapping } from '../domain/mapping/prepare.ts';
import { mostNumbered, numbered } from '../domain/user-id-pattern.ts';
import type { AccountAttributes } from '../domain/vocabulary.ts';
import type { House, LeasedOperation } from './ports.ts';

/** `makes`: the attempt is to make or change the account; one that ends it claims nothing. */
export async function accountOfAttempt(
  house: Pick<House, 'database' | 'definitions'>,
  leased: LeasedOperation,
  makes: boolean,
): Promise<AccountMapping> {
  const { user, target, userIdClaim } = leased;
  const definition = house.definitions.get(target.connectorType);
  if (!definition) return { specs: [], mapped: { kind: 'mapped', attributes: {} } };
  const { specs, userIdBase: base, inputs } = await prepareMapping(definition, leased);
  const mapped = mapAccount(specs, user, inputs);
  if (!makes || base === null || mapped.kind !== 'mapped' || userIdClaim?.base === base) return { specs, mapped };

  const numbers = target.config['userIdTaken'] === 'number' ? mostNumbered : 1;
  const choices = Array.from({ length: numbers }, (_, i) => numbered(base, i + 1));
  const claim = await house.database.claimUserId(user.tenantId, { userId: user.id, targetId: target.id, base, choices });
  if (claim) return { specs, mapped: mapAccount(specs, user, { ...inputs, userId: claim.value }) };
  const attribute = specs.find((spec) => spec.defaultMapping?.kind === 'user-id-pattern')?.name ?? target.matchingAttribute;
  return { specs, mapped: { kind: 'failed', attribute, message: taken(numbers) } };
}

const taken = (numbers: number): string =>
  numbers === 1
    ? 'Another user has the id that the user id pattern makes. Change the pattern, the user name, or let the connector number them.'
    : `Other users have the id that the user id pattern makes and all ${numbers} numbered ones. Change the pattern or the user name.`;

/** Throws where the user cannot have an account as the mapping stands: nothing that is tried again changes that. */
export function wantedOf(mapped: Mapped): AccountAttributes {
  switch (mapped.kind) {
    case 'mapped':
      return mapped.attributes;
    case 'missing':
      throw new ConnectorError(
        { kind: 'rejected', attribute: mapped.attribute },
        `The user has no value for the required account attribute "${mapped.attribute}".`,
      );
    case 'failed':
      throw new ConnectorError(
        { kind: 'rejected', attribute: mapped.attribute },
        `The mapping of the account attribute "${mapped.attribute}" failed. ${mapped.message}`,
      );
  }
}
