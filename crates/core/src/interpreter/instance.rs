//! One interpreter, as the rest of the program sees it. How it ends is in `closing.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crossbeam_utils::sync::Parker;
use parking_lot::Mutex;

use super::closing::Closing;
use super::control::{Completion, Control, Follows, Job, JobId, State};
use super::job::run_task;
use super::task::{Failure, Outcome, Stop, Task};
use super::wake_pipe::WakePipe;
use super::worker::run_current;
use super::{CreateOptions, Isolation, caller, registry, runtime, stopper, timer};
use crate::channel::Interrupt;
use crate::python::{self, Interp, ThreadClock, ThreadState};
use crate::value::Shared;

/// A path to a function, interned for the process: `Target::Function`. Each interpreter resolves
/// it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionId(pub u32);

/// CPython's own id of an interpreter (`0` is the main one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InterpreterId(pub i64);

/// An interpreter could not be created.
#[derive(Debug)]
pub enum CreateError {
    /// `start` was not called.
    NotStarted,
    /// A living interpreter has this name.
    NameTaken(String),
    /// CPython refused: its message.
    Python(String),
}

/// Figures about one interpreter.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Jobs that ended.
    pub jobs: u64,
    /// Jobs that wait or run.
    pub pending: u64,
    /// Time spent in jobs, what they waited included.
    pub busy: Duration,
    /// Processor time of the thread that runs its jobs, user and system, since it was made. Calls on
    /// another thread, and threads of its own, are not in it.
    pub cpu: Duration,
    /// Bytes of memory that its object allocator holds; 0 if that is not known (it runs a job, or
    /// this CPython gives memory back by itself and is not watched).
    pub allocated_bytes: u64,
    /// Python threads in it, the one that runs its jobs included; 0 if it runs a job.
    pub threads: u32,
}

/// A handle to an interpreter. Clones are handles to the same one; dropping them ends nothing.
#[derive(Clone, Debug)]
pub struct Interpreter(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) interp: Arc<Interp>,
    pub(super) name: String,
    /// `None`: the main interpreter.
    pub(super) isolation: Option<Isolation>,
    pub(super) serial: bool,
    pub(super) control: Control,
    /// Of the thread that runs its jobs.
    clock: ThreadClock,
    pub(super) wake_pipe: Arc<WakePipe>,
    pub(super) interrupt: Arc<Interrupt>,
    pub(super) close_interrupt: Arc<Interrupt>,
    pub(super) thread_interrupt: Arc<Interrupt>,
    pub(super) winding_up: AtomicBool,
    pub(super) closing: Mutex<Closing>,
    pub(super) abandoned: AtomicBool,
    /// Threads beyond those that are expected, as counted after the last job.
    pub(super) stray_threads: AtomicU32,
    /// Interpreters that threads of this one run code in: a stop of its job is a stop of theirs.
    pub(super) within: Mutex<Vec<Interpreter>>,
}

impl Shared for Interpreter {
    fn kind(&self) -> &'static str {
        "Interpreter"
    }
}

impl Interpreter {
    /// Creates an interpreter and the thread that runs its jobs; returns when it is ready
    /// (about 10 ms).
    ///
    /// # Errors
    /// CPython is not started, the name is taken, or CPython refuses.
    pub fn create(options: CreateOptions) -> Result<Self, CreateError> {
        runtime::create(options)
    }

    /// The main interpreter. It cannot be closed.
    ///
    /// # Errors
    /// CPython is not started.
    pub fn main() -> Result<Self, CreateError> {
        runtime::main().ok_or(CreateError::NotStarted)
    }

    /// All that live, the main one first, then by id.
    pub fn list() -> Vec<Self> {
        registry::list()
    }

    /// The living interpreter with this id.
    pub fn get(id: InterpreterId) -> Option<Self> {
        registry::find(|interpreter| interpreter.id() == id)
    }

    /// The living interpreter with this name.
    pub fn find(name: &str) -> Option<Self> {
        registry::find(|interpreter| interpreter.name() == name)
    }

    /// CPython's id.
    pub fn id(&self) -> InterpreterId {
        InterpreterId(self.0.interp.id())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it shares; `None` for the main interpreter.
    pub fn isolation(&self) -> Option<Isolation> {
        self.0.isolation
    }

    /// Whether it is in serial execution mode.
    pub fn is_serial(&self) -> bool {
        self.0.serial
    }

    /// What it is doing.
    pub fn state(&self) -> State {
        self.0.control.state()
    }

    /// Raised while its job is to be stopped.
    pub fn job_interrupt(&self) -> &Arc<Interrupt> {
        &self.0.interrupt
    }

    /// Raised once it is closing: for threads of its Python code that run no job.
    pub fn close_interrupt(&self) -> &Arc<Interrupt> {
        &self.0.close_interrupt
    }

    /// Raised once the threads of its Python code have had their time to end by themselves.
    pub fn thread_interrupt(&self) -> &Arc<Interrupt> {
        &self.0.thread_interrupt
    }

    /// Its identity in the layer below.
    pub fn interp(&self) -> &Arc<Interp> {
        &self.0.interp
    }

    /// Queues a job; jobs run one at a time, in order. `completion` is called exactly once. The
    /// `timeout` counts from now.
    pub fn submit(
        &self,
        task: Task,
        timeout: Option<Duration>,
        completion: Completion,
        follows: Follows,
    ) -> JobId {
        let id = JobId::next();
        let submitted = Instant::now();
        let completion = match timeout {
            None => completion,
            Some(timeout) => {
                let timer = self.stop_at(id, timeout);
                Box::new(move |outcome| {
                    timer::cancel(timer);
                    completion(outcome);
                })
            }
        };
        if let Err(completion) = self.0.control.push(Job {
            id,
            task,
            completion,
            follows,
        }) {
            completion(Err(self.0.closed_failure()));
        }
        // On a busy machine the timer may have come before the job was queued, and found nothing.
        if let Some(timeout) = timeout.filter(|timeout| submitted.elapsed() >= *timeout) {
            self.stop(id, Stop::TimedOut(timeout));
        }
        id
    }

    /// Queues several jobs, waking the thread once; each is what [`Self::submit`] makes of it, without
    /// a timeout. Gives their numbers, in order.
    pub fn submit_all(
        &self,
        tasks: impl IntoIterator<Item = (Task, Completion)>,
        follows: Follows,
    ) -> Vec<JobId> {
        let jobs: Vec<Job> = tasks
            .into_iter()
            .map(|(task, completion)| Job {
                id: JobId::next(),
                task,
                completion,
                follows,
            })
            .collect();
        let ids = jobs.iter().map(|job| job.id).collect();
        if let Err(jobs) = self.0.control.push_all(jobs) {
            for job in jobs {
                (job.completion)(Err(self.0.closed_failure()));
            }
        }
        ids
    }

    /// Runs a task on the calling thread, now, without queueing.
    ///
    /// # Errors
    /// `Failure::Busy` if a job runs or waits; else as any job.
    pub fn run_here(&self, task: Task, timeout: Option<Duration>) -> Outcome {
        let inner = &self.0;
        let job = inner.control.claim().map_err(|failure| match failure {
            Failure::Closed => inner.closed_failure(),
            other => other,
        })?;
        let timer = timeout.map(|timeout| self.stop_at(job, timeout));
        let outcome = caller::attached(&inner.interp, |py, ident| {
            run_current(inner, py, ident, || {
                run_task(py, task, None).unwrap_or(Err(Failure::Closed))
            })
            .0
        });
        if let Some(timer) = timer {
            timer::cancel(timer);
        }
        outcome.unwrap_or_else(|| {
            inner.control.finish();
            Err(Failure::Closed)
        })
    }

    /// Runs a task in `inner` on the calling thread, which runs code of this interpreter: who stops
    /// this one's job stops that task too.
    ///
    /// # Errors
    /// As [`Self::run_here`] of `inner`.
    pub fn run_within(&self, inner: &Self, task: Task) -> Outcome {
        /// Takes the entry back also when the task panics.
        struct Entered<'a>(&'a Interpreter, InterpreterId);
        impl Drop for Entered<'_> {
            fn drop(&mut self) {
                let mut within = self.0.0.within.lock();
                if let Some(at) = within.iter().position(|inner| inner.id() == self.1) {
                    within.swap_remove(at);
                }
            }
        }
        self.0.within.lock().push(inner.clone());
        let _entered = Entered(self, inner.id());
        inner.run_here(task, None)
    }

    fn stop_at(&self, job: JobId, timeout: Duration) -> timer::TimerId {
        let interpreter = self.clone();
        // A timeout that is too far away to express is none.
        let deadline = Instant::now()
            .checked_add(timeout)
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(60 * 60 * 24 * 365));
        timer::at(deadline, move || {
            interpreter.stop(job, Stop::TimedOut(timeout))
        })
    }

    /// Stops a job, queued or running. Nothing happens if it has ended.
    pub fn stop(&self, job: JobId, why: Stop) {
        stopper::act(&self.0, self.0.control.request_stop(job, why), why);
    }

    /// Takes a job back if it has not begun: it ends as cancelled. Says whether it did.
    pub fn withdraw(&self, job: JobId) -> bool {
        let Some(job) = self.0.control.withdraw(job) else {
            return false;
        };
        (job.completion)(Err(Failure::Stopped(Stop::Cancelled)));
        true
    }

    /// Stops the running job, if there is one.
    pub fn interrupt(&self) {
        let why = Stop::Interrupted;
        stopper::act(&self.0, self.0.control.request_stop_current(why), why);
    }

    /// Threads that Python code started and that still ran when the last job had ended, beyond those that
    /// are expected. 0 unless somebody wanted them to be counted.
    pub fn stray_threads(&self) -> u32 {
        self.0.stray_threads.load(Ordering::Acquire)
    }

    /// Processor time of the thread that runs its jobs.
    pub fn cpu(&self) -> Duration {
        self.0.clock.read()
    }

    /// Figures. Asking never waits for a running job.
    pub fn stats(&self) -> Stats {
        let (jobs, pending, busy) = self.0.control.counts();
        let mut stats = Stats {
            jobs,
            pending,
            busy,
            cpu: self.0.clock.read(),
            ..Stats::default()
        };
        if let Ok(_claimed) = self.0.control.claim() {
            let seen = caller::attached(&self.0.interp, |py, _| {
                let seen = (
                    python::allocated_bytes(py) as u64,
                    python::threads(py) as u32,
                );
                self.0.control.finish_uncounted();
                seen
            });
            match seen {
                Some((bytes, threads)) => {
                    (stats.allocated_bytes, stats.threads) =
                        (bytes, threads.saturating_sub(1).max(1));
                }
                None => self.0.control.finish_uncounted(),
            }
        }
        stats
    }
}

impl Inner {
    /// On the thread that will run its jobs.
    pub(super) fn new(
        thread_state: &ThreadState,
        name: String,
        isolation: Option<Isolation>,
        serial: bool,
        parker: &Parker,
    ) -> std::io::Result<Arc<Self>> {
        let wake_pipe = Arc::new(WakePipe::new()?);
        Ok(Arc::new(Self {
            interp: Arc::clone(thread_state.interp()),
            clock: ThreadClock::here(),
            name,
            isolation,
            serial,
            control: Control::new(parker.unparker().clone(), Arc::clone(&wake_pipe)),
            wake_pipe,
            interrupt: Arc::new(Interrupt::default()),
            close_interrupt: Arc::new(Interrupt::default()),
            thread_interrupt: Arc::new(Interrupt::default()),
            winding_up: AtomicBool::new(false),
            closing: Mutex::default(),
            abandoned: AtomicBool::new(false),
            stray_threads: AtomicU32::new(0),
            within: Mutex::default(),
        }))
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} (id {}, {:?})",
            self.name,
            self.interp.id(),
            self.control
        )
    }
}
