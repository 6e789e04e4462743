// An instance of a Python class that TypeScript does not know. Data only.

import type { NativeRecord } from '../native/binding.js';
import { show } from '../show.js';
import { describeInstances } from './describers.js';

/**
 * An instance of a Python class that opted in to crossing and that is not registered here: a frozen
 * dataclass, an enum member, a named tuple. Sent back, it is the instance again.
 *
 * @example
 * const point = await receiver.receive(); // Python sent Point(x=1, y=2)
 * point.type;     // "geometry:Point"
 * point.fields.x; // 1
 */
export class PythonRecord<Fields extends object = Readonly<Record<string, unknown>>> {
  /** `module:qualname` of the Python class. */
  readonly type: string;
  /** What the instance holds, by name. */
  readonly fields: Fields;
  readonly #native: NativeRecord;

  constructor(record: NativeRecord) {
    this.type = record.type;
    this.fields = Object.freeze(Object.fromEntries(record.fields)) as Fields;
    this.#native = record;
    Object.freeze(this);
  }

  /** The rule that takes it apart and rebuilds it: `dataclass`, `enum`, `namedtuple`, … */
  get kind(): string {
    return this.#native.kind;
  }

  toString(): string {
    const fields = this.#native.fields.map(([name, value]) => `${name}=${text(value)}`);
    return `${this.type.slice(this.type.indexOf(':') + 1)}(${fields.join(', ')})`;
  }

  static {
    describeInstances<PythonRecord<object>>(PythonRecord, (record) => ({
      as: 'record',
      record: record.#native,
    }));
  }
}

/** As a field says it itself, if it can: a plain object may have any `toString`. */
function text(value: unknown): string {
  try {
    return String(value);
  } catch {
    return show(value);
  }
}
