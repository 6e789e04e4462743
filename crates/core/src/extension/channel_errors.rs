//! The Python exceptions of channels and conversions. Their classes are defined in `multicore`.

use super::state::State;
use crate::channel::{ReceiveError, Refusal};
use crate::python::{Builtin, ConvertError, PyErr, Python};

/// Where the classes of channels and their exceptions are defined.
pub(super) const MODULE: &str = "multicore.channels";

/// The exception for a failed conversion.
pub(super) fn conversion_error<'py>(
    state: &State,
    py: Python<'py>,
    error: ConvertError<'py>,
) -> PyErr<'py> {
    match error {
        ConvertError::Raised(error) => error,
        ConvertError::NotShareable(refusal) => state.error(
            py,
            "NotShareableError",
            "multicore.interpreters",
            &refusal.to_string(),
        ),
    }
}

/// The exception for a refused send.
pub(super) fn refused<'py>(state: &State, py: Python<'py>, reason: &Refusal) -> PyErr<'py> {
    match reason {
        Refusal::Full => state.error(py, "ChannelFullError", MODULE, "the channel is full"),
        Refusal::Closed => state.error(py, "ChannelClosedError", MODULE, "the channel is closed"),
        Refusal::Poisoned(reason) => state.error(py, "ChannelPoisonedError", MODULE, reason),
        Refusal::TimedOut => timed_out(py, "send"),
        Refusal::Interrupted => PyErr::new(py, Builtin::KeyboardInterrupt, "interrupted"),
    }
}

/// The exception for a receive without a message.
pub(super) fn not_received<'py>(
    state: &State,
    py: Python<'py>,
    reason: &ReceiveError,
) -> PyErr<'py> {
    match reason {
        ReceiveError::Empty => state.error(py, "ChannelEmptyError", MODULE, "the channel is empty"),
        ReceiveError::Closed => state.error(
            py,
            "ChannelClosedError",
            MODULE,
            "the channel is closed and drained",
        ),
        ReceiveError::Poisoned(reason) => state.error(py, "ChannelPoisonedError", MODULE, reason),
        ReceiveError::TimedOut => timed_out(py, "recv"),
        ReceiveError::Interrupted => PyErr::new(py, Builtin::KeyboardInterrupt, "interrupted"),
    }
}

fn timed_out<'py>(py: Python<'py>, operation: &str) -> PyErr<'py> {
    PyErr::new(py, Builtin::TimeoutError, &format!("{operation} timed out"))
}
