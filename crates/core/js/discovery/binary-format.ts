// Reads from the header of a shared library which processors it is for. Nothing else of the file is looked at.

import { headOf } from './files.js';

const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};
const MACH_CPUS: Readonly<Record<number, string>> = {
  7: 'ia32',
  12: 'arm',
  0x01000007: 'x64',
  0x0100000c: 'arm64',
};
const PE_MACHINES: Readonly<Record<number, string>> = {
  0x14c: 'ia32',
  0x1c4: 'arm',
  0x8664: 'x64',
  0xaa64: 'arm64',
};

/**
 * The processors a library is for, by Node's names (`process.arch`). A macOS universal library has several.
 * `null` when the file is no library of a known format.
 *
 * @example
 * ```ts
 * architecturesOf('/usr/lib/x86_64-linux-gnu/libpython3.13.so.1.0'); // ['x64']
 * ```
 */
export function architecturesOf(path: string): readonly string[] | null {
  const head = headOf(path, 4_096);
  if (head === null || head.length < 20) return null;
  return elf(head) ?? mach(head) ?? fat(head) ?? pe(head);
}

function elf(head: Buffer): readonly string[] | null {
  if (head.readUInt32BE(0) !== 0x7f454c46) return null;
  const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
  return [ELF_MACHINES[machine] ?? `machine ${machine}`];
}

function mach(head: Buffer): readonly string[] | null {
  const magic = head.readUInt32LE(0);
  if (magic !== 0xfeedfacf && magic !== 0xfeedface) return null;
  const cpu = head.readUInt32LE(4);
  return [MACH_CPUS[cpu] ?? `cpu ${cpu}`];
}

function fat(head: Buffer): readonly string[] | null {
  if (head.readUInt32BE(0) !== 0xcafebabe) return null;
  const count = Math.min(head.readUInt32BE(4), 16);
  const cpus = Array.from({ length: count }, (_, index) => 8 + index * 20).filter(
    (at) => at + 4 <= head.length,
  );
  return cpus.map((at) => MACH_CPUS[head.readUInt32BE(at)] ?? `cpu ${head.readUInt32BE(at)}`);
}

function pe(head: Buffer): readonly string[] | null {
  if (head.toString('latin1', 0, 2) !== 'MZ' || head.length < 0x40) return null;
  const at = head.readUInt32LE(0x3c);
  if (at + 6 > head.length || head.toString('latin1', at, at + 4) !== 'PE\0\0') return null;
  const machine = head.readUInt16LE(at + 4);
  return [PE_MACHINES[machine] ?? `machine ${machine}`];
}
