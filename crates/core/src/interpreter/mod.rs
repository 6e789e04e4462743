//! Interpreters: their life, their threads, the jobs that they run, how jobs are stopped.
//!
//! Architecture invariant: no `unsafe`, nothing of Node; Python only through `python/`.

mod host;
mod instance;
mod options;
mod task;

pub use host::{HostError, HostFunction, Output, Reply};
pub use instance::{
    CloseReport, Completion, CreateError, FunctionId, Interpreter, InterpreterId, JobId,
    StartError, State, Stats, intern_function, start,
};
pub use options::{CreateOptions, Isolation, StartOptions};
pub use task::{Bindings, ExceptionData, Failure, Frame, Outcome, Stop, Target, Task};
