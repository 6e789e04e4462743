// Names this platform as napi-rs names its packages and files. Looks at nothing but the host.

import type { Host } from '../discovery/host.js';

/**
 * The platform's triple: `linux-x64-gnu`, `darwin-arm64`, `win32-x64-msvc`…
 *
 * @example
 * ```ts
 * `@multicore-python/core-${platformTriple(currentHost())}`; // '@multicore-python/core-linux-x64-gnu'
 * ```
 */
export function platformTriple({
  platform,
  arch,
  libc,
}: Pick<Host, 'platform' | 'arch' | 'libc'>): string {
  if (platform === 'win32') return `${platform}-${arch}-msvc`;
  if (platform !== 'linux') return `${platform}-${arch}`;
  const abi = libc === 'musl' ? 'musl' : 'gnu';
  return arch === 'arm' ? `linux-arm-${abi}eabihf` : `linux-${arch}-${abi}`;
}
