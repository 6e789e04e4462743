// CPython's own tests, one module after another, in several interpreters at the same time: crashes, hangs and
// interpreters that do not end are failures. What a test finds is not: many ask for a process of their own.
//
//   node scripts/robust/cpython-tests.mjs [--interpreters 4] [--seed N] [--most 3] [--limit 60] [test_datetime …]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generator } from './chance.mjs';
import { Interpreter, within } from './program.mjs';

// Short ones of what is written in C; not those that start many processes or change the process.
const MODULES =
  'test_array test_ast.test_ast test_bisect test_bytes test_bz2 test_cmath test_codeccallbacks test_codecs test_collections ' +
  'test_complex test_contextlib test_copy test_csv test_dataclasses test_datetime test_decimal test_deque test_descr ' +
  'test_dict test_enum test_exception_group test_exceptions test_float test_format test_fractions test_fstring ' +
  'test_functools test_generators test_genericalias test_grp test_hashlib test_heapq test_hmac test_int test_iter ' +
  'test_itertools test_list test_locale test_long test_lzma test_math test_memoryio test_memoryview test_mmap ' +
  'test_operator test_ordereddict test_pickle test_pwd test_pyexpat test_queue test_random test_re test_richcmp test_set ' +
  'test_slice test_sort test_str test_strptime test_struct test_structseq test_super test_symtable test_syntax ' +
  'test_time test_tokenize test_traceback test_tuple test_types test_typing test_ucn test_unicodedata test_userdict ' +
  'test_uuid test_weakref test_weakset test_xml_etree_c test_zlib test_zoneinfo test_ctypes test_sqlite3 test_json ' +
  'test_asyncio.test_futures test_asyncio.test_tasks test_asyncio.test_queues test_io test_socket test_ssl';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    interpreters: { type: 'string', default: '4' },
    // biome-ignore lint/suspicious/noUndeclaredEnvVars: set by chaos.mjs for its children, no input of a build.
    seed: { type: 'string', default: process.env.PREEMPT_SEED ?? '1' },
    // How many modules, drawn by the seed, where none is named.
    most: { type: 'string', default: '3' },
    // Seconds for a module: some wait for ever for what is refused here, and must not keep the others.
    limit: { type: 'string', default: '60' },
  },
});
const limitSeconds = Number(values.limit);
const random = generator(Number(values.seed));
const all = MODULES.split(' ');
const names =
  positionals.length > 0
    ? positionals
    : Array.from({ length: Number(values.most) }, () => all[Math.floor(random() * all.length)]);

const RUN = `
import io, unittest
from test.support import os_helper
# Its files are named after the process.
if not os_helper.TESTFN.endswith(party):
    os_helper.TESTFN += party
try:
    suite = unittest.defaultTestLoader.loadTestsFromName("test." + name)
    result = unittest.TextTestRunner(io.StringIO(), verbosity=0).run(suite)
    failed = [test.id().rpartition(".")[2] for test, _ in result.failures + result.errors]
    told = f"{result.testsRun} run, {len(failed)} failed: {', '.join(sorted(failed)[:12])}"
except BaseException as error:
    told = type(error).__name__
`;

const silent = { stdout: 'ignore', stderr: 'ignore' };
const count = Number(values.interpreters);
const interpreters = await Promise.all(
  Array.from({ length: count }, () => Interpreter.create(silent)),
);
// They leave files where they are.
const folder = mkdtempSync(join(tmpdir(), 'multicore-tests-'));
process.chdir(folder);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const name of names) {
  const run = async (py) => {
    const party = `_${py.id}`;
    try {
      await py.exec(RUN, { bind: { name, party }, timeout: limitSeconds * 1000 });
      return await py.evaluate('told');
    } catch (error) {
      return error.code;
    }
  };
  const told = await within(limitSeconds + 60, `in ${name}`, Promise.all(interpreters.map(run)));
  console.log(`${name}: ${[...new Set(told)].join(' | ')}`);
}
const closing = Promise.all(interpreters.map((py) => py.close({ timeout: 20_000 })));
for (const { abandoned } of await within(60, 'closing', closing)) {
  if (abandoned !== null) console.log(`given up: ${abandoned}`);
}
