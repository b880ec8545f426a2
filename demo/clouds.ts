/** Google Workspace and Salesforce in the demo: fakes that speak HTTP as the real ones do, configured through GraphQL, and what they hold. */
import type { Administrator, ServiceProvider, Target } from '../test/support/administer.ts';
import { startClouds, type Clouds } from '../test/support/clouds.ts';

/** As far away as clouds are. */
export async function startDistantClouds(): Promise<Clouds> {
  const clouds = await startClouds();
  clouds.google.latency(150);
  clouds.salesforce.latency(150);
  return clouds;
}

export interface EmployeePortal {
  readonly serviceProvider: ServiceProvider;
  readonly workspace: Target;
  readonly organisation: Target;
}

/** Employees register themselves; whoever does is to have accounts at both, and is let in when Salesforce has theirs. */
export async function foundEmployeePortal(admin: Administrator, clouds: Clouds): Promise<EmployeePortal> {
  const workspace = await clouds.workspace(admin, 'Google Workspace', { useGroups: true });
  const organisation = await clouds.organisation(admin, 'Salesforce');
  const serviceProvider = await admin.addServiceProvider({
    name: 'Employees',
    more: { selfRegistration: true, passwordSignIn: true },
  });
  await admin.configureOutbound(serviceProvider, [{ target: workspace }, { target: organisation, blocking: true, deadlineMs: 60_000 }]);
  return { serviceProvider, workspace, organisation };
}

/** One account, whichever of the two holds it. */
export interface CloudAccount {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly inOneLine: string;
}

/** What Google has under this address, by its own books. */
export function atGoogle(clouds: Clouds, address: string): readonly CloudAccount[] {
  return clouds
    .atGoogle(address)
    .map(({ id, givenName, familyName, active }) => told(address, id, `${String(givenName)} ${String(familyName)}`, active, 'suspended'));
}

/** What Salesforce has under this username, by its own books. */
export function atSalesforce(clouds: Clouds, username: string): readonly CloudAccount[] {
  return clouds
    .atSalesforce(username)
    .map(({ id, FirstName, LastName, active }) => told(username, id, `${String(FirstName)} ${String(LastName)}`, active, 'not active'));
}

function told(account: string, id: string, name: string, active: boolean, otherwise: string): CloudAccount {
  return { id, name, active, inOneLine: `${account}  ${name}  ${active ? 'active' : otherwise}  id ${id}` };
}
