// Imports packages with extension modules of every kind in interpreters of one isolation, again and again,
// closing them in between: `node scripts/robust/extensions.mjs own-gil|shared-gil|main PYTHON`, where PYTHON is of a
// virtual environment with requirements-extensions.txt. A line for each expectation: `ok …` or `not ok …`.
import { configure } from '../../packages/interpreters/dist/index.js';
import { Interpreter } from './program.mjs';

const ROUNDS = 4;

/** What each package is for; `result` is what it gives. */
const PROGRAMS = {
  markupsafe: { source: 'import markupsafe; r = str(markupsafe.escape("<"))', result: '&lt;' },
  msgpack: { source: 'import msgpack; r = msgpack.unpackb(msgpack.packb([1]))', result: [1] },
  regex: { source: 'import regex; r = regex.match("a+", "aab").group()', result: 'aa' },
  orjson: { source: 'import orjson; r = orjson.loads(orjson.dumps({"a": 1}))', result: { a: 1 } },
  pydantic: {
    source: 'import pydantic\nclass M(pydantic.BaseModel):\n  x: int\nr = M(x="3").x',
    result: 3,
  },
  numpy: { source: 'import numpy; r = float(numpy.arange(10).sum())', result: 45 },
};

/** What is expected in each round: that it works, or the refusal, of which kind. */
const WORKS = 'works';
const NEEDS_SHARED_GIL = /does not support interpreters with a GIL of their own.*shared-gil/;
const ONCE = /by one interpreter of a process only.*Interpreter\.main\(\)/;

const EXPECTED = {
  'own-gil': {
    markupsafe: () => WORKS,
    msgpack: () => WORKS,
    regex: () => NEEDS_SHARED_GIL,
    orjson: () => NEEDS_SHARED_GIL,
    pydantic: () => NEEDS_SHARED_GIL,
    numpy: () => NEEDS_SHARED_GIL,
  },
  'shared-gil': {
    markupsafe: () => WORKS,
    msgpack: () => WORKS,
    regex: () => WORKS,
    orjson: () => WORKS,
    pydantic: (round) => (round === 0 ? WORKS : ONCE),
    numpy: (round) => (round === 0 ? WORKS : ONCE),
  },
  main: Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, () => WORKS])),
};

/** Closed shared-gil interpreters with these keep their memory, because ending them would corrupt it. */
const KEPT = new Set(['orjson', 'numpy']);

const [isolation, python] = process.argv.slice(2);
configure({ python });

for (let round = 0; round < ROUNDS; round++) {
  for (const [name, { source, result }] of Object.entries(PROGRAMS)) {
    const expected = EXPECTED[isolation][name](round);
    const py =
      isolation === 'main' ? await Interpreter.main() : await Interpreter.create({ isolation });
    say(`round ${round}: ${name} in ${isolation}`, await outcome(py, source, result), expected);
    const { kept } = await py.close();
    if (isolation === 'shared-gil' && expected === WORKS)
      say(`round ${round}: closing after ${name}`, kept !== undefined, KEPT.has(name));
  }
}

async function outcome(py, source, result) {
  try {
    await py.exec(source);
    const got = await py.evaluate('r');
    return JSON.stringify(got) === JSON.stringify(result) ? WORKS : `gave ${JSON.stringify(got)}`;
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
}

function say(what, got, expected) {
  const fine =
    expected instanceof RegExp
      ? String(got).startsWith('ERR_ISOLATION') && expected.test(got)
      : got === expected;
  console.log(fine ? `ok ${what}` : `not ok ${what}: ${got} instead of ${expected}`);
  if (!fine) process.exitCode = 1;
}
