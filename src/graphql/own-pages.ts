/** Cross-site request forgery where Apollo's own check does not reach: a cookie counts only from our own pages. */
import type { IncomingMessage } from 'node:http';

/** By the Origin header, which browsers always send with an upgrade and with a POST. */
export function fromOwnPages(request: IncomingMessage, publicUrl: string): boolean {
  const { origin } = request.headers;
  return origin !== undefined && (origin === new URL(publicUrl).origin || hostOf(origin) === request.headers.host);
}

/** A simple GET carries no Origin; there the browser says by Sec-Fetch-Site where it comes from. */
export const fromOwnPagesOrSameSite = (request: IncomingMessage, publicUrl: string): boolean =>
  request.headers['sec-fetch-site'] === 'same-origin' || fromOwnPages(request, publicUrl);

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);
