import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PythonError } from '../../js/failures/python-error.js';
import { markUnseen, recapture } from '../../js/failures/stack.js';
import type { NativeException } from '../../js/native/binding.js';

const exception = (over: Partial<NativeException> = {}): NativeException => ({
  type: 'ValueError',
  message: 'bad input',
  traceback: 'Traceback (most recent call last):\n…\nValueError: bad input\n',
  frames: [
    { filename: '/app/main.py', function: '<module>', line: 3, column: 1, source: 'parse(text)' },
    {
      filename: '/app/rules.py',
      function: 'parse',
      line: 12,
      column: 0,
      source: 'raise ValueError',
    },
  ],
  notes: [],
  cause: null,
  errors: [],
  attributes: {},
  ...over,
});

describe('PythonError', () => {
  test('its message has the type in front, without the module', () => {
    const error = new PythonError(exception({ type: 'json.decoder.JSONDecodeError' }), 'worker');
    expect(error.message).toBe('JSONDecodeError: bad input');
    expect(error.pythonType).toBe('json.decoder.JSONDecodeError');
    expect(error.pythonMessage).toBe('bad input');
    expect(error.code).toBe('ERR_PYTHON');
    expect(error).toBeInstanceOf(Error);
  });

  test('without a message it is the type alone', () => {
    expect(new PythonError(exception({ message: '' }), 'worker').message).toBe('ValueError');
  });

  test('of a summary it knows type, message and notes; the rest is asked for, and made up where nobody knows', () => {
    const summary = {
      kind: 'plain-exception',
      interpreter: 'worker',
      type: 'ValueError',
      message: 'bad',
      notes: ['line 7'],
    } as const;
    const error = new PythonError(summary, 'worker');
    expect(error.message).toBe('ValueError: bad\nline 7');
    expect([error.pythonMessage, error.notes]).toEqual(['bad', ['line 7']]);
    expect([error.traceback, error.frames, error.errors, error.attributes]).toEqual([
      'ValueError: bad\n',
      [],
      undefined,
      {},
    ]);
    expect(String(error.stack)).toContain('python-error.test.ts');
  });

  test('its stack shows the Python frames above the JavaScript ones, innermost first', () => {
    const lines = String(new PythonError(exception(), 'worker').stack).split('\n');
    expect(lines[0]).toBe('PythonError: ValueError: bad input');
    expect(lines[1]).toBe('    at parse (/app/rules.py:12)');
    expect(lines[2]).toBe('    at <module> (/app/main.py:3:1)');
    expect(lines[3]).toContain('python-error.test.ts');
  });

  test('a cause and a group become PythonErrors themselves', () => {
    const error = new PythonError(
      exception({
        cause: exception({ type: 'KeyError' }),
        errors: [exception({ type: 'OSError' })],
      }),
      'worker',
    );
    expect(error.cause).toBeInstanceOf(PythonError);
    expect((error.cause as PythonError).pythonType).toBe('KeyError');
    expect(error.errors?.map(({ pythonType }) => pythonType)).toEqual(['OSError']);
  });

  test('a cause shows the Python frames alone: where it became an error is nobody’s business', () => {
    const { cause } = new PythonError(exception({ cause: exception() }), 'worker');
    expect((cause as Error).stack).toBe(
      'PythonError: ValueError: bad input\n    at parse (/app/rules.py:12)\n    at <module> (/app/main.py:3:1)',
    );
  });

  test('only a group is printed with its members', () => {
    expect(inspect(new PythonError(exception(), 'worker'))).not.toContain('errors');
    const group = new PythonError(
      exception({ errors: [exception({ type: 'OSError' })] }),
      'worker',
    );
    expect(inspect(group)).toMatch(/errors: \[\s+PythonError: OSError/);
  });

  test('no cause is no property', () => {
    expect('cause' in new PythonError(exception(), 'worker')).toBe(false);
  });

  test('notes are in the message', () => {
    const error = new PythonError(exception({ notes: ['line 7 of rules.txt'] }), 'worker');
    expect(error.message).toBe('ValueError: bad input\nline 7 of rules.txt');
    expect(error.notes).toEqual(['line 7 of rules.txt']);
  });

  test('captured again it shows who awaited it', async () => {
    const error = markUnseen(new PythonError(exception(), 'worker'));
    async function caller(): Promise<void> {
      await Promise.reject(error).catch((reason: unknown) => {
        recapture(reason);
        throw reason;
      });
    }
    await expect(caller()).rejects.toBe(error);
    expect(error.stack).toMatch(
      /at parse \(.*\n.*at <module> \(.*\n(?:.*\n)*.*at (?:async )?caller/,
    );
  });
});
