// The Rust toolchain that rust-toolchain.toml names, with what we need from it.
import { readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { run } from './process.mjs';

export class RustMissingError extends Error {
  name = 'RustMissingError';
}

/**
 * Makes sure that `cargo`, `rustfmt` and `clippy` of the pinned version answer.
 * rustup installs them where it is allowed to; a distribution's own cargo is taken as it is.
 */
export async function ensureToolchain() {
  const hasRustup = (await quietly('rustup', ['--version'])).code === 0;
  if (hasRustup && !(await isInstalled())) {
    console.log(`Installing Rust ${pinnedVersion()} with rustup (rust-toolchain.toml).`);
    // The arguments repeat the file because rustup before 1.28 does not read it here.
    await run('rustup', [
      'toolchain',
      'install',
      pinnedVersion(),
      '--profile',
      'minimal',
      '--no-self-update',
      '--component',
      'clippy',
      '--component',
      'rustfmt',
    ]);
  }
  const cargo = await quietly('cargo', ['--version']);
  if (cargo.code === 0) return cargo.stdout.trim();
  throw new RustMissingError(
    [
      `Building the native core needs Rust ${pinnedVersion()}, and \`cargo --version\` answered:`,
      indent(cargo.output),
      hasRustup
        ? `Fix: \`rustup toolchain install ${pinnedVersion()} --component clippy --component rustfmt\`.`
        : "Fix: install rustup, Rust's installer.",
    ].join('\n'),
  );
}

/**
 * @param {string} target
 * @returns {Promise<string | undefined>} why the target cannot be had; undefined when it is there
 */
export async function ensureTarget(target) {
  const installed = await quietly('rustup', ['target', 'list', '--installed']);
  if (installed.code !== 0) return `no rustup to add it with (${firstLine(installed.output)})`;
  if (installed.stdout.split(/\s+/).includes(target)) return undefined;
  const added = await quietly('rustup', ['target', 'add', target]);
  return added.code === 0 ? undefined : `rustup could not add it (${errorLine(added.output)})`;
}

export const pinnedVersion = () => {
  const file = readFileSync(inRoot('rust-toolchain.toml'), 'utf8');
  const channel = /^channel\s*=\s*"([^"]+)"/m.exec(file)?.[1];
  if (!channel) throw new Error('rust-toolchain.toml names no channel');
  return channel;
};

async function isInstalled() {
  for (const [tool, args] of [
    ['cargo', ['--version']],
    ['cargo', ['clippy', '--version']],
    ['cargo', ['fmt', '--version']],
  ]) {
    if ((await quietly(tool, args)).code !== 0) return false;
  }
  return true;
}

const quietly = (command, args) => run(command, args, { quiet: true, timeoutSeconds: 600 });
const lines = (text) => text.trim().split('\n');
const firstLine = (text) => lines(text)[0] ?? '';
const errorLine = (text) => lines(text).find((line) => line.startsWith('error')) ?? firstLine(text);
const indent = (text) =>
  lines(text)
    .map((line) => `  ${line}`)
    .join('\n');
