/** Makes an API token: a program's way in, with one role in one tenant. The token is told once; its hash is kept. */
import type { ApiToken, Role } from '../domain/vocabulary.ts';
import { reaches, type Caller } from './caller.ts';
import { done, invalid, type Outcome } from './outcome.ts';
import type { House } from './ports.ts';
import { sha256 } from './sha256.ts';

export interface CreateApiTokenInput {
  readonly name: string;
  readonly role: Role;
  /** null: it never expires. */
  readonly expiresAt: Date | null;
}
export interface CreatedApiToken {
  readonly apiToken: ApiToken;
  readonly token: string;
}

/** Tells tokens of Usher apart from others, for people and for secret scanners. */
export const apiTokenPrefix = 'usher_';

/** What is kept of a token. It has 256 bits of chance, so a fast hash is enough. */
export const hashOfApiToken = sha256;

export async function createApiToken(house: House, caller: Caller, input: CreateApiTokenInput): Promise<Outcome<CreatedApiToken>> {
  const { database, chance, clock } = house;
  if (!reaches(caller.role, input.role)) return invalid({ path: ['role'], message: 'A token cannot do more than who makes it.' });
  if (input.expiresAt !== null && input.expiresAt <= clock.now()) return invalid({ path: ['expiresAt'], message: 'This is in the past.' });
  const token = `${apiTokenPrefix}${chance.secret()}`;
  const apiToken = await database.transaction(caller.tenantId, async (tx) => {
    const kept = { id: chance.uuid(), name: input.name, role: input.role, expiresAt: input.expiresAt };
    const inserted = await tx.insertApiToken(kept, hashOfApiToken(token));
    await tx.append([{ type: 'api-token.created', payload: { apiTokenId: inserted.id, role: inserted.role } }]);
    return inserted;
  });
  return done({ apiToken, token });
}
