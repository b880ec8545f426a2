/** Upgrades to WebSocket do not pass Express: here they are listened for. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

export type Take = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** Gives `take` the upgrades of `path` on this server; leaves other paths to other listeners. Returns how to end it. */
export function takeUpgrades(server: Server, path: string, take: Take, failed: (error: unknown) => void): () => void {
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split('?', 1)[0] !== path) {
      // In somebody else's application another listener may want it; where there is none nobody would ever answer.
      if (server.listenerCount('upgrade') === 1) socket.destroy();
      return;
    }
    // Who goes while we load is no error; without a listener it would end the process.
    const gone = (): void => undefined;
    socket.on('error', gone);
    take(request, socket, head)
      .catch((error: unknown) => {
        failed(error);
        socket.destroy();
      })
      .finally(() => socket.off('error', gone));
  };
  server.on('upgrade', upgrade);
  return () => server.off('upgrade', upgrade);
}
