// The addon that was installed is the one that is used, and CPython starts in it.
import { addonStatus, pythonInfo, startedBinding } from '@multicore-python/core';
import { same } from './same.js';

const { origin, path } = addonStatus();
same(typeof path, 'string');
await startedBinding();
console.log(`CPython ${pythonInfo().version} through the addon of a ${origin}`);
