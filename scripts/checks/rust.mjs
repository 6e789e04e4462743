import { parseCargoTest } from '../lib/cargo-results.mjs';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/process.mjs';
import { ensureToolchain } from '../lib/rust.mjs';
import { exitTally, runnerTally, sum } from '../lib/tally.mjs';

/** See the feature `addon` in crates/core/Cargo.toml: only a Node process can link it. */
const WITHOUT_ADDON = '--no-default-features';

export const rustLint = {
  name: 'rust-lint',
  title: 'Format and lint of Rust',
  async run() {
    await ensureToolchain();
    return sum([
      exitTally(await run('cargo', ['fmt', '--all', '--check']), 'cargo fmt --check'),
      exitTally(
        await run('cargo', [
          'clippy',
          '--workspace',
          '--all-targets',
          '--locked',
          '--',
          '-D',
          'warnings',
        ]),
        'cargo clippy',
      ),
    ]);
  },
};

export const rust = {
  name: 'rust',
  title: 'Tests of the Rust core',
  async run() {
    await ensureToolchain();
    return sum([
      await cargoTest('unit tests', ['--workspace', '--lib']),
      await cargoTest('integration tests', ['--workspace', WITHOUT_ADDON, '--test', '*']),
      await cargoTest('doc tests', ['--workspace', WITHOUT_ADDON, '--doc']),
    ]);
  },
};

/**
 * The concurrent parts under loom, which tries every interleaving: `crates/core/tests/*_loom.rs`.
 * `--cfg loom` changes every crate's flags, hence a target folder of its own; release, or it takes ages.
 */
export const loom = {
  name: 'loom',
  title: 'Model checks of the Rust core (loom)',
  async run() {
    await ensureToolchain();
    return cargoTest(
      'loom',
      ['--package', 'multicore-python-core', WITHOUT_ADDON, '--release', '--test', '*_loom'],
      {
        ...process.env,
        RUSTFLAGS: `${process.env.RUSTFLAGS ?? ''} --cfg loom`.trim(),
        CARGO_TARGET_DIR: inRoot('target', 'loom'),
        CARGO_PROFILE_RELEASE_LTO: 'off',
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
        CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS: 'true',
      },
    );
  },
};

async function cargoTest(what, args, env = process.env) {
  console.log(`── ${what}`);
  const result = await run('cargo', ['test', '--locked', '--no-fail-fast', ...args], { env });
  return runnerTally(parseCargoTest(result.output), result, `cargo test, ${what}`);
}
