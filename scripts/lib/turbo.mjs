import { nodeModulesBin, root } from './paths.mjs';
import { run } from './process.mjs';

/**
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, timeoutSeconds?: number }} [options]
 */
export function runTurbo(args, options = {}) {
  return run(nodeModulesBin('turbo'), args, {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    timeoutSeconds: 1_800,
    ...options,
  });
}
