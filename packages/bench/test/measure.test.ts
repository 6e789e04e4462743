import { describe, expect, it } from 'vitest';
import { measureCase, type Plan, type Side } from '../src/method/measure.js';

const QUIET = { cpuSeconds: 0, otherCores: 0, disturbed: false };
const PLAN: Plan = {
  measure: 'time',
  rounds: 4,
  sampleMs: 1,
  budgetMs: null,
  checkedOperations: 2,
  cores: [],
  processes: 1,
};

/** A side whose operations take as long as it says. */
function side(name: string, secondsEach: number, log: string[] = [], check: unknown = 1): Side {
  return {
    name,
    run: async (n) => {
      log.push(name);
      return { ran: { seconds: n * secondsEach, check }, seen: QUIET };
    },
  };
}

/** A side whose log has where it ran: `a1`; before it was told anything `a`. */
function placedSide(name: string, log: string[], failing = false): Side {
  let place = '';
  return {
    name,
    place: {
      on(core) {
        place = String(core);
      },
      async everywhere() {
        place = '';
        log.push(`${name} everywhere`);
      },
    },
    run: async (n) => {
      log.push(`${name}${place}`);
      if (failing && place !== '') throw new Error('gone');
      return { ran: { seconds: n, check: 1 }, seen: QUIET };
    },
  };
}

describe('measureCase', () => {
  it('interleaves the sides, every other round backwards', async () => {
    const log: string[] = [];
    await measureCase([side('a', 1, log), side('b', 1, log)], PLAN, () => {});
    expect(log.slice(-8).join('')).toBe('abbaabba');
  });

  it('goes on in new processes, and warms them, on all sides that can', async () => {
    const log: string[] = [];
    const renewing = (name: string): Side => ({
      ...side(name, 1, log),
      renew: async () => {
        log.push(`${name}!`);
      },
    });
    const sides = [renewing('a'), side('b', 1, log), renewing('c')];
    const { results } = await measureCase(sides, { ...PLAN, rounds: 4, processes: 2 }, () => {});
    expect(log.slice(-18).join(' ')).toBe('a b c c b a a! a a c! c c a b c c b a');
    expect(results.map(({ samples }) => samples.length)).toEqual([4, 4, 4]);
  });

  it('leaves out a side whose new process does not start', async () => {
    const broken: Side = {
      ...side('a', 1),
      renew: () => Promise.reject(new Error('it did not start')),
    };
    const plan = { ...PLAN, processes: 4 };
    const { results, fallen } = await measureCase([broken, side('b', 1)], plan, () => {});
    expect(results.map(({ name, samples }) => [name, samples.length])).toEqual([['b', 4]]);
    expect(fallen).toEqual([{ name: 'a', reason: 'it did not start' }]);
  });

  it('begins no round after its time, but never ends without one', async () => {
    const work: Plan = { ...PLAN, measure: 'work' };
    const hurried = await measureCase([side('a', 1)], { ...work, budgetMs: 0 }, () => {});
    expect(hurried.rounds).toBe(1);
    expect(hurried.results[0]?.samples).toHaveLength(1);
    expect((await measureCase([side('a', 1)], work, () => {})).rounds).toBe(4);
  });

  it('chooses operations that fill a sample for each side', async () => {
    const { results } = await measureCase([side('a', 1e-6), side('b', 1e-3)], PLAN, () => {});
    const [fast, slow] = results.map(({ operations }) => operations);
    expect(fast).toBeGreaterThanOrEqual(700);
    expect(slow).toBeLessThanOrEqual(2);
  });

  it('gives time per operation, or operations per second', async () => {
    const time = await measureCase([side('a', 0.25)], PLAN, () => {});
    expect(time.results[0]?.samples.map(({ value }) => value)).toEqual([0.25, 0.25, 0.25, 0.25]);
    const rate = await measureCase([side('a', 0.25)], { ...PLAN, measure: 'rate' }, () => {});
    expect(rate.results[0]?.samples[0]?.value).toBe(4);
  });

  it('drops a side that computes something else, and says what', async () => {
    const { results, fallen } = await measureCase(
      [side('a', 1), side('b', 1, [], 'other')],
      PLAN,
      () => {},
    );
    expect(results.map(({ name }) => name)).toEqual(['a']);
    expect(fallen).toEqual([{ name: 'b', reason: 'computed "other" where a computed 1' }]);
  });

  it('goes on without a side that fails on the way', async () => {
    let runs = 0;
    const failing: Side = {
      name: 'b',
      run: async (n) => {
        runs += 1;
        if (runs > 3)
          throw new Error('Traceback (most recent call last):\n  File\nValueError: gone');
        return { ran: { seconds: n, check: 1 }, seen: QUIET };
      },
    };
    const { results, fallen } = await measureCase([side('a', 1), failing], PLAN, () => {});
    expect(results.map(({ name }) => name)).toEqual(['a']);
    expect(fallen).toEqual([{ name: 'b', reason: 'ValueError: gone' }]);
  });
});

describe('cores in turn', () => {
  const rounds = (log: readonly string[]): string =>
    log.filter((each) => /\d/.test(each)).join(' ');
  const measured = async (cores: readonly number[], count = 4): Promise<string[]> => {
    const log: string[] = [];
    const sides = [placedSide('a', log), placedSide('b', log)];
    await measureCase(sides, { ...PLAN, rounds: count, cores }, () => {});
    return log;
  };

  it('gives all sides of a round the same core, and the next round the next one', async () => {
    const log = await measured([2, 5], 6);
    expect(rounds(log)).toBe('a2 b2 b5 a5 b2 a2 a5 b5 a2 b2 b5 a5');
  });

  it.each([[[0, 1]], [[0, 1, 2]], [[0, 1, 2, 3]]])(
    'let each side be first as often as the other on each of %j',
    async (cores) => {
      const log = rounds(await measured(cores, cores.length * 4)).split(' ');
      const first = log.filter((_, index) => index % 2 === 0).sort();
      const twiceEach = ['a', 'b'].flatMap((name) =>
        cores.flatMap((core) => [`${name}${core}`, `${name}${core}`]),
      );
      expect(first).toEqual(twiceEach);
    },
  );

  it('warms up on all cores and gives them back', async () => {
    const log = await measured([0, 1]);
    expect(log.slice(0, 4)).toEqual(['a', 'a', 'b', 'b']);
    expect(log.slice(-2)).toEqual(['a everywhere', 'b everywhere']);
  });

  it('gives them back to a side that fell out, too', async () => {
    const log: string[] = [];
    const sides = [placedSide('a', log), placedSide('b', log, true)];
    const { fallen } = await measureCase(sides, { ...PLAN, cores: [0, 1] }, () => {});
    expect(fallen).toEqual([{ name: 'b', reason: 'gone' }]);
    expect(log.slice(-2)).toEqual(['a everywhere', 'b everywhere']);
  });

  it('moves nobody where there are none to take, or who has no place', async () => {
    expect((await measured([])).filter((each) => each !== 'a' && each !== 'b')).toEqual([]);
    const plan: Plan = { ...PLAN, cores: [0, 1] };
    expect((await measureCase([side('a', 1)], plan, () => {})).results[0]?.samples).toHaveLength(4);
  });
});
