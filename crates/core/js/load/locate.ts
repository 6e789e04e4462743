// Where the native addon's file is. Finds it, does not open it.

import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFile } from '../discovery/files.js';
import type { Host } from '../discovery/host.js';
import { platformTriple } from './triple.js';

/** How the addon came to be where it is. */
export type BinaryOrigin = 'MULTICORE_CORE_BINARY' | 'local build' | 'platform package';

/** The addon's file, or where it was looked for. */
export interface BinarySearch {
  readonly triple: string;
  readonly path: string | null;
  readonly origin: BinaryOrigin | null;
  readonly tried: readonly string[];
}

/** The folder of `@multicore-python/core` itself. As published, this file is part of a larger one: how deep it is varies. */
const CORE_FOLDER = packageFolder(dirname(fileURLToPath(import.meta.url)));

function packageFolder(inside: string): string {
  const above = dirname(inside);
  return isFile(join(inside, 'package.json')) || above === inside ? inside : packageFolder(above);
}

/**
 * Finds the addon: `MULTICORE_CORE_BINARY`, else a build in this package's folder, else the platform's package.
 *
 * @example
 * ```ts
 * locateBinary(currentHost()).path; // '/srv/app/node_modules/@multicore-python/core-linux-x64-gnu/multicore-core.linux-x64-gnu.node'
 * ```
 */
export function locateBinary(host: Host, folder: string = CORE_FOLDER): BinarySearch {
  const triple = platformTriple(host);
  const given = host.env['MULTICORE_CORE_BINARY'];
  if (given !== undefined && given !== '') {
    const path = isAbsolute(given) ? given : resolve(host.cwd, given);
    return {
      triple,
      path: isFile(path) ? path : null,
      origin: 'MULTICORE_CORE_BINARY',
      tried: [path],
    };
  }
  const local = join(folder, `multicore-core.${triple}.node`);
  if (isFile(local)) return { triple, path: local, origin: 'local build', tried: [local] };
  const name = `@multicore-python/core-${triple}`;
  const installed = installedBinary(name, triple, folder);
  return {
    triple,
    path: installed,
    origin: installed === null ? null : 'platform package',
    tried: [local, name],
  };
}

function installedBinary(name: string, triple: string, folder: string): string | null {
  try {
    const require = createRequire(join(folder, 'package.json'));
    const path = join(
      dirname(require.resolve(`${name}/package.json`)),
      `multicore-core.${triple}.node`,
    );
    return isFile(path) ? path : null;
  } catch {
    return null;
  }
}
