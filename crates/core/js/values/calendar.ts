// Python's `datetime.date`, `datetime.time` and `datetime.timedelta`. `datetime` itself: datetime.ts.

import type { NativeRecord } from '../native/binding.js';
import { formatOffset, pad, zoneFields } from './datetime.js';
import { describeInstances } from './describers.js';
import { field, numberField, textField } from './fields.js';

/**
 * Python's `date`: a day without a time or a zone.
 *
 * @example
 * await py.call("calendar_tools:is_holiday", [new PythonDate(2024, 12, 25)]);
 */
export class PythonDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
    Object.freeze(this);
  }

  /** `2024-12-25` */
  toString(): string {
    return `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

describeInstances(PythonDate, ({ year, month, day }) => ({
  as: 'record',
  record: { kind: 'date', type: 'datetime:date', fields: Object.entries({ year, month, day }) },
}));

/**
 * Python's `time`: a time of day.
 *
 * @example
 * await py.call("shop:is_open", [new PythonTime({ hour: 9, minute: 30 })]);
 */
export class PythonTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Seconds east of UTC; null: naive. */
  readonly offset: number | null;
  /** 1: the second of two equal local times. */
  readonly fold: number;
  /** The IANA name of the zone, if it has one; a time of day alone has no offset there. */
  readonly zone: string | null;
  /** What Python calls a fixed offset, if it was given a name. */
  readonly zoneName: string | null;

  constructor(parts: {
    readonly hour?: number;
    readonly minute?: number;
    readonly second?: number;
    readonly microsecond?: number;
    readonly offset?: number | null;
    readonly fold?: number;
    readonly zone?: string | null;
    readonly zoneName?: string | null;
  }) {
    this.hour = parts.hour ?? 0;
    this.minute = parts.minute ?? 0;
    this.second = parts.second ?? 0;
    this.microsecond = parts.microsecond ?? 0;
    this.offset = parts.offset ?? null;
    this.fold = parts.fold ?? 0;
    this.zone = parts.zone ?? null;
    this.zoneName = parts.zoneName ?? null;
    Object.freeze(this);
  }

  /** `09:30:00` */
  toString(): string {
    const fraction = this.microsecond === 0 ? '' : `.${pad(this.microsecond, 6)}`;
    return `${pad(this.hour)}:${pad(this.minute)}:${pad(this.second)}${fraction}${formatOffset(this.offset)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

describeInstances(PythonTime, (time) => {
  const { hour, minute, second, microsecond, fold } = time;
  const parts = Object.entries({ hour, minute, second, microsecond, fold });
  return {
    as: 'record',
    record: { kind: 'time', type: 'datetime:time', fields: [...parts, ...zoneFields(time)] },
  };
});

/**
 * Python's `timedelta`, exact to the microsecond.
 *
 * @example
 * await py.call("scheduler:postpone", [PythonTimeDelta.fromMilliseconds(1500)]);
 */
export class PythonTimeDelta {
  /** Whole days; negative for negative durations. */
  readonly days: number;
  /** 0 to 86399. */
  readonly seconds: number;
  /** 0 to 999999. */
  readonly microseconds: number;

  constructor(days: number, seconds = 0, microseconds = 0) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
    Object.freeze(this);
  }

  /** From a duration as JavaScript counts it. */
  static fromMilliseconds(milliseconds: number): PythonTimeDelta {
    const days = Math.floor(milliseconds / 86_400_000);
    const rest = milliseconds - days * 86_400_000;
    const seconds = Math.floor(rest / 1000);
    return new PythonTimeDelta(days, seconds, Math.round((rest - seconds * 1000) * 1000));
  }

  /** As JavaScript counts durations. */
  toMilliseconds(): number {
    return this.days * 86_400_000 + this.seconds * 1000 + this.microseconds / 1000;
  }
}

describeInstances(PythonTimeDelta, ({ days, seconds, microseconds }) => ({
  as: 'record',
  record: {
    kind: 'timedelta',
    type: 'datetime:timedelta',
    fields: Object.entries({ days, seconds, microseconds }),
  },
}));

/** A `date` that arrived. */
export function dateFromRecord(record: NativeRecord): PythonDate {
  return new PythonDate(
    numberField(record, 'year'),
    numberField(record, 'month'),
    numberField(record, 'day'),
  );
}

/** A `time` that arrived. */
export function timeFromRecord(record: NativeRecord): PythonTime {
  const offset = field(record, 'offset');
  return new PythonTime({
    hour: numberField(record, 'hour'),
    minute: numberField(record, 'minute'),
    second: numberField(record, 'second'),
    microsecond: numberField(record, 'microsecond'),
    offset: typeof offset === 'number' ? offset : null,
    fold: numberField(record, 'fold'),
    zone: textField(record, 'zone'),
    zoneName: textField(record, 'name'),
  });
}

/** A `timedelta` that arrived. */
export function timeDeltaFromRecord(record: NativeRecord): PythonTimeDelta {
  return new PythonTimeDelta(
    numberField(record, 'days'),
    numberField(record, 'seconds'),
    numberField(record, 'microseconds'),
  );
}
