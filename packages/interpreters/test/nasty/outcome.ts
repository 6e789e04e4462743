// What came of a job, in one short value that a table of tests can compare with.

import { Interpreter, MulticoreError, PythonError } from '@multicore-python/interpreters';

export interface Outcome {
  /** `ok`, the type of the Python exception, or the code of the error. */
  readonly kind: string;
  readonly message: string;
}

/** How a promise ends. */
export const outcomeOf = (promise: Promise<unknown>): Promise<Outcome> =>
  promise.then(
    () => ({ kind: 'ok', message: '' }),
    (error: unknown) => describe(error),
  );

/** How a call ends. */
export function outcomeOfSync(run: () => unknown): Outcome {
  try {
    run();
    return { kind: 'ok', message: '' };
  } catch (error) {
    return describe(error);
  }
}

/** Runs a source in an interpreter of its own, checks that it can still be used, and closes it. */
export async function runAlone(
  source: string,
  options: { timeout?: number; serial?: boolean; isolation?: 'own-gil' | 'shared-gil' } = {},
): Promise<Outcome & { usable: boolean; abandoned: string | null; printed: string }> {
  let printed = '';
  const keep = (text: string): void => {
    printed += text;
  };
  const { serial, isolation, timeout = 20_000 } = options;
  const py = await Interpreter.create({ serial, isolation, stdout: keep, stderr: keep });
  const outcome = await outcomeOf(py.exec(source, { timeout }));
  const usable = await outcomeOf(py.evaluate('1 + 1', { timeout: 5000 }));
  const { abandoned } = await py.close({ timeout: 5000 });
  return { ...outcome, usable: usable.kind === 'ok', abandoned, printed };
}

function describe(error: unknown): Outcome {
  if (error instanceof PythonError) return { kind: error.pythonType, message: error.message };
  if (error instanceof MulticoreError) return { kind: error.code, message: error.message };
  return { kind: String(error), message: String(error) };
}
