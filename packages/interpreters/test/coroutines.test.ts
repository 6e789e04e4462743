import { Interpreter } from '@multicore-python/interpreters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let py: Interpreter;

beforeAll(async () => {
  py = await Interpreter.create();
  await py.exec(`
import asyncio

async def add(a, b):
    await asyncio.sleep(0)
    return a + b

class Meeting:
    event = None

async def wait_for_other():
    Meeting.event = asyncio.Event()
    await Meeting.event.wait()
    return "met"

async def meet():
    Meeting.event.set()
    return "meeting"

async def fail():
    await asyncio.sleep(0)
    raise LookupError("nothing here")

async def endless():
    try:
        await asyncio.Event().wait()
    finally:
        Meeting.event = "cleaned up"

async def stuck():
    while True:
        pass

def plain():
    return "plain"
`);
});

afterAll(() => py.close());

describe('a call of an async def', () => {
  it('runs on the loop and settles with its result', async () => {
    expect(await py.call('add', [2, 3])).toBe(5);
  });

  it('interleaves with others, and with plain calls', async () => {
    const waiting = py.call('wait_for_other');
    expect(await py.call('plain')).toBe('plain');
    expect(await py.call('meet')).toBe('meeting');
    expect(await waiting).toBe('met');
  });

  it('may be in flight many times', async () => {
    const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => py.call('add', [i, 1])));
    expect(sums).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('rejects with what it raises', async () => {
    await expect(py.call('fail')).rejects.toMatchObject({
      pythonType: 'LookupError',
      message: expect.stringContaining('nothing here'),
    });
  });

  it('keeps the interpreter busy for synchronous calls', async () => {
    const abort = new AbortController();
    const waiting = py.call('endless', [], { signal: abort.signal });
    await py.call('plain');
    expect(py.state).toBe('running');
    expect(() => py.callSync('plain')).toThrow(
      expect.objectContaining({ code: 'ERR_INTERPRETER_BUSY' }),
    );
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is cancelled by an abort, and its finally blocks run', async () => {
    const abort = new AbortController();
    const waiting = py.call('endless', [], { signal: abort.signal });
    await py.call('plain');
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => py.evaluate('Meeting.event')).toBe('cleaned up');
  });

  it('is cancelled by its timeout, other coroutines go on', async () => {
    const other = py.call('wait_for_other');
    await expect(py.call('endless', [], { timeout: 20 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    });
    await py.exec(
      'Meeting.event = asyncio.Event() if Meeting.event == "cleaned up" else Meeting.event',
    );
    other.catch(() => undefined);
    py.interrupt();
    await expect(other).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });

  it('that never yields is stopped all the same', async () => {
    await expect(py.call('stuck', [], { timeout: 50 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    });
    expect(await py.call('add', [1, 1])).toBe(2);
  });

  it('may be made by evaluate', async () => {
    expect(await py.evaluate('add(20, 22)')).toBe(42);
  });

  it('runs to its end in a synchronous call', () => {
    expect(py.callSync('add', [20, 22])).toBe(42);
  });
});

describe('closing with coroutines in flight', () => {
  it('waits for them', async () => {
    const other = await Interpreter.create();
    await other.exec(
      'import asyncio\nasync def slow():\n  await asyncio.sleep(0.05)\n  return "done"',
    );
    const slow = other.call('slow');
    await other.exec('pass'); // behind it: it has begun
    const closed = other.close();
    expect(await slow).toBe('done');
    expect(await closed).toMatchObject({ abandoned: null });
  });

  it('cancels them when the timeout is over', async () => {
    const other = await Interpreter.create();
    await other.exec('import asyncio\nasync def never():\n  await asyncio.Event().wait()');
    const never = other.call('never');
    never.catch(() => undefined);
    expect(await other.close({ timeout: 50 })).toMatchObject({ abandoned: null });
    await expect(never).rejects.toMatchObject({ code: 'ERR_INTERPRETER_CLOSED' });
  });
});
