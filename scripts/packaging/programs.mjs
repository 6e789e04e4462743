// The programs that prove a package: one for each, in TypeScript, compiled against the package as a user's
// compiler would see it.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, nodeModulesBin } from '../lib/paths.mjs';
import { runSparingly } from '../lib/process.mjs';

const sources = inRoot('scripts', 'packaging', 'programs');

/** Strict, and with `skipLibCheck` off: our declarations must stand on their own in a user's project. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [inRoot('node_modules', '@types')],
  },
};

/** @param {string} name of a package */
export const programOf = (name) => name.split('/')[1];

/**
 * Compiles a package's program in a folder from which the package can be found.
 * @returns {Promise<import('../lib/process.mjs').Finished>} the compiler's
 */
export async function compileProgram(name, directory) {
  mkdirSync(directory, { recursive: true });
  const program = programOf(name);
  for (const file of [`${program}.ts`, 'same.ts'])
    cpSync(join(sources, file), join(directory, file));
  const config = join(directory, `tsconfig.${program}.json`);
  writeFileSync(config, JSON.stringify({ ...TSCONFIG, files: [`${program}.ts`] }));
  return runSparingly(nodeModulesBin('tsc'), ['-p', config], { cwd: directory });
}
