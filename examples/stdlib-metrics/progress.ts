// Progress on stderr: a bar in a terminal, a few plain lines elsewhere.

const BAR_WIDTH = 30;
const FRAME_MS = 50;
const PLAIN_STEPS = 4;

/** One bar, for one run. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #isTerminal: boolean = process.stderr.isTTY === true;
  #drawnAt = 0;
  #step = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
    if (!this.#isTerminal) process.stderr.write(`${label}: ${total} files\n`);
  }

  /** So many are done. */
  update(count: number): void {
    if (this.#isTerminal) this.#draw(count);
    else this.#say(count);
  }

  /** It took so long. */
  done(seconds: number): void {
    if (this.#isTerminal) process.stderr.write('\r\x1b[K');
    process.stderr.write(
      `${this.#label}: ${seconds.toFixed(2)} s, ${Math.round(this.#total / seconds)} files/s\n`,
    );
  }

  #draw(count: number): void {
    const now = performance.now();
    if (now - this.#drawnAt < FRAME_MS) return;
    this.#drawnAt = now;
    const filled = Math.round((count / this.#total) * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    process.stderr.write(`\r\x1b[K${this.#label} ${bar} ${count}/${this.#total}`);
  }

  #say(count: number): void {
    const step = Math.floor((count / this.#total) * PLAIN_STEPS);
    if (step === this.#step || step === PLAIN_STEPS) return;
    this.#step = step;
    process.stderr.write(`${this.#label}: ${count}/${this.#total}\n`);
  }
}
