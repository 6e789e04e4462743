//! Requests to stop: what they find, and who is told of the end of what does not stop.

use super::{Completion, Control, Current, Inner, Job, JobId};
use crate::interpreter::task::Stop;
use crate::python::ThreadIdent;

/// What a request to stop found.
pub(in crate::interpreter) enum StopRequest {
    /// The job had not begun: it is the caller's to end.
    WasQueued(Job),
    /// It runs; the caller must send a stopper.
    SendStopper(JobId),
    /// It is a coroutine, asked to cancel; the loop's turn with this number may be stuck in a step.
    WatchTurn(JobId),
    /// It runs, and a stopper is at it already.
    UnderWay,
    /// It has ended.
    Ended,
}

impl Control {
    /// Takes over telling of the end of a job that was asked to stop and still runs; if that is a
    /// turn of the loop, of the coroutines that were.
    pub(in crate::interpreter) fn tell_early(&self, job: JobId) -> Vec<(Completion, Stop)> {
        let mut inner = self.inner.lock();
        let Some(current) = inner.current.as_mut().filter(|current| current.job == job) else {
            return Vec::new();
        };
        if let Some(stop) = current.stop
            && let Some(completion) = current.completion.take()
        {
            return vec![(completion, stop)];
        }
        let stopped = inner.coroutines.values_mut();
        let told = stopped.filter_map(|coroutine| {
            let stop = coroutine.stop?;
            let completion = std::mem::replace(&mut coroutine.completion, Box::new(|_| ()));
            Some((completion, stop))
        });
        told.collect()
    }

    /// Takes over telling of the end of every job, running or waiting: the interpreter was given up.
    pub(in crate::interpreter) fn tell_all(&self) -> Vec<Completion> {
        let mut inner = self.inner.lock();
        let current = inner.current.as_mut();
        let running = current.and_then(|current| current.completion.take());
        let coroutines = std::mem::take(&mut inner.coroutines).into_values();
        let coroutines = coroutines.map(|coroutine| coroutine.completion);
        let queued: Vec<Job> = inner.queue.drain(..).collect();
        let queued = queued.into_iter().map(|job| job.completion);
        running
            .into_iter()
            .chain(coroutines)
            .chain(queued)
            .collect()
    }

    /// Takes a job back that has not begun; `None` if it has.
    pub(in crate::interpreter) fn withdraw(&self, job: JobId) -> Option<Job> {
        let mut inner = self.inner.lock();
        let at = inner.queue.iter().position(|queued| queued.id == job)?;
        inner.queue.remove(at)
    }

    /// Asks for a job to be stopped.
    pub(in crate::interpreter) fn request_stop(&self, job: JobId, why: Stop) -> StopRequest {
        let mut inner = self.inner.lock();
        if let Some(at) = inner.queue.iter().position(|queued| queued.id == job) {
            return inner
                .queue
                .remove(at)
                .map_or(StopRequest::Ended, StopRequest::WasQueued);
        }
        if let Some(coroutine) = inner.coroutines.get_mut(&job) {
            coroutine.stop.get_or_insert(why);
            inner.cancels.push(job);
            // A step that computes without end keeps the loop from seeing the request.
            let turn = inner.current.as_ref().map(|current| current.job);
            self.wake(inner);
            return turn.map_or(StopRequest::UnderWay, StopRequest::WatchTurn);
        }
        match &mut inner.current {
            Some(current) if current.job == job => current.ask(why),
            _ => StopRequest::Ended,
        }
    }

    /// Asks for whatever runs now to be stopped, if it is `job` still.
    pub(in crate::interpreter) fn request_stop_of_turn(
        &self,
        job: JobId,
        why: Stop,
    ) -> StopRequest {
        match &mut self.inner.lock().current {
            Some(current) if current.job == job => current.ask(why),
            _ => StopRequest::Ended,
        }
    }

    /// Asks for whatever runs now to be stopped.
    pub(in crate::interpreter) fn request_stop_current(&self, why: Stop) -> StopRequest {
        let mut inner = self.inner.lock();
        if !inner.coroutines.is_empty() {
            inner.cancel_all(why);
            let turn = inner.current.as_ref().map(|current| current.job);
            self.wake(inner);
            return turn.map_or(StopRequest::UnderWay, StopRequest::WatchTurn);
        }
        match &mut inner.current {
            Some(current) => current.ask(why),
            None => StopRequest::Ended,
        }
    }

    /// The stopper's question, asked while it holds the GIL: which thread to raise in, as long as
    /// `job` still runs. `act` runs under the lock, so the job cannot end meanwhile.
    pub(in crate::interpreter) fn while_running<R>(
        &self,
        job: JobId,
        act: impl FnOnce(Option<ThreadIdent>) -> R,
    ) -> Option<R> {
        let inner = self.inner.lock();
        match &inner.current {
            Some(current) if current.job == job => Some(act(current.thread)),
            _ => None,
        }
    }

    /// Whether this job runs now.
    pub(in crate::interpreter) fn is_running(&self, job: JobId) -> bool {
        self.while_running(job, |_| ()).is_some()
    }
}

impl Inner {
    fn cancel_all(&mut self, why: Stop) {
        for (job, coroutine) in &mut self.coroutines {
            coroutine.stop.get_or_insert(why);
            self.cancels.push(*job);
        }
    }
}

impl Current {
    fn ask(&mut self, why: Stop) -> StopRequest {
        self.stop.get_or_insert(why);
        if std::mem::replace(&mut self.stopper_active, true) {
            StopRequest::UnderWay
        } else {
            StopRequest::SendStopper(self.job)
        }
    }
}
