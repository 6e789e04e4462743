// What interpreters say that they do for others while they wait, as `multicore.csp` and
// ../monitor/host-calls.ts write it: the same form in both languages. Reading and writing only.

import type { NativeNote } from '@multicore-python/core';
import type { Place, Wait } from '../monitor/wait.js';

/** Who is waited for. */
export interface NotedParty {
  readonly language: 'javascript' | 'python';
  /** Empty for the very function that was called: it goes by the name of who called it. */
  readonly name: string;
  /** `<interpreter's id>/<kind>` of a Python process, once it runs. */
  readonly agent: string | null;
  /** Whether what it waits for is all that it does. */
  readonly isSure: boolean;
  /** Of a JavaScript process: what it is blocked at. */
  readonly wait: NotedWait | null;
  /** Of one that Python runs: for snapshots. */
  readonly about: NotedFacts | null;
}

/** What a snapshot tells of a process. */
export interface NotedFacts {
  /** When it was started, in milliseconds since 1970. */
  readonly began: number;
  readonly restarts: number;
  /** Milliseconds of processor time that its interpreter had used before. */
  readonly cpuBefore: number;
}

/** What a process waits for; `waited` in milliseconds. */
export interface NotedWait {
  readonly operation: Wait['operation'];
  readonly places: readonly Place[];
  readonly waited: number;
  readonly where: string | null;
}

/** How many handles of an end belong to those who are waited for. */
export interface NotedEnds extends Place {
  readonly count: number;
}

/** What one agent waits for. */
export interface Noted {
  /** How many networks that look for deadlocks themselves are in it, one in the other. */
  readonly depth: number;
  /** Whether something else goes on as well. */
  readonly isBusy: boolean;
  readonly parties: readonly NotedParty[];
  /** Of JavaScript's: the ends that were handed to them. */
  readonly owned: readonly NotedEnds[];
  /** The interpreters that are kept for later processes and do nothing. */
  readonly warm: readonly number[];
}

/** Keys of notes: what JavaScript does for an agent; that it is to stop; that what an agent runs is to
 * spare its channels when it is stopped. Python's come after. */
export const HOST_CALL = 0;
export const STOP = 1;
export const SPARE = 2;

type NotePlace = readonly [channel: number, direction: Place['direction']];
type NoteWait = readonly [
  operation: Wait['operation'],
  places: readonly NotePlace[],
  seconds: number,
  where: string | null,
];
type NoteParty = readonly [
  language: NotedParty['language'],
  name: string,
  agent: string | null,
  isSure: boolean,
  wait: NoteWait | null,
  about: readonly [began: number, restarts: number, cpuBefore: number] | null,
];
type Note = readonly [
  depth: number,
  isBusy: boolean,
  parties: readonly NoteParty[],
  owned: readonly (readonly [channel: number, direction: Place['direction'], count: number])[],
  warm: readonly number[],
];

/** As it is kept. */
export function writeNote({ depth, isBusy, parties, owned, warm }: Noted): unknown {
  const note: Note = [
    depth,
    isBusy,
    parties.map(
      ({ language, name, agent, isSure, wait }): NoteParty => [
        language,
        name,
        agent,
        isSure,
        wait === null
          ? null
          : [
              wait.operation,
              wait.places.map(({ channel, direction }): NotePlace => [channel, direction]),
              wait.waited / 1000,
              wait.where,
            ],
        null,
      ],
    ),
    owned.map(({ channel, direction, count }) => [channel, direction, count] as const),
    warm,
  ];
  return note;
}

/** What was written. */
export function readNote({ note, age }: NativeNote): Noted {
  const [depth, isBusy, parties, owned, warm] = note as Note;
  return {
    depth,
    isBusy,
    parties: parties.map(([language, name, agent, isSure, wait, about]) => ({
      language,
      name,
      agent,
      isSure,
      wait: wait === null ? null : readWait(wait, age),
      about: about === null ? null : readFacts(about),
    })),
    owned: owned.map(([channel, direction, count]) => ({ channel, direction, count })),
    warm,
  };
}

function readFacts([began, restarts, cpuBefore]: NonNullable<NoteParty[5]>): NotedFacts {
  return { began: began * 1000, restarts, cpuBefore: cpuBefore * 1000 };
}

function readWait([operation, places, seconds, where]: NoteWait, age: number): NotedWait {
  return {
    operation,
    places: places.map(([channel, direction]) => ({ channel, direction })),
    waited: seconds * 1000 + age,
    where,
  };
}
