import { run } from '../lib/process.mjs';
import { ensureTarget, ensureToolchain } from '../lib/rust.mjs';
import { exitTally, skipped, sum } from '../lib/tally.mjs';

/** One of each family that we publish for and that is not this machine's. */
const TARGETS = ['aarch64-unknown-linux-gnu', 'x86_64-pc-windows-msvc', 'aarch64-apple-darwin'];

export const targets = {
  name: 'targets',
  title: 'The Rust core on other platforms (cargo check)',
  async run() {
    await ensureToolchain();
    const tallies = [];
    for (const target of TARGETS) tallies.push(await checkTarget(target));
    return sum(tallies);
  },
};

async function checkTarget(target) {
  const missing = await ensureTarget(target);
  if (missing) return skipped(`${target}: ${missing}`);
  console.log(`── ${target}`);
  // A warning that only another platform shows is still a warning.
  const env = { ...process.env, RUSTFLAGS: `${process.env.RUSTFLAGS ?? ''} -D warnings`.trim() };
  return exitTally(
    await run('cargo', ['check', '--workspace', '--locked', '--target', target], { env }),
    `cargo check --target ${target}`,
  );
}
