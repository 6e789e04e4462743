// Every row of the table of values whose instances are taken apart: between two interpreters, and
// from Python to TypeScript and back.

import { join } from 'node:path';
import { channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const HELPERS = `
import datetime, decimal, enum, fractions, math, pathlib, types, uuid, zoneinfo
import shapes
from shapes import *
def nested(depth):
    value = ()
    for _ in range(depth): value = (value,)
    return value
def chain(depth):
    value = None
    for n in range(depth): value = Slotted(str(n), value)
    return value
def alike(a, b):
    if type(a) is not type(b): return False
    if isinstance(a, float): return a == b and math.copysign(1, a) == math.copysign(1, b) or a != a and b != b
    if isinstance(a, decimal.Decimal): return str(a) == str(b)
    if isinstance(a, (datetime.datetime, datetime.time)):
        return (a.replace(tzinfo=None), a.fold, repr(a.tzinfo)) == (b.replace(tzinfo=None), b.fold, repr(b.tzinfo))
    if isinstance(a, tuple) and not hasattr(a, '_fields'): return len(a) == len(b) and all(map(alike, a, b))
    return a == b
def put(sender, source): sender.send(eval(source))
def is_alike(source, value): return alike(eval(source), value)
def take(receiver, source):
    value = receiver.recv()
    return is_alike(source, value) or repr(value)
def repr_of(value): return repr(value)
`;

let first: Interpreter;
let second: Interpreter;
beforeAll(async () => {
  const path = [join(import.meta.dirname, 'python')];
  [first, second] = await Promise.all([Interpreter.create({ path }), Interpreter.create({ path })]);
  await Promise.all([first.exec(HELPERS), second.exec(HELPERS)]);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
});

const ROWS = [
  'None',
  'True',
  '2**62',
  '-2**63',
  '2**64 + 1',
  '-2**200',
  "float('nan')",
  '-0.0',
  "float('-inf')",
  'complex(-0.0, 2)',
  "'\\ud800x\\udfff'",
  "'\\U0001f600\\0'",
  "b'\\x00\\xff' * 100_000",
  '()',
  'nested(500)',
  'frozenset({1, (2, 3)})',
  "types.MappingProxyType({'a': 1, 'b': (2,)})",
  "types.MappingProxyType({1: 'one', (2, 3): None})",
  "types.MappingProxyType({'__proto__': 1})",
  'Point(1.5, -0.0)',
  "Point(1.0, 2.0, ('a', '\\ud800'))",
  "Slotted('s', Point(1.5, 2.5))",
  'Outer.Inner(2**70)',
  'Size(3, 4)',
  'Colour.RED',
  'Level.HIGH',
  'Access.READ',
  'Access.READ | Access.WRITE',
  'Access(0)',
  'Odd.DICT',
  "Account('me')",
  'UserId(7)',
  'Circle(2.5)',
  'Interval(1, 9)',
  "Money(5, 'EUR')",
  'datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)',
  'datetime.datetime(1, 1, 1)',
  'datetime.datetime(2024, 10, 27, 2, 30, fold=1)',
  'datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)',
  'datetime.datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=datetime.timezone.utc)',
  'datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, seconds=-1)))',
  "datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1), 'MEZ'))",
  'datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(microseconds=-1)))',
  "datetime.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin'))",
  "datetime.datetime(2024, 7, 1, 0, 0, 0, 5, tzinfo=zoneinfo.ZoneInfo('UTC'))",
  "datetime.time(1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin'))",
  "zoneinfo.ZoneInfo('Asia/Tokyo')",
  'datetime.date(2024, 2, 29)',
  'datetime.time(23, 59, 59, 999999, fold=1)',
  'datetime.time(1, tzinfo=datetime.timezone.utc)',
  'datetime.timedelta(-1, 86399, 999999)',
  'datetime.timezone.utc',
  "datetime.timezone(datetime.timedelta(hours=2), 'EET')",
  "decimal.Decimal('1.10')",
  "decimal.Decimal('-0E-7')",
  "decimal.Decimal('sNaN12')",
  "decimal.Decimal('-Infinity')",
  'decimal.Decimal(1) / 3',
  'fractions.Fraction(-2**80, 3)',
  "uuid.UUID('12345678-1234-5678-1234-567812345678')",
  'uuid.uuid5(uuid.NAMESPACE_DNS, "x")',
  "pathlib.PurePosixPath('/a/../b')",
  "pathlib.PureWindowsPath('C:/a')",
  "pathlib.Path('.')",
  "pathlib.PurePosixPath('/\\udcff')",
  'range(0, -10, -3)',
  'slice(None, 2**70, 3)',
  '...',
  'NotImplemented',
  'chain(100)',
  '(1, frozenset({Size(1)}), types.MappingProxyType({Colour.RED: (Point(0.5, 0.5), ...)}))',
];

describe.each(ROWS)('%s', (source) => {
  test('from interpreter to interpreter', async () => {
    const { sender, receiver } = channel({ capacity: 1 });
    await first.call('put', [sender, source]);
    expect(await second.call('take', [receiver, source])).toBe(true);
  });

  test('through TypeScript and back', async () => {
    const { sender, receiver } = channel({ capacity: 1 });
    await first.call('put', [sender, source]);
    const value = await receiver.receive();
    await sender.send(value);
    expect(await second.call('take', [receiver, source])).toBe(true);
  });
});
