// All suites, in the order of the report.

import type { Suite } from '../method/model.js';
import { api } from './api.js';
import { calls } from './calls.js';
import { channels } from './channels.js';
import { csp } from './csp.js';
import { data } from './data.js';
import { parallel } from './parallel.js';
import { pool } from './pool.js';
import { single } from './single.js';
import { startup } from './startup.js';

export const SUITES: readonly Suite[] = [
  calls,
  data,
  channels,
  parallel,
  pool,
  startup,
  single,
  csp,
  api,
];
