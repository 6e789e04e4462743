// Runs programs of a Markdown text in a folder where the packages are found. No tests here.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatWithOptions } from 'node:util';
import { vi } from 'vitest';
import type { Program, SourceFile } from './programs.js';

/** A folder with files that programs need, as the working directory. */
export class Folder implements AsyncDisposable {
  readonly #directory: string;
  readonly #before: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.#before = process.cwd();
    process.chdir(directory);
  }

  static async create(files: readonly SourceFile[]): Promise<Folder> {
    // Inside the package, so that its imports are found.
    const modules = join(import.meta.dirname, '../../node_modules');
    await mkdir(modules, { recursive: true });
    const directory = await mkdtemp(join(modules, '.cache-programs-'));
    for (const { path, source } of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), source);
    }
    return new Folder(directory);
  }

  /** Runs a program; what it prints, without blanks at the ends of lines. */
  async run({ place, source }: Program): Promise<string> {
    const file = join(this.#directory, `program-${place}.ts`);
    await writeFile(file, source);
    const lines: string[] = [];
    const print = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => {
      lines.push(formatWithOptions({ colors: false }, ...words));
    });
    try {
      await import(/* @vite-ignore */ file);
    } finally {
      print.mockRestore();
    }
    return trimmed(lines.join('\n'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.chdir(this.#before);
    await rm(this.#directory, { recursive: true });
  }
}

/** Without blanks at the ends of lines and of the whole. */
export function trimmed(words: string): string {
  return words
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
