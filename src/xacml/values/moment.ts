/** xs:dateTime, xs:date and xs:time: exact to the nanosecond, with a zone or without, in the proleptic Gregorian calendar. */
import type { DataType } from './data-type.ts';
import { collapse } from './plain.ts';
import type { Moment } from './value.ts';

export const day = 86_400;
const mostYears = 999_999;

/** The same moment in a form to compare by: seconds, and nanoseconds as their fraction. */
export function compareMoments(a: Moment, b: Moment, zone: () => number): number {
  const difference = utcSeconds(a, zone) - utcSeconds(b, zone);
  return difference === 0 ? a.nanos - b.nanos : difference;
}

export function utcSeconds(moment: Moment, zone: () => number): number {
  return moment.local - (moment.zone ?? zone()) * 60;
}

/** Years of more than six digits are out: so far all is exact. */
export function isWithinCalendar(local: number): boolean {
  return local >= daysFromCivil(-mostYears, 1, 1) * day && local < daysFromCivil(mostYears + 1, 1, 1) * day;
}

const lexical = {
  date: /^(-?\d{4,6})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?$/,
  time: /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})0*)?(Z|[+-]\d\d:\d\d)?$/,
  dateTime: /^(-?\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})0*)?(Z|[+-]\d\d:\d\d)?$/,
};

export const dateTime: DataType<Moment> = momentType('dateTime', {
  parse: (text) => {
    const [, year, month, dayOfMonth, hour, minute, second, fraction, zone] = lexical.dateTime.exec(text) ?? [];
    return moment(dayNumber(year, month, dayOfMonth), clock(hour, minute, second, fraction), fraction, zone);
  },
  write: (value) => `${writeDate(value.local)}T${writeClock(value)}${writeZone(value.zone)}`,
});

export const date: DataType<Moment> = momentType('date', {
  parse: (text) => {
    const [, year, month, dayOfMonth, zone] = lexical.date.exec(text) ?? [];
    return moment(dayNumber(year, month, dayOfMonth), 0, undefined, zone);
  },
  write: (value) => `${writeDate(value.local)}${writeZone(value.zone)}`,
});

export const time: DataType<Moment> = momentType('time', {
  parse: (text) => {
    const [, hour, minute, second, fraction, zone] = lexical.time.exec(text) ?? [];
    const seconds = clock(hour, minute, second, fraction);
    return moment(0, seconds === null ? null : seconds % day, fraction, zone);
  },
  write: (value) => `${writeClock(value)}${writeZone(value.zone)}`,
});

function momentType(
  name: 'dateTime' | 'date' | 'time',
  { parse, write }: { readonly parse: (text: string) => Moment | null; readonly write: (value: Moment) => string },
): DataType<Moment> {
  return {
    id: `http://www.w3.org/2001/XMLSchema#${name}`,
    name,
    parse: (text) => (text.length > 100 ? null : parse(collapse(text))),
    write,
    // A date keeps its zone: of another one it would be part of two days.
    canonical: (value) =>
      write(value.zone === null || name === 'date' ? value : { ...value, local: inDay(name, value.local - value.zone * 60), zone: 0 }),
    key: (value, zone) => `${utcSeconds(value, zone)}.${value.nanos}`,
  };
}

function inDay(name: 'dateTime' | 'date' | 'time', local: number): number {
  return name === 'time' ? modulo(local, day) : local;
}

function moment(days: number | null, seconds: number | null, fraction = '', zoneText: string | undefined): Moment | null {
  const zone = zoneText === undefined ? null : zoneMinutes(zoneText);
  if (days === null || seconds === null || zone === undefined) return null;
  const local = days * day + seconds;
  return isWithinCalendar(local) ? { local, nanos: Number(fraction.padEnd(9, '0')), zone } : null;
}

/** undefined: there is no such zone. */
function zoneMinutes(text: string): number | undefined {
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  if (minutes > 14 * 60 || Number(text.slice(4, 6)) > 59) return undefined;
  // No -0: it would be written another way.
  return text.startsWith('-') && minutes > 0 ? -minutes : minutes;
}

function clock(hour = '', minute = '', second = '', fraction = ''): number | null {
  if (hour === '') return null;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  // 24:00:00 is the beginning of the next day, and nothing after it is.
  if (h === 24) return m === 0 && s === 0 && Number(fraction) === 0 ? day : null;
  return h < 24 && m < 60 && s < 60 ? h * 3600 + m * 60 + s : null;
}

function dayNumber(yearText = '', monthText = '', dayText = ''): number | null {
  const digits = yearText.replace('-', '');
  const written = Number(yearText);
  // No year is called 0 in XML Schema 1.0: before 0001 there was -0001. Leading zeros fill up to four digits only.
  if (digits === '' || written === 0 || (digits.length > 4 && digits.startsWith('0'))) return null;
  const year = written < 0 ? written + 1 : written;
  const [month, dayOfMonth] = [Number(monthText), Number(dayText)];
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return null;
  return daysFromCivil(year, month, dayOfMonth);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01; the year 0 is the one before 1. March is the first month, so that a leap day is the last of a year. */
export function daysFromCivil(year: number, month: number, dayOfMonth: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly dayOfMonth: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function writeDate(local: number): string {
  const { year, month, dayOfMonth } = civilFromDays(Math.floor(local / day));
  const written = year > 0 ? String(year).padStart(4, '0') : `-${String(1 - year).padStart(4, '0')}`;
  return `${written}-${two(month)}-${two(dayOfMonth)}`;
}

function writeClock({ local, nanos }: Moment): string {
  const seconds = modulo(local, day);
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction}`;
}

function writeZone(zone: number | null): string {
  if (zone === null) return '';
  if (zone === 0) return 'Z';
  const minutes = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function modulo(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}

const two = (value: number): string => String(value).padStart(2, '0');
