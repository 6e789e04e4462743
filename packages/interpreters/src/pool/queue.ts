// Things that wait, the most urgent first. Knows nothing of interpreters or tasks.

/** What can wait in a queue: it carries its own links, so that taking one out costs nothing. */
export interface Waiting {
  readonly priority: number;
  /** @internal Set by the queue. */
  lane: Lane | undefined;
  /** @internal Set by the queue. */
  before: Waiting | undefined;
  /** @internal Set by the queue. */
  after: Waiting | undefined;
}

/** Those of one priority, in a doubly linked list. */
interface Lane {
  readonly priority: number;
  first: Waiting | undefined;
  last: Waiting | undefined;
}

/** By priority, equals in the order in which they came. Everything costs the same however many wait. */
export class PriorityQueue<T extends Waiting> {
  // The greatest priority first. Almost always there is one lane.
  readonly #lanes: Lane[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Puts one behind its equals. */
  push(item: T): void {
    const lane = this.#lane(item.priority);
    item.lane = lane;
    item.before = lane.last;
    item.after = undefined;
    if (lane.last === undefined) lane.first = item;
    else lane.last.after = item;
    lane.last = item;
    this.#length += 1;
  }

  /** Puts one before its equals: it was taken and not needed. */
  unshift(item: T): void {
    const lane = this.#lane(item.priority);
    item.lane = lane;
    item.before = undefined;
    item.after = lane.first;
    if (lane.first === undefined) lane.last = item;
    else lane.first.before = item;
    lane.first = item;
    this.#length += 1;
  }

  /** The next one, left where it is. */
  peek(): T | undefined {
    for (const lane of this.#lanes) if (lane.first !== undefined) return lane.first as T;
    return undefined;
  }

  /** Takes the next one. */
  shift(): T | undefined {
    const item = this.peek();
    if (item !== undefined) this.remove(item);
    return item;
  }

  /** Takes one out; says whether it was there. */
  remove(item: T): boolean {
    const { lane, before, after } = item;
    if (lane === undefined) return false;
    if (before === undefined) lane.first = after;
    else before.after = after;
    if (after === undefined) lane.last = before;
    else after.before = before;
    item.lane = undefined;
    item.before = undefined;
    item.after = undefined;
    this.#length -= 1;
    // Lane 0 stays: it is the one that is needed again.
    if (lane.first === undefined && (this.#lanes.length > 1 || lane.priority !== 0)) {
      this.#lanes.splice(this.#lanes.indexOf(lane), 1);
    }
    return true;
  }

  #lane(priority: number): Lane {
    let at = 0;
    for (; at < this.#lanes.length; at += 1) {
      const lane = this.#lanes[at];
      if (lane === undefined || lane.priority < priority) break;
      if (lane.priority === priority) return lane;
    }
    const lane: Lane = { priority, first: undefined, last: undefined };
    this.#lanes.splice(at, 0, lane);
    return lane;
  }
}
