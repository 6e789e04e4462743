import { ensureNode, OTHER_NODES } from '../lib/nodes.mjs';
import { inCache } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { exitTally, sum } from '../lib/tally.mjs';
import { publishedPackages } from '../lib/workspace.mjs';
import { compileProgram, programOf } from '../packaging/programs.mjs';
import { runVitest } from './vitest.mjs';

const directory = inCache('programs');
const major = (version) => version.split('.')[0];

export const nodes = {
  name: 'nodes',
  title: 'The other Node majors',
  needs: ['build'],
  /** Always the programs of the packaging check; with --full all vitest projects too. */
  async run({ full }) {
    const programs = await compilePrograms();
    const tallies = [programs.compiled];
    for (const version of OTHER_NODES.filter(
      (other) => major(other) !== major(process.versions.node),
    )) {
      console.log(`── Node ${version}`);
      const node = await ensureNode(version);
      tallies.push(await checkVersion(node, version));
      for (const name of programs.names) tallies.push(await runProgram(node, version, name));
      if (full) tallies.push(await runVitest(node, `vitest on Node ${version}`));
    }
    return sum(tallies);
  },
};

async function compilePrograms() {
  const names = publishedPackages().map(({ name }) => name);
  const tallies = [];
  for (const name of names) {
    // Below the repository, so that the packages are found as the workspace links them.
    tallies.push(
      exitTally(await compileProgram(name, directory), `tsc of the program with ${name}`),
    );
  }
  return { names, compiled: sum(tallies) };
}

async function checkVersion(node, version) {
  const answer = await run(node, ['-e', `process.exit(process.version === 'v${version}' ? 0 : 1)`]);
  return exitTally(answer, `${node} is Node ${version}`);
}

async function runProgram(node, version, name) {
  const program = `${programOf(name)}.js`;
  const result = await run(node, [program], { cwd: directory, timeoutSeconds: 120 });
  return exitTally(result, `${program} on Node ${version}`);
}
