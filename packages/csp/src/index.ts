// @multicore-python/csp: communicating sequential processes over Python interpreters and async JavaScript.

export {
  after,
  type Case,
  type Channel,
  channel,
  End,
  Receiver,
  receive,
  type SelectOptions,
  Sender,
  send,
} from '@multicore-python/channels';
export { alt, skip, when } from './alt.js';
export { type Alternation, alternate, type Guards, type Plain } from './alternate.js';
export { Barrier } from './barrier/barrier.js';
export { blocking, dropping, sliding } from './buffers.js';
export { Composition, type RunOptions } from './composition.js';
export type { Strictness } from './deadlock/check.js';
export { type BlockedProcess, DeadlockError } from './deadlock/error.js';
export { poison, retire } from './ends.js';
export { ParallelError, type ProcessFailure } from './failure.js';
export { type Farm, farm } from './farm.js';
export type { Chosen, Guard, GuardResult, Meeting, TimeGuard } from './guard.js';
export { type Body, type Given, javascript } from './javascript.js';
export type { MemberState } from './monitor/member.js';
export type { ProcessEvent, WaitEvent } from './network/events.js';
export { type Network, type NetworkOptions, network, networks } from './network/network.js';
export type { Recording, RecordingOptions, TraceEvent } from './network/recording.js';
export type {
  NetworkSnapshot,
  SnapshotChannel,
  SnapshotProcess,
  SnapshotWait,
} from './network/snapshot.js';
export { par } from './par.js';
export { type Context, Process, type ResultOf, type ResultsOf } from './process.js';
export { type PythonOptions, python } from './python.js';
export { forever, repeat } from './repeat.js';
export { pipeline, replicate, type Sink, type Source, type Stage } from './replicate.js';
export { seq } from './seq.js';
export { type Exit, type ExitReason, StopError, SupervisionError } from './supervise/exit.js';
export { type Heartbeat, heartbeat } from './supervise/heartbeat.js';
export { type Bond, link, monitor } from './supervise/links.js';
export type { Backoff, Child, Strategy, SupervisionOptions } from './supervise/options.js';
export { supervise } from './supervise/supervisor.js';
export { at, every, type Ticker } from './time/timers.js';
export { closeIdleInterpreters, type InterpreterNeeds } from './warm.js';
