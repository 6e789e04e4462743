// @multicore-python/csp: communicating sequential processes over Python interpreters and async JavaScript.

export {
  after,
  type Case,
  channel,
  receive,
  type SelectOptions,
  send,
} from '@multicore-python/channels';
export { alt, type Chosen, type Guard, type GuardResult, skip, when } from './alt.js';
export { Composition, type RunOptions } from './composition.js';
export { ParallelError, type ProcessFailure } from './failure.js';
export { type Body, type Given, javascript } from './javascript.js';
export { par } from './par.js';
export { type Context, Process, type ResultOf, type ResultsOf } from './process.js';
export { type PythonOptions, python } from './python.js';
export {
  type Farm,
  farm,
  pipeline,
  replicate,
  type Sink,
  type Source,
  type Stage,
} from './replicate.js';
export { seq } from './seq.js';
export { closeIdleInterpreters, type InterpreterNeeds } from './warm.js';
