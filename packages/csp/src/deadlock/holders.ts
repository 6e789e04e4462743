// Who could ever use a channel: the processes of a network, or somebody else.

import { handleOf } from '@multicore-python/channels';
import {
  type Handle,
  loadedBinding,
  type NativeChannelStats,
  type NativeHeldEnd,
} from '@multicore-python/core';
import type { End } from '../holding.js';
import type { Party } from '../monitor/party.js';
import { isKeptWarm } from '../warm.js';
import type { Search } from './search.js';

/** Who holds the ends of channels. */
export class Holders<P extends Party> {
  readonly #byChannel = new Map<number, NativeHeldEnd[]>();
  readonly #stats: ReadonlyMap<number, NativeChannelStats>;
  readonly #owned: ReadonlySet<Handle | undefined>;
  readonly #byHandle = new Map<Handle, P[]>();
  readonly #byInterpreter = new Map<number, P>();
  readonly #warm: ReadonlySet<number>;

  /** Of what a search has seen. `owned`: the ends that were handed to the network. */
  static of(
    { blocked, waiting, ends, stats, warm }: Search,
    owned: readonly End[],
  ): Holders<Party> {
    const parties = [...waiting, ...blocked.map(({ party }) => party)];
    return new Holders(loadedBinding().listEnds(), stats, parties, [...owned, ...ends], warm);
  }

  /** `owned`: the ends that were handed to the network; `warm`: interpreters that do nothing. */
  constructor(
    held: readonly NativeHeldEnd[],
    stats: readonly NativeChannelStats[],
    parties: Iterable<P>,
    owned: readonly End[],
    warm: ReadonlySet<number> = new Set(),
  ) {
    for (const end of held) {
      const list = this.#byChannel.get(end.channel);
      if (list === undefined) this.#byChannel.set(end.channel, [end]);
      else list.push(end);
    }
    this.#stats = new Map(stats.map((each) => [each.id, each]));
    this.#owned = new Set(owned.map((end) => handleOf(end) as Handle | undefined));
    this.#warm = warm;
    for (const member of parties) {
      if (member.interpreter !== undefined) this.#byInterpreter.set(member.interpreter.id, member);
      for (const end of member.ends) {
        const handle = handleOf(end) as Handle | undefined;
        if (handle === undefined) continue;
        this.#byHandle.set(handle, [...(this.#byHandle.get(handle) ?? []), member]);
      }
    }
  }

  stats(channel: number): NativeChannelStats | undefined {
    return this.#stats.get(channel);
  }

  /** Whether anybody but the network's processes has, or may have, an end of the channel. */
  hasOthers(channel: number): boolean {
    const stats = this.#stats.get(channel);
    if (stats === undefined || stats.closed) return true;
    const held = this.#byChannel.get(channel) ?? [];
    const isKnown = (direction: 'send' | 'receive', count: number): boolean =>
      count === 0 || held.some((end) => end.direction === direction);
    // An end that nobody holds is on its way in a message, or in a worker thread.
    if (!isKnown('send', stats.senders - stats.waitingSenders)) return true;
    if (!isKnown('receive', stats.receivers - stats.waitingReceivers)) return true;
    return held.some(({ handle, interpreter }) =>
      interpreter === undefined
        ? !this.#owned.has(handle)
        : !this.#byInterpreter.has(interpreter) &&
          !isKeptWarm(interpreter) &&
          !this.#warm.has(interpreter),
    );
  }

  /** The processes that have an end of the channel. */
  of(channel: number, direction?: 'send' | 'receive'): P[] {
    const found = new Set<P>();
    for (const end of this.#byChannel.get(channel) ?? []) {
      if (direction !== undefined && end.direction !== direction) continue;
      if (end.handle !== undefined)
        for (const member of this.#byHandle.get(end.handle) ?? []) found.add(member);
      const member = this.#byInterpreter.get(end.interpreter ?? -1);
      if (member !== undefined) found.add(member);
    }
    return [...found];
  }
}
