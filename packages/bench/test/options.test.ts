import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from '../src/cli/options.js';

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
