//! Interpreters: their life, their threads, the jobs that they run, how jobs are stopped.
//!
//! Architecture invariant: no `unsafe`, nothing of Node; Python only through `python/`.

mod host;
mod options;
mod task;

use std::sync::Arc;
use std::time::Duration;

pub use host::{HostError, HostFunction, Output, Reply};
pub use options::{CreateOptions, Isolation, StartOptions};
pub use task::{Bindings, ExceptionData, Failure, Frame, Outcome, Stop, Target, Task};

/// A path to a function, interned for the process: `Target::Function`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionId(pub u32);
