// Runs before every native build: a clear word, or the toolchain itself, instead of cargo's riddle.
import { ensureToolchain, RustMissingError } from './lib/rust.mjs';

try {
  console.log(await ensureToolchain());
} catch (error) {
  if (!(error instanceof RustMissingError)) throw error;
  console.error(error.message);
  process.exit(1);
}
