// Where an interpreter's stdout and stderr go: the option's forms turned into what native code takes,
// and a Readable for `pipe`.

import { Readable } from 'node:stream';

/**
 * Where text that Python writes goes: to this process's own stream, to a stream of the interpreter
 * (`py.stdout`), nowhere, or to a function that gets each piece.
 */
export type Output = 'inherit' | 'pipe' | 'ignore' | ((text: string) => void);

/** A destination as native code takes it, and the stream if there is one. */
export interface Outlet {
  readonly native: 'inherit' | 'ignore' | ((text: string) => void);
  readonly stream: Readable | null;
}

/** Turns an option into an outlet. */
export function outlet(output: Output | undefined): Outlet {
  if (output !== 'pipe') return { native: output ?? 'inherit', stream: null };
  // Python does not wait for the reader: what is not read yet is kept.
  const stream = new Readable({ encoding: 'utf8', read() {} });
  return { native: (text) => void stream.push(text, 'utf8'), stream };
}

/** Ends a piped stream: nothing more will come. */
export function endOutlet(stream: Readable | null): void {
  if (stream !== null && !stream.readableEnded) stream.push(null);
}
