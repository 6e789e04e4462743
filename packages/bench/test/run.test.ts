import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../src/peers/run.js';

describe('a command', () => {
  it('gives its code and all that it prints', async () => {
    const script = 'console.log(process.env.WORD); console.error("2"); process.exitCode = 3';
    const { code, output } = await run(process.execPath, ['-e', script], { env: { WORD: '1' } });
    expect(code).toBe(3);
    expect(output.trim().split('\n').sort()).toEqual(['1', '2']);
  });

  it('is ended when its time is over', async () => {
    const { code } = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      timeoutMs: 50,
    });
    expect(code).toBeNull();
  });

  it.each([
    ['nothing of this name', 'ENOENT'],
    [join(import.meta.filename, 'below a file'), 'ENOTDIR'],
  ])('that cannot be started is no exception, and nothing is left of it: %s', async (file, why) => {
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    const { code, output } = await run(file, [], { timeoutMs: 60_000 });
    expect(code).toBeNull();
    expect(output).toContain(why);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
