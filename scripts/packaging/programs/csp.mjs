import * as library from '@multicore-python/csp';

if (typeof library !== 'object') throw new Error('not a module');
console.log('@multicore-python/csp was imported');
