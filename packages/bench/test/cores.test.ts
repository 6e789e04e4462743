import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { findCores } from '../src/machine/cores.js';
import { allowedCoresOf, parseCoreList, processTree, threadsOf } from '../src/machine/proc.js';

describe('a list of cores', () => {
  it.each([
    ['0', [0]],
    ['0-1', [0, 1]],
    ['0-2,5', [0, 1, 2, 5]],
    ['3,8-10,12\n', [3, 8, 9, 10, 12]],
    ['', []],
  ])('%j is %j', (text, cores) => {
    expect(parseCoreList(text)).toEqual(cores);
  });

  it('is known of this process where there is /proc, and of none that is not there', () => {
    const cores = allowedCoresOf(process.pid);
    if (process.platform === 'linux') expect(cores?.length).toBeGreaterThan(0);
    else expect(cores).toBeNull();
    expect(allowedCoresOf(2 ** 30)).toBeNull();
    expect(threadsOf(2 ** 30)).toEqual([]);
  });
});

const MORE = (allowedCoresOf(process.pid)?.length ?? 0) > 1;

describe.skipIf(!MORE)('without a taskset that works', () => {
  it('says why', () => {
    expect(findCores(() => 'taskset is not here')).toEqual({ notHere: 'taskset is not here' });
  });

  it('says which program is missing', () => {
    const path = process.env['PATH'];
    process.env['PATH'] = import.meta.dirname;
    try {
      expect(findCores()).toEqual({ notHere: 'taskset of util-linux is not on PATH' });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('tries again, and believes what the system says rather than taskset', () => {
    const asked: string[] = [];
    const cores = findCores((args) => {
      asked.push(args.join(' '));
      return null;
    });
    if (!('allowed' in cores)) throw new Error(cores.notHere);
    expect(asked[0]).toBe(`-a -c -p ${cores.allowed.join(',')} ${process.pid}`);
    asked.length = 0;
    const [first] = cores.allowed as [number];
    expect(() => cores.put(process.pid, [first])).toThrow(`did not stay on core ${first}`);
    expect(asked.filter((each) => each === `-a -c -p ${first} ${process.pid}`)).toHaveLength(3);
    expect(() => cores.put(2 ** 30, [first])).not.toThrow();
  });
});

/** A process with threads, which has a child of its own. */
const PARENT = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("ready")'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
`;

const cores = findCores();
it.skipIf(!('allowed' in cores))('puts all threads and children on a core, and back', async () => {
  if (!('allowed' in cores)) return;
  const child: ChildProcess = spawn(process.execPath, ['-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    if (child.stdout === null || child.pid === undefined) throw new Error('did not start');
    await once(child.stdout, 'data');
    const root = child.pid;
    const threads = (): number[] => [...(processTree(root)?.keys() ?? [])].flatMap(threadsOf);
    const lists = (): Set<string> =>
      new Set(threads().map((thread) => String(allowedCoresOf(thread))));
    expect(processTree(root)?.size).toBe(2);
    expect(threads().length).toBeGreaterThan(2);
    for (const core of cores.allowed.slice(0, 2)) {
      cores.put(root, [core]);
      expect(lists()).toEqual(new Set([String(core)]));
    }
    cores.put(root, cores.allowed);
    expect(lists()).toEqual(new Set([String(cores.allowed)]));
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
});
