/** Makes a deactivated user active again; the accounts at the targets they are assigned to follow. */
import type { User } from '../domain/vocabulary.ts';
import type { Caller } from './caller.ts';
import { switchUser, type SwitchUserInput } from './deactivate-user.ts';
import type { Outcome } from './outcome.ts';
import type { House } from './ports.ts';

export const reactivateUser = (house: House, caller: Caller, input: SwitchUserInput): Promise<Outcome<User>> =>
  switchUser(house, caller, input, { active: true, event: 'user.reactivated' });
