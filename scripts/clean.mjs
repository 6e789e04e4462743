// Removes what builds and checks left behind, except cargo's target folder (`cargo clean`) and node_modules.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, coreDirectory, inRoot } from './lib/paths.mjs';

const remove = (path) => rmSync(path, { recursive: true, force: true });
const workspaces = [coreDirectory, inRoot('examples')].concat(
  readdirSync(inRoot('packages')).map((name) => inRoot('packages', name)),
);

for (const workspace of workspaces) {
  // tsc trusts its build information over a missing dist: both or neither.
  for (const made of ['dist', '.turbo', join('node_modules', '.cache')])
    remove(join(workspace, made));
}
for (const file of readdirSync(coreDirectory))
  if (file.endsWith('.node')) remove(join(coreDirectory, file));
for (const made of ['.turbo', join('node_modules', '.cache')]) remove(inRoot(made));
remove(cacheDirectory);
