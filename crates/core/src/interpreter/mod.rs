//! Interpreters: their life, their threads, the jobs that they run, how jobs are stopped.
//!
//! - `options`, `task`, `host`: the vocabulary, plain data;
//! - `runtime`: starting CPython, creating interpreters; `registry`: those that live;
//! - `instance`: one interpreter from outside; `closing`: its end; `control`: its queue and who runs what;
//! - `worker`: its thread; `job`: running one task; `each`: results of many calls; `coroutines`, `wake_pipe`: those that wait; `support`: what it keeps to be quick;
//! - `exceptions`: what is told of those that leave;
//! - `caller`: jobs on the thread that asks; `stopper`, `timer`: stopping them.
//!
//! Architecture invariant: no `unsafe`, nothing of Node, nothing of `_multicore`; CPython only
//! through `python/`.
#![forbid(unsafe_code)]

mod caller;
mod closing;
mod control;
mod coroutines;
mod each;
mod exceptions;
mod host;
mod instance;
mod job;
mod names;
mod options;
mod registry;
mod runtime;
mod stopper;
mod support;
mod task;
pub mod timer;
mod wake_pipe;
mod worker;

pub use worker::runs_job_of;

pub use caller::{Waker, keep_thread_states, release_closing, stop_keeping};
pub use closing::CloseReport;
pub use control::{Completion, Follows, JobId, State};
pub use each::Each;
pub use host::{HostError, HostFunction, Output, Reply, as_host_function};
pub use instance::{CreateError, FunctionId, Interpreter, InterpreterId, Stats};
pub use names::{NamesId, intern_names};
pub use options::{CreateOptions, Isolation, StartOptions};
pub use runtime::{Bootstrap, StartError, guard_stack, start};
pub use support::{count_threads, intern_function, keep_main, mend};
pub use task::{Bindings, ExceptionData, Failure, Frame, Outcome, Stop, Target, Task};
