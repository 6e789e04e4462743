// `npm run soak:channels [seconds] [seed]`: the long form of packages/channels/test/soak.test.ts.
import { spawnSync } from 'node:child_process';

const [seconds = '180', seed] = process.argv.slice(2);
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'channels', 'soak.test'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    MULTICORE_SOAK_SECONDS: seconds,
    ...(seed !== undefined && { MULTICORE_SOAK_SEED: seed }),
  },
});
process.exitCode = status ?? 1;
