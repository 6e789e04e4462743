// Who runs in a network, at any depth: its own processes, those of networks in it, those that its
// processes run themselves, in either language. Reading only.

import { type Binding, loadedBinding } from '@multicore-python/core';
import { Interpreter } from '@multicore-python/interpreters';
import { HOST_CALL, type NotedParty, readNote, SPARE, STOP } from '../deadlock/notes.js';
import type { End } from '../holding.js';
import type { Member } from '../monitor/member.js';
import type { Party } from '../monitor/party.js';
import type { Scope } from '../monitor/scope.js';
import { nextId, type Tracker } from '../monitor/tracker.js';

/** A process of this environment. */
export interface Inside extends Party {
  readonly id: number;
  readonly member: Member;
  /** The process that runs it. */
  readonly parent: number | null;
  readonly restarts: number;
}

/** A process that Python code runs in an interpreter of its own. */
export interface Elsewhere extends Party {
  readonly id: number;
  readonly parent: number;
  readonly noted: NotedParty;
}

/** Everybody. `ends`: what was handed to any of them, besides what the network was handed. */
export class Everybody {
  readonly running: Inside[] = [];
  readonly ended: Inside[] = [];
  readonly elsewhere: Elsewhere[] = [];
  readonly ends: Set<End> = new Set();
  readonly #notes: ReturnType<Binding['listNotes']> = loadedBinding().listNotes();

  constructor(tracker: Tracker) {
    this.#add(tracker, null);
  }

  #add({ running, ended, scopes, restarts }: Tracker, parent: number | null): void {
    const inside = (member: Member): Inside => ({
      id: member.id,
      name: member.name,
      language: member.language,
      ends: member.ends,
      interpreter: member.interpreter,
      member,
      parent,
      restarts: restarts.get(member.process) ?? 0,
    });
    this.ended.push(...ended.map(inside));
    for (const member of running) {
      this.running.push(inside(member));
      for (const scope of member.scopes) this.#scope(scope, member.id);
      if (member.interpreter !== undefined) this.#below(member.interpreter.id, member.id);
    }
    for (const scope of scopes) this.#scope(scope, parent);
  }

  #scope({ tracker, ends }: Scope, parent: number | null): void {
    for (const end of ends) this.ends.add(end);
    this.#add(tracker, parent);
  }

  /** Those that Python code runs in an interpreter. */
  #below(interpreter: number, parent: number): void {
    const agent = `${interpreter}/job`;
    for (const note of this.#notes) {
      if (note.agent !== agent || [HOST_CALL, STOP, SPARE].includes(note.key)) continue;
      for (const noted of readNote(note).parties) {
        const at = Number.parseInt(noted.agent ?? '', 10);
        const id = idOf(`${agent} ${note.key} ${noted.agent} ${noted.about?.began} ${noted.name}`);
        const { name, language } = noted;
        const runsIn = Number.isNaN(at) ? undefined : { id: at };
        this.elsewhere.push({ id, name, language, ends: [], interpreter: runsIn, parent, noted });
        if (runsIn !== undefined) this.#below(at, id);
      }
    }
  }
}

/** The processor time of an interpreter in milliseconds, and its name. */
export function figuresOf(id: number): { readonly name: string; readonly cpu: number } | undefined {
  const py = Interpreter.get(id);
  return py === undefined || py.state === 'closed'
    ? undefined
    : { name: py.name, cpu: py.stats().cpu };
}

/** How many numbers of processes elsewhere are remembered. */
const NUMBERS_MAX = 1000;
const numbers = new Map<string, number>();

/** The number of a process that has none here: always the same. */
function idOf(key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const id = nextId();
  numbers.set(key, id);
  for (const oldest of numbers.keys()) {
    if (numbers.size <= NUMBERS_MAX) break;
    numbers.delete(oldest);
  }
  return id;
}
