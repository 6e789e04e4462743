// What source maps of an installed package may name: files of the package itself, none of the machine that made it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * @param {string} directory of an installed package
 * @returns {string[]} what is wrong; empty when nothing is
 */
export function sourceMapProblems(directory) {
  return readdirSync(join(directory, 'dist'), { recursive: true })
    .filter((file) => file.endsWith('.js.map'))
    .flatMap((file) => {
      const map = join(directory, 'dist', file);
      const { sources } = JSON.parse(readFileSync(map, 'utf8'));
      return sources
        .filter((source) => !isOwnTypeScript(relative(directory, resolve(dirname(map), source))))
        .map((source) => `dist/${file} names ${source}, which is no TypeScript of the package`);
    });
}

function isOwnTypeScript(path) {
  return /^(?:src|js)\b.*\.ts$/.test(path);
}
