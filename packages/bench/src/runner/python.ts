// The Python that everything runs on: the one that the product itself would use.

import { configure, pythonInfo } from '@multicore-python/interpreters';

/** What programs and peers need to know about it. */
export interface FoundPython {
  readonly executable: string;
  readonly libpython: string;
  readonly basePrefix: string;
  readonly version: string;
}

/** Finds it; throws the product's own error, which says what to do, if there is none. */
export async function findPython(wanted: string | null): Promise<FoundPython> {
  if (wanted !== null) configure({ python: wanted });
  return pythonInfo();
}
