// The ends of jobs that were submitted many at a time. Who submitted them listens here.

/** Told of the end of a job. Must not throw. */
export interface JobListener {
  jobEnded(job: number, isOk: boolean, outcome: unknown): void;
}

const listeners = new Map<number, JobListener>();

/** Calls `listener` once, when the job with this number has ended. */
export function whenJobEnds(job: number, listener: JobListener): void {
  listeners.set(job, listener);
}

/** Nobody wants to know about this job any more: it was withdrawn. */
export function forgetJob(job: number): void {
  listeners.delete(job);
}

/** The hook: numbers, whether each has a result, results and errors, in turn. */
export function jobsEnded(...ended: readonly unknown[]): void {
  for (let at = 0; at < ended.length; at += 3) {
    const job = ended[at] as number;
    const listener = listeners.get(job);
    listeners.delete(job);
    listener?.jobEnded(job, ended[at + 1] as boolean, ended[at + 2]);
  }
}
