// Puts the JavaScript of a package into one file for each entry, as it is published: Node takes 0.4 ms
// to find, read and link a module, and the packages have a hundred (docs/design/performance.md). Declarations stay as
// they are, and so does what developers run.
//
// `node bundle.mjs` in a package's folder before packing, `node bundle.mjs --undo` after it.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { inRoot } from '../lib/paths.mjs';
import { readManifest } from '../lib/workspace.mjs';

/** The packages that programs import. The benchmark's programs are started one by one, by path. */
const BUNDLED = ['core', 'interpreters', 'channels', 'csp'].map(
  (name) => `@multicore-python/${name}`,
);

/**
 * Bundles `dist` of a package in its place, if it is one of those that are bundled.
 * @param {string} directory of the package
 */
export async function bundle(directory) {
  if (!BUNDLED.includes(readManifest(directory).name)) return;
  const dist = join(directory, 'dist');
  const made = mkdtempSync(join(tmpdir(), 'multicore-bundle-'));
  const build = await rolldown({
    input: entriesOf(directory),
    external: /^(?:node:|@multicore-python\/)/,
    platform: 'node',
    treeshake: false,
    plugins: [originalSources],
  });
  await build.write({
    dir: made,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
    sourcemap: true,
    // Seen from where the bundle will be, not from where it is made: `../src/par.ts`.
    sourcemapPathTransform: (source, map) =>
      relative(join(dist, relative(made, dirname(map))), resolve(dirname(map), source))
        .split(sep)
        .join('/'),
    keepNames: true,
  });
  await build.close();
  for (const file of readdirSync(dist, { recursive: true }))
    if (/\.js(?:\.map)?$/.test(file)) rmSync(join(dist, file));
  cpSync(made, dist, { recursive: true });
  rmSync(made, { recursive: true });
}

/** Takes along where the compiled modules come from, so that a stack shows lines of TypeScript. */
const originalSources = {
  name: 'original-sources',
  load(id) {
    const map = `${id}.map`;
    return existsSync(map)
      ? { code: readFileSync(id, 'utf8'), map: readFileSync(map, 'utf8') }
      : null;
  },
};

/** What is imported from outside: the package's own entry, and what its commands import. */
function entriesOf(directory) {
  const { exports, bin = {} } = readManifest(directory);
  const commands = Object.values(bin).flatMap((file) =>
    [...readFileSync(join(directory, file), 'utf8').matchAll(/from '\.\.\/(dist\/.+\.js)'/g)].map(
      ([, imported]) => imported,
    ),
  );
  const files = [exports['.'].default.replace('./', ''), ...commands];
  return Object.fromEntries(
    files.map((file) => [file.slice('dist/'.length, -'.js'.length), join(directory, file)]),
  );
}

const kept = (directory) => inRoot('target', 'unbundled', directory.split(sep).at(-1));

async function main(directory, undo) {
  const [dist, backup] = [join(directory, 'dist'), kept(directory)];
  if (undo) {
    if (!existsSync(backup)) return;
    rmSync(dist, { recursive: true });
    renameSync(backup, dist);
    return;
  }
  rmSync(backup, { recursive: true, force: true });
  cpSync(dist, backup, { recursive: true });
  await bundle(directory);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(process.cwd(), process.argv.includes('--undo'));
