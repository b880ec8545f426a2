import { randomBytes } from 'node:crypto';

/** What a new account begins with. It is made or taken at the moment of the create, and kept nowhere else. */
export type PasswordProvisioning =
  { readonly kind: 'off' } | { readonly kind: 'random' } | { readonly kind: 'default'; readonly password: string };

/** What a create sends besides the account's attributes; nothing where passwords are not provisioned. */
export function firstPassword(provisioning: PasswordProvisioning): { readonly password?: string } {
  switch (provisioning.kind) {
    case 'off':
      return {};
    case 'random':
      return { password: randomPassword() };
    case 'default':
      return { password: provisioning.password };
  }
}

/** 28 characters of every class that servers ask for, 144 random bits. No longer, because some servers allow 32. Nobody knows it. */
function randomPassword(): string {
  return `aA1-${randomBytes(18).toString('base64url')}`;
}
