import * as library from '@multicore-python/core';

if (typeof library !== 'object') throw new Error('not a module');
console.log('@multicore-python/core was imported');
