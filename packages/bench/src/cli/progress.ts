// One line on stderr that shows what runs; plain lines where nobody watches.

const CLEAR_LINE = '\u001b[2K\r';
const BAR_WIDTH = 20;

/** A line that is overwritten. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** Shows a step; `share` is how much of the run is done. */
  step(text: string, share: number): void {
    if (!this.#stream.isTTY) return;
    const full = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
    const line = `${bar} ${text}`;
    this.#stream.write(CLEAR_LINE + line.slice(0, (this.#stream.columns ?? 80) - 1));
    this.#shown = true;
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (this.#shown) this.#stream.write(CLEAR_LINE);
    this.#shown = false;
  }
}
