// Importing it measures nothing.
import * as bench from '@multicore-python/bench';
import { same } from './same.js';

same(typeof bench, 'object');
console.log('imported');
