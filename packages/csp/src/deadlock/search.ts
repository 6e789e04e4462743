// Who is blocked in a network, seen through everybody who only waits for others: for the processes of
// a composition that it runs, in either language, for a function of the other language that it calls.
// What follows from it is for check.ts.

import {
  type Binding,
  loadedBinding,
  type NativeChannelStats,
  type NativeNote,
  type NativeWaiter,
} from '@multicore-python/core';
import type { End } from '../holding.js';

import type { Member } from '../monitor/member.js';
import type { Party } from '../monitor/party.js';
import type { Scope } from '../monitor/scope.js';
import type { Tracker } from '../monitor/tracker.js';
import { hostCallOf } from './host-calls.js';
import { HOST_CALL, type NotedParty, readNote, SPARE, STOP } from './notes.js';
import { type Blocked, blockedJavaScript, blockedPython, isBlocked } from './waits.js';

/** One look. Each question is false as soon as somebody can go on, or may be able to. */
export class Search {
  /** Milliseconds that everybody must have waited. */
  readonly #patience: number;
  readonly #binding: Binding = loadedBinding();
  #waiters: readonly NativeWaiter[] | undefined;
  #notes: ReadonlyMap<string, readonly NativeNote[]> | undefined;
  #stats: readonly NativeChannelStats[] | undefined;
  /** Those who wait at channels. */
  readonly blocked: Blocked[] = [];
  /** Those who only wait for others. */
  readonly waiting: Party[] = [];
  /** The ends of JavaScript's that were handed to any of them. */
  readonly ends: End[] = [];
  /** The interpreters that others keep for later processes. */
  readonly warm: Set<number> = new Set();
  /** How many networks that look for deadlocks themselves were met, one in the other. */
  depth = 0;

  constructor(patience: number) {
    this.#patience = patience;
  }

  /** The figures of all channels, as this look sees them. */
  get stats(): readonly NativeChannelStats[] {
    this.#stats ??= this.#binding.listChannels();
    return this.#stats;
  }

  /** Whether everybody in a network is blocked. */
  tracker({ underWay, running, scopes }: Tracker, depth: number): boolean {
    this.depth = Math.max(this.depth, depth);
    if (underWay > 0 || running.size + scopes.size === 0) return false;
    const members = [...running];
    // The cheap question first: most of the time somebody is working.
    const [python, javascript] = [true, false].map((wanted) =>
      members.filter(({ language }) => (language === 'python') === wanted),
    ) as [Member[], Member[]];
    if (!members.every(({ hasBegun }) => hasBegun)) return false;
    return (
      javascript.every((member) => isBlocked(member)) &&
      javascript.every((member) => this.javascript(member, depth)) &&
      python.every((member) => this.#python(member, depth)) &&
      [...scopes].every((scope) => this.#scope(scope, depth))
    );
  }

  /** Whether a JavaScript process is, for which {@link isBlocked} holds. `as`: under another name. */
  javascript(member: Member, depth: number, as: Party = member): boolean {
    const found = blockedJavaScript(member, as);
    if (found === undefined) this.waiting.push(as);
    else if (!this.#note(found)) return false;
    return [...member.scopes].every((scope) => this.#scope(scope, depth));
  }

  #scope({ tracker, ends, isNetwork }: Scope, depth: number): boolean {
    this.ends.push(...ends);
    return this.tracker(tracker, depth + (isNetwork ? 1 : 0));
  }

  #python(member: Member, depth: number): boolean {
    const py = member.interpreter;
    // Elsewhere threads may go on while one waits.
    if (py === undefined || !py.serial || py.state !== 'running') return false;
    return this.#agent(member, py.id, depth);
  }

  /** Whether the job of an interpreter is. */
  #agent(party: Party, interpreter: number, depth: number): boolean {
    const agent = `${interpreter}/job`;
    const called = hostCallOf(agent);
    if (called !== undefined) {
      this.waiting.push(party);
      this.ends.push(...called.ends);
      const as = { name: party.name, language: 'javascript', ends: called.ends } as const;
      return isBlocked(called) && this.javascript(called, depth, as);
    }
    const notes = this.#notesOf(agent);
    if (notes.length === 0) {
      const nameOf = (id: number) => this.stats.find((each) => each.id === id)?.name;
      this.#waiters ??= this.#binding.listWaiters();
      const found = blockedPython(party, interpreter, this.#waiters, nameOf);
      return found !== undefined && this.#note(found);
    }
    this.waiting.push(party);
    return notes.every((note) => this.#noted(note, depth));
  }

  #noted(note: NativeNote, depth: number): boolean {
    const noted = readNote(note);
    // What a Worker says of its functions: its handles are not known here.
    if (note.key === HOST_CALL || noted.isBusy || noted.parties.length === 0) return false;
    for (const id of noted.warm) this.warm.add(id);
    return noted.parties.every((party) => this.#elsewhere(party, depth + noted.depth));
  }

  /** Whether a process that an interpreter runs is. */
  #elsewhere({ name, language, agent, isSure }: NotedParty, depth: number): boolean {
    this.depth = Math.max(this.depth, depth);
    const id = Number(/^(\d+)\/job$/.exec(agent ?? '')?.[1] ?? Number.NaN);
    if (!isSure || Number.isNaN(id)) return false;
    return this.#agent({ name, language, ends: [], interpreter: { id } }, id, depth);
  }

  #note(found: Blocked): boolean {
    this.blocked.push(found);
    return found.waited >= this.#patience;
  }

  #notesOf(agent: string): readonly NativeNote[] {
    this.#notes ??= byAgent(this.#binding.listNotes());
    return this.#notes.get(agent) ?? [];
  }
}

function byAgent(notes: readonly NativeNote[]): ReadonlyMap<string, readonly NativeNote[]> {
  const found = new Map<string, NativeNote[]>();
  for (const note of notes) {
    if (note.key === STOP || note.key === SPARE) continue;
    const known = found.get(note.agent);
    if (known === undefined) found.set(note.agent, [note]);
    else known.push(note);
  }
  return found;
}
