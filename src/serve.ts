/** Listens with the app, tells who may come in first, begins to work, and drains on SIGTERM. Loaded by main.ts, with everything that it needs. */
import { createServer, type Server } from 'node:http';
import { buildApp, type App } from './app.ts';
import { CannotListen } from './cannot-start.ts';
import type { Environment } from './config/environment.ts';

export async function serve(environment: Environment): Promise<void> {
  const app = await buildApp(environment);
  // Before anything else can fail: nobody can read it again.
  tellFirstAdministrator(app, environment.publicUrl);
  const server = createServer(app.listener);
  app.web?.attach(server);
  try {
    await listen(server, environment);
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : null;
  app.logger.info(
    { roles: environment.roles, publicUrl: environment.publicUrl, port, startedMs: Math.round(performance.now()) },
    'Usher is ready',
  );
  if (environment.production && app.web && !environment.publicUrl.startsWith('https:'))
    app.logger.warn(
      { publicUrl: environment.publicUrl },
      'USHER_PUBLIC_URL is no https: passwords and session cookies travel in the clear',
    );
  const stop = async (): Promise<void> => {
    server.close();
    await app.close();
    server.closeAllConnections();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(0)));
  await app.begin();
}

/** Once, on standard output, never in the log. */
function tellFirstAdministrator({ firstAdministrator, web }: App, publicUrl: string): void {
  if (!firstAdministrator?.oneTimePassword) return;
  const where = web ? `Sign in at ${publicUrl}/graphql with the mutation signIn.` : 'Sign in at a process that serves the web.';
  process.stdout.write(
    `\n  First start. Administrator "${firstAdministrator.userName}" of tenant "${firstAdministrator.tenantName}", one-time password:\n\n      ${firstAdministrator.oneTimePassword}\n\n  ${where} It is not shown again.\n\n`,
  );
}

function listen(server: Server, { host, port }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new CannotListen(error)));
    server.listen(port, host, resolve);
  });
}
