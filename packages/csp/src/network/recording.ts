// A recording of a network in the format of Chrome's trace viewer, which Perfetto reads too: a row
// for each process, what it waited for, and the depth of each channel over time.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFile } from 'node:fs/promises';
import { loadedBinding, show } from '@multicore-python/core';
import { runAsNobody } from '../monitor/current.js';
import type { ProcessEvent, WaitEvent } from './events.js';
import type { Network } from './network.js';

/** How a network is recorded. */
export interface RecordingOptions {
  /** Milliseconds between two looks at the channels. Default: 10. */
  readonly interval?: number | undefined;
}

/** One event, as the trace format has it; times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: 'B' | 'E' | 'C' | 'M' | 'X' | 'i';
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A recording that goes on until it is stopped. */
export class Recording implements Disposable {
  readonly #network: Network;
  readonly #events: TraceEvent[] = [];
  readonly #timer: NodeJS.Timeout;
  /** The waits of Python's that are not written yet, by interpreter. */
  readonly #waits = new Map<number, Omit<TraceEvent, 'tid'>[]>();
  #next: number;
  #isStopped = false;

  /** @internal */
  constructor(network: Network, { interval = 10 }: RecordingOptions) {
    this.#network = network;
    const binding = loadedBinding();
    binding.recordWaits(true);
    [this.#next] = binding.waitsSince();
    this.#push('process_name', 'M', 0, { name: `network ${network.name}` });
    subscribe('multicore-python:csp:process', this.#onProcess);
    subscribe('multicore-python:csp:wait', this.#onWait);
    this.#timer = runAsNobody(() => setInterval(() => this.#sample(), interval));
    this.#timer.unref();
    this.#sample();
  }

  /** Stops recording; stopping twice is harmless. */
  stop(): readonly TraceEvent[] {
    if (!this.#isStopped) {
      this.#isStopped = true;
      clearInterval(this.#timer);
      unsubscribe('multicore-python:csp:process', this.#onProcess);
      unsubscribe('multicore-python:csp:wait', this.#onWait);
      this.#readWaits();
      for (const { id, interpreter } of this.#network.snapshot().processes)
        if (interpreter !== null) this.#writeWaits(interpreter.id, id);
      loadedBinding().recordWaits(false);
    }
    return this.#events;
  }

  /** What was recorded, as the viewers read it. */
  toJSON(): { traceEvents: readonly TraceEvent[]; displayTimeUnit: 'ms' } {
    return { traceEvents: this.#events, displayTimeUnit: 'ms' };
  }

  /** Stops, and writes a file for `chrome://tracing` or ui.perfetto.dev. */
  async save(path: string): Promise<void> {
    this.stop();
    await writeFile(path, JSON.stringify(this));
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  readonly #onProcess = (message: unknown): void => {
    const event = message as ProcessEvent;
    if (event.network !== this.#network.name) return;
    if (event.phase === 'start') {
      this.#push('thread_name', 'M', event.id, { name: `${event.process} (${event.language})` });
      this.#push(event.process, 'B', event.id, undefined, 'process');
    } else {
      this.#readWaits();
      if (event.interpreter !== undefined) this.#writeWaits(event.interpreter, event.id);
      const { error } = event;
      const args = error === undefined ? undefined : { error: show(error) };
      this.#push(event.process, 'E', event.id, { outcome: event.outcome, ...args }, 'process');
    }
  };

  readonly #onWait = (message: unknown): void => {
    const event = message as WaitEvent;
    if (event.network !== this.#network.name) return;
    const phase = event.phase === 'start' ? 'B' : 'E';
    this.#push(event.operation, phase, event.id, { channels: event.channels }, 'wait');
  };

  #sample(): void {
    this.#readWaits();
    const { channels, processes } = this.#network.snapshot();
    // What waits elsewhere is no affair of this network.
    const own = new Set(processes.map(({ interpreter }) => interpreter?.id));
    for (const id of this.#waits.keys()) if (!own.has(id)) this.#waits.delete(id);
    for (const { id, name, length, received } of channels)
      this.#push(name ?? `channel ${id}`, 'C', 0, { waiting: length, received }, 'channel');
  }

  /** Reads what the core has written down: every wait of Python code that is over. */
  #readWaits(): void {
    const [next, waits] = loadedBinding().waitsSince(this.#next);
    this.#next = next;
    const at = now();
    for (const { place, operation, channels, began, ended } of waits) {
      const [id, kind, ...where] = place.split('/');
      if (kind !== 'job') continue;
      const args = { channels, where: where.join('/') };
      const event = { name: operation, cat: 'wait', ph: 'X', pid: process.pid, args } as const;
      const list = this.#waits.get(Number(id)) ?? [];
      this.#waits.set(Number(id), list);
      list.push({ ...event, ts: at - began * 1000, dur: (began - ended) * 1000 });
    }
  }

  #writeWaits(interpreter: number, tid: number): void {
    for (const event of this.#waits.get(interpreter) ?? []) this.#events.push({ ...event, tid });
    this.#waits.delete(interpreter);
  }

  #push(
    name: string,
    ph: TraceEvent['ph'],
    tid: number,
    args?: Readonly<Record<string, unknown>>,
    cat = 'network',
  ): void {
    this.#events.push({
      name,
      cat,
      ph,
      pid: process.pid,
      tid,
      ts: now(),
      ...(args === undefined ? {} : { args }),
    });
  }
}

function now(): number {
  return performance.now() * 1000;
}
