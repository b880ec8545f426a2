/** Parses an http(s) URL that carries no credentials; null where it is anything else. */
export function parseHttpUrl(value: string): URL | null {
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '' ? url : null;
}

export function isAbsolute(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value);
}
