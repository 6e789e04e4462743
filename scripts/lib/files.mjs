import { existsSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { runOrThrow } from './process.mjs';

/**
 * Files that git knows or would know: committed ones and new ones, never ignored ones.
 * @param {...string} patterns git pathspecs
 * @returns {Promise<string[]>} paths relative to the repository, with forward slashes
 */
export async function projectFiles(...patterns) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await runOrThrow('git', [...args, '--', ...patterns], { quiet: true });
  // A file that was deleted but not yet committed as such is still listed.
  return stdout.split('\0').filter((file) => file !== '' && existsSync(inRoot(file)));
}
