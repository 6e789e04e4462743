#!/usr/bin/env node
// The command `multicore-python`. Everything is in src/doctor/; this file only starts it.
import { main } from '../dist/doctor/main.js';

process.exitCode = await main(process.argv.slice(2));
