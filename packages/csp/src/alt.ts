// `alt`: choice by name. The choice itself is `select`, in /channels.

import {
  type AfterCase,
  type Case,
  End,
  type OtherwiseCase,
  otherwise,
  type ReceiveCase,
  type Receiver,
  receive,
  type SelectOptions,
  type SendCase,
  select,
} from '@multicore-python/channels';

/** The guard that is always ready: chosen when no other is. */
export const skip: OtherwiseCase = otherwise();

/** What can be waited for by name; null: not this time. */
export type Guard = Receiver<unknown> | Case | null;

/** What came of one guard. */
export type GuardResult<Name, G> = G extends Receiver<infer T> | ReceiveCase<infer T>
  ?
      | { readonly name: Name; readonly done: false; readonly value: T }
      | { readonly name: Name; readonly done: true; readonly value: undefined }
  : G extends SendCase<infer _> | AfterCase | OtherwiseCase
    ? { readonly name: Name; readonly done: false; readonly value: undefined }
    : never;

/** What `alt` resolves with: one result for each guard, told apart by `name`. */
export type Chosen<Guards extends Readonly<Record<string, Guard>>> = {
  [Name in keyof Guards]: GuardResult<Name, Guards[Name]>;
}[keyof Guards];

/**
 * Waits until one of the guards is ready and makes exactly that one happen. A receiver stands for
 * receiving from it.
 *
 * @example
 * const event = await alt({ item: items, stop: control, tick: after(1000) });
 * if (event.name === "item" && !event.done) await handle(event.value);
 */
export async function alt<const Guards extends Readonly<Record<string, Guard>>>(
  guards: Guards,
  options?: SelectOptions,
): Promise<Chosen<Guards>> {
  const ready = Object.entries(guards).flatMap(([name, guard]) =>
    guard === null ? [] : [{ name, case: caseOf(guard) }],
  );
  const { index, done, value } = await select<readonly Case[]>(
    ready.map((each) => each.case),
    options,
  );
  return { name: ready[index]?.name, done, value } as Chosen<Guards>;
}

/**
 * A guard with a precondition: without it, the guard is not waited for.
 *
 * @example
 * await alt({ input: when(buffer.length < 10, items), output: when(buffer.length > 0, send(out, buffer[0])) });
 */
export function when<G extends Guard>(condition: boolean, guard: G): G | null {
  return condition ? guard : null;
}

function caseOf(guard: Receiver<unknown> | Case): Case {
  return guard instanceof End ? receive(guard) : guard;
}
