// Gathers what the doctor has to say. Prints nothing.

import {
  addonStatus,
  configure,
  currentHost,
  errorText,
  loadBinding,
  MulticoreError,
  type PythonInfo,
  type Survey,
  surveyPythons,
} from '@multicore-python/core';
import { type CreateInterpreter, checkIsolation, type IsolationResult } from './isolation.js';

/** One thing that was checked. */
export type Check<T> =
  | { readonly status: 'ok'; readonly value: T }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }
  | { readonly status: 'skipped'; readonly message: string };

/** Everything the doctor found. This is what `--json` prints. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly node: { readonly version: string; readonly platform: string };
  readonly survey: Survey;
  readonly addon: Check<{ readonly path: string; readonly origin: string }>;
  readonly isolation: Check<IsolationResult>;
}

/** Looks at everything. Starts Python for the isolation check, and only if all that it needs is there. */
export async function examine(python?: string): Promise<Diagnosis> {
  const survey = surveyPythons(python === undefined ? {} : { python });
  const addon =
    survey.chosen === null ? skipped('no CPython to load it with') : examineAddon(survey.chosen);
  const isolation =
    survey.chosen === null || addon.status !== 'ok'
      ? skipped('the addon is not loaded')
      : await examineIsolation(survey.chosen);
  const { triple } = addonStatus();
  return {
    ok: survey.chosen !== null && addon.status === 'ok' && isolation.status === 'ok',
    node: { version: process.version, platform: triple },
    survey,
    addon,
    isolation,
  };
}

function examineAddon(info: PythonInfo): Diagnosis['addon'] {
  const { path, origin } = addonStatus(currentHost());
  try {
    loadBinding(info);
    return { status: 'ok', value: { path: path ?? '', origin: origin ?? '' } };
  } catch (error) {
    return failed(error);
  }
}

async function examineIsolation(info: PythonInfo): Promise<Diagnosis['isolation']> {
  try {
    configure({ python: info.executable });
    const result = await checkIsolation(await interpreterFactory());
    if (result.isolated) return { status: 'ok', value: result };
    return {
      status: 'failed',
      code: 'ERR_ISOLATION',
      message: `${result.detail} (turn ${result.rounds})`,
    };
  } catch (error) {
    return failed(error);
  }
}

interface InterpreterClass {
  create(options: {
    readonly name: string;
    readonly isolation: 'own-gil';
  }): ReturnType<CreateInterpreter>;
}

async function interpreterFactory(): Promise<CreateInterpreter> {
  // Loaded here, not at the top: the doctor must be able to speak when the rest of the package cannot even be loaded.
  const { Interpreter } = (await import('../index.js')) as unknown as {
    readonly Interpreter: InterpreterClass;
  };
  return (name) => Interpreter.create({ name, isolation: 'own-gil' });
}

function skipped(message: string): { readonly status: 'skipped'; readonly message: string } {
  return { status: 'skipped', message };
}

function failed(error: unknown): {
  readonly status: 'failed';
  readonly code: string;
  readonly message: string;
} {
  const code = error instanceof MulticoreError ? error.code : 'ERR_INTERNAL';
  return {
    status: 'failed',
    code,
    message: errorText(error),
  };
}
