// A program in a process of its own, from the runner's side: start, ask, measure around, stop.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Command } from './command.js';
import { type Hello, MARK, type Ran, type Reply, type Request } from './protocol.js';

/** A program did not do what it was asked; the message is for the report. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

// What is kept of what a program prints, to explain its death.
const LOG_CHARACTERS = 2000;

/** A running program. */
export class Host {
  readonly hello: Hello;
  readonly #child: ChildProcess;
  readonly #answers: Answers;

  private constructor(child: ChildProcess, answers: Answers, hello: Hello) {
    this.#child = child;
    this.#answers = answers;
    this.hello = hello;
  }

  /** Starts a program and waits until it says that it is ready. */
  static async start(command: Command, timeoutMs: number): Promise<Host> {
    const child = spawn(command.file, command.args, {
      env: { ...process.env, ...command.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: what a program starts goes with it.
      detached: process.platform !== 'win32',
    });
    const answers = new Answers(child);
    try {
      const hello = await answers.next(timeoutMs);
      if ('error' in hello) throw new ProgramError(hello.error);
      if (!('ready' in hello)) throw new ProgramError('the program did not say that it is ready');
      return new Host(child, answers, hello);
    } catch (error) {
      killGroup(child);
      throw error;
    }
  }

  /** The process; its children belong to it. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Whether it still answers. */
  get alive(): boolean {
    return !this.#answers.ended;
  }

  /** Runs a workload once. A program that does not answer in time is killed. */
  async run(workload: string, n: number, timeoutMs: number, collect = false): Promise<Ran> {
    this.#send({ op: 'run', workload, n, collect });
    const answer = await this.#answers.next(timeoutMs).catch((error) => {
      killGroup(this.#child);
      throw error;
    });
    if ('error' in answer) throw new ProgramError(answer.error);
    return answer as Ran;
  }

  /** Lets it end; kills it if it does not. */
  async close(timeoutMs = 5000): Promise<void> {
    if (!this.alive) return;
    this.#send({ op: 'close' });
    const timer = setTimeout(() => killGroup(this.#child), timeoutMs);
    await this.#answers.closed;
    clearTimeout(timer);
    killGroup(this.#child);
  }

  #send(request: Request): void {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group is gone already.
  }
}

/** The answers of a program, one after the other. */
class Answers {
  ended = false;
  readonly closed: Promise<void>;
  readonly #waiting: Reply[] = [];
  #wake: (() => void) | undefined;
  #log = '';
  #death = '';

  constructor(child: ChildProcess) {
    // A program that died says so by its exit; a broken pipe would only repeat it.
    child.stdin?.on('error', () => {});
    const keep = (text: string): void => {
      this.#log = (this.#log + text).slice(-LOG_CHARACTERS);
    };
    child.stderr?.setEncoding('utf8').on('data', keep);
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith(MARK)) return keep(`${line}\n`);
        this.#waiting.push(JSON.parse(line.slice(MARK.length)) as Reply);
        this.#wake?.();
      });
    }
    this.closed = new Promise((resolve) => {
      const end = (why: string): void => {
        this.ended = true;
        this.#death = why;
        this.#wake?.();
        resolve();
      };
      child.once('error', (error) => end(error.message));
      // Not 'close': a grandchild may hold the pipes open for as long as it likes.
      child.once('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
    });
  }

  async next(timeoutMs: number): Promise<Reply> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const answer = this.#waiting.shift();
      if (answer !== undefined) return answer;
      if (this.ended) throw new ProgramError(`${this.#death}: ${this.#log.trim()}`);
      const left = deadline - performance.now();
      if (left <= 0) throw new ProgramError(`no answer within ${Math.round(timeoutMs / 1000)} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
