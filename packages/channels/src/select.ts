// `select`: one commit among several cases. The cases themselves are made in cases.ts.

import { types } from 'node:util';
import {
  type Binding,
  ChannelClosedError,
  loadedBinding,
  MulticoreError,
  type NativeCase,
  rethrow,
  TimeoutError,
  timeoutOf,
  withSignal,
} from '@multicore-python/core';
import type { AfterCase, Case, OtherwiseCase, ReceiveCase, SendCase } from './cases.js';
import { tellBlocked } from './diagnostics.js';
import { type End, nativeOf } from './end.js';
import { watcher } from './observe.js';
import type { WaitOptions } from './options.js';

const SEND = { operation: 'send' } as const;
const RECEIVE = { operation: 'receive' } as const;

/** How `select` chooses. */
export interface SelectOptions extends WaitOptions {
  /** Whether ready cases are chosen from at random; else the first one is. Default: true. */
  readonly fair?: boolean | undefined;
}

/** What came of one case of a `select`. */
export type ResultOf<C, Index> =
  C extends ReceiveCase<infer T>
    ?
        | { readonly index: Index; readonly case: C; readonly done: false; readonly value: T }
        | {
            readonly index: Index;
            readonly case: C;
            readonly done: true;
            readonly value: undefined;
          }
    : C extends SendCase<infer _> | AfterCase | OtherwiseCase
      ? { readonly index: Index; readonly case: C; readonly done: false; readonly value: undefined }
      : never;

type IndexOf<Key> = Key extends `${infer Index extends number}` ? Index : number;

/** What `select` resolves with: one result for each case, told apart by `index`. */
export type Selected<Cases extends readonly Case[]> = number extends Cases['length']
  ? ResultOf<Cases[number], number>
  : { [Key in keyof Cases]: ResultOf<Cases[Key], IndexOf<Key>> }[number];

/**
 * Waits until one of the cases can happen, and makes exactly that one happen.
 *
 * @example
 * const event = await select([receive(orders), send(log, line), after(1000)]);
 * switch (event.index) {
 *   case 0: if (!event.done) ship(event.value); break;
 *   case 1: break; // the line was sent
 *   case 2: console.log("a quiet second");
 * }
 */
export function select<const Cases extends readonly Case[]>(
  cases: Cases,
  options: SelectOptions = {},
): Promise<Selected<Cases>> {
  try {
    const plan = planOf(cases);
    const limit = timeoutOf(options.timeout);
    const toResult = (chosen: [number, unknown]): Selected<Cases> =>
      resultOf(cases, plan, chosen) as Selected<Cases>;
    const onError = (error: unknown): Selected<Cases> => {
      if (!(error instanceof TimeoutError) || plan.after === undefined || limit < plan.delay)
        return rethrow(error);
      const { after } = plan;
      return { index: after, case: cases[after], done: false, value: undefined } as Selected<Cases>;
    };
    const watching = watcher();
    if (watching === undefined) return wait(plan, limit, options).then(toResult, onError);
    return watching.perform<Selected<Cases>>(
      {
        kind: 'select',
        ends: endsOf(cases),
        hasDeadline: Math.min(limit, plan.delay) !== Number.POSITIVE_INFINITY,
        signal: options.signal,
      },
      {
        begin(op) {
          const chosen = begin(plan, limit, options, op);
          return types.isPromise(chosen) ? chosen.then(toResult, onError) : toResult(chosen);
        },
        cancel: (op) => plan.binding.cancelOperation(op),
      },
    );
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The cases as native code takes them. */
interface Plan {
  readonly binding: Binding;
  readonly native: NativeCase[];
  /** For each native case its place among the cases. */
  readonly indices: number[];
  /** The place of the earliest `after`. */
  readonly after: number | undefined;
  readonly delay: number;
  readonly otherwise: number | undefined;
}

function planOf(cases: readonly Case[]): Plan {
  const natives: NativeCase[] = [];
  const indices: number[] = [];
  let after: number | undefined;
  let delay = Number.POSITIVE_INFINITY;
  let otherwise: number | undefined;
  if (!Array.isArray(cases))
    throw new MulticoreError('ERR_INVALID_ARGUMENT', 'select takes an array of cases');
  for (const [index, each] of cases.entries()) {
    switch (each?.kind) {
      case 'receive':
        natives.push({ receive: nativeOf(each.receiver).handle });
        indices.push(index);
        break;
      case 'send':
        natives.push({ send: nativeOf(each.sender).handle, value: each.value });
        indices.push(index);
        break;
      case 'after':
        if (after === undefined || each.delay < delay) {
          after = index;
          delay = timeoutOf(each.delay);
        }
        break;
      case 'otherwise':
        otherwise ??= index;
        break;
      default:
        throw new MulticoreError(
          'ERR_INVALID_ARGUMENT',
          'select takes receive(…), send(…, …), after(…) and otherwise()',
        );
    }
  }
  if (cases.length === 0)
    throw new MulticoreError('ERR_INVALID_ARGUMENT', 'select without a case would wait forever');
  return { binding: loadedBinding(), native: natives, indices, after, delay, otherwise };
}

async function wait(plan: Plan, limit: number, options: SelectOptions): Promise<[number, unknown]> {
  if (options.signal === undefined) return await begin(plan, limit, options, 0);
  return await withSignal(
    options.signal,
    (op) => plan.binding.cancelOperation(op),
    async (op) => await begin(plan, limit, options, op),
  );
}

function begin(
  { binding, native, otherwise, delay }: Plan,
  limit: number,
  options: SelectOptions,
  op: number,
): Promise<[number, unknown]> | [number, unknown] {
  const isWaiting = otherwise === undefined;
  const timeout = Math.min(limit, delay);
  const chosen = binding.select(native, options.fair ?? true, isWaiting, timeout, op);
  if (types.isPromise(chosen)) {
    // It waits at each of them.
    for (const each of native) {
      if ('receive' in each) tellBlocked({ binding, handle: each.receive }, RECEIVE);
      else tellBlocked({ binding, handle: each.send }, SEND);
    }
  }
  return chosen;
}

function endsOf(cases: readonly Case[]): End[] {
  return cases.flatMap((each): readonly End[] => {
    if (each.kind === 'receive') return [each.receiver];
    return each.kind === 'send' ? [each.sender] : [];
  });
}

function resultOf(cases: readonly Case[], plan: Plan, [chosen, value]: [number, unknown]): unknown {
  const index = chosen < 0 ? plan.otherwise : plan.indices[chosen];
  const isEnd = value === plan.binding.ENDED;
  const each = cases[index ?? -1];
  // As `send` does it: what could not be sent is an error, not a result.
  if (isEnd && each?.kind === 'send')
    throw new ChannelClosedError(
      `The channel of case ${String(index)} is closed: nothing was sent`,
    );
  if (each?.kind !== 'receive') return { index, case: each, done: false, value: undefined };
  return { index, case: each, done: isEnd, value: isEnd ? undefined : value };
}
