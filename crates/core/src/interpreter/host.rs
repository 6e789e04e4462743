//! What the host (Node) lends to Python: functions and output sinks. Traits only; `node/`
//! implements them and `extension/` shows them to Python.

use std::sync::Arc;

use crate::value::{Shared, Value};

use super::task::{Bindings, ExceptionData};

/// A function of the host that Python can call.
pub trait HostFunction: Shared {
    /// Its name, for `repr` and tracebacks.
    fn name(&self) -> &str;

    /// Start a call. `reply` is called exactly once, from any thread, also when the host goes away
    /// first. The calling Python thread waits for it without its GIL. `caller`: what labels of waits
    /// call that thread, while somebody watches these.
    fn call(&self, caller: Option<String>, args: Vec<Value>, kwargs: Bindings, reply: Reply);
}

/// The host function behind a shared thing: what its `as_interface` wraps.
pub fn as_host_function(shared: &Arc<dyn Shared>) -> Option<Arc<dyn HostFunction>> {
    let interface = Arc::clone(shared).as_interface()?;
    interface
        .downcast::<Arc<dyn HostFunction>>()
        .ok()
        .map(|function| *function)
}

/// Receives the outcome of a host function.
pub type Reply = Box<dyn FnOnce(Result<Value, HostError>) + Send>;

/// A host function threw.
#[derive(Clone, Debug)]
pub struct HostError {
    /// The class of the error: `TypeError`, `RangeError`, …
    pub name: String,
    /// Its message.
    pub message: String,
    /// Its stack as the host shows it.
    pub stack: String,
    /// What the host needs to find the same error object again when it comes back.
    pub token: Option<Arc<dyn Shared>>,
    /// Set when the host function itself failed because of a Python exception below it.
    pub python: Option<Box<ExceptionData>>,
    /// What caused it, by the host's own account.
    pub cause: Option<Box<HostError>>,
}

impl HostError {
    /// The host is gone, or dropped the call.
    pub fn gone(message: &str) -> Self {
        Self {
            name: "Error".to_owned(),
            message: message.to_owned(),
            stack: String::new(),
            token: None,
            python: None,
            cause: None,
        }
    }
}

/// Where an interpreter's `sys.stdout` or `sys.stderr` goes.
#[derive(Clone, Default)]
pub enum Output {
    /// The process's own descriptor.
    #[default]
    Inherit,
    /// Nowhere.
    Ignore,
    /// A function, called from the interpreter's threads with each piece of text written, in
    /// order; it must not block.
    Sink(Arc<dyn Fn(&str) + Send + Sync>),
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Inherit => "Inherit",
            Self::Ignore => "Ignore",
            Self::Sink(_) => "Sink",
        })
    }
}
