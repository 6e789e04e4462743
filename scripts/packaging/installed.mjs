// A folder in which a package of this repository is installed as a user would have it: from the tarballs that a
// release would publish. It is made anew when anything that is published has changed since.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCache } from '../lib/paths.mjs';
import { publishedPackages, readManifest } from '../lib/workspace.mjs';
import { packAll } from './pack.mjs';
import { makeProject } from './project.mjs';

/**
 * @param {string} name a package of this repository that is built
 * @returns {Promise<string>} the package's folder below `node_modules` of a project in the cache
 */
export async function installedAsPublished(name) {
  const workDirectory = inCache('as-published');
  const project = join(workDirectory, 'project');
  const stamp = join(workDirectory, `${name.split('/')[1]}.stamp`);
  const installed = join(project, 'node_modules', ...name.split('/'));
  const fingerprint = fingerprintOfPublished();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return installed;
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory, { recursive: true });
  const packed = await packAll(workDirectory);
  await makeProject({ directory: project, name, packed, env: process.env });
  writeFileSync(stamp, fingerprint);
  return installed;
}

/** Changes with any byte that a release would publish. */
function fingerprintOfPublished() {
  const hash = createHash('sha256');
  for (const { directory } of publishedPackages()) {
    const entries = [...readManifest(directory).files, 'package.json'];
    const binaries = readdirSync(directory).filter((file) => file.endsWith('.node'));
    for (const entry of [...entries.filter((each) => !each.startsWith('!')), ...binaries])
      for (const file of filesBelow(join(directory, entry)))
        hash.update(file).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path)
      .sort()
      .flatMap((name) => filesBelow(join(path, name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
