// What the programs in this folder share: the built package, memory, failing loudly.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Interpreter } from '../../packages/interpreters/dist/index.js';

export { Interpreter, sleep };

/** Resident memory in bytes, without what is shared with files. */
export function memory() {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(/RssAnon:\s+(\d+) kB/.exec(status)[1]) * 1024;
  } catch {
    return process.memoryUsage.rss();
  }
}

export const megabytes = (bytes) => (bytes / 1e6).toFixed(2);

/** Fails the program if it takes longer: a hang is an error, with what hung. */
export function limit(seconds, doing) {
  const timer = setTimeout(() => {
    console.error(`Hangs: more than ${seconds} s ${doing()}`);
    process.exit(1);
  }, seconds * 1000);
  return () => clearTimeout(timer);
}

/** `promise`, or a program that ends with an error that names it. */
export async function within(seconds, what, promise) {
  const stop = limit(seconds, () => what);
  try {
    return await promise;
  } finally {
    stop();
  }
}
