/** Which site a form was posted from: SameSite cookies do not tell our own pages from those of a neighbouring host. */
import type { Request } from 'express';

/** True where the browser says that the page which posted this is our own, or of one of these origins. A request that says nothing is refused. */
export function cameFrom(req: Request, origins: readonly string[]): boolean {
  if (req.headers['sec-fetch-site'] === 'same-origin') return true;
  const { origin, referer } = req.headers;
  if (origin !== undefined) return origins.includes(origin);
  return referer !== undefined && URL.canParse(referer) && origins.includes(new URL(referer).origin);
}
