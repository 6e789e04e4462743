// Keyword arguments: few of them go by a number for their names, many as an object. Nobody can tell.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Interpreter } from '../src/index.js';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
  await py.exec(`
def show(*args, **kwargs): return [list(args), list(kwargs.items())]
def strict(a, /, b, *, c=3): return (a, b, c)
async def later(a, *, b): return a + b
class Callable:
    def __call__(self, *args, **kwargs): return (len(args), dict(kwargs))
called = Callable()
`);
});
afterAll(() => py.close());

type Kwargs = Readonly<Record<string, unknown>>;

describe.each([
  [
    'call',
    (path: string, args: readonly unknown[], kwargs: Kwargs) => py.call(path, args, { kwargs }),
  ],
  [
    'callSync',
    async (path: string, args: readonly unknown[], kwargs: Kwargs) =>
      py.callSync(path, args, { kwargs }),
  ],
  [
    'call with a timeout',
    (path: string, args: readonly unknown[], kwargs: Kwargs) =>
      py.call(path, args, { kwargs, timeout: 60_000 }),
  ],
])('%s', (_, call) => {
  test.each([0, 1, 2, 5, 6, 7, 40])(
    '%i names come in their order, behind the others',
    async (n) => {
      for (const positional of [0, 1, 3]) {
        const args = Array.from({ length: positional }, (_, i) => i);
        const entries = Array.from({ length: n }, (_, i) => [`name${(i * 7) % n}`, i] as const);
        const expected = [args, [...new Map(entries)]];
        for (let again = 0; again < 2; again++) {
          expect(await call('show', args, Object.fromEntries(entries))).toEqual(expected);
        }
      }
    },
  );

  test('the same names in another order, and a part of them', async () => {
    expect(await call('show', [], { x: 1, y: 2 })).toEqual([
      [],
      [
        ['x', 1],
        ['y', 2],
      ],
    ]);
    expect(await call('show', [], { y: 2, x: 1 })).toEqual([
      [],
      [
        ['y', 2],
        ['x', 1],
      ],
    ]);
    expect(await call('show', [], { y: 2 })).toEqual([[], [['y', 2]]]);
  });

  test('any text is a name', async () => {
    const names = ['', 'ä', '\u0000', 'not an identifier', '\ud800', '__proto__x', 'toString'];
    for (const name of names) {
      expect(await call('show', [], { [name]: 1 })).toEqual([[], [[name, 1]]]);
    }
  });

  test('every kind of value', async () => {
    const values = { a: undefined, b: 2n ** 70n, c: [1, { d: 'x' }], e: new Uint8Array([1, 2]) };
    expect(await call('called', [null], values)).toEqual([
      1,
      { a: null, b: 2n ** 70n, c: [1, { d: 'x' }], e: new Uint8Array([1, 2]) },
    ]);
  });

  test('what does not fit the signature is what Python says of it', async () => {
    expect(await call('strict', [1], { b: 2 })).toEqual([1, 2, 3]);
    expect(await call('strict', [1, 2], { c: 4 })).toEqual([1, 2, 4]);
    await expect(call('strict', [1], { b: 2, d: 1 })).rejects.toThrow(
      "got an unexpected keyword argument 'd'",
    );
    await expect(call('strict', [1, 2], { b: 2 })).rejects.toThrow(
      "multiple values for argument 'b'",
    );
    await expect(call('strict', [], { a: 1, b: 2 })).rejects.toThrow('positional-only');
    await expect(call('math:hypot', [1], { y: 2 })).rejects.toThrow('takes no keyword arguments');
  });

  test('what cannot cross is named', async () => {
    await expect(call('show', [], { good: 1, bad: Symbol('s') })).rejects.toMatchObject({
      code: 'ERR_NOT_SHAREABLE',
      message: expect.stringContaining('bad'),
    });
    await expect(call('show', [Symbol('s')], { good: 1 })).rejects.toMatchObject({
      code: 'ERR_NOT_SHAREABLE',
    });
    await expect(call('show', [], { good: 1, [Symbol('s')]: 2 })).rejects.toMatchObject({
      code: 'ERR_NOT_SHAREABLE',
    });
  });

  test('a getter is asked once, and may throw', async () => {
    let asked = 0;
    const kwargs = {
      get x() {
        asked += 1;
        return 7;
      },
    };
    expect(await call('show', [], kwargs)).toEqual([[], [['x', 7]]]);
    expect(asked).toBe(1);
    const failing = {
      get x(): number {
        throw new RangeError('no x today');
      },
    };
    await expect(call('show', [], failing)).rejects.toThrow('no x today');
  });

  test('a coroutine gets them, too', async () => {
    expect(await call('later', [1], { b: 2 })).toBe(3);
  });
});

test('names without end are not kept', async () => {
  for (let i = 0; i < 3000; i++) {
    expect(py.callSync('show', [], { kwargs: { [`n${i}`]: i } })).toEqual([[], [[`n${i}`, i]]]);
  }
});

test('anything but an object is refused', () => {
  for (const kwargs of [null, 7, 'x', true]) {
    expect(() => py.callSync('show', [], { kwargs: kwargs as unknown as Kwargs })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  }
});
