// Finds Python source files. Nothing is read but folders.

import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

const NOT_SOURCES: ReadonlySet<string> = new Set([
  '__pycache__',
  'site-packages',
  'node_modules',
  '.git',
  '.venv',
]);

/** The paths of all `.py` files below a folder, relative to it, in the order of their names. */
export async function* walk(root: string, folder: string = root): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_SOURCES.has(entry.name)) yield* walk(root, path);
    else if (entry.isFile() && entry.name.endsWith('.py')) yield relative(root, path);
  }
}
