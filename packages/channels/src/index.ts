// @multicore-python/channels: channels that move immutable values between Python interpreters and Node.

export {
  ChannelClosedError,
  ChannelPoisonedError,
  MulticoreError,
  NotShareableError,
  type Registration,
  register,
  releaseView,
  TimeoutError,
  Transferred,
  type TypedArray,
  transfer,
} from '@multicore-python/core';
export {
  type AfterCase,
  after,
  type Case,
  type OtherwiseCase,
  otherwise,
  type ReceiveCase,
  receive,
  type SendCase,
  send,
} from './cases.js';
export { type Channel, type ChannelOptions, channel, channels } from './channel.js';
export type { ChannelEvent } from './diagnostics.js';
export { End, handleOf } from './end.js';
export {
  type Operation,
  observeOperations,
  type Performance,
  type Watcher,
} from './observe.js';
export type { WaitOptions } from './options.js';
export { Receiver } from './receiver.js';
export { type ResultOf, type Selected, type SelectOptions, select } from './select.js';
export { Sender } from './sender.js';
export type { ChannelStats } from './stats.js';
export { Barrier } from './sync/barrier.js';
export { BrokenError } from './sync/broken.js';
export { Condition } from './sync/condition.js';
export { Event } from './sync/event.js';
export { Guard } from './sync/guard.js';
export { Lock } from './sync/lock.js';
export { Primitive } from './sync/primitive.js';
export { Semaphore } from './sync/semaphore.js';
