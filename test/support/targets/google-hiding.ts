/** What the fake Google does not show yet of something it has just made: by its key, in searches, and the name of a group. */
import { refusals, type GoogleError } from './google-errors.ts';

export interface Hiding {
  /** How many more looks by its key are denied. */
  hiddenFor: number;
  /** How many more searches pass it over; null: as long as looks are denied. */
  unlistedFor: number | null;
  /** How a look is denied. */
  deniedWith: 404 | 403;
  /** How many more looks show it without its name. Groups alone. */
  unnamedFor: number;
}
export interface HidingOptions {
  readonly searches?: number | null;
  readonly with?: 404 | 403;
  readonly unnamed?: number;
}

export function hidingFor(looks: number, options: HidingOptions = {}): Hiding {
  return { hiddenFor: looks, unlistedFor: options.searches ?? null, deniedWith: options.with ?? 404, unnamedFor: options.unnamed ?? 0 };
}

/** The answer to this look where it does not show yet; null: it does. */
export function denial(entry: Hiding, what: Parameters<typeof refusals.notFound>[0]): GoogleError | null {
  if (entry.hiddenFor <= 0) return null;
  entry.hiddenFor -= 1;
  return entry.deniedWith === 403 ? refusals.notAuthorized() : refusals.notFound(what);
}

/** Whether this search, which would find it, does. */
export function isListed(entry: Hiding): boolean {
  if (entry.unlistedFor === null) return entry.hiddenFor <= 0;
  if (entry.unlistedFor <= 0) return true;
  entry.unlistedFor -= 1;
  return false;
}

export function isNamed(entry: Hiding): boolean {
  if (entry.unnamedFor <= 0) return true;
  entry.unnamedFor -= 1;
  return false;
}
