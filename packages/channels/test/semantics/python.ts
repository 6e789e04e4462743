// The rows of the README's table for Python. What they do is in ../python/operations.py.

import type { Interpreter } from '@multicore-python/interpreters';
import type { Limits } from './outcome.js';
import { drain, refusal, type Scene, type Side } from './states.js';

const ENDINGS = ['close', 'poison', 'leave', 'with', 'del'];

/** Those after which the end in JavaScript leaves as well: it is one of the same side. */
const LEAVING = ['leave', 'del'];

/** Which end an operation is of. */
export function sideOf(operation: string): Side {
  if (operation.endsWith('(receiver)')) return 'receive';
  return operation.includes('send') || ENDINGS.includes(operation) ? 'send' : 'receive';
}

/** The operation as a function that says what came of it, in Python. */
export function runIn(
  interpreter: Interpreter,
  operation: string,
  scene: Scene,
): (limits: Limits) => Promise<string> {
  const end = sideOf(operation) === 'send' ? scene.sender : scene.receiver;
  return async ({ signal, timeout }) => {
    const seconds = timeout === undefined ? null : timeout / 1000;
    const args = [operation, end, seconds] as const;
    if (signal === undefined) {
      const outcome = await interpreter.call<string>('operations:run', args);
      if (ENDINGS.includes(operation)) {
        if (LEAVING.includes(operation)) scene.sender.leave();
        return scene.hasPeer ? drain(scene.receiver) : 'nothing';
      }
      if (operation.endsWith('(receiver)')) {
        if (LEAVING.includes(operation.split(' ')[0] ?? '')) scene.receiver.leave();
        return scene.hasPeer ? refusal(scene.sender) : 'nothing';
      }
      return outcome;
    }
    // The call ends with the signal's reason: Python has kept what came of the operation.
    await interpreter.call('operations:run', args, { signal }).catch(() => {});
    return await interpreter.call<string>('operations:last');
  };
}
