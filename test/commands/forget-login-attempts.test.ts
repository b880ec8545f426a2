import { afterAll, beforeAll, expect, it } from 'vitest';
import { forgetLoginAttempts } from '../../src/commands/forget-login-attempts.ts';
import { refuseLogin } from '../../src/commands/refuse-login.ts';
import type { ServiceProviderId } from '../../src/domain/vocabulary.ts';
import { openConfiguration, type Configuration, type ConfiguredTenant } from '../support/configuration.ts';

let configuration: Configuration;
let tenants: readonly ConfiguredTenant[];
beforeAll(async () => {
  configuration = await openConfiguration();
  tenants = [await configuration.tenant(), await configuration.tenant()];
});
afterAll(() => configuration.close());

const inAMinute = () => new Date(Date.now() + 60_000);
const register = '($input: RegisterServiceProviderInput!) { registerServiceProvider(input: $input) { ... on ServiceProvider { id } } }';
const left = (tenant: ConfiguredTenant) => configuration.database.reads(tenant.tenantId).find('loginAttempt', {});

it('logins that were decided before a date are forgotten, of every tenant; held ones and later ones stay', async () => {
  const { house } = configuration;
  for (const tenant of tenants) {
    const { id } = await tenant.run(`mutation${register}`, { input: { name: 'Shop' } });
    const serviceProviderId = id as ServiceProviderId;
    const { tenantId } = tenant;
    for (let time = 0; time < 3; time++)
      await refuseLogin(house, { tenantId, serviceProviderId, identityProviderId: null, reason: 'not-verified' });
    const [first] = await left(tenant);
    await house.database.transaction(tenantId, (tx) => tx.change('loginAttempt', first!.id, { state: 'held' }));
  }
  expect(await forgetLoginAttempts(house, new Date(Date.now() - 60_000))).toBe(0);
  expect(await forgetLoginAttempts(house, inAMinute())).toBe(4);
  for (const tenant of tenants) expect((await left(tenant)).map((attempt) => attempt.state)).toEqual(['held']);
});
