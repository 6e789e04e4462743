//! What an interpreter can be asked to do, and what comes of it. Plain data: no Python here.

use std::sync::Arc;
use std::time::Duration;

use crate::value::{NotShareable, Text, Value};

use super::FunctionId;
use super::each::Each;
use super::names::NamesId;

/// Names and the values to give them.
pub type Bindings = Vec<(Text, Value)>;

/// One piece of work.
#[derive(Debug)]
pub enum Task {
    /// Run statements in `__main__`, with `bind` set there first.
    Exec {
        /// The statements.
        source: Text,
        /// The name that tracebacks show; made up if `None`.
        filename: Option<Text>,
        /// Variables set in `__main__` first.
        bind: Bindings,
    },
    /// Evaluate an expression in `__main__`; with `bind`, these names are visible to it alone.
    Evaluate {
        /// The expression.
        source: Text,
        /// The name that tracebacks show; made up if `None`.
        filename: Option<Text>,
        /// Names visible to this expression.
        bind: Bindings,
    },
    /// Call a function.
    Call {
        /// Which function.
        target: Target,
        /// Positional arguments.
        args: Vec<Value>,
        /// Keyword arguments.
        kwargs: Bindings,
    },
    /// Call a function with keyword arguments whose names are known by a number.
    CallNamed {
        /// Which function.
        target: Target,
        /// Positional arguments, and then the values of the keyword arguments.
        args: Vec<Value>,
        /// The names of the latter.
        names: NamesId,
    },
    /// Call a function for one item after the other.
    CallEach {
        /// Which function.
        target: Target,
        /// The only positional argument of each call.
        items: Vec<Value>,
        /// Keyword arguments of each call.
        kwargs: Bindings,
        /// After this time no further item is begun.
        budget: Option<Duration>,
        /// Where the results go. The outcome itself is `None`, the failure of the item after the
        /// results, or, if [`Each::awaits`] says so, that item's result.
        each: Arc<Each>,
    },
    /// Set variables in `__main__` (PEP 734's `prepare_main`).
    PrepareMain(Bindings),
}

/// A function to call.
#[derive(Debug)]
pub enum Target {
    /// `package.module:qualified.name`, or a name in `__main__` if there is no colon.
    Path(Text),
    /// A path that was interned: resolved once per interpreter.
    Function(FunctionId),
}

/// How a piece of work ended.
pub type Outcome = Result<Value, Failure>;

/// Why a piece of work has no result.
#[derive(Debug)]
pub enum Failure {
    /// Python raised.
    Exception(Box<ExceptionData>),
    /// The result cannot cross.
    NotShareable(NotShareable),
    /// It was stopped from outside.
    Stopped(Stop),
    /// It was asked to stop and has not: it still runs, nobody knows for how long.
    StillRunning(Stop),
    /// The interpreter closed before it could run.
    Closed,
    /// The interpreter does not answer and was given up.
    Abandoned,
    /// A defect of this library.
    Internal(String),
    /// `Interpreter::run_here` found a job running, or waiting to.
    Busy,
}

/// Who stopped a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// `interrupt()`.
    Interrupted,
    /// Its time was over.
    TimedOut(Duration),
    /// It was cancelled (an `AbortSignal`).
    Cancelled,
    /// The interpreter is closing.
    Closing,
}

/// A Python exception, taken out of its interpreter.
#[derive(Clone, Debug, Default)]
pub struct ExceptionData {
    /// The type, qualified with its module unless that is `builtins`.
    pub type_name: String,
    /// `str(exception)`.
    pub message: Text,
    /// The traceback as Python prints it, causes and notes included.
    pub traceback: Text,
    /// The frames, innermost last.
    pub frames: Vec<Arc<Frame>>,
    /// `__notes__`.
    pub notes: Vec<Text>,
    /// `__cause__`, or `__context__` unless it is suppressed.
    pub cause: Option<Box<ExceptionData>>,
    /// The exceptions of an exception group.
    pub errors: Vec<ExceptionData>,
    /// What else the exception carries and can cross (`SyntaxError` positions, `errno`, `args`,
    /// `name` of an `ImportError`, the host's own error): names and values.
    pub attributes: Bindings,
}

/// A frame of a traceback.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The file, or the made-up name of a source given as text.
    pub filename: Text,
    /// The function.
    pub function: Text,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// The column, from 1; 0 if unknown.
    pub column: u32,
    /// The text of the line; empty if unknown.
    pub source: Text,
}
