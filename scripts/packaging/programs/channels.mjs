import * as library from '@multicore-python/channels';

if (typeof library !== 'object') throw new Error('not a module');
console.log('@multicore-python/channels was imported');
