/** Where a person may be sent after signing in or out: only where the service provider said. No open redirect. */
import type { ServiceProvider } from '../domain/vocabulary.ts';

type Destinations = Pick<ServiceProvider, 'homeUrl' | 'returnUrls'>;

/** It travels in a cookie, and all cookies of a browser together have to be small: see login-cookies.ts. */
const longest = 500;

/** The address, normalised, if it is one of the return URLs or below one that ends with "/"; else null. */
export function judgeReturnTo(asked: unknown, serviceProvider: Destinations): string | null {
  if (typeof asked !== 'string' || asked.length > longest) return null;
  const url = parsePlainUrl(asked);
  // Once more: percent-encoding makes it longer.
  if (!url || url.href.length > longest) return null;
  const allowed = [...serviceProvider.returnUrls, ...(serviceProvider.homeUrl ? [serviceProvider.homeUrl] : [])];
  return allowed.some((entry) => covers(entry, url, serviceProvider.returnUrls.includes(entry))) ? url.href : null;
}

/** Where to go: what was asked for, if still allowed, else home, else the page that tells who is signed in. */
export function destinationOf(returnTo: string | null, serviceProvider: Destinations, publicUrl: string): string {
  return judgeReturnTo(returnTo, serviceProvider) ?? serviceProvider.homeUrl ?? `${publicUrl}/session`;
}

/** Origins of the service provider: its pages may post to /logout, and our forms may lead there. */
export function originsOf(serviceProvider: Destinations): readonly string[] {
  const urls = [...serviceProvider.returnUrls, ...(serviceProvider.homeUrl ? [serviceProvider.homeUrl] : [])];
  return [...new Set(urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])))];
}

function covers(entry: string, url: URL, mayBePrefix: boolean): boolean {
  const allowed = parsePlainUrl(entry);
  if (!allowed) return false;
  if (allowed.href === url.href) return true;
  if (!mayBePrefix || !entry.endsWith('/') || allowed.search !== '' || allowed.hash !== '') return false;
  // A server that decodes %2f after matching could be led out of the folder.
  if (/%2f|%5c/i.test(url.pathname)) return false;
  return allowed.origin === url.origin && url.pathname.startsWith(allowed.pathname);
}

/** Absolute http(s), nobody before an "@", and nothing that browsers read otherwise than we do: backslashes, blanks, control characters. */
function parsePlainUrl(text: string): URL | null {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (!/^https?:\/\/[^/\\]/i.test(text) || /[\u0000-\u0020\u007f\\]/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url : null;
}
