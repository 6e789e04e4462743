// Memory that moves or is lent instead of being copied. Types only.

import type { Handle } from './handle.js';

/** Typed arrays whose memory changes its owner. */
export interface MemoryFunctions {
  /** Takes the memory of a typed array away from JavaScript: a handle of it, to be sent. */
  transferMemory(array: ArrayBufferView): Handle;
  /** The memory of such a handle, back as a typed array. Throws once it was received. */
  takeTransfer(transfer: Handle): ArrayBufferView;
  /** Lets go of memory that others own; the array is empty then. False: it is no such array. */
  releaseView(array: ArrayBufferView): boolean;
}
