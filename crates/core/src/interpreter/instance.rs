//! One interpreter, as the rest of the program sees it.

use std::sync::Arc;
use std::time::Duration;

use super::{CreateOptions, Isolation, Outcome, StartOptions, Stop, Task};
use crate::value::Shared;

/// A path to a function, interned for the process: `Target::Function`. Each interpreter resolves
/// it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionId(pub u32);

/// Interns a function's path (`module:qualified.name`). Equal paths give equal ids.
pub fn intern_function(_path: &str) -> FunctionId {
    todo!()
}

/// CPython's own id of an interpreter (`0` is the main one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InterpreterId(pub i64);

/// One submitted job, unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(pub u64);

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

/// Receives the outcome of a job, on any thread; it must not block.
pub type Completion = Box<dyn FnOnce(Outcome) + Send>;

/// CPython could not be started.
#[derive(Debug)]
pub enum StartError {
    /// It is running already, with other options.
    AlreadyStarted,
    /// CPython refused: its message.
    Python(String),
}

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

/// How a close ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseReport {
    /// The interpreter could not be ended and was left behind: why. `None`: it is gone and its
    /// memory given back.
    pub abandoned: Option<String>,
}

/// Figures about one interpreter.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Jobs that ended.
    pub jobs: u64,
    /// Jobs that wait or run.
    pub pending: u64,
    /// Time spent in jobs.
    pub busy: Duration,
    /// Bytes of memory that its object allocator holds.
    pub allocated_bytes: u64,
    /// Python threads in it, the one that runs its jobs included.
    pub threads: u32,
}

/// Starts CPython in this process on a thread of its own and waits until it is up.
///
/// Does nothing if it was started with equal options before.
pub fn start(_options: StartOptions) -> Result<(), StartError> {
    todo!()
}

/// A handle to an interpreter. Clones are handles to the same one; dropping them ends nothing.
#[derive(Clone, Debug)]
pub struct Interpreter(Arc<Inner>);

#[derive(Debug)]
struct Inner {}

impl Shared for Interpreter {
    fn kind(&self) -> &'static str {
        "Interpreter"
    }
}

#[allow(missing_docs)]
impl Interpreter {
    /// Creates an interpreter and the thread that runs its jobs; returns when it is ready
    /// (about 10 ms).
    pub fn create(_options: CreateOptions) -> Result<Self, CreateError> {
        todo!()
    }
    /// The main interpreter.
    pub fn main() -> Result<Self, CreateError> {
        todo!()
    }
    /// All that live, the main one first.
    pub fn list() -> Vec<Self> {
        todo!()
    }
    pub fn get(_id: InterpreterId) -> Option<Self> {
        todo!()
    }
    pub fn find(_name: &str) -> Option<Self> {
        todo!()
    }
    pub fn id(&self) -> InterpreterId {
        todo!()
    }
    pub fn name(&self) -> &str {
        todo!()
    }
    pub fn isolation(&self) -> Option<Isolation> {
        todo!() // None: main
    }
    pub fn is_serial(&self) -> bool {
        todo!()
    }
    pub fn state(&self) -> State {
        todo!()
    }
    /// Queues a job; jobs run one at a time, in order. `completion` is called exactly once.
    pub fn submit(
        &self,
        _task: Task,
        _timeout: Option<Duration>,
        _completion: Completion,
    ) -> JobId {
        todo!()
    }
    /// Runs a task on the calling thread, now, without queueing. `Failure::Busy` if a job runs or
    /// waits.
    pub fn run_here(&self, _task: Task, _timeout: Option<Duration>) -> Outcome {
        todo!()
    }
    /// Stops a job, queued or running. Nothing happens if it has ended.
    pub fn stop(&self, _job: JobId, _why: Stop) {
        todo!()
    }
    /// Stops the running job.
    pub fn interrupt(&self) {
        todo!()
    }
    /// Closes: queued jobs end with `Failure::Closed`, the running one is waited for until
    /// `timeout` (forever if `None`), then stopped.
    pub fn close(&self, _timeout: Option<Duration>, _done: Box<dyn FnOnce(CloseReport) + Send>) {
        todo!()
    }
    pub fn stats(&self) -> Stats {
        todo!()
    }
}
