// A recording of a network in the format of Chrome's trace viewer, which Perfetto reads too: a row
// for each process, what it waited for, and the depth of each channel over time.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFile } from 'node:fs/promises';
import { runAsNobody } from '../monitor/current.js';
import type { ProcessEvent, WaitEvent } from './events.js';
import type { Network } from './network.js';
import type { SnapshotWait } from './snapshot.js';

/** How a network is recorded. */
export interface RecordingOptions {
  /** Milliseconds between two looks at the channels and at Python's waits. Default: 10. */
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
  readonly #pythonWaits = new Map<number, { since: number; wait: SnapshotWait }>();
  #isStopped = false;

  /** @internal */
  constructor(network: Network, { interval = 10 }: RecordingOptions) {
    this.#network = network;
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
      for (const id of [...this.#pythonWaits.keys()]) this.#endPythonWait(id);
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
      this.#endPythonWait(event.id);
      const { error } = event;
      const args = error === undefined ? undefined : { error: String(error) };
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
    const { channels, processes } = this.#network.snapshot();
    for (const { id, name, length, received } of channels)
      this.#push(name ?? `channel ${id}`, 'C', 0, { waiting: length, received }, 'channel');
    for (const { id, language, waits } of processes) {
      if (language !== 'python') continue;
      const [wait] = waits;
      const before = this.#pythonWaits.get(id);
      if (before !== undefined && (wait === undefined || wait.waited < before.wait.waited))
        this.#endPythonWait(id);
      if (wait !== undefined) {
        const since = this.#pythonWaits.get(id)?.since ?? now() - wait.waited * 1000;
        this.#pythonWaits.set(id, { since, wait });
      }
    }
  }

  /** Python's waits are seen now and then only: each is written once it is over. */
  #endPythonWait(id: number): void {
    const seen = this.#pythonWaits.get(id);
    if (seen === undefined) return;
    this.#pythonWaits.delete(id);
    const { operation, channels, where } = seen.wait;
    this.#events.push({
      name: operation,
      cat: 'wait',
      ph: 'X',
      pid: process.pid,
      tid: id,
      ts: seen.since,
      dur: now() - seen.since,
      args: { channels, where },
    });
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
