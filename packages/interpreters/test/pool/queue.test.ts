import { describe, expect, test } from 'vitest';
import { PriorityQueue, type Waiting } from '../../src/pool/queue.js';

interface Item extends Waiting {
  readonly name: string;
}
const item = (name: string, priority = 0): Item => ({
  name,
  priority,
  lane: undefined,
  before: undefined,
  after: undefined,
});
const drain = (queue: PriorityQueue<Item>): string => {
  let names = '';
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) names += next.name;
  return names;
};

describe('a priority queue', () => {
  test('gives the most urgent first, equals in their order', () => {
    const queue = new PriorityQueue<Item>();
    for (const [name, priority] of [
      ['c', 0],
      ['a', 5],
      ['d', 0],
      ['b', 5],
      ['e', -1],
    ] as const)
      queue.push(item(name, priority));
    expect(queue.length).toBe(5);
    expect(drain(queue)).toBe('abcde');
    expect(queue.length).toBe(0);
    expect(queue.peek()).toBeUndefined();
  });

  test('takes any out', () => {
    const queue = new PriorityQueue<Item>();
    const items = ['a', 'b', 'c', 'd'].map((name) => item(name));
    for (const each of items) queue.push(each);
    const [first, , third] = items;
    if (first === undefined || third === undefined) throw new Error('never');
    expect(queue.remove(third)).toBe(true);
    expect(queue.remove(third)).toBe(false);
    expect(queue.remove(first)).toBe(true);
    expect(drain(queue)).toBe('bd');
  });

  test('takes one back to the front of its equals', () => {
    const queue = new PriorityQueue<Item>();
    queue.push(item('b'));
    queue.push(item('x', 1));
    queue.unshift(item('a'));
    expect(drain(queue)).toBe('xab');
  });

  test('agrees with sorting', () => {
    let seed = 7;
    const random = (n: number): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % n;
    };
    const queue = new PriorityQueue<Item>();
    let model: Item[] = [];
    for (let step = 0; step < 2000; step += 1) {
      const what = random(4);
      if (what < 2) {
        const one = item(String(step), random(3));
        queue.push(one);
        model.push(one);
      } else if (what === 2) {
        const next = model.toSorted((a, b) => b.priority - a.priority)[0];
        expect(queue.shift()).toBe(next);
        model = model.filter((each) => each !== next);
      } else {
        const any = model[random(Math.max(1, model.length))];
        if (any === undefined) continue;
        expect(queue.remove(any)).toBe(true);
        model = model.filter((each) => each !== any);
      }
      expect(queue.length).toBe(model.length);
    }
  });
});
