import * as library from '@multicore-python/interpreters';

if (typeof library !== 'object') throw new Error('not a module');
console.log('@multicore-python/interpreters was imported');
