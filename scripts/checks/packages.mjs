import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeModulesBin } from '../lib/paths.mjs';
import { run, runSparingly } from '../lib/process.mjs';
import { exitTally, failed, none, passed, sum } from '../lib/tally.mjs';
import { closure } from '../lib/workspace.mjs';
import { contentProblems } from '../packaging/contents.mjs';
import { packAll } from '../packaging/pack.mjs';
import { compileProgram, programOf } from '../packaging/programs.mjs';
import { makeProject } from '../packaging/project.mjs';
import { environmentWithoutRust } from '../packaging/rustless.mjs';
import { sourceMapProblems } from '../packaging/source-maps.mjs';

export const packages = {
  name: 'packages',
  title: 'Packages as published: contents, types, installed alone',
  needs: ['build'],
  async run() {
    const workDirectory = mkdtempSync(join(tmpdir(), 'multicore-packages-'));
    try {
      const packed = await packAll(workDirectory);
      const libraries = packed.filter(({ kind }) => kind === 'library');
      const env = environmentWithoutRust(workDirectory);
      const tallies = packed.map(checkContents);
      for (const each of libraries) tallies.push(await checkMetadata(each));
      tallies.push(await checkRustless(env));
      for (const { name } of libraries)
        tallies.push(await checkInstalledAlone({ name, packed, workDirectory, env }));
      return sum(tallies);
    } finally {
      rmSync(workDirectory, { recursive: true, force: true });
    }
  },
};

function checkContents(packed) {
  const problems = contentProblems(packed);
  console.log(`${packed.name}: ${packed.files.length} files, ${Math.ceil(packed.size / 1024)} KiB`);
  return problems.length === 0
    ? passed()
    : failed(...problems.map((problem) => `${packed.name}.tgz ${problem}`));
}

async function checkMetadata({ name, tarball }) {
  const attw = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', tarball];
  return sum([
    exitTally(
      await runSparingly(nodeModulesBin('publint'), ['--strict', tarball]),
      `publint ${name}`,
    ),
    exitTally(await runSparingly(nodeModulesBin('attw'), attw), `attw ${name}`),
  ]);
}

/** That the environment of the next checks is what they claim. */
async function checkRustless(env) {
  for (const tool of ['cargo', 'rustc']) {
    const { code } = await run(tool, ['--version'], { env, quiet: true });
    if (code !== 127) return failed(`${tool} still runs in the environment without Rust`);
  }
  return passed();
}

/** Only what it depends on comes along; a strict TypeScript program against it compiles, and runs. */
async function checkInstalledAlone({ name, packed, workDirectory, env }) {
  console.log(`── ${name}, installed alone`);
  const program = programOf(name);
  const directory = join(workDirectory, `project-${program}`);
  await makeProject({ directory, name, packed, env });

  const installed = readdirSync(join(directory, 'node_modules', '@multicore-python')).sort();
  const platform = packed.find(({ kind }) => kind === 'platform').name;
  const expected = [...closure(name), platform].map((each) => each.split('/')[1]).sort();
  const brought =
    installed.join() === expected.join()
      ? passed()
      : failed(`${name} alone brought ${installed} instead of ${expected}`);

  const named = sourceMapProblems(join(directory, 'node_modules', ...name.split('/')));
  const mapped =
    named.length === 0 ? passed() : failed(...named.map((problem) => `${name}: ${problem}`));

  const compiled = exitTally(
    await compileProgram(name, directory),
    `tsc of a program with ${name} alone`,
  );
  if (compiled.failed > 0) return sum([brought, mapped, compiled]);
  const result = await run(process.execPath, [`${program}.js`], {
    cwd: directory,
    env,
    timeoutSeconds: 120,
  });
  return sum([
    brought,
    mapped,
    compiled,
    exitTally(result, `a program with ${name} alone`),
    usedBinary(name, result),
    await checkCommands({ name, directory, env }),
  ]);
}

/** The core's program says where its addon came from: here it must be the platform package. */
function usedBinary(name, { stdout }) {
  if (programOf(name) !== 'core') return none;
  return /platform package/.test(stdout) ? passed() : failed('the platform package was not used');
}

/** A command that a package installs runs, from the project's own folder. */
async function checkCommands({ name, directory, env }) {
  if (programOf(name) !== 'interpreters') return none;
  const args = ['exec', '--offline', '--', 'multicore-python', 'doctor'];
  return exitTally(
    await runSparingly('npm', args, { cwd: directory, env }),
    'multicore-python doctor',
  );
}
