// What native code calls back: the hooks, put together. Each is implemented next to its subject.

import { makeError } from '../failures/from-failure.js';
import type { Hooks } from '../native/binding.js';
import { Complex } from '../values/complex.js';
import { objectFromRecord } from '../values/crossing.js';
import { describeByClass } from '../values/describers.js';
import { FrozenMap } from '../values/readonly-map.js';
import { FrozenSet } from '../values/readonly-set.js';
import { hostCalled } from './host-calls.js';
import { jobsEnded } from './jobs.js';
import { wrapShared } from './shared.js';
import { after, soon } from './turns.js';

/** The hooks of this environment. */
export const hooks: Hooks = {
  makeError,
  describe: describeByClass,
  wrapShared,
  wrapRecord: objectFromRecord,
  makeComplex: (re, im) => new Complex(re, im),
  makeReadonlyMap: (entries) => new FrozenMap(entries),
  makeReadonlySet: (items) => new FrozenSet(items),
  jobsEnded,
  hostCalled,
  soon,
  after,
};
