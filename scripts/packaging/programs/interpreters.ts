// Two interpreters at once, values both ways, an error that says what Python said.
import { Interpreter, PythonError, python, pythonInfo } from '@multicore-python/interpreters';
import { same } from './same.js';

await using first = await Interpreter.create({ name: 'first' });
await using second = await Interpreter.create({ name: 'second' });

same(await first.evaluate<number>('1 + 1'), 2);
await Promise.all([first, second].map((each) => each.exec('import json, math, sqlite3, decimal')));
same(await second.call<number>('math:factorial', [20]), 2_432_902_008_176_640_000n);

await first.exec(python`total = sum(${[1, 2, 3.5]})`);
same(await first.evaluate<number>('total'), 6.5);
same(await second.evaluate<boolean>("'total' in globals()"), false);

const error = await first.evaluate('1 / 0').catch((reason: unknown) => reason);
same(error instanceof PythonError && error.pythonType, 'ZeroDivisionError');
console.log(`two interpreters of CPython ${pythonInfo().version}`);
