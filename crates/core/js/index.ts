// Internal API. Programs use @multicore-python/interpreters, /channels and /csp, which re-export
// what is meant for them; anything here may change in any release, in step with those three.

export {
  currentHost,
  type FindOptions,
  findPython,
  type Host,
  type Origin,
  type Outcome,
  type PythonInfo,
  type RejectedPython,
  type Survey,
  surveyPythons,
} from './discovery/index.js';
export * from './errors.js';
export {
  ChannelClosedError,
  ChannelPoisonedError,
  NotShareableError,
  TimeoutError,
} from './failures/classes.js';
export { isNameTaken } from './failures/from-failure.js';
export { PythonError, type PythonFrame } from './failures/python-error.js';
export { recapture, rethrow } from './failures/stack.js';
export {
  addonStatus,
  type BinaryOrigin,
  type BinarySearch,
  type Configuration,
  configure,
  loadBinding,
  pythonInfo,
} from './load/index.js';
export type * from './native/binding.js';
export {
  loadedBinding,
  runningBinding,
  startedBinding,
  startedBindingSync,
  whenLoaded,
} from './runtime/binding.js';
export { nextNumber, nextNumbers, withSignal } from './runtime/cancel.js';
export { breathe, isOutOfBreath } from './runtime/fairness.js';
export { type HostCaller, makeHostCallsBy } from './runtime/host-calls.js';
export { forget, IdentityMap, releaseWith } from './runtime/identity.js';
export { forgetJob, type JobListener, whenJobEnds } from './runtime/jobs.js';
export { registerSharedKind } from './runtime/shared.js';
export { timeoutOf } from './runtime/timeout.js';
export { errorText, show } from './show.js';
export { PythonDate, PythonTime, PythonTimeDelta } from './values/calendar.js';
export { Complex } from './values/complex.js';
export { registerRecordKind } from './values/crossing.js';
export { PythonDateTime } from './values/datetime.js';
export { describeInstances } from './values/describers.js';
export { Float, float } from './values/float.js';
export { PythonFraction } from './values/fraction.js';
export { FrozenMap } from './values/readonly-map.js';
export { FrozenSet } from './values/readonly-set.js';
export { PythonRecord } from './values/record.js';
export { type Registration, register } from './values/registry.js';
export { PythonDecimal, PythonPath, PythonUUID } from './values/textual.js';
export { releaseView, Transferred, type TypedArray, transfer } from './values/transfer.js';
