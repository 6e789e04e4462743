// What the binding does with handles that are stale, wrong or made up: an error, never more.

import { describe, expect, it } from 'vitest';
import type { Handle } from '../../js/native/binding.js';
import { failureOf, load } from './support.js';

const binding = load();

describe('a handle', () => {
  it('is refused once it was released, also when its place is taken again', async () => {
    const [sender, receiver] = binding.createChannel(1, 0, undefined);
    binding.release(sender);
    binding.createChannel(1, 0, undefined);
    expect(await failureOf(() => binding.trySend(sender, 1))).toMatchObject({ kind: 'invalid' });
    expect(binding.tryReceive(receiver)).toBe(binding.ENDED);
    binding.release(receiver);
  });

  it('is refused where another kind is wanted, and says what it is', async () => {
    const [sender, receiver] = binding.createChannel(1, 0, undefined);
    const failure = await failureOf(() => binding.tryReceive(sender));
    expect(failure).toMatchObject({ kind: 'invalid' });
    expect(failure).toHaveProperty('message', expect.stringContaining('a sender'));
    expect(await failureOf(() => binding.interrupt(receiver))).toMatchObject({ kind: 'invalid' });
    expect(await failureOf(() => binding.interpreterInfo(sender))).toMatchObject({
      kind: 'invalid',
    });
  });

  it('cannot be made up', async () => {
    const inventions = [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 52, 2 ** 53];
    const others = [undefined, null, 'x', {}, [], 1n, Symbol('x')];
    for (const invented of [...inventions, ...others]) {
      const handle = invented as Handle;
      expect(await failureOf(() => binding.trySend(handle, 1))).toMatchObject({ kind: 'invalid' });
      expect(await failureOf(() => binding.channelStats(handle))).toMatchObject({
        kind: 'invalid',
      });
      expect(binding.release(handle)).toBeUndefined();
    }
  });

  it('may be released twice', () => {
    const [sender] = binding.createChannel(1, 0, undefined);
    binding.release(sender);
    expect(binding.release(sender)).toBeUndefined();
  });

  it('of a clone is one more end of the same channel', () => {
    const [sender, receiver] = binding.createChannel(1, 0, 'cloned');
    const clone = binding.cloneEnd(sender);
    expect(binding.sameChannel(clone, receiver)).toBe(true);
    expect(binding.channelStats(receiver)).toMatchObject({ name: 'cloned', senders: 2 });
    binding.release(sender);
    expect(binding.trySend(clone, 1)).toBe(true);
    binding.release(clone);
    expect(binding.tryReceive(receiver)).toBe(1);
    expect(binding.tryReceive(receiver)).toBe(binding.ENDED);
  });

  it('is never valid again, however often its place is used', () => {
    const seen = new Set<number>();
    for (let round = 0; round < 10_000; round++) {
      const ends = binding.createChannel(0, 0, undefined);
      for (const end of ends) {
        expect(seen.has(end)).toBe(false);
        seen.add(end);
        binding.release(end);
      }
    }
  });
});
