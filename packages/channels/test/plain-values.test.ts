// Plain data in all sizes: it crosses many values at a time, in pieces (crates/core/src/node/stream.rs), and the
// borders between pieces, and between the ways that there are, must not be seen.

import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { channel } from '@multicore-python/channels';
import { Interpreter, NotShareableError } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomFrom } from './soak/random.js';
import { type Arrival, arrived, toPython } from './values/canonical.js';

let py: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create({ path: [join(import.meta.dirname, 'python')] });
  await py.exec('def same(x): return x');
});
afterAll(() => py.close());

const { sender, receiver } = channel<unknown>({ capacity: 1 });
const sent = (value: unknown): unknown => {
  sender.trySend(value);
  return receiver.tryReceive();
};

/** There and back, in a call and in a message. */
async function expectToCross(value: unknown, what: string): Promise<void> {
  for (const arrival of ['call', 'message'] as Arrival[]) {
    const given = arrival === 'call' ? value : sent(value);
    // What has arrived from a channel is frozen, and crosses as lists and dicts all the same.
    expect(py.callSync('canonical:shape', [given]), `${what}, ${arrival}`).toBe(
      toPython(value, 'call'),
    );
  }
  sender.trySend(value);
  expect(py.callSync('canonical:shapes_of', [receiver, 1]), `${what}, to Python`).toEqual([
    toPython(value, 'message'),
  ]);
  const back = await py.call('__main__:same', [value]);
  expect(arrived(back), `${what}, back`).toBe(arrived(nullsOf(value)));
  expect(arrived(sent(value)), `${what}, in a message`).toBe(arrived(frozen(nullsOf(value))));
}

/** `undefined` arrives as `null`. */
function nullsOf(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return Array.from(value, nullsOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nullsOf(item)]));
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}

const times = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

// Of pieces, of small containers, of what packs, and one more or less.
const LENGTHS = [0, 1, 3, 4, 5, 6, 7, 31, 32, 33, 63, 64, 65, 127, 300, 1023, 1024, 1025, 2500];
const TEXT_LENGTHS = [0, 1, 12, 13, 255, 256, 257, 2047, 2048, 2049, 4096, 4097, 16_384];

describe('plain data of every size', () => {
  test.each(LENGTHS)('%i items', async (length) => {
    await expectToCross(
      times(length, (i) => `item ${i}`),
      'ASCII',
    );
    await expectToCross(
      times(length, (i) => (i % 3 === 0 ? `ä${i}` : i % 3 === 1 ? '😀' : '')),
      'Unicode',
    );
    await expectToCross(
      times(length, (i) => (i % 2 === 0 ? '\ud83d' : '\ude00')),
      'halves of characters side by side',
    );
    await expectToCross(
      times(length, (i) => [2 ** 32 + i, i + 0.5, `item ${i}`, i % 2 === 0, null, undefined]),
      'rows',
    );
    await expectToCross(
      times(length, (i) => ({ id: i, näme: `user number ${i}`, nested: { tags: ['a', i] } })),
      'objects',
    );
    await expectToCross(Object.fromEntries(times(length, (i) => [`key ${i}`, i])), 'an object');
    await expectToCross(
      Object.fromEntries(times(length, (i) => [`k${i}`, [i, { [`k${i}`]: 'v' }]])),
      'an object of objects',
    );
  });

  test.each(TEXT_LENGTHS)('texts of %i characters', async (length) => {
    for (const character of ['x', 'ä', '\u4e2d']) {
      const text = character.repeat(length);
      await expectToCross([text, 'after', 1], 'a few');
      await expectToCross(
        times(10, () => ({ [text]: text, b: [text] })),
        'in objects',
      );
      await expectToCross(
        times(100, (i) => (i % 30 === 7 ? text : `short ${i}`)),
        'among many',
      );
    }
  });

  test.each([1, 2, 98, 99, 100, 101, 102, 200, 500])('%i levels', async (levels) => {
    let lists: unknown = 'innermost';
    let mixed: unknown = [1, 'innermost'];
    for (let level = 1; level < levels; level += 1) {
      lists = [lists];
      mixed = level % 2 === 0 ? [mixed, level] : { level, mixed };
    }
    await expectToCross([lists], 'lists');
    await expectToCross(mixed, 'lists and objects');
    await expectToCross([...times(70, String), lists, 'after'], 'in a long list');
  });

  test('by chance', async () => {
    const random = randomFrom(20261121);
    const below = (limit: number): number => Math.floor(random() * limit);
    const value = (depth: number): unknown => {
      switch (below(depth > 0 ? 9 : 6)) {
        case 0:
          return below(2 ** 31) - 2 ** 30;
        case 1:
          return random() * 1e6;
        case 2:
          return 'aä😀'[below(3)]?.repeat(below(40));
        case 3:
          return 'text '.repeat(below(80));
        case 4:
          return [null, undefined, true, false, -0, Number.NaN, 2 ** 53, 1e300][below(8)];
        case 5:
          return 2n ** BigInt(below(80));
        case 6:
          return times(below(90), () => value(depth - 1));
        case 7:
          return Object.fromEntries(times(below(80), (i) => [`k${i}`, value(depth - 1)]));
        default:
          return times(below(6), () => value(depth - 1));
      }
    };
    for (let round = 0; round < 20; round += 1) {
      const made = times(below(12), () => value(3));
      expect(py.callSync('canonical:shape', [made]), `round ${round}`).toBe(toPython(made, 'call'));
      expect(arrived(py.callSync('__main__:same', [sent(made)])), `round ${round}`).toBe(
        arrived(await py.call('__main__:same', [made])),
      );
    }
  });
});

describe('what is not plain among it', () => {
  test.each([0, 1, 63, 64, 500, 1999])('is told with its place: %i', async (place) => {
    const refused = (value: unknown): Promise<unknown> =>
      py.call('__main__:same', [value]).then(
        () => 'crossed',
        (error: unknown) => (error instanceof NotShareableError ? error.message : error),
      );
    const items: unknown[] = times(2000, (i) => ({ id: i, tags: ['a', `b${i}`] }));
    items[place] = { id: place, tags: ['a', Symbol('s')] };
    expect(await refused(items)).toContain(`[${place}].tags[1]`);
    items[place] = { [Symbol('s')]: 1 };
    expect(await refused(items)).toContain(`[${place}]`);
    items[place] = class Own {};
    const properties = Object.fromEntries(
      times(2000, (i) => [`k${i}`, i === place ? Symbol('s') : 'v']),
    );
    expect(await refused(properties)).toContain(`k${place}`);
    expect(await refused({ deep: [properties] })).toMatch(new RegExp(`deep.*\\[0\\].*k${place}`));
  });

  test('crosses as always', async () => {
    const items = times(300, (i) =>
      i % 50 === 7 ? new Map([[i, [`v${i}`]]]) : i % 50 === 9 ? new Uint8Array([i]) : [`v${i}`, i],
    );
    const back = await py.call<unknown[]>('__main__:same', [items]);
    expect(back).toEqual(items);
    expect(back[57]).toBeInstanceOf(Map);
  });

  test('has a name that means something to JavaScript', async () => {
    const names = ['__proto__', 'constructor', 'length', '0', '-1', '', 'toString'];
    for (const length of [names.length, 500]) {
      const object = Object.fromEntries([
        ...names.map((name) => [name, `value of ${name}`]),
        ...times(length - names.length, (i) => [`k${i}`, i]),
      ]);
      const back = await py.call<object>('__main__:same', [[object, 'x']]);
      expect(back).toEqual([object, 'x']);
      expect(Object.getPrototypeOf(Array.isArray(back) ? back[0] : null)).toBe(Object.prototype);
      expect(Object.hasOwn(Array.isArray(back) ? back[0] : {}, '__proto__')).toBe(true);
    }
  });

  test('has getters that call Python with other data', async () => {
    const other = times(200, (i) => [`other ${i}`, { i }]);
    const withGetter = (length: number): unknown[] => {
      const items: unknown[] = times(length, (i) => ({ id: i, name: `item ${i}` }));
      const object = {
        get name() {
          expect(py.callSync('__main__:same', [other])).toEqual(other);
          return 'from the getter';
        },
        after: ['x', 1],
      };
      items[length >> 1] = object;
      return items;
    };
    for (const length of [1, 7, 60, 500]) {
      const back = await py.call<unknown[]>('__main__:same', [withGetter(length)]);
      expect(back).toHaveLength(length);
      expect(back[length >> 1]).toEqual({ name: 'from the getter', after: ['x', 1] });
      expect(back[length - 1]).toEqual(
        length === 1 ? back[0] : { id: length - 1, name: `item ${length - 1}` },
      );
    }
  });

  test('meets a setter of all objects that calls Python: an error, and nothing is mixed up', async () => {
    const other = times(100, (i) => [`other ${i}`]);
    let calls = 0;
    Object.defineProperty(Object.prototype, 'polluted', {
      configurable: true,
      set() {
        calls += 1;
        py.callSync('__main__:same', [other]);
      },
    });
    try {
      await py.exec(
        "rows = [{'id': i, 'polluted': str(i), 'next': [i], 'last': 'x' * i} for i in range(100)]",
      );
      expect(() => py.evaluateSync('rows')).toThrow(/setter/);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
    expect(calls).toBeGreaterThan(0);
    expect(py.evaluateSync<object[]>('rows')[99]).toEqual({
      id: 99,
      polluted: '99',
      next: [99],
      last: 'x'.repeat(99),
    });
  });

  test('is a proxy', async () => {
    const target = times(100, (i) => ({ id: i }));
    let reads = 0;
    const proxy = new Proxy(target, {
      get: (object, key, self) => {
        reads += 1;
        return Reflect.get(object, key, self);
      },
    });
    expect(await py.call('__main__:same', [{ proxy: [proxy] }])).toEqual({ proxy: [target] });
    expect(reads).toBeGreaterThan(99);
  });

  test.each([2.5, -1, Number.NaN, '2', null])(
    'is a proxy that says it is %s long: what is beside it stays what it is',
    async (length) => {
      const lies = new Proxy(['a', 'b', 'c'], {
        get: (object, key, self) => (key === 'length' ? length : Reflect.get(object, key, self)),
      });
      const back = await py.call<unknown[]>('__main__:same', [[lies, 'after', ['x', lies], 1]]);
      expect(back[1]).toBe('after');
      expect(back.slice(2)).toEqual([['x', back[0]], 1]);
      // As Array.prototype.slice takes it.
      expect(back[0]).toEqual(['a', 'b'].slice(0, Math.max(0, Math.trunc(Number(length)) || 0)));
    },
  );
});

test('a string that is kept does not keep what came with it', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await py.exec("strings = ['%040d' % i for i in range(60)]");
  const kept: unknown[] = [];
  const take = (): void => {
    for (let i = 0; i < 4000; i += 1) kept.push(py.evaluateSync<string[]>('strings')[i % 60]);
  };
  take();
  collect();
  const before = process.memoryUsage().heapUsed;
  take();
  collect();
  const each = (process.memoryUsage().heapUsed - before) / 4000;
  // All sixty are 2,400 characters; what may be kept with one are 256.
  expect(each).toBeLessThan(600);
});
