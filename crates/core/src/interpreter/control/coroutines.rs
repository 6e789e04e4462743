//! Jobs that became coroutines: they have not ended, and do not run all the time.

use super::{Completion, Control, Finished, JobId};
use crate::interpreter::task::Stop;

pub(super) struct Coroutine {
    pub(super) completion: Completion,
    pub(super) stop: Option<Stop>,
}

impl Control {
    /// The job that was just finished became a coroutine: it has not ended.
    pub(in crate::interpreter) fn became_coroutine(&self, job: JobId, finished: Finished) {
        let Finished {
            stop, completion, ..
        } = finished;
        let completion = completion.unwrap_or_else(|| Box::new(|_| ()));
        let mut inner = self.inner.lock();
        inner.jobs_ended -= 1;
        inner.coroutines.insert(job, Coroutine { completion, stop });
        if stop.is_some() {
            inner.cancels.push(job);
        }
    }

    /// A coroutine ended: whom to tell, and whether somebody wanted it stopped.
    pub(in crate::interpreter) fn end_coroutine(
        &self,
        job: JobId,
    ) -> Option<(Completion, Option<Stop>)> {
        let mut inner = self.inner.lock();
        let Coroutine { completion, stop } = inner.coroutines.remove(&job)?;
        inner.jobs_ended += 1;
        inner.cancels.retain(|cancelled| *cancelled != job);
        Some((completion, stop))
    }

    /// The coroutines in flight.
    pub(in crate::interpreter) fn coroutine_jobs(&self) -> Vec<JobId> {
        self.inner.lock().coroutines.keys().copied().collect()
    }

    /// The coroutines to cancel, once.
    pub(in crate::interpreter) fn take_cancels(&self) -> Vec<JobId> {
        std::mem::take(&mut self.inner.lock().cancels)
    }
}
