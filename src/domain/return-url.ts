/** Where a person may be sent: absolute http or https URLs without a user name, password or fragment. Pure; judging a request's URL is the login's. */

export function isReturnUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || text.includes('#') || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '';
}
