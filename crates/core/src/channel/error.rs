//! Why a send or a receive did not happen. No recovery logic here.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// A send that did not happen. The value is still the sender's.
pub struct SendError<T> {
    /// The value that was not sent.
    pub value: T,
    /// Why it was not sent.
    pub reason: Refusal,
}

/// Why a send did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no room (on a rendezvous channel: no receiver waits), and the send may not wait.
    Full,
    /// The channel was closed, or its last receiver is gone.
    Closed,
    /// The channel was poisoned, for this reason.
    Poisoned(Arc<str>),
    /// The deadline passed first.
    TimedOut,
    /// The [`Interrupt`](super::Interrupt) was raised first.
    Interrupted,
}

/// Why a receive brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiveError {
    /// No message is there, and the receive may not wait.
    Empty,
    /// The channel was closed or its last sender is gone, and everything sent before was received.
    Closed,
    /// The channel was poisoned, for this reason.
    Poisoned(Arc<str>),
    /// The deadline passed first.
    TimedOut,
    /// The [`Interrupt`](super::Interrupt) was raised first.
    Interrupted,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the channel is full"),
            Self::Closed => f.write_str("the channel is closed"),
            Self::Poisoned(reason) => write!(f, "the channel is poisoned: {reason}"),
            Self::TimedOut => f.write_str("the send timed out"),
            Self::Interrupted => f.write_str("the send was interrupted"),
        }
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the channel is empty"),
            Self::Closed => f.write_str("the channel is closed and empty"),
            Self::Poisoned(reason) => write!(f, "the channel is poisoned: {reason}"),
            Self::TimedOut => f.write_str("the receive timed out"),
            Self::Interrupted => f.write_str("the receive was interrupted"),
        }
    }
}

// By hand: a message need not be `Debug` for its refusal to be.
impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl<T> Error for SendError<T> {}
impl Error for Refusal {}
impl Error for ReceiveError {}
