// Python types whose instances are exactly given by a text: `Decimal`, `UUID`, `pathlib` paths.
// They stay objects here, so that they arrive as themselves when sent back.

import type { NativeRecord } from '../native/binding.js';
import { describeInstances } from './describers.js';
import { textField } from './fields.js';

/** What {@link PythonDecimal}, {@link PythonUUID} and {@link PythonPath} have in common. */
abstract class Textual {
  /** The text that gives the value exactly. */
  readonly text: string;
  abstract readonly kind: string;
  abstract readonly type: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

describeInstances(Textual, ({ kind, type, text }) => ({
  as: 'record',
  record: { kind, type, fields: [['value', text]] },
}));

/**
 * Python's `decimal.Decimal`, every digit kept.
 *
 * @example
 * const total = await py.call<PythonDecimal>("billing:total", [new PythonDecimal("19.90")]);
 * total.toString(); // "23.68"
 */
export class PythonDecimal extends Textual {
  get kind(): string {
    return 'decimal';
  }
  get type(): string {
    return 'decimal:Decimal';
  }
}

/**
 * Python's `uuid.UUID`.
 *
 * @example
 * await py.call("store:find", [new PythonUUID(crypto.randomUUID())]);
 */
export class PythonUUID extends Textual {
  get kind(): string {
    return 'uuid';
  }
  get type(): string {
    return 'uuid:UUID';
  }
}

/**
 * A `pathlib` path.
 *
 * @example
 * await py.call("report:write", [new PythonPath("/tmp/report.txt")]);
 */
export class PythonPath extends Textual {
  /** The class in Python: `pathlib:PurePosixPath`, …; `pathlib:Path` is what the platform has. */
  readonly type: string;

  constructor(text: string, type = 'pathlib:Path') {
    super(text);
    this.type = type;
  }

  get kind(): string {
    return 'path';
  }
}

/** The text of a record of one of these kinds. */
export function textOf(record: NativeRecord): string {
  return textField(record, 'value') ?? '';
}
