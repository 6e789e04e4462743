// Python's `datetime.datetime` and JavaScript's `Date`, both ways. Other types of that module have
// files of their own.

import type { Description, NativeRecord } from '../native/binding.js';
import { describeInstances } from './describers.js';
import { field, numberField, textField } from './fields.js';

const PYTHON_TYPE = 'datetime:datetime';

/**
 * A Python `datetime` that no `Date` can hold without loss: a naive one, one in another zone than
 * UTC, or one with microseconds. Sent back, it is the same `datetime` again. A `datetime` in UTC
 * with whole milliseconds arrives as a plain `Date`.
 *
 * @example
 * const when = await py.evaluate<PythonDateTime>("datetime.datetime(2024, 2, 29, 12, 30)");
 * when.toString(); // "2024-02-29T12:30:00"
 * when.offset;     // null: Python did not say which zone
 */
export class PythonDateTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** 1: the second of two equal local times (when clocks go back). */
  readonly fold: number;
  /** Seconds east of UTC; null: naive. */
  readonly offset: number | null;
  /** The IANA name of the zone, if it has one. */
  readonly zone: string | null;
  /** What Python calls a fixed offset, if it was given a name (`timezone(offset, name)`). */
  readonly zoneName: string | null;

  constructor(parts: {
    readonly year: number;
    readonly month: number;
    readonly day: number;
    readonly hour?: number;
    readonly minute?: number;
    readonly second?: number;
    readonly microsecond?: number;
    readonly fold?: number;
    readonly offset?: number | null;
    readonly zone?: string | null;
    readonly zoneName?: string | null;
  }) {
    this.year = parts.year;
    this.month = parts.month;
    this.day = parts.day;
    this.hour = parts.hour ?? 0;
    this.minute = parts.minute ?? 0;
    this.second = parts.second ?? 0;
    this.microsecond = parts.microsecond ?? 0;
    this.fold = parts.fold ?? 0;
    this.offset = parts.offset ?? null;
    this.zone = parts.zone ?? null;
    this.zoneName = parts.zoneName ?? null;
    Object.freeze(this);
  }

  /** The moment as a `Date`, microseconds cut off; null when it is naive: then there is no moment. */
  toDate(): Date | null {
    if (this.offset === null) return null;
    return new Date(utcMilliseconds(this) - this.offset * 1000);
  }

  /** ISO 8601, as Python's `isoformat()`. */
  toString(): string {
    const { year, month, day, hour, minute, second } = this;
    const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
    const time = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
    const fraction = this.microsecond === 0 ? '' : `.${pad(this.microsecond, 6)}`;
    return `${date}T${time}${fraction}${formatOffset(this.offset)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

describeInstances(PythonDateTime, describeDateTime);

function describeDateTime(value: PythonDateTime): Description {
  const { year, month, day, hour, minute, second, microsecond, fold } = value;
  const parts = { year, month, day, hour, minute, second, microsecond, fold };
  const fields = [...Object.entries(parts), ...zoneFields(value)];
  return { as: 'record', record: { kind: 'datetime', type: PYTHON_TYPE, fields } };
}

/** What says a zone, as a record has it. */
export function zoneFields(zone: {
  readonly offset: number | null;
  readonly zone: string | null;
  readonly zoneName: string | null;
}): [string, unknown][] {
  const fields: [string, unknown][] = [
    ['offset', zone.offset],
    ['zone', zone.zone],
  ];
  if (zone.zoneName !== null) fields.push(['name', zone.zoneName]);
  return fields;
}

/** A `Date` if that loses nothing, else a {@link PythonDateTime}. */
export function dateTimeFromRecord(record: NativeRecord): Date | PythonDateTime {
  const offset = field(record, 'offset');
  const value = new PythonDateTime({
    year: numberField(record, 'year'),
    month: numberField(record, 'month'),
    day: numberField(record, 'day'),
    hour: numberField(record, 'hour'),
    minute: numberField(record, 'minute'),
    second: numberField(record, 'second'),
    microsecond: numberField(record, 'microsecond'),
    fold: numberField(record, 'fold'),
    offset: typeof offset === 'number' ? offset : null,
    zone: textField(record, 'zone'),
    zoneName: textField(record, 'name'),
  });
  const isUtc =
    value.offset === 0 && (value.zone === null || value.zone === 'UTC') && value.zoneName === null;
  const fits = isUtc && value.microsecond % 1000 === 0 && value.fold === 0;
  return fits ? new Date(utcMilliseconds(value)) : value;
}

describeInstances(Date, describeDate);

/** What a `Date` crosses as: an aware `datetime` in UTC. Python knows the years 1 to 9999 only. */
function describeDate(date: Date): Description | undefined {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const value = new PythonDateTime({
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000,
    offset: 0,
  });
  return describeDateTime(value);
}

function utcMilliseconds(parts: PythonDateTime): number {
  // Not `Date.UTC(...)`: it takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(parts.year, parts.month - 1, parts.day);
  date.setUTCHours(parts.hour, parts.minute, parts.second, Math.floor(parts.microsecond / 1000));
  return date.getTime();
}

/** `+05:30`; empty for a naive value. */
export function formatOffset(offset: number | null): string {
  if (offset === null) return '';
  const seconds = Math.abs(offset);
  const rest = seconds % 60 === 0 ? '' : `:${pad(Math.floor(seconds % 60))}`;
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(seconds / 3600))}:${pad(Math.floor((seconds % 3600) / 60))}${rest}`;
}

/** A number with leading zeros. */
export function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
