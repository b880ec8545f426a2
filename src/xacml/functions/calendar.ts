/** Moments moved by durations. */
import { processingError, type Fault } from '../fault.ts';
import type { DataType } from '../values/data-type.ts';
import { dayTimeDuration, yearMonthDuration } from '../values/duration.ts';
import { civilFromDays, date, dateTime, day, daysFromCivil, daysInMonth, isWithinCalendar } from '../values/moment.ts';
import { define, functionUrn, one, type FirstOrderFunction } from './definition.ts';
import type { Moment } from '../values/value.ts';

export const calendarFunctions: readonly FirstOrderFunction[] = [
  define(urn('dateTime-add-dayTimeDuration'), [one(dateTime), one(dayTimeDuration)], one(dateTime), ([a, b]) => addNanos(a, b.nanos)),
  define(urn('dateTime-subtract-dayTimeDuration'), [one(dateTime), one(dayTimeDuration)], one(dateTime), ([a, b]) => addNanos(a, -b.nanos)),
  ...addsMonths(dateTime),
  ...addsMonths(date),
];

function addsMonths(type: DataType<Moment>): readonly FirstOrderFunction[] {
  return [
    define(urn(`${type.name}-add-yearMonthDuration`), [one(type), one(yearMonthDuration)], one(type), ([a, b]) => addMonths(a, b.months)),
    define(urn(`${type.name}-subtract-yearMonthDuration`), [one(type), one(yearMonthDuration)], one(type), ([a, b]) =>
      addMonths(a, -b.months),
    ),
  ];
}

function urn(name: string): string {
  return functionUrn('3.0', name);
}

function addNanos(moment: Moment, more: bigint): Moment | Fault {
  const second = 1_000_000_000n;
  const nanos = BigInt(moment.nanos) + more;
  const left = ((nanos % second) + second) % second;
  return inCalendar({ ...moment, local: moment.local + Number((nanos - left) / second), nanos: Number(left) });
}

/** The same day of another month, or its last where it has no such day. */
function addMonths(moment: Moment, more: number): Moment | Fault {
  const days = Math.floor(moment.local / day);
  const { year, month, dayOfMonth } = civilFromDays(days);
  const months = year * 12 + (month - 1) + more;
  const [toYear, toMonth] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  const moved = daysFromCivil(toYear, toMonth, Math.min(dayOfMonth, daysInMonth(toYear, toMonth)));
  return inCalendar({ ...moment, local: moved * day + (moment.local - days * day) });
}

function inCalendar(moment: Moment): Moment | Fault {
  return Number.isSafeInteger(moment.local) && isWithinCalendar(moment.local)
    ? moment
    : processingError('The date is out of the calendar.');
}
