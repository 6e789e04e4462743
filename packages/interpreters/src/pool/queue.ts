// Tasks that wait, the most urgent first. Knows nothing of interpreters.

/** One that waits. */
interface Waiting<T> {
  readonly priority: number;
  readonly item: T;
}

/** Items by priority, equals in the order in which they came. */
export class PriorityQueue<T> {
  // Almost always there is one priority, and then this is a plain queue with a moving head.
  #items: Waiting<T>[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T, priority: number): void {
    let place = this.#items.length;
    while (place > this.#head && (this.#items[place - 1]?.priority ?? priority) < priority)
      place -= 1;
    if (place === this.#items.length) this.#items.push({ item, priority });
    else this.#items.splice(place, 0, { item, priority });
  }

  shift(): T | undefined {
    const first = this.#items[this.#head];
    if (first === undefined) return undefined;
    this.#head += 1;
    // Give the memory of what has gone back, seldom enough to cost nothing.
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return first.item;
  }

  /** Takes one item out; says whether it was there. */
  remove(item: T): boolean {
    const index = this.#items.findIndex((each, place) => place >= this.#head && each.item === item);
    if (index < 0) return false;
    this.#items.splice(index, 1);
    return true;
  }

  /** Takes everything out. */
  drain(): T[] {
    const rest = this.#items.slice(this.#head).map(({ item }) => item);
    this.#items = [];
    this.#head = 0;
    return rest;
  }
}
