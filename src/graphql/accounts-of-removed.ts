/** What becomes of accounts when the setting that led to them goes: asked for in the same mutation, or they stay. */
import { z } from 'zod';
import type { AccountsOfRemoved } from '../commands/remove-provisioning-connector.ts';
import { enumOf } from './enums.ts';

export const AccountsOfRemovedEnum = enumOf<AccountsOfRemoved>(
  'AccountsOfRemoved',
  'What becomes of accounts when the setting that led to them is removed.',
  {
    keep: 'Accounts stay as they are, and people stay assigned.',
    deprovision: "Accounts that nothing else calls for are ended as their connector's removal setting says, in the background.",
  },
);

export const confirmedAccounts = z.int().min(0, 'No less than none.').nullish();
export const confirmedAccountsDescription =
  'How many accounts you know to end with it: up to so many pass the guard of their connectors. Absent or null: many are held for somebody to confirm.';
