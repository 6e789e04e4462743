// A JavaScript error that went through Python and comes back. Only recognising it is here.

import type { NativeException } from '../native/binding.js';

// What a function of ours raises inside Python when it throws (multicore/node.py).
const HOST_ERROR_TYPE = 'multicore.node.HostError';

/** The very error that a JavaScript function threw, if that is what the exception stands for. */
export function hostErrorOf(exception: NativeException): Error | undefined {
  if (exception.type !== HOST_ERROR_TYPE) return undefined;
  const thrown = exception.attributes['host_error'];
  return thrown instanceof Error ? thrown : undefined;
}
