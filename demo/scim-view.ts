/** What the SCIM server says when it is asked over HTTP, as any of its clients would: not what we believe to have sent. */

export interface ScimAccount {
  readonly id: string;
  readonly userName: string;
  readonly externalId?: string;
  readonly active?: boolean;
  readonly name?: { readonly givenName?: string; readonly familyName?: string };
  readonly emails?: readonly { readonly value: string }[];
  readonly meta?: { readonly created?: string };
}
export type ScimView = (userName: string) => Promise<readonly ScimAccount[]>;

export function viewScim(url: string, token: string): ScimView {
  return async (userName) => {
    const response = await fetch(`${url}/Users?${new URLSearchParams({ filter: `userName eq "${userName}"` }).toString()}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`The SCIM server answered ${response.status}.`);
    const { Resources } = (await response.json()) as { Resources?: readonly ScimAccount[] };
    return Resources ?? [];
  };
}

export function inOneLine(account: ScimAccount): string {
  const name = [account.name?.givenName, account.name?.familyName].filter((part) => part !== undefined).join(' ');
  const emails = (account.emails ?? []).map((email) => email.value).join(', ');
  return `${account.userName}: ${name}, ${emails}, ${account.active === false ? 'NOT active' : 'active'}, id ${account.id}`;
}
