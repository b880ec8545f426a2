/**
 * A Passport strategy for local names and passwords. Whatever is wrong gives the same answer after the same work: nobody learns which
 * names exist or which are locked. Counting and locking is not done here, but in try-password.ts.
 */
import type passport from 'passport';
import { z } from 'zod';
import { isStorable } from '../../domain/text.ts';
import type { ServiceProvider, User, UserId } from '../../domain/vocabulary.ts';
import type { LoginDeps } from '../login-deps.ts';

export function passwordStrategy(deps: LoginDeps, serviceProvider: ServiceProvider): passport.Strategy {
  const strategy: Pick<passport.Strategy, 'name' | 'authenticate'> & ThisType<passport.StrategyCreated<passport.Strategy>> = {
    name: 'password',
    authenticate(req) {
      verify(deps, serviceProvider, req.body).then(
        (user) => (user ? this.success({ userId: user.id }) : this.fail(401)),
        (error: unknown) => this.error(error),
      );
    },
  };
  return strategy;
}

/** From what the strategy found; null where it found nobody. */
export function userIdOf(profile: unknown): UserId | null {
  const found = verified.safeParse(profile);
  return found.success ? found.data.userId : null;
}

async function verify(deps: LoginDeps, serviceProvider: ServiceProvider, body: unknown): Promise<User | null> {
  const form = passwordForm.safeParse(body);
  if (!form.success) return null;
  const user = await find(deps, serviceProvider, form.data.userName);
  const right = await deps.tryPassword(user, form.data.password);
  return right ? user : null;
}

/** The service provider's own user store first: a name may exist once in each. */
async function find(deps: LoginDeps, serviceProvider: ServiceProvider, userName: string): Promise<User | null> {
  const { credentials } = deps.database;
  const { tenantId, userStoreId } = serviceProvider;
  return (await credentials.user(tenantId, userStoreId, userName)) ?? credentials.user(tenantId, null, userName);
}

const passwordForm = z.object({ userName: z.string().min(1).max(256).refine(isStorable), password: z.string().min(1).max(1_024) });
const verified = z.object({ userId: z.custom<UserId>((value) => typeof value === 'string') });
