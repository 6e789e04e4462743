// Large bytes cross with one copy at most: their memory becomes the object where they arrive, and a
// result that nobody else has gives its memory away. Nobody may notice.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { channel } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LARGE = 1 << 16;
const lengths = [0, 1, LARGE - 1, LARGE, LARGE + 1, 1 << 20, (1 << 23) + 7];

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255);
}

let py: Interpreter;
let other: Interpreter;
beforeAll(async () => {
  py = await Interpreter.create();
  other = await Interpreter.create();
  for (const each of [py, other]) {
    await each.exec(`
import hashlib
def digest(data):
    assert type(data) is bytes
    # What a bytes object has to be: ended by a zero for C, hashable, equal to one made by CPython.
    assert hash(data) == hash(bytes(bytearray(data)))
    assert data + b'x' == bytes(bytearray(data)) + b'x'
    return hashlib.sha256(data).hexdigest()
def fresh(length): return bytes((i * 31 + length) & 255 for i in range(length))
def several(data, name, *, more): return (name, data, more)
def deep(data): return digest(data[0][1][0])
def forward(receiver, sender):
    for message in receiver:
        sender.send(message)
    sender.close()
`);
  }
});
afterAll(async () => {
  await py.close();
  await other.close();
});

async function sha256(data: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(data))).toString('hex');
}

describe('large bytes', () => {
  test.each(lengths)('of length %i are themselves in Python', async (length) => {
    const data = pattern(length);
    const expected = await sha256(data);
    expect(await py.call('__main__:digest', [data])).toBe(expected);
    expect(py.callSync('__main__:digest', [data])).toBe(expected);
    expect(await py.call('__main__:deep', [[[0, [data]]]])).toBe(expected);
    expect(await py.evaluate('digest(data)', { bind: { data } })).toBe(expected);
  });

  test.each(lengths)('of length %i are themselves in JavaScript', async (length) => {
    const expected = pattern(length);
    expect(Buffer.compare(await py.call('__main__:fresh', [length]), expected)).toBe(0);
    expect(Buffer.compare(py.callSync('__main__:fresh', [length]), expected)).toBe(0);
  });

  test.each(lengths)('of length %i go through two interpreters', async (length) => {
    const [there, between, back] = [channel(), channel(), channel()];
    const jobs = [
      py.call('__main__:forward', [there.receiver, between.sender]),
      other.call('__main__:forward', [between.receiver, back.sender]),
    ];
    const data = pattern(length);
    await there.sender.send(data);
    expect(Buffer.compare((await back.receiver.receive()) as Uint8Array, data)).toBe(0);
    await there.sender.send(['name', data, [data]]);
    const [name, first, [second]] = (await back.receiver.receive()) as [
      string,
      Uint8Array,
      [Uint8Array],
    ];
    expect(name).toBe('name');
    expect(Buffer.compare(first, data)).toBe(0);
    expect(Buffer.compare(second, data)).toBe(0);
    there.sender.close();
    await Promise.all(jobs);
  });

  test('cross with others, positional and by name', async () => {
    const [data, more] = [pattern(1 << 17), pattern(1 << 18)];
    const back = await py.call<[string, Uint8Array, Uint8Array]>(
      '__main__:several',
      [data, 'name'],
      { kwargs: { more } },
    );
    expect(back[0]).toBe('name');
    expect(Buffer.compare(back[1], data)).toBe(0);
    expect(Buffer.compare(back[2], more)).toBe(0);
  });

  test('that somebody keeps are not changed by who received them', async () => {
    await py.exec(`
import functools
kept = bytes(1 << 20)
def give(): return kept
@functools.cache
def cached(): return bytes(1 << 20)
async def awaited(): return kept
class Holder:
    value = bytes(1 << 20)
    def give(self): return self.value
def yielded():
    yield kept
`);
    for (const source of [
      'kept',
      'give()',
      'cached()',
      'Holder().give()',
      'kept[:]',
      'awaited()',
    ]) {
      const data = (await py.evaluate(source)) as Uint8Array;
      expect(data.length).toBe(1 << 20);
      data.fill(1);
      expect(
        await py.evaluate('not any(kept) and not any(cached()) and not any(Holder.value)'),
      ).toBe(true);
    }
    const sent = channel<Uint8Array>({ capacity: 2 });
    await py.exec('sender.send(kept); sender.send(kept)', { bind: { sender: sent.sender } });
    (await sent.receiver.receive()).fill(1);
    expect(Buffer.compare(await sent.receiver.receive(), new Uint8Array(1 << 20))).toBe(0);
    expect(await py.evaluate('any(kept)')).toBe(false);
  });

  test('that were read are not changed by what JavaScript does to its own', async () => {
    const data = pattern(1 << 20);
    const expected = await sha256(data);
    const { sender, receiver } = channel<Uint8Array>({ capacity: 1 });
    const called = py.call('__main__:digest', [data]);
    await sender.send(data);
    data.fill(0);
    expect(await called).toBe(expected);
    expect(await py.evaluate('digest(receiver.recv())', { bind: { receiver } })).toBe(expected);
  });

  test('outlive the interpreter that made them', async () => {
    const short = await Interpreter.create();
    const data = (await short.evaluate('bytes(range(256)) * 4096')) as Uint8Array;
    await short.close();
    expect(Buffer.compare(data, Buffer.alloc(1 << 20, Uint8Array.from(Array(256).keys())))).toBe(0);
    data.fill(7);
    expect(await sha256(data)).toBe(await py.call('__main__:digest', [data]));
  });

  test('leave the figures of CPython as they were', async () => {
    await py.exec('import sys, gc');
    const count = async () =>
      (await py.evaluate('gc.collect() * 0 + sys.getallocatedblocks()')) as number;
    const data = pattern(1 << 17);
    const round = async () => {
      for (let index = 0; index < 500; index += 1) {
        py.callSync('__main__:digest', [data]);
        py.callSync('builtins:bytes', [LARGE]);
      }
    };
    await round();
    const before = await count();
    await round();
    expect(Math.abs((await count()) - before)).toBeLessThan(100);
  });
});

test('debugging allocators get copies', () => {
  const program = `
    import { Interpreter } from '@multicore-python/interpreters';
    const py = await Interpreter.create();
    const data = new Uint8Array(1 << 20).fill(3);
    for (let round = 0; round < 20; round += 1) {
      const back = await py.evaluate('bytes(bytearray(data)) + b"x"', { bind: { data } });
      if (back.length !== data.length + 1 || back.at(-2) !== 3) throw new Error('not the same');
    }
    await py.close();
    console.log('done');
  `;
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const PYTHONMALLOC of ['debug', 'malloc', 'pymalloc_debug']) {
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: here,
      env: { ...process.env, PYTHONMALLOC },
      encoding: 'utf8',
    });
    expect(output.trim(), PYTHONMALLOC).toBe('done');
  }
});
