// Programs as users have them for the standard library, with nothing but their imports changed: each prints what
// CPython's own prints (the text beside it).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interpreter } from '@multicore-python/interpreters';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../../crates/core/python/tests/programs');

/** Declares a test for each program. */
export function runPrograms(): void {
  describe('programs for the standard library, after changing their imports', () => {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.py')))
      test(file, { timeout: 60_000 }, async () => {
        const path = join(folder, file);
        const pieces: string[] = [];
        const py = await Interpreter.create({ stdout: (piece) => void pieces.push(piece) });
        try {
          await py.exec(readFileSync(path, 'utf8'), { filename: path });
        } finally {
          await py.close({ timeout: 5_000 });
        }
        expect(pieces.join('')).toBe(readFileSync(path.replace(/\.py$/, '.txt'), 'utf8'));
      });
  });
}
