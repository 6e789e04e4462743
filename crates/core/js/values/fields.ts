// Reading the fields of a record that native code took apart. No knowledge of any kind of record.

import type { NativeRecord } from '../native/binding.js';

/** The field called `name`, or undefined. */
export function field(record: NativeRecord, name: string): unknown {
  for (const [key, value] of record.fields) if (key === name) return value;
  return undefined;
}

/** The numeric field called `name`; 0 when it is missing. */
export function numberField(record: NativeRecord, name: string): number {
  const value = field(record, name);
  return typeof value === 'number' ? value : 0;
}

/** The text field called `name`, or null. */
export function textField(record: NativeRecord, name: string): string | null {
  const value = field(record, name);
  return typeof value === 'string' ? value : null;
}
