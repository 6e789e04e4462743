// Our own side: an interpreter that can import the programs in python/.

import { type CreateOptions, Interpreter } from '@multicore-python/interpreters';
import { ownVersion } from '../../version.js';
import { pythonDirectory } from './surroundings.js';

/** Our version, as the reports show it. */
export const version: string = ownVersion();

/** A new interpreter. */
export function interpreter(options: CreateOptions = {}): Promise<Interpreter> {
  return Interpreter.create({ path: [pythonDirectory()], ...options });
}
