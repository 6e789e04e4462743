import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

/** Workspace folder of each project, and where its sources are. */
const projects = {
  core: { directory: 'crates/core', sources: 'js' },
  interpreters: { directory: 'packages/interpreters', sources: 'src' },
  channels: { directory: 'packages/channels', sources: 'src' },
  csp: { directory: 'packages/csp', sources: 'src' },
  bench: { directory: 'packages/bench', sources: 'src' },
} as const;

export default defineConfig({
  test: {
    projects: [
      ...Object.entries(projects).map(([name, { directory }]) => ({
        resolve: { alias: sourceAliases() },
        // `using` is newer than Node 20.
        oxc: { target: 'node20' },
        test: {
          name,
          root: join(root, directory),
          include: ['test/**/*.test.ts'],
          // CPython is one per process and cannot be unloaded: each file gets a process of its own,
          // and a native crash costs one file.
          pool: 'forks' as const,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      })),
      {
        // Modules in a context of their own, whose `Promise` and `Error` are not Node's: as Jest runs them.
        resolve: { alias: sourceAliases() },
        oxc: { target: 'node20' },
        test: {
          name: 'realms',
          root: join(root, projects.csp.directory),
          include: ['test/realms.test.ts'],
          pool: 'vmForks' as const,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'types',
          root,
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['crates/*/test/**/*.test-d.ts', 'packages/*/test/**/*.test-d.ts'],
            tsconfig: join(root, 'tsconfig.tests.json'),
          },
        },
      },
      {
        test: {
          name: 'repository',
          root: join(root, 'scripts'),
          include: ['test/**/*.test.mjs'],
          pool: 'forks' as const,
        },
      },
    ],
  },
});

/**
 * `@multicore-python/x` means x's sources here: tests never see a stale build, and a package and its
 * dependents share one copy of every class. What is published is tested by the packaging test.
 */
function sourceAliases(): { find: RegExp; replacement: string }[] {
  return Object.values(projects).flatMap(({ directory, sources }) => {
    const manifest = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
    return Object.entries<{ default?: string }>(manifest.exports).flatMap(([subpath, target]) => {
      const built = target.default;
      if (!built?.startsWith('./dist/')) return [];
      const source = built.replace('./dist/', `${sources}/`).replace(/\.js$/, '.ts');
      const specifier = `${manifest.name}${subpath.slice(1)}`;
      return [
        {
          find: new RegExp(`^${specifier.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`),
          replacement: join(root, directory, source),
        },
      ];
    });
  });
}
