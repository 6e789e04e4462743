import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { counted, runnerTally, sum } from '../lib/tally.mjs';
import { ensureVenv } from '../lib/venv.mjs';

export const extensions = {
  name: 'extensions',
  title: 'Extension modules of others, in every isolation',
  needs: ['build'],
  async run() {
    const { tool } = await ensureVenv('requirements-extensions.txt', 'venv-extensions');
    const program = inRoot('scripts', 'robust', 'extensions.mjs');
    // A process each: which interpreter loads a module first decides what the others can do.
    const tallies = [];
    for (const isolation of ['own-gil', 'shared-gil', 'main'])
      tallies.push(await runProgram(program, isolation, tool('python')));
    return sum(tallies);
  },
};

async function runProgram(program, isolation, python) {
  const result = await run(process.execPath, [program, isolation, python], { timeoutSeconds: 120 });
  const lines = result.stdout.split('\n');
  const failures = lines.filter((line) => line.startsWith('not ok')).map((line) => line.slice(7));
  const passed = lines.filter((line) => line.startsWith('ok')).length;
  return runnerTally(
    counted(passed, failures.length, 0, failures),
    result,
    `extension modules, ${isolation}`,
  );
}
