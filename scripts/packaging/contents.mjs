// What a tarball may contain: only what a user of the package needs.

const LIBRARY = [/^dist\/.+\.(js|js\.map|d\.ts)$/, /^bin\/[\w-]+\.js$/];
// What a package ships besides: the programs that the benchmarks measure.
const MORE = {
  '@multicore-python/bench': [
    /^data\/[\w-]+\.json$/,
    /^native\/.+\.(rs|toml|go|mod)$/,
    /^python\/\w+\.py$/,
  ],
};
const PLATFORM = [/^multicore-core\.[\w-]+\.node$/];
const EVERY = [/^package\.json$/, /^README\.md$/, /^LICENSE$/, /^CHANGELOG\.md$/];
const REQUIRED = ['package.json', 'README.md', 'LICENSE'];

/**
 * @param {import('./pack.mjs').Packed} packed
 * @returns {string[]} what is wrong; empty when nothing is
 */
export function contentProblems({ files, kind, name }) {
  const allowed = [...EVERY, ...(kind === 'platform' ? PLATFORM : LIBRARY), ...(MORE[name] ?? [])];
  const required =
    kind === 'platform' ? REQUIRED : [...REQUIRED, 'dist/index.js', 'dist/index.d.ts'];
  const needsBinary = kind === 'platform' && !files.some((file) => file.endsWith('.node'));
  return [
    ...files
      .filter((file) => !allowed.some((pattern) => pattern.test(file)))
      .map((file) => `contains ${file}`),
    ...required.filter((file) => !files.includes(file)).map((file) => `lacks ${file}`),
    ...(needsBinary ? ['lacks its .node file'] : []),
  ];
}
