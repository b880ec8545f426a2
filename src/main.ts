/** The program: settings, app, listen, and on SIGTERM a drain. Everything else is in app.ts. */
import { createServer } from 'node:http';
import { buildApp, type App } from './app.ts';
import { EnvironmentError, readEnvironment, type Environment } from './config/environment.ts';

async function start(environment: Environment): Promise<void> {
  const app = await buildApp(environment);
  const server = createServer(app.listener);
  app.web?.attach(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(environment.port, environment.host, resolve));
  tellFirstAdministrator(app, environment.publicUrl);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : null;
  app.logger.info(
    { roles: environment.roles, publicUrl: environment.publicUrl, port, startedMs: Math.round(performance.now()) },
    'Usher is ready',
  );
  const stop = async (): Promise<void> => {
    server.close();
    await app.close();
    server.closeAllConnections();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(0)));
}

/** Once, on standard output, never in the log. */
function tellFirstAdministrator({ firstAdministrator, web }: App, publicUrl: string): void {
  if (!firstAdministrator?.oneTimePassword) return;
  const where = web ? `Sign in at ${publicUrl}/graphql with the mutation signIn.` : 'Sign in at a process that serves the web.';
  process.stdout.write(
    `\n  First start. Administrator "${firstAdministrator.userName}" of tenant "${firstAdministrator.tenantName}", one-time password:\n\n      ${firstAdministrator.oneTimePassword}\n\n  ${where} It is not shown again.\n\n`,
  );
}

try {
  await start(readEnvironment(process.env));
} catch (error) {
  process.stderr.write(
    `${error instanceof EnvironmentError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
