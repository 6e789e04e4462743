// What does not cross says where and why; what is not known where it arrives is still usable.

import { join } from 'node:path';
import { channel, register } from '@multicore-python/channels';
import {
  Interpreter,
  PythonDate,
  PythonDateTime,
  PythonDecimal,
  PythonFraction,
  PythonPath,
  PythonRecord,
  PythonTime,
  PythonTimeDelta,
  PythonUUID,
} from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let py: Interpreter;
let bare: Interpreter;
beforeAll(async () => {
  const path = [join(import.meta.dirname, 'python')];
  [py, bare] = await Promise.all([Interpreter.create({ path }), Interpreter.create()]);
  await py.exec(`
import shapes, types, sqlite3, sys
from dataclasses import dataclass
from shapes import *
def put(sender, source): sender.send_nowait(eval(source))
def same(x): return x
@dataclass(frozen=True)
class Local: x: int
def nested(depth):
    value = ()
    for _ in range(depth): value = (value,)
    return value
`);
  await bare.exec(`
def take(receiver):
    record = receiver.recv()
    return (repr(record), record.x, type(record).__name__, record == record, record.__reason__)
def pass_on(receiver, sender): sender.send(receiver.recv())
`);
});
afterAll(async () => {
  await Promise.all([py.close(), bare.close()]);
});

describe('a message from Python is refused', () => {
  test.each([
    ['Mutable(1)', /\$: shapes\.Mutable: .*frozen=True/],
    ['(1, Holder(sqlite3))', /\$\[1\]\.conn: module: /],
    ["types.MappingProxyType({'a b': Holder([1])})", /\$\["a b"\]\.conn: list: .*send a tuple/],
    ['Plain(1)', /\$: shapes\.Plain: .*subclass of int/],
    ['Colour', /\$: enum\.EnumType: /],
    ['object()', /\$: object: /],
    ['ValueError()', /\$: ValueError: /],
    ['nested(600)', /\$(\[0\])+: tuple: nested more than 512 deep/],
    ['{1: 2}', /\$: dict: .*MappingProxyType/],
  ])('%s', async (source, message) => {
    const { sender } = channel({ capacity: 1 });
    await expect(py.call('put', [sender, source])).rejects.toThrow(message);
  });
});

test('lists inside of records cross in calls, not in messages', async () => {
  const record = await py.evaluate<PythonRecord<{ conn: unknown }>>('Holder([1, 2])');
  expect(record.fields.conn).toEqual([1, 2]);
  expect(await py.call('same', [record])).toEqual(record);
});

test('an instance whose class is not here is a Record, and itself again where it is', async () => {
  const { sender, receiver } = channel({ capacity: 1 });
  await py.call('put', [sender, 'Point(1, 2)']);
  const [shown, x, type, equal, reason] = await bare.call<unknown[]>('take', [receiver]);
  expect([shown, x, type, equal]).toEqual([
    '<Record shapes:Point(x=1, y=2, tags=())>',
    1,
    'Record',
    true,
  ]);
  expect(reason).toMatch(/shapes cannot be imported/);

  const back = channel({ capacity: 1 });
  await py.call('put', [sender, 'Point(1, 2)']);
  await bare.call('pass_on', [receiver, back.sender]);
  await py.exec('received = receiver.recv()', { bind: { receiver: back.receiver } });
  expect(await py.evaluate('received == Point(1, 2)')).toBe(true);
});

test('a class of __main__ is found only where __main__ has it', async () => {
  const { sender, receiver } = channel({ capacity: 1 });
  await py.call('put', [sender, 'Local(7)']);
  expect((await bare.call<unknown[]>('take', [receiver]))[0]).toBe('<Record __main__:Local(x=7)>');
  await py.call('put', [sender, 'Local(7)']);
  await py.exec('received = receiver.recv()', { bind: { receiver } });
  expect(await py.evaluate('received == Local(7)')).toBe(true);
});

test('other fields than the class has here are an error that names both', async () => {
  const other = new PythonRecord({ kind: 'dataclass', type: 'shapes:Point', fields: [['z', 1]] });
  await expect(py.call('same', [other])).rejects.toThrow(
    /has the fields x, y, tags .* came with z/,
  );
  const none = new PythonRecord({
    kind: 'enum',
    type: 'shapes:Colour',
    fields: [['name', 'BLUE']],
  });
  await expect(py.call('same', [none])).rejects.toThrow(/no member 'BLUE'/);
  const no = new PythonRecord({ kind: 'dataclass', type: 'os:system', fields: [] });
  expect(await py.call('same', [no])).toEqual(no);
});

describe('from TypeScript', () => {
  test.each([
    [
      new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
      'datetime.datetime(2024, 2, 29, 1, 2, 3, 4000, tzinfo=datetime.timezone.utc)',
    ],
    [
      new PythonDateTime({ year: 2024, month: 7, day: 1, zone: 'Europe/Berlin', offset: 7200 }),
      "datetime.datetime(2024, 7, 1, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))",
    ],
    [new PythonDate(2024, 2, 29), 'datetime.date(2024, 2, 29)'],
    [
      new PythonTime({ hour: 9, fold: 1, offset: 3600 }),
      'datetime.time(9, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=3600)), fold=1)',
    ],
    [new PythonTimeDelta(-1, 5, 6), 'datetime.timedelta(days=-1, seconds=5, microseconds=6)'],
    [new PythonDecimal('1.10'), "Decimal('1.10')"],
    [new PythonFraction(2n ** 70n, 3), `Fraction(${2n ** 70n}, 3)`],
    [
      new PythonUUID('12345678-1234-5678-1234-567812345678'),
      "UUID('12345678-1234-5678-1234-567812345678')",
    ],
    [new PythonPath('/tmp/x'), "PosixPath('/tmp/x')"],
    [new PythonPath('a', 'pathlib:PureWindowsPath'), "PureWindowsPath('a')"],
    [
      new PythonRecord({ kind: 'enum', type: 'shapes:Colour', fields: [['name', 'RED']] }),
      "<Colour.RED: 'red'>",
    ],
  ])('%s', async (value, shown) => {
    expect(await py.call<string>('builtins:repr', [value])).toBe(shown);
    const back = await py.call<object>('same', [value]);
    expect(back.constructor).toBe(value.constructor);
    expect(await py.call<string>('builtins:repr', [back])).toBe(shown);
    expect(String(back).startsWith(String(value).split('(')[0] as string)).toBe(true);
  });

  test('a registered class is itself on both sides', async () => {
    class Point {
      readonly x: number;
      readonly y: number;
      constructor(x: number, y: number) {
        this.x = x;
        this.y = y;
      }
    }
    register(Point, {
      name: 'shapes:Point',
      reduce: ({ x, y }) => ({ y, x }),
      rebuild: ({ x, y }) => new Point(x, y),
    });
    expect(await py.call('builtins:repr', [new Point(1, 2)])).toBe('Point(x=1, y=2, tags=())');
    const back = await py.call<Point>('same', [new Point(1, 2)]);
    expect(back).toStrictEqual(new Point(1, 2));

    class Euros {
      readonly cents: number;
      constructor(cents: number) {
        this.cents = cents;
      }
    }
    register(Euros, {
      name: 'shapes:Money',
      reduce: ({ cents }) => ({ amount: cents, currency: 'EUR' }),
      rebuild: ({ amount }) => new Euros(amount),
    });
    await py.exec('money = value', { bind: { value: new Euros(5) } });
    expect(await py.evaluate("money == Money(5, 'EUR')")).toBe(true);
    expect(await py.evaluate('money')).toStrictEqual(new Euros(5));
    await expect(py.call('same', [new (class extends Point {})(1, 2)])).resolves.toStrictEqual(
      new Point(1, 2),
    );
  });
});

test('converting what is built in imports nothing', async () => {
  const fresh = await Interpreter.create();
  await fresh.exec('import sys\nbefore = set(sys.modules)');
  await fresh.exec(
    'from multicore import channels\nr, s = channels.create(9)\nfor x in (1, "a", (1.5, None), ...): s.send(x)',
  );
  const loaded = await fresh.evaluate<string[]>('sorted(set(sys.modules) - before)');
  expect(
    loaded.filter((name) => /decimal|datetime|enum|dataclasses|typing|pathlib|uuid/.test(name)),
  ).toEqual([]);
  await fresh.close();
});
