import { expect, test, vi } from 'vitest';
import { run, runOrThrow } from '../lib/process.mjs';

const node = (source, options) =>
  run(process.execPath, ['-e', source], { quiet: true, ...options });

test('keeps both streams and the exit code', async () => {
  const result = await node('console.log("out"); console.error("err"); process.exit(3)');
  expect(result).toMatchObject({ code: 3, stdout: 'out\n', stderr: 'err\n', timedOut: false });
});

test('a program that dies of a signal has the code a shell would give it', async () => {
  expect(await node('process.kill(process.pid, "SIGKILL")')).toMatchObject({ code: 137 });
});

test('a program that does not exist is a result, not an exception', async () => {
  expect(await run('no-such-program-here', [], { quiet: true })).toMatchObject({ code: 127 });
});

test('a time limit ends the program and what it started', async () => {
  // The grandchild holds our pipe open: `run` could not return if only the child had been ended.
  const source = `
    const idle = ['-e', 'setInterval(() => {}, 1e3)'];
    require('node:child_process').spawn(process.execPath, idle, { stdio: 'inherit' });
    setInterval(() => {}, 1e3);
  `;
  expect(await node(source, { timeoutSeconds: 1 })).toMatchObject({ code: 124, timedOut: true });
});

test('a program has no standard input to wait for', async () => {
  const result = await node('process.stdin.on("end", () => console.log("ended")).resume()', {
    timeoutSeconds: 10,
  });
  expect(result).toMatchObject({ code: 0, stdout: 'ended\n' });
});

test('runOrThrow says what failed, and how', async () => {
  const failing = runOrThrow(process.execPath, ['-e', 'console.log("why"); process.exit(1)'], {
    quiet: true,
  });
  await expect(failing).rejects.toThrow(/failed with code 1\nwhy/);
});

test('under CI, only what failed is shown, and of that the end', async () => {
  const shown = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text) => shown.push(text));
  const env = { ...process.env, CI: 'true' };
  try {
    await node('console.log("fine")', { quiet: false, env });
    expect(shown).toEqual([]);
    await node('for (let i = 0; i < 500; i++) console.log(i); process.exitCode = 1', {
      quiet: false,
      env,
    });
    expect(shown.join('\n')).toMatch(/^\(380 lines before\)\n380\n(.*\n)*499$/);
  } finally {
    log.mockRestore();
  }
});
