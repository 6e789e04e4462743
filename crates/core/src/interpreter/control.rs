//! Who runs what: the queue of an interpreter and its current job. Requests to stop are in `stopping`,
//! jobs that became coroutines in `coroutines`. No Python here.
//!
//! One small lock guards it all. It is held for a few instructions, never while Python runs.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_utils::sync::Unparker;
use parking_lot::{Mutex, MutexGuard};

mod coroutines;
mod stopping;

use self::coroutines::Coroutine;
pub(super) use self::stopping::StopRequest;
use super::task::{Failure, Outcome, Stop, Task};
use super::wake_pipe::WakePipe;
use crate::python::ThreadIdent;

/// One submitted job, unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(pub u64);

impl JobId {
    pub(super) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Receives the outcome of a job, on any thread; it must not block.
pub type Completion = Box<dyn FnOnce(Outcome) + Send>;

/// A job in the queue.
pub(super) struct Job {
    pub(super) id: JobId,
    pub(super) task: Task,
    pub(super) completion: Completion,
    pub(super) follows: Follows,
}

/// When the job after this one is to be expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follows {
    /// Nobody knows.
    #[default]
    Later,
    /// As soon as whoever waits for this one has heard of its end: they do not sleep meanwhile.
    AtOnce,
}

/// What an interpreter is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing runs and nothing waits.
    Idle,
    /// A job runs or waits.
    Running,
    /// `close` was called and has not ended.
    Closing,
    /// It is gone.
    Closed,
}

impl State {
    /// As Node and Python show it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }
}

/// The job that runs now.
pub(super) struct Current {
    pub(super) job: JobId,
    /// The thread that runs it; `None` until it is attached.
    pub(super) thread: Option<ThreadIdent>,
    /// Set when somebody wants it stopped.
    pub(super) stop: Option<Stop>,
    /// Whether a thread is already seeing to that.
    pub(super) stopper_active: bool,
    /// Whom to tell; `None` if that is the thread that runs it, or they were told early.
    completion: Option<Completion>,
}

/// A job that is not current any more.
pub(super) struct Finished {
    /// Somebody wanted it stopped.
    pub(super) stop: Option<Stop>,
    /// Whom to tell.
    pub(super) completion: Option<Completion>,
    /// How long it took.
    pub(super) elapsed: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    Closing,
    Closed,
}

struct Inner {
    queue: VecDeque<Job>,
    current: Option<Current>,
    phase: Phase,
    worker_parked: bool,
    /// The worker looks for its next job without sleeping.
    worker_lingers: bool,
    /// After the last job that it took.
    follows: Follows,
    jobs_ended: u64,
    busy: Duration,
    busy_since: Option<Instant>,
    /// Jobs that became coroutines.
    coroutines: HashMap<JobId, Coroutine>,
    /// Coroutines to cancel in the loop's next turn.
    cancels: Vec<JobId>,
    /// The worker waits in its loop, not parked.
    worker_in_loop: bool,
}

/// The shared control block of one interpreter.
pub(super) struct Control {
    inner: Mutex<Inner>,
    worker: Unparker,
    /// Set for a worker that lingers, under the lock.
    is_called: AtomicBool,
    pipe: Arc<WakePipe>,
}

/// What the worker should do next.
pub(super) enum Next {
    /// Run this; whom to tell comes with its end.
    Run(JobId, Task),
    /// Wait to be woken.
    Wait,
    /// The next job is expected at once: linger, and ask again.
    Linger,
    /// Wait to be woken in a turn of the asyncio loop: coroutines are in flight.
    TurnLoop,
    /// Close.
    Close,
}

impl Control {
    pub(super) fn new(worker: Unparker, pipe: Arc<WakePipe>) -> Self {
        Self {
            inner: Mutex::new(Inner {
                queue: VecDeque::new(),
                current: None,
                phase: Phase::Open,
                worker_parked: false,
                worker_lingers: false,
                follows: Follows::Later,
                jobs_ended: 0,
                busy: Duration::ZERO,
                busy_since: None,
                coroutines: HashMap::new(),
                cancels: Vec::new(),
                worker_in_loop: false,
            }),
            worker,
            is_called: AtomicBool::new(false),
            pipe,
        }
    }

    /// Wakes the worker as `inner` says it waits.
    fn wake(&self, mut inner: MutexGuard<'_, Inner>) {
        let parked = std::mem::take(&mut inner.worker_parked);
        let in_loop = std::mem::take(&mut inner.worker_in_loop);
        if std::mem::take(&mut inner.worker_lingers) {
            self.is_called.store(true, Ordering::Release);
        }
        drop(inner);
        if parked {
            self.worker.unpark();
        }
        if in_loop {
            self.pipe.wake();
        }
    }

    /// Queues a job; hands back whom to tell if the interpreter is closing or closed.
    pub(super) fn push(&self, job: Job) -> Result<(), Completion> {
        let mut inner = self.inner.lock();
        if inner.phase != Phase::Open {
            return Err(job.completion);
        }
        inner.queue.push_back(job);
        self.wake(inner);
        Ok(())
    }

    /// Queues jobs, all at once; hands them back if the interpreter is closing or closed.
    pub(super) fn push_all(&self, jobs: Vec<Job>) -> Result<(), Vec<Job>> {
        let mut inner = self.inner.lock();
        if inner.phase != Phase::Open {
            return Err(jobs);
        }
        inner.queue.extend(jobs);
        self.wake(inner);
        Ok(())
    }

    /// The worker's question. If the answer is to wait, it is counted as parked. After it has lingered
    /// it asks once more, and may not linger again before the next job.
    pub(super) fn next(&self, may_linger: bool) -> Next {
        let mut inner = self.inner.lock();
        inner.worker_in_loop = false;
        inner.worker_lingers = false;
        if inner.current.is_some() {
            // Another thread runs a job here (`claim`); it wakes the worker when it ends.
            inner.worker_parked = true;
            return Next::Wait;
        }
        if let Some(job) = inner.queue.pop_front() {
            inner.begin(job.id, Some(job.completion));
            inner.follows = job.follows;
            return Next::Run(job.id, job.task);
        }
        if !inner.coroutines.is_empty() {
            inner.worker_in_loop = true;
            return Next::TurnLoop;
        }
        if inner.phase != Phase::Open {
            return Next::Close;
        }
        if may_linger && inner.follows == Follows::AtOnce {
            inner.worker_lingers = true;
            self.is_called.store(false, Ordering::Relaxed);
            return Next::Linger;
        }
        inner.worker_parked = true;
        Next::Wait
    }

    /// Whether there is something to do for a worker that lingers.
    pub(super) fn calls(&self) -> bool {
        self.is_called.load(Ordering::Acquire)
    }

    /// Claims the interpreter for a job on the calling thread.
    ///
    /// # Errors
    /// `Busy` if a job runs or waits, `Closed` if it is closing.
    pub(super) fn claim(&self) -> Result<JobId, Failure> {
        let mut inner = self.inner.lock();
        if inner.phase != Phase::Open {
            return Err(Failure::Closed);
        }
        if inner.is_busy() {
            return Err(Failure::Busy);
        }
        let job = JobId::next();
        inner.begin(job, None);
        Ok(job)
    }

    /// Says which thread runs the current job, for those who want to stop it.
    pub(super) fn running_on(&self, thread: ThreadIdent) {
        if let Some(current) = &mut self.inner.lock().current {
            current.thread = Some(thread);
        }
    }

    /// Ends the current job; says whether somebody wanted it stopped. The caller holds the GIL,
    /// so that no stopper is between its look at the current job and its request to Python.
    pub(super) fn finish(&self) -> Finished {
        let mut inner = self.inner.lock();
        let (stop, completion) = inner
            .current
            .take()
            .map_or((None, None), |current| (current.stop, current.completion));
        inner.jobs_ended += 1;
        let elapsed = inner
            .busy_since
            .take()
            .map_or(Duration::ZERO, |since| since.elapsed());
        inner.busy += elapsed;
        if !inner.queue.is_empty() || inner.phase != Phase::Open {
            self.wake(inner);
        }
        Finished {
            stop,
            completion,
            elapsed,
        }
    }

    /// Begins and ends a turn of the loop: it runs as the current job, so that it can be stopped.
    pub(super) fn begin_turn(&self) {
        self.inner.lock().begin(JobId::next(), None);
    }

    /// Ends a claim that was no job.
    pub(super) fn finish_uncounted(&self) {
        self.finish();
        self.inner.lock().jobs_ended -= 1;
    }

    /// Begins to close: nothing is accepted any more. Gives the queued jobs and the running one;
    /// `None` if it was closing already.
    pub(super) fn begin_close(&self) -> Option<(Vec<Job>, Option<JobId>)> {
        let mut inner = self.inner.lock();
        if inner.phase != Phase::Open {
            return None;
        }
        inner.phase = Phase::Closing;
        let queued = inner.queue.drain(..).collect();
        let running = inner.current.as_ref().map(|current| current.job);
        inner.worker_parked = true;
        self.wake(inner);
        Some((queued, running))
    }

    /// The interpreter is gone, or given up.
    pub(super) fn closed(&self) {
        self.inner.lock().phase = Phase::Closed;
    }

    pub(super) fn state(&self) -> State {
        let inner = self.inner.lock();
        match inner.phase {
            Phase::Closed => State::Closed,
            Phase::Closing => State::Closing,
            Phase::Open if inner.is_busy() => State::Running,
            Phase::Open => State::Idle,
        }
    }

    /// Jobs that ended, jobs that wait or run, time spent in jobs.
    pub(super) fn counts(&self) -> (u64, u64, Duration) {
        let inner = self.inner.lock();
        let waiting = inner.queue.len() + inner.coroutines.len();
        let pending = waiting as u64 + u64::from(inner.current.is_some());
        let running = inner
            .busy_since
            .map_or(Duration::ZERO, |since| since.elapsed());
        (inner.jobs_ended, pending, inner.busy + running)
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Control({:?})", self.state())
    }
}

impl Inner {
    fn is_busy(&self) -> bool {
        self.current.is_some() || !self.queue.is_empty() || !self.coroutines.is_empty()
    }

    fn begin(&mut self, job: JobId, completion: Option<Completion>) {
        self.current = Some(Current {
            job,
            thread: None,
            completion,
            stop: None,
            stopper_active: false,
        });
        self.busy_since = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests;
