// Proves that two interpreters run Python bytecode at the same time. Uses only the public API of this package.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As much of `Interpreter` as the proof needs. */
export interface IsolationInterpreter {
  exec(source: string): Promise<unknown>;
  evaluate(source: string): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Makes an interpreter with a GIL of its own. */
export type CreateInterpreter = (name: string) => Promise<IsolationInterpreter>;

/** The outcome of the proof. */
export interface IsolationResult {
  readonly isolated: boolean;
  /** How often the two handed the turn to each other, both awake all the time. */
  readonly rounds: number;
  readonly detail: string;
}

const ROUNDS = 100;
const DEADLINE_SECONDS = 20;

/**
 * Lets two interpreters take turns through a byte of shared memory, each spinning in bytecode until the other has moved,
 * {@link ROUNDS} times. Neither makes a call that gives up its GIL, and the switch interval, after which CPython would take it
 * away, is an hour: were the GIL shared, the first to spin would keep the second from ever running, and the deadline (only a way
 * out, not a measure) would end it. Taking turns to the end is therefore a proof, on any number of cores and under any load.
 *
 * @example
 * ```ts
 * const { isolated } = await checkIsolation((name) => Interpreter.create({ name }));
 * ```
 */
export async function checkIsolation(create: CreateInterpreter): Promise<IsolationResult> {
  const folder = await mkdtemp(join(tmpdir(), 'multicore-python-'));
  const interpreters: IsolationInterpreter[] = [];
  try {
    const board = join(folder, 'board');
    await writeFile(board, new Uint8Array(2));
    for (const name of ['doctor-a', 'doctor-b']) interpreters.push(await create(name));
    const runs = interpreters.map(async (interpreter, me) => {
      await interpreter.exec(player(board, me));
      return Number(await interpreter.evaluate('_multicore_doctor_play()'));
    });
    const rounds = Math.min(...(await Promise.all(runs)));
    const isolated = rounds === ROUNDS;
    return {
      isolated,
      rounds,
      detail: isolated
        ? 'two interpreters ran bytecode at the same time'
        : 'one interpreter kept the other from running',
    };
  } finally {
    await Promise.allSettled(interpreters.map((interpreter) => interpreter.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** `mmap` works with a GIL of its own, and reading or writing one of its bytes never releases that. */
function player(board: string, me: number): string {
  return `
def _multicore_doctor_play():
    import mmap, sys, time
    clock, me, other, seen = time.monotonic, ${me}, ${1 - me}, 0
    with open(${JSON.stringify(board)}, 'r+b') as file, mmap.mmap(file.fileno(), 2) as board:
        interval = sys.getswitchinterval()
        sys.setswitchinterval(3600)
        try:
            end = clock() + ${DEADLINE_SECONDS}
            for turn in range(1, ${ROUNDS} + 1):
                if me == 0:
                    board[0] = turn
                while board[other] != turn:
                    if clock() > end:
                        return seen
                if me == 1:
                    board[1] = turn
                seen = turn
        finally:
            sys.setswitchinterval(interval)
    return seen
`;
}
