// An environment in which no Rust can be found, for proving that the published packages need none.
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const RUST = /^(cargo|rustc|rustup)(-[\w-]+)?(\.exe)?$/;

/**
 * @param {string} workDirectory where stand-ins for folders that hold more than Rust may be made
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentWithoutRust(workDirectory) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => existsSync(folder));
  const rustless = path.map((folder, index) => {
    const programs = readdirSync(folder);
    if (!programs.some((program) => RUST.test(program))) return folder;
    const standIn = join(workDirectory, 'path', String(index));
    mkdirSync(standIn, { recursive: true });
    for (const program of programs)
      if (!RUST.test(program)) symlinkSync(join(folder, program), join(standIn, program));
    return standIn;
  });
  const kept = Object.entries(process.env).filter(
    // What npm tells its scripts about this repository must not reach a project outside of it.
    ([name]) =>
      !/^(CARGO|RUST|MULTICORE_CORE_|PYO3_|npm_|INIT_CWD$|NODE_OPTIONS$|TURBO_|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: rustless.join(delimiter) };
}
