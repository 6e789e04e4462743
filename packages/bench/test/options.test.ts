import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from '../src/cli/options.js';
import { selectSuites } from '../src/runner/run.js';
import { SUITES } from '../src/suites/index.js';

describe('parseOptions', () => {
  it('asks for everything by default', () => {
    expect(parseOptions([])).toEqual({
      quick: false,
      filter: [],
      peers: null,
      python: null,
      json: false,
      out: null,
      readme: null,
      from: null,
      list: false,
      help: false,
    });
  });

  it('takes filters several times and separated by commas', () => {
    expect(parseOptions(['--filter', 'calls,data/to', '--filter', 'csp']).filter).toEqual([
      'calls',
      'data/to',
      'csp',
    ]);
  });

  it('knows all, no and some peers', () => {
    expect(parseOptions(['--peers', 'all']).peers).toBeNull();
    expect(parseOptions(['--peers', 'none']).peers).toEqual([]);
    expect(parseOptions(['--peers', 'pymport, go']).peers).toEqual(['pymport', 'go']);
  });

  it('names README.md when no file is given', () => {
    expect(parseOptions(['--readme']).readme).toBe('README.md');
    expect(parseOptions(['--readme=docs/x.md', '--quick']).readme).toBe('docs/x.md');
  });

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--fast'])).toThrow(UsageError);
    expect(() => parseOptions(['--peers', 'nobody'])).toThrow(/no peer is called nobody/);
  });
});

describe('selectSuites', () => {
  it('leaves slow cases out of a quick run, unless they are named', () => {
    const paths = (quick: boolean, filter: string[]): string[] =>
      selectSuites(SUITES, { quick, filter }).flatMap(({ id, cases }) =>
        cases.map((each) => `${id}/${each.id}`),
      );
    expect(paths(false, [])).toContain('channels/bytes-64');
    expect(paths(true, [])).not.toContain('channels/bytes-64');
    expect(paths(true, ['channels/bytes-64'])).toEqual(['channels/bytes-64']);
    expect(paths(true, ['nothing like this'])).toEqual([]);
  });
});
