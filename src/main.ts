/** The program: settings, app, listen, and on SIGTERM a drain. Everything else is in app.ts. */
import { createServer, type Server } from 'node:http';
import { inspect } from 'node:util';
import { buildApp, type App } from './app.ts';
import { EnvironmentError, readEnvironment, type Environment } from './config/environment.ts';
import { FolderInUse } from './persistence/folder-lock.ts';

async function start(environment: Environment): Promise<void> {
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

function listen(server: Server, { host, port }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new CannotListen(`Usher cannot listen at USHER_HOST and USHER_PORT: ${error.message}.`, { cause: error })),
    );
    server.listen(port, host, resolve);
  });
}

class CannotListen extends Error {}

/** What whoever starts it can mend is said in a sentence; anything else is told with all we know. */
function wordsFor(error: unknown): string {
  if (error instanceof EnvironmentError || error instanceof FolderInUse || error instanceof CannotListen) return error.message;
  return `Usher cannot start.\n${inspect(error)}`;
}

try {
  await start(readEnvironment(process.env));
} catch (error) {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(1);
}
