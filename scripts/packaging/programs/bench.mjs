import * as library from '@multicore-python/bench';

if (typeof library !== 'object') throw new Error('not a module');
console.log('@multicore-python/bench was imported');
