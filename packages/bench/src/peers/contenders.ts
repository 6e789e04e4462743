// Everybody who takes part, and what each needs to run here. How each is used is in src/programs/ and python/.

import { REFERENCE } from '../method/model.js';

/** What a contender needs. */
export type Needs =
  /** Nothing that is not here anyway. */
  | { readonly kind: 'nothing' }
  /** Packages from the npm registry, each in a folder of its own: see data/peers.json. */
  | { readonly kind: 'npm'; readonly peers: readonly string[] }
  /** Modules of the Python that was found. */
  | { readonly kind: 'python'; readonly modules: readonly string[] }
  /** A toolchain that builds one of native/. */
  | {
      readonly kind: 'toolchain';
      readonly command: 'go' | 'cargo';
      readonly native: 'go' | 'crossbeam';
    };

/** One who takes part. */
export interface Contender {
  readonly id: string;
  readonly label: string;
  readonly needs: Needs;
  /** Roughly how long a program of it takes to start, where that is seconds. */
  readonly startMs?: number;
}

const npm = (id: string, label = id, ...others: string[]): Contender => ({
  id,
  label,
  needs: { kind: 'npm', peers: [id, ...others] },
});
const python = (id: string, label: string, ...modules: string[]): Contender => ({
  id,
  label,
  needs: { kind: 'python', modules },
});
const nothing = (id: string, label: string): Contender => ({
  id,
  label,
  needs: { kind: 'nothing' },
});

/** All contenders, ourselves first. */
export const CONTENDERS: readonly Contender[] = [
  nothing(REFERENCE, 'Multicore Python'),
  npm('node-calls-python'),
  npm('pymport'),
  { ...npm('pyodide'), startMs: 2_500 },
  npm('pythonia'),
  npm('python-shell'),
  npm('platformatic-python-node', '@platformatic/python-node'),
  npm('piscina', 'Piscina', 'python-shell'),
  python('interpqueues', 'CPython _interpqueues', '_interpreters', '_interpqueues'),
  python('interpchannels', 'CPython _interpchannels', '_interpreters', '_interpchannels'),
  python('concurrent-interpreters', 'concurrent.interpreters', 'concurrent.interpreters'),
  python('mp-queue', 'multiprocessing.Queue', 'multiprocessing'),
  python('mp-pipe', 'multiprocessing.Pipe', 'multiprocessing'),
  python('process-pool', 'ProcessPoolExecutor', 'multiprocessing', 'concurrent.futures'),
  python('threads', 'threading', 'threading'),
  python('python-csp', 'python-csp', 'csp.os_process', 'csp.csp'),
  python('python', 'Python executable'),
  nothing('message-port', 'MessagePort'),
  nothing('node', 'Node alone'),
  {
    id: 'crossbeam',
    label: 'crossbeam, bare threads',
    needs: { kind: 'toolchain', command: 'cargo', native: 'crossbeam' },
  },
  {
    id: 'go',
    label: 'Go channels',
    needs: { kind: 'toolchain', command: 'go', native: 'go' },
  },
  {
    id: 'go-threads',
    label: 'Go channels, a locked thread each',
    needs: { kind: 'toolchain', command: 'go', native: 'go' },
  },
];

/** A contender by its id. */
export function contenderOf(id: string): Contender {
  const found = CONTENDERS.find((contender) => contender.id === id);
  if (found === undefined) throw new Error(`unknown contender ${id}`);
  return found;
}
