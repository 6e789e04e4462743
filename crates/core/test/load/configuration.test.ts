// configure and pythonInfo: when a configuration may still change.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type Module = typeof import('../../js/load/configuration.js');
let it_: Module;
beforeEach(async () => {
  vi.resetModules();
  it_ = await import('../../js/load/configuration.js');
});
afterEach(() => vi.unstubAllEnvs());

it('may be replaced until Python starts', () => {
  it_.configure({ python: 'a' });
  it_.configure({ python: 'b', path: ['x'] });
  expect(it_.lockConfiguration()).toEqual({ python: 'b', path: ['x'] });
});

it('accepts only the same values afterwards', () => {
  it_.configure({ path: ['x'] });
  it_.lockConfiguration();
  expect(() => it_.configure({ path: ['x'] })).not.toThrow();
  expect(() => it_.configure({ path: ['y'] })).toThrow(
    expect.objectContaining({ code: 'ERR_ALREADY_CONFIGURED' }),
  );
  expect(() => it_.configure({})).toThrow(/before the first interpreter/);
});

it('does not follow later changes of the objects it was given', () => {
  const path = ['x'];
  it_.configure({ path });
  path.push('y');
  expect(it_.lockConfiguration().path).toEqual(['x']);
});

it.each([{ python: '' }, { python: 1 }, { path: 'x' }, { path: [1] }, { env: { A: 1 } }])(
  'refuses %j',
  (options) => {
    expect(() => it_.configure(options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  },
);

it('makes the explicit choice the one that pythonInfo reports on', () => {
  it_.configure({ python: '/gone/python' });
  expect(() => it_.pythonInfo()).toThrow(expect.objectContaining({ code: 'ERR_PYTHON_BROKEN' }));
});
