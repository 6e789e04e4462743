// The errors of ours that carry more than a code and a message. Who throws them is elsewhere.

import { MulticoreError } from '../errors.js';

/**
 * A value cannot cross between Python and TypeScript, or between interpreters.
 *
 * @example
 * try { await sender.send({ socket }); } catch (error) {
 *   if (error instanceof NotShareableError) console.error(error.path); // "$.socket"
 * }
 */
export class NotShareableError extends MulticoreError {
  /** Where in the value the culprit is: `$[2].conn`. */
  readonly path: string;
  /** What the culprit is: `sqlite3.Connection`. */
  readonly type: string;

  constructor(path: string, type: string, reason: string) {
    super(
      'ERR_NOT_SHAREABLE',
      `${path}: ${type} cannot cross${reason === '' ? '' : `: ${reason}`}`,
    );
    this.path = path;
    this.type = type;
  }

  override get name(): string {
    return 'NotShareableError';
  }
}

/**
 * Time was over before an operation ended. Running Python code was stopped; a message that was not
 * sent is still the caller's.
 *
 * @example
 * await py.exec("while True: pass", { timeout: 100 }); // rejects with a TimeoutError
 */
export class TimeoutError extends MulticoreError {
  /** How long it was allowed to take, in milliseconds, if known. */
  readonly timeout: number | undefined;

  constructor(message: string, timeout: number | undefined) {
    super('ERR_TIMEOUT', message);
    this.timeout = timeout;
  }

  override get name(): string {
    return 'TimeoutError';
  }
}

/**
 * The channel was closed: nothing can be sent any more, or everything was received.
 *
 * @example
 * try { await sender.send(1); } catch (error) {
 *   if (!(error instanceof ChannelClosedError)) throw error; // nobody listens any more
 * }
 */
export class ChannelClosedError extends MulticoreError {
  constructor(message: string) {
    super('ERR_CHANNEL_CLOSED', message);
  }

  override get name(): string {
    return 'ChannelClosedError';
  }
}

/**
 * The channel was poisoned: every party is told to stop at once.
 *
 * @example
 * try { await receiver.receive(); } catch (error) {
 *   if (error instanceof ChannelPoisonedError) console.log(error.reason);
 * }
 */
export class ChannelPoisonedError extends MulticoreError {
  /** Why, in the words of who poisoned it. */
  readonly reason: string;

  constructor(reason: string) {
    super(
      'ERR_CHANNEL_POISONED',
      reason === '' ? 'The channel was poisoned' : `The channel was poisoned: ${reason}`,
    );
    this.reason = reason;
  }

  override get name(): string {
    return 'ChannelPoisonedError';
  }
}
