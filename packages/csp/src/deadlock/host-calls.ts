// Calls of JavaScript functions from Python, while somebody watches: each is followed like a process,
// and Python is told when it is blocked. How calls come here is the core's affair.

import { setMaxListeners } from 'node:events';
import { errorText, loadedBinding, makeHostCallsBy } from '@multicore-python/core';
import { type End, endsIn } from '../holding.js';
import { runAs, runAsNobody } from '../monitor/current.js';
import { Member } from '../monitor/member.js';
import { observe } from '../monitor/observe.js';
import { unwatchResources, watchResources } from '../monitor/resources.js';
import { nextId, Tracker } from '../monitor/tracker.js';
import { Process } from '../process.js';
import { HOST_CALL, type Noted, STOP, writeNote } from './notes.js';

/** Milliseconds between two looks at calls that wait. */
const INTERVAL = 100;

interface Call {
  readonly member: Member;
  readonly controller: AbortController;
  isNoted: boolean;
}

const calls = new Map<string, Call>();
const tracker = new Tracker('functions that Python calls');
let timer: NodeJS.Timeout | undefined;

/** The call that an agent waits for, if it waits for one. */
export function hostCallOf(agent: string): Member | undefined {
  return calls.get(agent)?.member;
}

/** Ends the operations of a call that nobody waits for any more. */
export function stopHostCall(agent: string, reason: unknown): void {
  calls.get(agent)?.controller.abort(reason);
}

/** Follows calls from now on. `describe`: what is to be noted of one; undefined if it may go on. */
export function followHostCalls(describe: (member: Member) => Noted | undefined): void {
  makeHostCallsBy((agent, name, args, call) => {
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const process = new Called(name === '' ? 'javascript' : name, endsIn(args));
    const member = new Member(nextId(), process, tracker, controller.signal);
    member.hasBegun = true;
    begin(agent, { member, controller, isNoted: false }, describe);
    let result: unknown;
    try {
      result = runAs(member, call);
    } catch (error) {
      over(agent);
      throw error;
    }
    if (isThenable(result)) return runAs(member, () => settled(agent, result));
    over(agent);
    return result;
  });
}

function begin(agent: string, call: Call, describe: (member: Member) => Noted | undefined): void {
  observe();
  watchResources();
  calls.set(agent, call);
  timer ??= runAsNobody(() => setInterval(() => lookAtAll(describe), INTERVAL)).unref();
}

async function settled(agent: string, result: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await result;
  } finally {
    over(agent);
  }
}

function over(agent: string): void {
  const call = calls.get(agent);
  if (call === undefined) return;
  calls.delete(agent);
  call.member.end('done');
  unwatchResources();
  const binding = loadedBinding();
  if (call.isNoted) binding.setNote(agent, HOST_CALL, null);
  binding.setNote(agent, STOP, null);
  if (calls.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function lookAtAll(describe: (member: Member) => Noted | undefined): void {
  const binding = loadedBinding();
  for (const { agent, key, note } of binding.listNotes())
    if (key === STOP) stopHostCall(agent, new Error(errorText(note)));
  for (const [agent, call] of calls) {
    const noted = describe(call.member);
    if (noted !== undefined) binding.setNote(agent, HOST_CALL, writeNote(noted));
    else if (call.isNoted) binding.setNote(agent, HOST_CALL, null);
    call.isNoted = noted !== undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof Reflect.get(value, 'then') === 'function'
  );
}

/** The function that was called, as a process. */
class Called extends Process<unknown> {
  override readonly language = 'javascript';
  readonly ends: readonly End[];

  constructor(name: string, ends: readonly End[]) {
    super(name);
    this.ends = ends;
  }

  override start(): Promise<unknown> {
    return Promise.reject(new TypeError(`${this.name} was started by Python`));
  }
}
