// Where things are, so that no other script counts `..`s.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const coreDirectory = join(root, 'crates', 'core');

/** Everything that scripts download or make for themselves; deleting it is always safe. */
export const cacheDirectory = join(root, '.cache');

export const inRoot = (...parts) => join(root, ...parts);
export const inCache = (...parts) => join(cacheDirectory, ...parts);
export const nodeModulesBin = (name) =>
  inRoot('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
