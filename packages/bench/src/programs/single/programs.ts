// The names of the programs in python/bench_programs.py.

export const PROGRAMS: readonly string[] = [
  'nbody',
  'fannkuch',
  'spectral-norm',
  'richards',
  'json',
  'regex',
  'pickle',
];
