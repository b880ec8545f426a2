/** A browser without a screen: cookies, redirects by hand, forms, the origin headers that browsers send. For tests, the demo and the benchmarks. */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Addresses that redirected here, the first one asked for included. */
  readonly via: readonly string[];
}

export interface Browser {
  get(url: string, options?: VisitOptions): Promise<Page>;
  /** Posts fields as a form of `from` would; `from` decides what the Origin headers say. */
  post(url: string, fields: Readonly<Record<string, string>>, options?: VisitOptions & { readonly from?: string }): Promise<Page>;
  /** Fills in and submits the page's first form. */
  submit(page: Page, fields?: Readonly<Record<string, string>>, options?: VisitOptions): Promise<Page>;
  /** Submits the pages that bring a SAML response until one does not. */
  signIn(url: string, options?: VisitOptions): Promise<Page>;
  /** The same from a page on. */
  signInFrom(page: Page, options?: VisitOptions): Promise<Page>;
  /** Goes on from a page that refreshes itself, at once instead of after its seconds, until it leads elsewhere. */
  waitOut(page: Page, deadlineMs?: number): Promise<Page>;
  /** Cookies by name, for one host. */
  cookies(host: string): ReadonlyMap<string, string>;
  setCookie(host: string, name: string, value: string): void;
}
export interface VisitOptions {
  /** Stop at the first redirect. */
  readonly stay?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const mostRedirects = 20;

export function createBrowser(): Browser {
  // Browsers share cookies between the ports of a host.
  const jar = new Map<string, Map<string, string>>();
  const jarOf = (host: string): Map<string, string> => {
    const cookies = jar.get(host) ?? new Map<string, string>();
    jar.set(host, cookies);
    return cookies;
  };

  async function visit(url: string, init: RequestInit, options: VisitOptions, via: readonly string[]): Promise<Page> {
    const cookies = jarOf(new URL(url).hostname);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie ? { cookie } : {}), ...(init.headers as Record<string, string>), ...options.headers };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    const text = await response.text();
    const location = response.headers.get('location');
    if (location === null || response.status < 300 || response.status > 399 || options.stay)
      return { url, status: response.status, headers: response.headers, text, via };
    if (via.length >= mostRedirects) throw new Error(`Redirected in a circle: ${via.join(' → ')}`);
    return visit(new URL(location, url).href, {}, options, [...via, url]);
  }

  const browser: Browser = {
    get: (url, options = {}) => visit(url, {}, options, []),
    post: (url, fields, options = {}) => {
      const from = new URL(options.from ?? url).origin;
      const headers = { origin: from, 'sec-fetch-site': from === new URL(url).origin ? 'same-origin' : 'cross-site' };
      return visit(url, { method: 'POST', body: new URLSearchParams(fields), headers }, options, []);
    },
    submit: (page, fields = {}, options = {}) => {
      const form = formOf(page);
      return browser.post(form.action, { ...form.fields, ...fields }, { ...options, from: page.url });
    },
    signIn: async (url, options = {}) => browser.signInFrom(await browser.get(url, options), options),
    signInFrom: async (page, options = {}) => {
      let current = page;
      while (current.text.includes('name="SAMLResponse"')) current = await browser.submit(current, {}, options);
      return current;
    },
    waitOut: async (page, deadlineMs = 10_000) => {
      const until = performance.now() + deadlineMs;
      let current = page;
      while (/<meta http-equiv="refresh"/.test(current.text)) {
        if (performance.now() > until) throw new Error(`The page still waits:\n${current.text}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
        current = await browser.get(current.url);
      }
      return current;
    },
    cookies: (host) => jarOf(host),
    setCookie: (host, name, value) => void jarOf(host).set(name, value),
  };
  return browser;
}

/** The first form: where it leads, and what it holds before anybody types. */
export function formOf(page: Page): { readonly action: string; readonly fields: Readonly<Record<string, string>> } {
  const form = /<form([^>]*)>(.*?)<\/form>/s.exec(page.text);
  if (!form) throw new Error(`There is no form on ${page.url}:\n${page.text}`);
  const fields: Record<string, string> = {};
  for (const [input] of form[2]!.matchAll(/<input[^>]*>/gs)) {
    const name = attributeOf(input, 'name');
    if (name !== null) fields[name] = attributeOf(input, 'value') ?? '';
  }
  return { action: new URL(attributeOf(form[1]!, 'action') ?? '', page.url).href, fields };
}

function attributeOf(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 's').exec(tag)?.[1];
  return value === undefined
    ? null
    : value
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&');
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).trim();
  const expires = attributes.map((one) => /^\s*expires=(.*)$/i.exec(one)?.[1]).find((one) => one !== undefined);
  if (expires !== undefined && Date.parse(expires) < Date.now()) cookies.delete(name);
  else cookies.set(name, pair.slice(at + 1).trim());
}
