// What stands for a record that arrives. The classes themselves have files of their own.

import type { NativeRecord } from '../native/binding.js';
import { dateFromRecord, timeDeltaFromRecord, timeFromRecord } from './calendar.js';
import { dateTimeFromRecord } from './datetime.js';
import { field } from './fields.js';
import { fractionFromRecord } from './fraction.js';
import { PythonRecord } from './record.js';
import { registrationFor } from './registry.js';
import { PythonDecimal, PythonPath, PythonUUID, textOf } from './textual.js';

const kinds = new Map<string, (record: NativeRecord) => object>();

/** Adds a kind of record that a package above has a class for. */
export function registerRecordKind(kind: string, wrap: (record: NativeRecord) => object): void {
  kinds.set(kind, wrap);
}

/** The `wrapRecord` hook: the object that stands for a record here. */
export function objectFromRecord(record: NativeRecord): unknown {
  const registration = registrationFor(record);
  if (registration !== undefined) return registration.rebuild(Object.fromEntries(record.fields));
  // A tzinfo of a class that is neither `timezone` nor `ZoneInfo`: only Python knows what it means.
  if (field(record, 'tzinfo') !== undefined) return new PythonRecord(record);
  switch (record.kind) {
    case 'datetime':
      return dateTimeFromRecord(record);
    case 'date':
      return dateFromRecord(record);
    case 'time':
      return timeFromRecord(record);
    case 'timedelta':
      return timeDeltaFromRecord(record);
    case 'decimal':
      return new PythonDecimal(textOf(record));
    case 'fraction':
      return fractionFromRecord(record);
    case 'uuid':
      return new PythonUUID(textOf(record));
    case 'path':
      return new PythonPath(textOf(record), record.type);
    default:
      return kinds.get(record.kind)?.(record) ?? new PythonRecord(record);
  }
}
