// What `site` does at start-up is done once where it can be (multicore/_site.py). Nobody can tell: compared with
// what the executable's own start gives, in virtual environments made here, in processes of their own.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonInfo } from '@multicore-python/interpreters';
import { afterAll, describe, expect, test } from 'vitest';

// Programs import what `npm run build` made: a child process knows nothing of vitest.
const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const { executable, version } = pythonInfo();
const folder = mkdtempSync(join(tmpdir(), 'multicore-site-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base = execFileSync(executable, [
  '-c',
  'import sys; print(sys._base_executable, end="")',
]).toString();

/** A virtual environment with these files (and folders: `name/`) in its site-packages. */
function environment(
  name: string,
  files: Readonly<Record<string, string>>,
  systemPackages = false,
): string {
  const venv = join(folder, name);
  const [major, minor] = version.split('.');
  const packages = join(venv, 'lib', `python${major}.${minor}`, 'site-packages');
  mkdirSync(packages, { recursive: true });
  mkdirSync(join(venv, 'bin'));
  symlinkSync(base, join(venv, 'bin', 'python'));
  writeFileSync(
    join(venv, 'pyvenv.cfg'),
    `home = ${dirname(base)}\ninclude-system-site-packages = ${systemPackages}\n`,
  );
  for (const [file, text] of Object.entries(files)) {
    const path = join(packages, file);
    mkdirSync(file.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(path, text);
  }
  return join(venv, 'bin', 'python');
}

const SEEN = `
import builtins, sys
early = sorted({'os', 'sitecustomize', 'special'} & sys.modules.keys())
seen = {
  'path': [p for p in sys.path if p],
  'prefixes': [sys.prefix, sys.exec_prefix, sys.base_prefix],
  'no_site': sys.flags.no_site,
  'builtins': sorted(vars(builtins)),
  'texts': [repr(each) for each in (quit, exit, copyright, credits, license, help)],
  'license': vars(license),
  'hook': hasattr(sys, '__interactivehook__'),
}
import os, site, inspect
before = list(sys.path)
seen['site'] = [site.__file__, site.__spec__.origin, str(site.__loader__), site.ENABLE_USER_SITE,
                site.USER_SITE, site.USER_BASE, site.PREFIXES, site.getsitepackages()]
seen['same_path'] = before == sys.path
seen['source'] = 'def addsitedir' in inspect.getsource(site)
seen['fork'] = os.fork.__module__ == 'posix'
import encodings.aliases, encodings.utf_8
# Without utf_8_sig: where site runs, it reads .pth files with it.
seen['encodings'] = [
  [sorted(vars(m).keys() - {'__builtins__', 'utf_8_sig'}), m.__file__, m.__cached__, m.__loader__ is m.__spec__.loader,
   str(m.__loader__).split(' at ')[0], vars(m.__loader__), m.__package__, getattr(m, '__path__', None),
   {k: v for k, v in vars(m.__spec__).items() if k != 'loader'}, m.__spec__.parent, m.__doc__,
   inspect.getsource(m), inspect.getfile(getattr(m, 'normalize_encoding', getattr(m, 'decode', m)))]
  for m in (encodings, encodings.aliases, encodings.utf_8)]
`;

function stock(python: string): unknown {
  const program = `${SEEN}\nimport json; print(json.dumps([seen, early]))`;
  return JSON.parse(execFileSync(python, ['-c', program]).toString());
}

function oursProgram(python: string, program: string): string {
  return `
    import { configure, Interpreter } from ${JSON.stringify(entry)};
    configure({ python: ${JSON.stringify(python)} });
    ${program}`;
}

function ours(python: string, program: string): unknown {
  const source = oursProgram(python, program);
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', source]);
  return JSON.parse(out.toString());
}

const trace = (what: string): string =>
  `import sys; sys.trace = getattr(sys, "trace", []) + ${what}`;

/** Files of paths and code that depend on their order, on where they run, and that fail. */
const ODD: Readonly<Record<string, string>> = {
  'a-order.pth': `\ufeff# a comment\nfirst\n${trace('["a", len(sys.path)]')}\nimport sys; sys.path.insert(0, "/from-code")\nsecond\nmissing\nfirst\n\n${trace('[p for p in sys.path if p]')}\n`,
  'b-error.pth': `${trace('["b"]')}\nimport does_not_exist_at_all\nnever\n${trace('["never"]')}\n`,
  'c-frame.pth': `import sys, os; sys.path.append(os.path.join(sys._getframe(1).f_locals["sitedir"], "by-frame"))\n`,
  'd-globals.pth': `import sys; addsitedir(os.path.join(sitedir, "nested"), known_paths)\nsecond/deeper\n`,
  'e-finder.pth': `import sys; sys.meta_path.append(type("Late", (), {"find_spec": classmethod(lambda *_: None)}))\n`,
  'f-syntax.pth': 'import sys; this is no code\nnever\n',
  'g-only-paths.pth': 'first\n\n# import nothing\n./third/../third\n',
  'h-import-in-name.pth': 'important\n',
  'i-tab.pth': `import\tsys; sys.trace += ["tab", __name__, sorted(k for k in locals())]\n`,
  'j-last.pth': trace('["last"]'),
  '.hidden.pth': trace('["hidden"]'),
  'not-one.txt': trace('["not one"]'),
  'nested/more.pth': `inner\n${trace('["nested"]')}\n`,
  'nested/inner/': '',
  'first/': '',
  'second/deeper/': '',
  'third/': '',
  'important/': '',
  'never/': '',
};

const STATE = `
import sys
state = {
  'modules': sorted(sys.modules),
  'path': [p for p in sys.path if p],
  'trace': [str(t) for t in sys.trace],
  'finders': [getattr(f, '__name__', type(f).__name__) for f in sys.meta_path
              if getattr(f, '__name__', '') != 'EmbeddedImporter'],
}
import json`;

const STATE_OF_ONE = `
  const py = await Interpreter.create();
  await py.exec(${JSON.stringify(STATE)});
  console.log(await py.evaluate('json.dumps(state)'));
  await py.close();`;

const LOOK = `
  const all = [];
  for (let i = 0; i < 2; i += 1) {
    await using_(async (py) => {
      await py.exec(${JSON.stringify(SEEN)});
      all.push(await py.evaluate('__import__("json").dumps([seen, early])'));
    });
  }
  async function using_(run) {
    const py = await Interpreter.create();
    await run(py);
    await py.close();
  }
  console.log('[' + all.join() + ']');`;

type Seen = [seen: Record<string, unknown>, early: string[]];

// `fork` is refused, that is the one difference that is wanted.
const withoutFork = ({ fork: _, ...seen }: Record<string, unknown>): unknown => seen;

describe.skipIf(process.platform === 'win32')('site', () => {
  test.each([
    ['with nothing', {}],
    ['with paths in a .pth file', { 'paths.pth': `${folder}\n` }],
    ['with code in a .pth file', { 'special.pth': 'import special\n', 'special.py': '' }],
    ['with sitecustomize', { 'sitecustomize.py': 'import sys; sys.path.append("/from-it")' }],
  ])('%s: interpreters look as if the executable had started them', (name, files) => {
    const python = environment(name.replaceAll(' ', '-'), files);
    const [expected, loaded] = stock(python) as Seen;
    const all = ours(python, LOOK) as Seen[];
    expect(all).toHaveLength(2);
    for (const [seen, early] of all) {
      expect(withoutFork(seen)).toEqual(withoutFork(expected));
      expect(seen['fork']).toBe(false);
      // What ran code of others runs it in every interpreter.
      const runsCode = loaded.length > 1;
      expect(early.filter((module) => module !== 'os')).toEqual(
        loaded.filter((module) => module !== 'os'),
      );
      expect(early.includes('os')).toBe(runsCode);
    }
  });

  test.each([
    ['odd lines', false],
    ['odd lines and system packages', true],
  ])(
    '%s of .pth files do what they do in an interpreter of the standard library',
    (name, system) => {
      const python = environment(name.replaceAll(' ', '-'), ODD, system);
      const made = `
import _interpreters
made = _interpreters.create()
failure = _interpreters.exec(made, ${JSON.stringify(`${STATE}\nprint(json.dumps(state))`)})
assert failure is None, failure
_interpreters.destroy(made)`;
      const expected = spawnSync(python, ['-c', made], { encoding: 'utf8' });
      const actual = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', oursProgram(python, STATE_OF_ONE)],
        { encoding: 'utf8' },
      );
      type State = { path: string[]; modules: string[]; trace: string[]; finders: string[] };
      const [stock, own] = [expected, actual].map((each) => JSON.parse(each.stdout) as State);
      if (stock === undefined || own === undefined) throw new Error('nothing was said');
      expect(stock.trace).toContain('last');
      expect(own.path).toEqual(stock.path);
      expect(own.trace).toEqual(stock.trace);
      expect(own.finders).toEqual(stock.finders);
      const ownParts = (module: string): boolean => /^_?multicore/.test(module) || module === 'gc';
      expect(own.modules.filter((module) => !ownParts(module))).toEqual(
        stock.modules.filter((module) => !ownParts(module)),
      );
      // Once by the main interpreter, once by the other.
      expect(stock.trace.length).toBeGreaterThan(5);
      expect(stock.path.some((path) => path.endsWith('never'))).toBe(false);
      expect(expected.stderr).toContain('Remainder of file ignored');
      expect(actual.stderr).toBe(expected.stderr);
    },
  );

  test('an interpreter that Python code makes with the standard library has a site of its own', () => {
    const python = environment('foreign', {});
    const program = `
      const py = await Interpreter.create();
      await py.exec(\`
import _interpreters, os
made = _interpreters.create()
reading, writing = os.pipe()
_interpreters.exec(made, f'''
import sys, os, site
os.write({writing}, repr((sys.path, site.ENABLE_USER_SITE, str(site.__loader__), sys.prefix)).encode())
''')
_interpreters.destroy(made)
seen = os.read(reading, 100000).decode()
import site, sys
expected = repr((sys.path, site.ENABLE_USER_SITE, str(site.__loader__), sys.prefix))\`);
      console.log(JSON.stringify(await py.evaluate('[seen, expected]')));
      await py.close();`;
    const [seen, expected] = ours(python, program) as [string, string];
    expect(seen).toContain('site-packages');
    expect(seen).toBe(expected);
  });
});

describe('modules without bytecode files', () => {
  test('are compiled once; one that changed is compiled anew', () => {
    const modules = join(folder, 'modules');
    mkdirSync(modules);
    const file = JSON.stringify(join(modules, 'changing.py'));
    const program = `
      import { writeFileSync } from 'node:fs';
      process.env.PYTHONDONTWRITEBYTECODE = '1';
      const results = [];
      for (const text of ['a = 1', 'a = 1', 'a = 3', 'a = (', 'a = 2']) {
        writeFileSync(${file}, 'def f(): return __file__\\n' + text);
        const py = await Interpreter.create({ path: [${JSON.stringify(modules)}] });
        results.push(await py.exec('import changing').then(
          () => py.evaluate('[changing.a, changing.f.__code__.co_filename == changing.__file__]'),
          (error) => error.traceback.includes('importlib') ? error.traceback : error.pythonType));
        await py.close();
      }
      console.log(JSON.stringify(results));`;
    expect(ours(executable, program)).toEqual([
      [1, true],
      [1, true],
      [3, true],
      // As with the executable: no frames of the import system.
      'SyntaxError',
      [2, true],
    ]);
  });

  test('a loader of the standard library can be called in every way', () => {
    const program = `
      const py = await Interpreter.create();
      console.log(JSON.stringify(await py.evaluate(\`(lambda L: [
        eval(L('m', 'm.py').source_to_code(b'1 + 1', 'm.py')) is None,
        L.source_to_code(L('m', 'm.py'), b'x = 1', 'm.py').co_filename,
        L('m', 'm.py').source_to_code('x = 1', 'm.py', _optimize=2).co_filename,
        L('m', 'm.py').source_to_code(__import__('ast').parse('x = 1'), 'tree.py').co_filename,
        L('m', 'm.py').source_to_code(data=b'x = 1', path='keyword.py').co_filename,
      ])(__import__('importlib.machinery').machinery.SourceFileLoader)\`)));
      await py.close();`;
    expect(ours(executable, program)).toEqual([true, 'm.py', 'm.py', 'tree.py', 'keyword.py']);
  });
});
