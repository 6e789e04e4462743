// What Python makes for JavaScript and its heap cannot hold: an error, where V8 would end the process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The program imports what `npm run build` made: a child process knows nothing of vitest.
const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

test('a result and a message larger than the heap are refused, and all goes on', () => {
  const program = `
    import { Interpreter } from ${JSON.stringify(entry)};
    const py = await Interpreter.create();
    const said = [];
    const huge = '[[n] for n in range(4_000_000)]';
    await py.evaluate(huge).catch(({ code }) => said.push(code));
    try { py.evaluateSync(huge) } catch ({ code }) { said.push(code) }
    const take = (list) => said.push('taken');
    await py.exec(huge.replace('[[', 'x = [[') + '\\ntake(x)', { bind: { take } }).catch(({ code }) => said.push(code));
    said.push(await py.evaluate('len(x)'));
    await py.close();
    console.log(said.join());`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=100', '--input-type=module', '-e', program],
    { encoding: 'utf8', timeout: 120_000 },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: 'ERR_NOT_SHAREABLE,ERR_NOT_SHAREABLE,ERR_NOT_SHAREABLE,4000000\n',
    stderr: '',
  });
});
