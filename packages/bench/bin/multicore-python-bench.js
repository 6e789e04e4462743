#!/usr/bin/env node
// The command `multicore-python-bench`. Everything is in src/cli/; this file only starts it.
import { main } from '../dist/cli/main.js';

process.exitCode = await main(process.argv.slice(2));
