/** The two durations that can be compared: days and seconds, exactly; years and months, exactly. */
import type { DataType } from './data-type.ts';
import { collapse } from './plain.ts';
import type { DayTime, YearMonth } from './value.ts';

const nanosPer = { second: 1_000_000_000n, minute: 60_000_000_000n, hour: 3_600_000_000_000n, day: 86_400_000_000_000n } as const;

export const dayTimeDuration: DataType<DayTime> = {
  id: 'http://www.w3.org/2001/XMLSchema#dayTimeDuration',
  name: 'dayTimeDuration',
  parse: (text) => {
    const found = /^(-)?P(?:(\d{1,12})D)?(T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,9})0*)?S)?)?$/.exec(collapse(text));
    if (!found) return null;
    const [, minus, days, clock, hours, minutes, seconds, fraction = ''] = found;
    // P, PT and P1DT say nothing where something is announced.
    if ((days === undefined && clock === undefined) || clock === 'T') return null;
    const nanos =
      BigInt(days ?? 0) * nanosPer.day +
      BigInt(hours ?? 0) * nanosPer.hour +
      BigInt(minutes ?? 0) * nanosPer.minute +
      BigInt(seconds ?? 0) * nanosPer.second +
      BigInt(fraction.padEnd(9, '0'));
    return { nanos: minus === undefined ? nanos : -nanos };
  },
  write: writeDayTime,
  canonical: writeDayTime,
  key: ({ nanos }) => nanos,
};

export const yearMonthDuration: DataType<YearMonth> = {
  id: 'http://www.w3.org/2001/XMLSchema#yearMonthDuration',
  name: 'yearMonthDuration',
  parse: (text) => {
    const found = /^(-)?P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?$/.exec(collapse(text));
    if (!found || (found[2] === undefined && found[3] === undefined)) return null;
    const months = Number(found[2] ?? 0) * 12 + Number(found[3] ?? 0);
    return { months: found[1] === undefined || months === 0 ? months : -months };
  },
  write: writeYearMonth,
  canonical: writeYearMonth,
  key: ({ months }) => months,
};

function writeDayTime({ nanos }: DayTime): string {
  const size = nanos < 0n ? -nanos : nanos;
  const days = size / nanosPer.day;
  const [hours, minutes, seconds] = [(size / nanosPer.hour) % 24n, (size / nanosPer.minute) % 60n, (size / nanosPer.second) % 60n];
  const rest = size % nanosPer.second;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  const clock = `${part(hours, 'H')}${part(minutes, 'M')}${seconds === 0n && rest === 0n ? '' : `${seconds}${fraction}S`}`;
  const whole = `${part(days, 'D')}${clock === '' ? '' : `T${clock}`}`;
  return `${nanos < 0n ? '-' : ''}P${whole === '' ? 'T0S' : whole}`;
}

function writeYearMonth({ months }: YearMonth): string {
  const size = Math.abs(months);
  const whole = `${part(BigInt(Math.floor(size / 12)), 'Y')}${part(BigInt(size % 12), 'M')}`;
  return `${months < 0 ? '-' : ''}P${whole === '' ? '0M' : whole}`;
}

function part(amount: bigint, unit: string): string {
  return amount === 0n ? '' : `${amount}${unit}`;
}
