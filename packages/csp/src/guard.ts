// What `alt` can wait for besides the cases of `select`: times that are worked out when it waits, and
// events that take several messages, such as a barrier's. `alt` itself is in alt.ts.

import {
  type AfterCase,
  after,
  type Case,
  End,
  type OtherwiseCase,
  type ReceiveCase,
  type Receiver,
  receive,
  type SendCase,
} from '@multicore-python/channels';

/** A time. Made by `at` and `every`. */
export interface TimeGuard<T> {
  readonly kind: 'time';
  /** Milliseconds until it comes; 0 or less once it has. */
  remaining(): number;
  /** It was chosen: what it gives. */
  passed(): T;
}

/** An event that several parties must come to. Made by `new Barrier()`. */
export interface Meeting {
  readonly kind: 'meeting';
}

/** What can be waited for by name; null: not this time. */
export type Guard = Receiver<unknown> | Case | TimeGuard<unknown> | Meeting | null;

/** What came of one guard. */
export type GuardResult<Name, G> = G extends Receiver<infer T> | ReceiveCase<infer T>
  ?
      | { readonly name: Name; readonly done: false; readonly value: T }
      | { readonly name: Name; readonly done: true; readonly value: undefined }
  : G extends SendCase<infer _> | AfterCase | OtherwiseCase | Meeting
    ? { readonly name: Name; readonly done: false; readonly value: undefined }
    : G extends TimeGuard<infer T>
      ? { readonly name: Name; readonly done: false; readonly value: T }
      : never;

/** One result for each guard, told apart by `name`. */
export type Chosen<Guards extends Readonly<Record<string, Guard>>> = {
  [Name in keyof Guards]: GuardResult<Name, Guards[Name]>;
}[keyof Guards];

/** What came of a choice, before it is given its type. */
export interface AnyResult {
  readonly name: string | undefined;
  readonly done: boolean;
  readonly value: unknown;
}

/** A guard that is waited for, with its name. @internal */
export interface Ready {
  readonly name: string;
  readonly guard: Receiver<unknown> | Case | TimeGuard<unknown>;
}

/** A guard as a case of `select`. @internal */
export function caseOf(guard: Ready['guard']): Case {
  if (guard instanceof End) return receive(guard);
  return guard.kind === 'time' ? after(Math.max(0, guard.remaining())) : guard;
}

/** What a guard gives that was chosen and brought `value`. @internal */
export function resultOf(ready: Ready | undefined, done: boolean, value: unknown): AnyResult {
  const guard = ready?.guard;
  const isTime = guard !== undefined && !(guard instanceof End) && guard.kind === 'time';
  return { name: ready?.name, done, value: isTime ? guard.passed() : value };
}
