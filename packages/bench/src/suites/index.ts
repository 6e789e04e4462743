// All suites, in the order of the report.

import type { Suite } from '../method/model.js';
import { calls } from './calls.js';
import { channels } from './channels.js';
import { parallel } from './parallel.js';

export const SUITES: readonly Suite[] = [calls, channels, parallel];
