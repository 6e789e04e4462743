// What the rest of the package may use of discovery.

export { type FindOptions, findPython, surveyPythons } from './find.js';
export { currentHost, type Host, type LibC, type RunLimits, type RunResult } from './host.js';
export type { Candidate, Origin, Outcome, PythonInfo, RejectedPython, Survey } from './types.js';
