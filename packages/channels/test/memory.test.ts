// Memory that crosses without being copied: views, shared memory, memory that is given away.

import { channel, releaseView, type TypedArray, transfer } from '@multicore-python/channels';
import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let py: Interpreter;
let other: Interpreter;
beforeAll(async () => {
  [py, other] = await Promise.all([Interpreter.create(), Interpreter.create()]);
  for (const interpreter of [py, other]) {
    await interpreter.exec(`
import array
from multicore.channels import transfer, shared_buffer
def describe(x): return (type(x).__name__, x.format, x.readonly, x.shape, x.tolist())
def send(sender, source): sender.send_nowait(eval(source))
def same(x): return x
`);
  }
});
afterAll(async () => {
  await Promise.all([py.close({ timeout: 1000 }), other.close({ timeout: 1000 })]);
});

const KINDS: [TypedArray, string][] = [
  [new Int8Array([-1, 2]), 'b'],
  [new Int16Array([-1, 2]), 'h'],
  [new Uint16Array([1, 65535]), 'H'],
  [new Int32Array([-1, 2]), 'i'],
  [new Uint32Array([1, 2 ** 32 - 1]), 'I'],
  [new Float32Array([0.5, -0]), 'f'],
  [new Float64Array([0.1, Number.NEGATIVE_INFINITY]), 'd'],
  [new BigInt64Array([-1n, 2n ** 62n]), 'q'],
  [new BigUint64Array([1n, 2n ** 64n - 1n]), 'Q'],
];

describe('typed arrays', () => {
  test.each(KINDS)('%o crosses as a memoryview of format %s', async (array, format) => {
    const items = Array.from(array as Iterable<unknown>);
    const [type, code, readonly, shape, list] = await py.call<unknown[]>('describe', [array]);
    expect([type, code, readonly, shape, list]).toEqual([
      'memoryview',
      format,
      false,
      [2],
      items.map((n) => (typeof n === 'bigint' && n < 2n ** 53n ? Number(n) : n)),
    ]);
    const { sender, receiver } = channel<TypedArray>({ capacity: 1 });
    await sender.send(array);
    const received = await receiver.receive();
    expect(received).toEqual(array);
    expect(received.buffer).not.toBe(array.buffer);
  });

  test('a plain ArrayBuffer is copied, not lent', async () => {
    const array = new Float64Array([1, 2]);
    await py.exec('kept = x', { bind: { x: array } });
    array[0] = 7;
    expect(await py.evaluate('kept.tolist()')).toEqual([1, 2]);
  });

  test('windows and DataViews are what they show', async () => {
    const array = new Uint16Array([1, 2, 3, 4]);
    expect((await py.call<unknown[]>('describe', [array.subarray(1, 3)]))[4]).toEqual([2, 3]);
    expect(await py.call('same', [new DataView(array.buffer, 2, 2)])).toEqual(
      new Uint8Array([2, 0]),
    );
    expect(await py.call('same', [new Uint8ClampedArray([1, 255])])).toEqual(
      new Uint8Array([1, 255]),
    );
    expect(await py.call('same', [array.buffer])).toEqual(new Uint8Array(array.buffer));
    expect(await py.call('same', [new Float64Array()])).toEqual(new Float64Array());
  });
});

describe('views of memory of Python', () => {
  test('are typed arrays over that very memory', async () => {
    await py.exec('samples = array.array("d", [1.5, 2.5, 3.5])');
    const view = await py.evaluate<Float64Array>('memoryview(samples).toreadonly()');
    expect(view).toEqual(new Float64Array([1.5, 2.5, 3.5]));
    await py.exec('samples[1] = 99.0');
    expect(view[1]).toBe(99);
    await expect(py.exec('samples.append(1.0)')).rejects.toThrow(/export/);
    expect(releaseView(view)).toBe(true);
    expect(view.length).toBe(0);
    await py.exec('samples.append(1.0)');
    expect(releaseView(view)).toBe(false);
    await expect(py.call('same', [view])).rejects.toThrow(/transferred away/);
  });

  test('come back, and go on, as the same memory', async () => {
    await py.exec('text = b"hello world"');
    const view = await py.evaluate<Uint8Array>('memoryview(text)');
    expect(Buffer.from(view).toString()).toBe('hello world');
    await other.exec('part = x', { bind: { x: view.subarray(6) } });
    expect(await other.evaluate('bytes(part), part.readonly')).toEqual(
      [Buffer.from('world').subarray(), true].map((x) =>
        x === true ? true : new Uint8Array(x as Uint8Array),
      ),
    );
    await py.exec('back = x', { bind: { x: view } });
    expect(await py.evaluate('back == text and back.readonly')).toBe(true);
    await other.exec('del part');
    await py.exec('del back');
    releaseView(view);
  });

  test('keep their shape and their format', async () => {
    await py.exec('grid = memoryview(bytes(range(24))).cast("B").cast("h", (3, 4))');
    const view = await py.evaluate<Int16Array & { shape: number[] }>('grid');
    expect(view).toBeInstanceOf(Int16Array);
    expect(view.shape).toEqual([3, 4]);
    expect(Object.isFrozen(view.shape)).toBe(true);
    expect((await other.call<unknown[]>('describe', [view])).slice(0, 4)).toEqual([
      'memoryview',
      'h',
      true,
      [3, 4],
    ]);
    expect((await py.call<unknown[]>('describe', [view.subarray(0, 2)])).slice(1, 4)).toEqual([
      'h',
      true,
      [2],
    ]);
    releaseView(view);
  });

  test('from interpreter to interpreter', async () => {
    const { sender, receiver } = channel({ capacity: 1 });
    await py.exec('big = array.array("q", range(1000))');
    await py.call('send', [sender, 'memoryview(big).toreadonly()']);
    await other.exec('view = receiver.recv()', { bind: { receiver } });
    expect(await other.evaluate('view.format, view.readonly, sum(view)')).toEqual([
      'q',
      true,
      499500,
    ]);
    await py.exec('big[0] = 1');
    expect(await other.evaluate('view[0]')).toBe(1);
    await expect(py.exec('big.append(1)')).rejects.toThrow(/export/);
    await other.exec('del view');
    await py.exec('big.append(1)');
  });

  test.each([
    ['memoryview(bytearray(4))', /can be written to/],
    ['memoryview(bytes(range(9)))[::2]', /C order/],
    ['array.array("d", [1])', /can change/],
    ['bytearray(3)', /can change/],
    ['memoryview((__import__("ctypes").py_object * 2)()).toreadonly()', /Python objects/],
  ])('%s is no message', async (source, reason) => {
    const { sender } = channel({ capacity: 1 });
    await expect(py.call('send', [sender, source])).rejects.toThrow(reason);
  });

  test('a released view is an error', async () => {
    const { sender } = channel({ capacity: 1 });
    await py.exec('gone = memoryview(b"x"); gone.release()');
    await expect(py.call('send', [sender, 'gone'])).rejects.toThrow(/released/);
  });

  test('what no typed array can show says so, in JavaScript alone', async () => {
    const { sender, receiver } = channel({ capacity: 2 });
    await py.call('send', [
      sender,
      'memoryview((__import__("ctypes").c_uint16.__ctype_be__ * 2)(1, 2)).toreadonly()',
    ]);
    await other.exec('odd = receiver.recv()', { bind: { receiver } });
    expect(await other.evaluate('odd.format')).toMatch(/>H/);
    await expect(other.evaluate('odd')).rejects.toThrow(/cast\('B'\)/);
    await other.exec('del odd');
  });

  test('results of calls are copies where memory is not read-only', async () => {
    await py.exec('own = array.array("f", [1, 2])');
    const copy = await py.evaluate<Float32Array>('own');
    expect(copy).toEqual(new Float32Array([1, 2]));
    copy[0] = 5;
    expect(await py.evaluate('own[0]')).toBe(1);
    expect(await py.evaluate('memoryview(bytearray(range(6)))[::2]')).toEqual(
      new Uint8Array([0, 2, 4]),
    );
    await py.exec('own.append(1.0)');
  });
});

describe('shared memory', () => {
  test('a SharedArrayBuffer is the same memory in Python', async () => {
    const shared = new SharedArrayBuffer(32);
    const array = new Int32Array(shared, 8, 4);
    await py.exec('view = x', { bind: { x: array } });
    await other.exec('view = x.cast("i")', { bind: { x: shared } });
    await py.exec('view[1] = 42');
    expect(array[1]).toBe(42);
    array[2] = 7;
    expect(await py.evaluate('view.tolist(), view.format, view.readonly')).toEqual([
      [0, 42, 7, 0],
      'i',
      false,
    ]);
    expect(await other.evaluate('view.tolist()')).toEqual([0, 0, 0, 42, 7, 0, 0, 0]);
    const back = await py.evaluate<Int32Array>('view[1:3]');
    expect(back.buffer).toBe(shared);
    expect(back).toEqual(new Int32Array(shared, 12, 2));
  });

  test('memory that Python made is the same in JavaScript and in other interpreters', async () => {
    await py.exec('buffer = shared_buffer(16).cast("d")');
    const array = await py.evaluate<Float64Array>('buffer');
    array[1] = 2.5;
    expect(await py.evaluate('buffer[1]')).toBe(2.5);
    await other.exec('mine = x', { bind: { x: array } });
    await other.exec('mine[0] = 1.5');
    expect([...array]).toEqual([1.5, 2.5]);
    const readonly = await py.evaluate<Float64Array>('buffer.toreadonly()');
    await other.exec('readonly = x', { bind: { x: readonly } });
    expect(await other.evaluate('readonly.readonly')).toBe(true);
    await expect(py.evaluate('transfer(buffer)')).rejects.toThrow(/shared/);
    await expect(py.evaluate('shared_buffer(-1)')).rejects.toThrow(/negative/);
    await expect(py.evaluate('shared_buffer(2**62)')).rejects.toThrow(/memory/);
  });
});

describe('transfer', () => {
  test.each(['bytearray(b"x" * 5)', 'bytearray(b"x" * 100_000)'])(
    '%s moves to JavaScript',
    async (source) => {
      await py.exec(`data = ${source}`);
      const array = await py.evaluate<Uint8Array>('transfer(data)');
      expect(array).toBeInstanceOf(Uint8Array);
      expect(array.every((byte) => byte === 120)).toBe(true);
      expect(await py.evaluate('len(data)')).toBe(0);
      await py.exec('data.extend(b"again")');
      expect(await py.evaluate('bytes(data)')).toEqual(new Uint8Array(Buffer.from('again')));
      array[0] = 1;
    },
  );

  test('an array moves with its format, and its memory outlives its interpreter', async () => {
    const short = await Interpreter.create();
    await short.exec(
      'import array\nfrom multicore.channels import transfer\ndata = array.array("d", range(10_000))',
    );
    const array = await short.evaluate<Float64Array>('transfer(data)');
    expect(await short.evaluate('len(data), data.append(1.0)')).toEqual([0, null]);
    expect((await short.close()).abandoned ?? null).toBeNull();
    expect(array.length).toBe(10_000);
    expect(array[9_999]).toBe(9_999);
    array.fill(1);
  });

  test('to Python and back, the handles before are dead', async () => {
    const array = new Float64Array(1000).fill(1.5);
    const moved = transfer(array);
    expect(array.length).toBe(0);
    await py.exec('mine = x', { bind: { x: moved } });
    expect(await py.evaluate('mine.format, mine.readonly, sum(mine)')).toEqual(['d', false, 1500]);
    await py.exec('mine[0] = 2.0');
    const back = await py.evaluate<Float64Array>('transfer(mine)');
    expect(back[0]).toBe(2);
    expect(back.length).toBe(1000);
    await expect(py.evaluate('mine[0]')).rejects.toThrow(/released/);
    await expect(py.evaluate('transfer(mine)')).rejects.toThrow(/released/);
    expect(() => transfer(array)).toThrow(/transferred away/);
    await expect(py.exec('again = x', { bind: { x: moved } })).rejects.toThrow(/received already/);
    expect(() => moved.take()).toThrow(/received already/);
    const again = transfer(back);
    expect(back.length).toBe(0);
    expect(again.take()[0]).toBe(2);
  });

  test('from interpreter to interpreter, and on to JavaScript', async () => {
    const { sender, receiver } = channel<Uint8Array>({ capacity: 1 });
    await py.call('send', [sender, 'transfer(bytearray(range(200)) * 10)']);
    await other.exec('got = receiver.recv()\ngot[0] = 77', { bind: { receiver } });
    await other.call('send', [sender, 'transfer(got)']);
    const array = await receiver.receive();
    expect([array.length, array[0], array[1]]).toEqual([2000, 77, 1]);
    await expect(other.evaluate('got[0]')).rejects.toThrow(/released/);
  });

  test('memory in use is not given away', async () => {
    await py.exec('data = bytearray(1000)\nview = memoryview(data)');
    await expect(py.evaluate('transfer(data)')).rejects.toThrow(/in use/);
    await py.exec('view.release()');
    await py.evaluate('transfer(data)');

    await py.exec('mine = x\nsecond = mine[1:3]', { bind: { x: transfer(new Uint8Array(100)) } });
    await expect(py.evaluate('transfer(mine)')).rejects.toThrow(/other views/);
    await py.exec('second[0] = 3');
    expect(await py.evaluate<Uint8Array>('transfer(second)')).toEqual(new Uint8Array([3, 0]));

    await expect(py.evaluate('transfer(b"abc")')).rejects.toThrow(/cannot be transferred/);
    await expect(py.evaluate('transfer(memoryview(bytearray(3)))')).rejects.toThrow(
      /transfer the object/,
    );
    expect(() => transfer(new Uint8Array(new SharedArrayBuffer(4)))).toThrow(/shared/);
    expect(() => transfer(Buffer.from('pooled'))).toThrow(/transfer a copy/);
  });

  test('a send that was refused leaves the memory with its sender', async () => {
    const { sender, receiver } = channel({ capacity: 1 });
    receiver.close();
    const moved = transfer(new Uint8Array([1, 2, 3]));
    await expect(sender.send(moved)).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    expect(moved.take()).toEqual(new Uint8Array([1, 2, 3]));
  });

  test('empty memory moves too', async () => {
    expect(await py.evaluate('transfer(bytearray())')).toEqual(new Uint8Array());
    await py.exec('nothing = x', { bind: { x: transfer(new Float64Array()) } });
    expect(await py.evaluate('nothing.format, len(nothing)')).toEqual(['d', 0]);
  });
});
