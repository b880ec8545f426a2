/** Time zones by their IANA names: what the clock on the wall there says. Pure: the moment is passed in. */

/** One formatter a zone: making one costs a hundred times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  // An offset is none: it knows no summer.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Minutes east of UTC there and then. Throws a RangeError for a zone that does not exist. */
export function zoneMinutes(timeZone: string, at: Date): number {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((local - at.getTime()) / 60_000);
}

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** Date, time and weekday on the wall. */
export function wallClock(at: Date, minutes: number): { readonly date: string; readonly time: string; readonly weekday: Weekday } {
  const local = new Date(at.getTime() + minutes * 60_000);
  const [date = '', rest = ''] = local.toISOString().split('T');
  const weekday = weekdays[(local.getUTCDay() + 6) % 7] ?? 'monday';
  return { date, time: rest.slice(0, 8), weekday };
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formatters.set(timeZone, made);
  return made;
}
