/** Records a login that never got as far as a person: its proof did not hold. */
import type { IdentityProviderId, LoginAttemptId, ServiceProviderId, TenantId } from '../domain/vocabulary.ts';
import type { Refusal } from './login-outcome.ts';
import type { House } from './ports.ts';

export interface RefuseLoginInput {
  readonly tenantId: TenantId;
  readonly serviceProviderId: ServiceProviderId;
  readonly identityProviderId: IdentityProviderId | null;
  readonly reason: Refusal;
}

export async function refuseLogin(house: House, input: RefuseLoginInput): Promise<{ readonly reference: string }> {
  const id = house.chance.uuid() as LoginAttemptId;
  const reference = referenceOf(id);
  await house.database.transaction(input.tenantId, async (tx) => {
    await tx.insert('loginAttempt', {
      id,
      serviceProviderId: input.serviceProviderId,
      identityProviderId: input.identityProviderId,
      userId: null,
      state: 'refused',
      refusal: input.reason,
      reference,
      browserHash: null,
      returnTo: null,
      holds: [],
      decidedAt: house.clock.now(),
    });
    await tx.append([
      {
        type: 'login.refused',
        payload: { loginAttemptId: id, serviceProviderId: input.serviceProviderId, reason: input.reason, reference },
      },
    ]);
  });
  house.metrics.loginDecided('refused', 0);
  return { reference };
}

/** What a person reads out to an administrator: the random end of the id, in groups. */
export function referenceOf(id: LoginAttemptId): string {
  const end = id.replaceAll('-', '').slice(-12).toUpperCase();
  return `${end.slice(0, 4)}-${end.slice(4, 8)}-${end.slice(8)}`;
}
