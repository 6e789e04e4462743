import { Interpreter, type PythonGenerator } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let py: Interpreter;

beforeAll(async () => {
  py = await Interpreter.create();
  await py.exec(`
log = []

def count(limit):
    try:
        for n in range(limit):
            log.append(n)
            yield n
    finally:
        log.append("closed")

async def count_async(limit):
    import asyncio
    try:
        for n in range(limit):
            await asyncio.sleep(0)
            yield n
    finally:
        log.append("closed async")

def broken():
    yield 1
    raise ValueError("broke")
`);
});

afterAll(() => py.close());

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe.each(['count', 'count_async'])('%s', (name) => {
  it('is iterated to its end', async () => {
    const items = await py.call<PythonGenerator<number>>(name, [4]);
    expect(await collect(items)).toEqual([0, 1, 2, 3]);
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });

  it('is closed when the loop is left early', async () => {
    await py.exec('log.clear()');
    for await (const item of await py.call<PythonGenerator<number>>(name, [100])) {
      if (item === 2) break;
    }
    const log = await py.evaluate<unknown[]>('log');
    expect(log.at(-1)).toMatch(/^closed/);
  });
});

describe('a generator', () => {
  it('does not run ahead of the loop', async () => {
    await py.exec('log.clear()');
    const items = await py.call<PythonGenerator<number>>('count', [100]);
    await items.next();
    await items.next();
    expect(await py.evaluate('log')).toEqual([0, 1]);
    await items.return();
  });

  it('throws what it raises, then it is over', async () => {
    const items = await py.call<PythonGenerator<number>>('broken');
    expect((await items.next()).value).toBe(1);
    await expect(items.next()).rejects.toMatchObject({ pythonType: 'ValueError' });
    expect((await items.next()).done).toBe(true);
  });

  it('may be made by a generator expression', async () => {
    const squares = await py.evaluate<PythonGenerator<number>>('(n * n for n in range(3))');
    expect(await collect(squares)).toEqual([0, 1, 4]);
  });

  it('whose interpreter closed rejects', async () => {
    const other = await Interpreter.create();
    const items = await other.evaluate<PythonGenerator<number>>('(n for n in range(3))');
    await other.close();
    await expect(items.next()).rejects.toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
  });
});
