import { describe, expect, test } from 'vitest';
import type { Description, NativeRecord } from '../../js/native/binding.js';
import { PythonDate, PythonTime, PythonTimeDelta } from '../../js/values/calendar.js';
import { objectFromRecord } from '../../js/values/crossing.js';
import { PythonDateTime } from '../../js/values/datetime.js';
import { describeByClass } from '../../js/values/describers.js';
import { PythonFraction } from '../../js/values/fraction.js';
import { PythonRecord } from '../../js/values/record.js';
import { register } from '../../js/values/registry.js';
import { PythonDecimal, PythonPath, PythonUUID } from '../../js/values/textual.js';

function recordOf(value: object): NativeRecord {
  const description = describeByClass(value) as Extract<Description, { as: 'record' }>;
  expect(description.as).toBe('record');
  return description.record;
}

test.each([
  new PythonDateTime({ year: 2024, month: 2, day: 29, hour: 12, microsecond: 1 }),
  new PythonDateTime({
    year: 2024,
    month: 10,
    day: 27,
    hour: 2,
    fold: 1,
    offset: 3600,
    zone: 'Europe/Berlin',
  }),
  new PythonDate(1, 1, 1),
  new PythonTime({ hour: 23, minute: 59, second: 59, microsecond: 999999, offset: -18000 }),
  new PythonTimeDelta(-1, 86399, 999999),
  new PythonDecimal('1.10'),
  new PythonUUID('12345678-1234-5678-1234-567812345678'),
  new PythonPath('/tmp/x', 'pathlib:PurePosixPath'),
  new PythonFraction(1, 2n ** 80n),
  new Date('2024-02-29T12:00:00.123Z'),
  new Date('0099-01-01T00:00:00Z'),
])('%s comes back as itself', (value) => {
  expect(objectFromRecord(recordOf(value))).toEqual(value);
});

describe('Date', () => {
  test('is an aware datetime in UTC', () => {
    expect(
      Object.fromEntries(recordOf(new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4))).fields),
    ).toEqual({
      year: 2024,
      month: 2,
      day: 29,
      hour: 1,
      minute: 2,
      second: 3,
      microsecond: 4000,
      fold: 0,
      offset: 0,
      zone: null,
    });
  });

  test('is refused outside of the years that Python knows, and when invalid', () => {
    expect(describeByClass(new Date(Number.NaN))).toBeUndefined();
    expect(describeByClass(new Date('+010000-01-01T00:00:00Z'))).toBeUndefined();
    expect(describeByClass(new Date('0000-01-01T00:00:00Z'))).toBeUndefined();
  });

  test('is not what a naive datetime, another zone or a microsecond arrives as', () => {
    for (const parts of [{ offset: null }, { offset: 3600 }, { offset: 0, microsecond: 1 }]) {
      const value = new PythonDateTime({ year: 2024, month: 1, day: 1, ...parts });
      expect(objectFromRecord(recordOf(value))).toBeInstanceOf(PythonDateTime);
    }
  });
});

test('texts are as Python writes them', () => {
  expect(
    `${new PythonDateTime({ year: 2024, month: 2, day: 3, hour: 4, microsecond: 5, offset: -19800 })}`,
  ).toBe('2024-02-03T04:00:00.000005-05:30');
  expect(`${new PythonDate(5, 1, 2)}`).toBe('0005-01-02');
  expect(`${new PythonFraction(1, 3)}`).toBe('1/3');
  expect(
    new PythonDateTime({ year: 2024, month: 1, day: 1, hour: 1, offset: 3600 }).toDate(),
  ).toEqual(new Date('2024-01-01T00:00:00Z'));
  expect(PythonTimeDelta.fromMilliseconds(-0.5)).toEqual(new PythonTimeDelta(-1, 86399, 999500));
});

test('an unknown class is a frozen record that goes back as it came', () => {
  const native: NativeRecord = { kind: 'dataclass', type: 'geometry:Point', fields: [['x', 1]] };
  const record = objectFromRecord(native) as PythonRecord;
  expect(record).toBeInstanceOf(PythonRecord);
  expect(record.type).toBe('geometry:Point');
  expect(record.fields).toEqual({ x: 1 });
  expect(Object.isFrozen(record) && Object.isFrozen(record.fields)).toBe(true);
  expect(recordOf(record)).toBe(native);
  expect(`${record}`).toBe('Point(x=1)');
  const field = {
    ...native,
    fields: [['x', { toString: 1, valueOf: 2 }]],
  } as unknown as NativeRecord;
  expect(`${objectFromRecord(field)}`).toBe('Point(x=[Object])');
});

test('a registered class comes back as itself, subclasses of it cross as it', () => {
  class Metres {
    readonly value: number;
    constructor(value: number) {
      this.value = value;
    }
  }
  class Height extends Metres {}
  register(Metres, {
    name: 'units:Metres',
    reduce: ({ value }) => ({ value }),
    rebuild: ({ value }) => new Metres(value),
  });
  const back = objectFromRecord(recordOf(new Height(3)));
  expect(back).toBeInstanceOf(Metres);
  expect(back).toEqual(new Metres(3));
});

test('any other class is refused', () => {
  expect(describeByClass(new (class Connection {})())).toBeUndefined();
  expect(describeByClass(new URL('file:///'))).toBeUndefined();
  expect(describeByClass(Object.create(null) as object)).toBeUndefined();
});
