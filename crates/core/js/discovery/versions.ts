// Which CPython versions are supported. The only place that names them.

/** The minor versions of Python 3 that this release was tested with, newest first. */
export const SUPPORTED_MINORS = [15, 14, 13] as const;

/** The oldest and the newest minor version that are accepted. */
export const OLDEST_MINOR = 13;
export const NEWEST_MINOR = 15;

/** Whether a version can be used at all. */
export function isSupported(major: number, minor: number): boolean {
  return major === 3 && minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
}

/** The same as people say it. */
export const SUPPORTED_RANGE: string = `3.${OLDEST_MINOR} to 3.${NEWEST_MINOR}`;

/**
 * Reads a version out of a file or folder name.
 *
 * @example
 * ```ts
 * versionInName('cpython-3.14.1-linux-x86_64-gnu'); // [3, 14]
 * versionInName('python3.13');                       // [3, 13]
 * versionInName('python3');                          // null
 * ```
 */
export function versionInName(name: string): readonly [number, number] | null {
  const match = /(?:^|python-?|@)(\d)\.(\d+)(?![\d])/.exec(name);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}
