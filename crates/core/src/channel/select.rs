//! A selection: sends and receives of which exactly one is to happen; and what came of it.
//!
//! The unpublished form only. Registering it with its channels is `start.rs`, the published form `pending.rs`.

use super::core::Core;
use super::error::{ReceiveError, Refusal, SendError};
use super::operation::Signal;
use super::operation::Values;
use super::order::Order;
use super::pending::{Started, Wake};
use super::receiver::Receiver;
use super::sender::Sender;
use super::start::start;
use super::sync::{unparker_of, with_parker};
use super::wait::Wait;
use smallvec::{SmallVec, smallvec};
use std::fmt;
use std::sync::Arc;

/// Sends and receives of which exactly one is to be committed.
///
/// Cases are numbered from 0 in the order they are added. They may name the same channel more than
/// once, also both its ends; a selection never exchanges a message with itself. A selection
/// without cases is never ready.
#[must_use]
pub struct Selection<T: Send + 'static> {
    pub(super) ends: SmallVec<[End<T>; 1]>,
    pub(super) values: Values<T>,
    pub(super) order: Order,
    pub(super) label: Option<Arc<str>>,
}

/// What one case waits at.
pub(super) enum End<T: Send + 'static> {
    Send(Sender<T>),
    Receive(Receiver<T>),
}

impl<T: Send + 'static> End<T> {
    pub(super) fn core(&self) -> &Arc<Core<T>> {
        match self {
            Self::Send(sender) => sender.core(),
            Self::Receive(receiver) => receiver.core(),
        }
    }
}

/// How the committed case ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The value was sent.
    Sent,
    /// This message was received.
    Received(T),
    /// The channel is closed (for a receive: and drained).
    Ended {
        /// The value, if the case was a send.
        unsent: Option<T>,
    },
    /// The channel is poisoned.
    Poisoned {
        /// Why.
        reason: Arc<str>,
        /// The value, if the case was a send.
        unsent: Option<T>,
    },
}

impl<T> Outcome<T> {
    pub(super) fn ended(poison: Option<Arc<str>>, unsent: Option<T>) -> Self {
        match poison {
            None => Self::Ended { unsent },
            Some(reason) => Self::Poisoned { reason, unsent },
        }
    }
}

/// A selection of which one case was committed.
#[derive(Debug, PartialEq, Eq)]
pub struct Completed<T> {
    /// Which case.
    pub index: usize,
    /// How it ended.
    pub outcome: Outcome<T>,
    /// The values of the other send cases, with their numbers.
    pub unsent: Vec<(usize, T)>,
}

/// A selection that was given up before any case was committed.
#[derive(Debug)]
pub struct Abandoned<T> {
    /// Why it was given up.
    pub reason: Abandonment,
    /// The values of all send cases, with their numbers.
    pub unsent: Vec<(usize, T)>,
}

/// Why a wait was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandonment {
    /// The deadline passed.
    TimedOut,
    /// The [`Interrupt`](super::Interrupt) was raised.
    Interrupted,
}

/// The values that are left, with the numbers of their cases.
pub(super) fn numbered<T>(values: Values<T>) -> Vec<(usize, T)> {
    values
        .into_iter()
        .enumerate()
        .filter_map(|(case, value)| Some((case, value?)))
        .collect()
}

impl<T: Send + 'static> Selection<T> {
    /// One without cases.
    pub fn new(order: Order) -> Self {
        Self {
            ends: SmallVec::new(),
            values: SmallVec::new(),
            order,
            label: None,
        }
    }

    pub(super) fn of_send(sender: Sender<T>, value: T) -> Self {
        Self {
            ends: smallvec![End::Send(sender)],
            values: smallvec![Some(value)],
            order: Order::Prioritized,
            label: None,
        }
    }

    pub(super) fn of_receive(receiver: Receiver<T>) -> Self {
        Self {
            ends: smallvec![End::Receive(receiver)],
            values: smallvec![None],
            order: Order::Prioritized,
            label: None,
        }
    }

    /// Adds a send of `value` and returns its number.
    pub fn send(&mut self, sender: Sender<T>, value: T) -> usize {
        self.ends.push(End::Send(sender));
        self.values.push(Some(value));
        self.ends.len() - 1
    }

    /// Adds a receive and returns its number.
    pub fn receive(&mut self, receiver: Receiver<T>) -> usize {
        self.ends.push(End::Receive(receiver));
        self.values.push(None);
        self.ends.len() - 1
    }

    /// Names the selection in [`WaiterInfo`](super::WaiterInfo), for as long as it waits.
    pub fn label(&mut self, label: Arc<str>) -> &mut Self {
        self.label = Some(label);
        self
    }

    /// How many cases it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without cases.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Gives the selection up, for the values of its send cases.
    #[must_use]
    pub fn into_unsent(self) -> Vec<(usize, T)> {
        numbered(self.values)
    }

    /// Commits one case if any is ready; a case whose channel has ended is ready.
    ///
    /// # Errors
    /// Gives the selection back when none is.
    pub fn try_now(mut self) -> Result<Completed<T>, Self> {
        for case in self.order.arrange(self.ends.len()) {
            if let Some(outcome) = self.try_case(case) {
                return Ok(self.completed(case, outcome));
            }
        }
        Err(self)
    }

    fn try_case(&mut self, case: usize) -> Option<Outcome<T>> {
        match &self.ends[case] {
            End::Send(sender) => {
                let value = self.values[case].take()?;
                match sent(sender.try_send(value)) {
                    Ok(outcome) => Some(outcome),
                    Err(value) => {
                        self.values[case] = Some(value);
                        None
                    }
                }
            }
            End::Receive(receiver) => received(receiver.try_receive()),
        }
    }

    /// Wraps the outcome of `case`, whose value is with the outcome already.
    pub(super) fn completed(self, case: usize, outcome: Outcome<T>) -> Completed<T> {
        Completed {
            index: case,
            outcome,
            unsent: numbered(self.values),
        }
    }

    /// Commits one case now, or leaves the selection with its channels: then `wake` is called once, when one
    /// is committed. That may happen on another thread before this function returns.
    pub fn start(self, wake: Arc<dyn Wake>) -> Started<T> {
        match self.try_now() {
            Ok(completed) => Started::Done(completed),
            Err(selection) => match start(selection, Signal::Wake(wake)) {
                Ok(completed) => Started::Done(completed),
                Err(pending) => {
                    pending.start_clock();
                    Started::Pending(pending)
                }
            },
        }
    }

    /// Commits one case, blocking the calling thread until it can.
    ///
    /// # Errors
    /// [`Abandoned`] with every value, when the deadline passes or the interrupt is raised first.
    pub fn wait(self, wait: &Wait<'_>) -> Result<Completed<T>, Abandoned<T>> {
        let mut selection = match self.try_now() {
            Ok(completed) => return Ok(completed),
            Err(selection) => selection,
        };
        if selection.label.is_none() {
            selection.label.clone_from(&wait.label);
        }
        selection.block(wait)
    }

    /// The waiting part of [`Selection::wait`], for callers that have tried already.
    pub(super) fn block(self, wait: &Wait<'_>) -> Result<Completed<T>, Abandoned<T>> {
        if let Some(reason) = wait.refuses() {
            return Err(Abandoned {
                reason,
                unsent: self.into_unsent(),
            });
        }
        with_parker(|parker| {
            let mut pending = match start(self, Signal::Thread(unparker_of(parker))) {
                Ok(completed) => return Ok(completed),
                Err(pending) => pending,
            };
            match wait.for_operation(pending.operation(), parker) {
                Ok(()) => match pending.take() {
                    Some(completed) => Ok(completed),
                    None => unreachable!("it is done, and only we take the outcome"),
                },
                Err(reason) => match pending.cancel() {
                    Ok(unsent) => Err(Abandoned { reason, unsent }),
                    Err(completed) => Ok(completed),
                },
            }
        })
    }
}

/// The outcome of a send that was tried, or the value if it would have to wait.
pub(super) fn sent<T>(result: Result<(), SendError<T>>) -> Result<Outcome<T>, T> {
    match result {
        Ok(()) => Ok(Outcome::Sent),
        Err(SendError {
            value,
            reason: Refusal::Closed,
        }) => Ok(Outcome::Ended {
            unsent: Some(value),
        }),
        Err(SendError {
            value,
            reason: Refusal::Poisoned(reason),
        }) => Ok(Outcome::Poisoned {
            reason,
            unsent: Some(value),
        }),
        Err(SendError { value, .. }) => Err(value),
    }
}

/// The outcome of a receive that was tried, or `None` if it would have to wait.
pub(super) fn received<T>(result: Result<T, ReceiveError>) -> Option<Outcome<T>> {
    match result {
        Ok(message) => Some(Outcome::Received(message)),
        Err(ReceiveError::Closed) => Some(Outcome::Ended { unsent: None }),
        Err(ReceiveError::Poisoned(reason)) => Some(Outcome::Poisoned {
            reason,
            unsent: None,
        }),
        Err(_) => None,
    }
}

impl<T: Send + 'static> fmt::Debug for Selection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection")
            .field("cases", &self.ends.len())
            .field("order", &self.order)
            .finish()
    }
}
