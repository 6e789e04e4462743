// The small readers: names, launcher lists, library headers.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { architecturesOf } from '../../js/discovery/binary-format.js';
import { versionInName } from '../../js/discovery/versions.js';
import { parseLauncherList } from '../../js/discovery/windows.js';

const folder = mkdtempSync(join(tmpdir(), 'multicore-parsing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['python3.13', [3, 13]],
  ['python3', null],
  ['3.13.0', [3, 13]],
  ['3.13t-dev', [3, 13]],
  ['cpython-3.14.1-linux-x86_64-gnu', [3, 14]],
  ['2.7.18', [2, 7]],
  ['my-project', null],
])('reads the version in %s', (name, version) => {
  expect(versionInName(name)).toEqual(version);
});

it('reads the list of the py launcher', () => {
  const list = [
    ' -V:3.13 *        C:\\Python313\\python.exe',
    ' -V:3.12          C:\\Program Files\\Python312\\python.exe',
    'nothing',
  ];
  expect(parseLauncherList(list.join('\r\n'))).toEqual([
    { tag: '3.13', executable: 'C:\\Python313\\python.exe' },
    { tag: '3.12', executable: 'C:\\Program Files\\Python312\\python.exe' },
  ]);
});

describe('architecturesOf', () => {
  const file = (bytes: Buffer): string => {
    const path = join(folder, 'library');
    writeFileSync(path, bytes);
    return path;
  };
  const bytes = (write: (buffer: Buffer) => void): Buffer => {
    const buffer = Buffer.alloc(256);
    write(buffer);
    return buffer;
  };

  it('reads ELF in both byte orders', () => {
    const big = bytes((b) => {
      b.write('\x7fELF', 'latin1');
      b[5] = 2;
      b.writeUInt16BE(22, 18);
    });
    expect(architecturesOf(file(big))).toEqual(['s390x']);
    expect(architecturesOf(process.execPath)).toContain(process.arch);
  });

  it('reads Mach-O, thin and universal', () => {
    const thin = bytes((b) => {
      b.writeUInt32LE(0xfeedfacf, 0);
      b.writeUInt32LE(0x0100000c, 4);
    });
    const fat = bytes((b) => {
      b.writeUInt32BE(0xcafebabe, 0);
      b.writeUInt32BE(2, 4);
      b.writeUInt32BE(0x01000007, 8);
      b.writeUInt32BE(0x0100000c, 28);
    });
    expect(architecturesOf(file(thin))).toEqual(['arm64']);
    expect(architecturesOf(file(fat))).toEqual(['x64', 'arm64']);
  });

  it('reads PE', () => {
    const dll = bytes((b) => {
      b.write('MZ', 'latin1');
      b.writeUInt32LE(0x80, 0x3c);
      b.write('PE\0\0', 0x80, 'latin1');
      b.writeUInt16LE(0x8664, 0x84);
    });
    expect(architecturesOf(file(dll))).toEqual(['x64']);
  });

  it('knows when it is no library', () => {
    expect(architecturesOf(file(Buffer.from('INPUT ( libpython3.13.so )')))).toBeNull();
    expect(architecturesOf(file(Buffer.alloc(0)))).toBeNull();
    expect(architecturesOf(join(folder, 'absent'))).toBeNull();
  });
});
