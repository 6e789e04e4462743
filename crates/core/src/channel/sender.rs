//! The sending end. How messages move is in `core.rs` and below; this is only the handle.

use super::core::Core;
use super::ends;
use super::error::{Refusal, SendError};
use super::id::ChannelId;
use super::options::{Capacity, Overflow};
use super::receiver::Receiver;
use super::select::{Abandonment, Outcome, Selection};
use super::stats::Stats;
use super::sync::Backoff;
use super::wait::Wait;
use super::waiters::WaiterInfo;
use std::fmt;
use std::sync::Arc;

/// The end of a channel that messages go into.
///
/// Clones are further senders. When the last is dropped the channel retires: receivers drain it and
/// then find it closed. A pending [`Selection`] holds its senders, so it counts.
pub struct Sender<T: Send + 'static> {
    core: Arc<Core<T>>,
}

impl<T: Send + 'static> Sender<T> {
    /// Makes a handle of a count that was taken already.
    pub(super) fn adopt(core: Arc<Core<T>>) -> Self {
        Self { core }
    }

    pub(super) fn core(&self) -> &Arc<Core<T>> {
        &self.core
    }

    /// Sends without waiting, and without a lock while nobody waits and there is room.
    ///
    /// # Errors
    /// [`Refusal::Full`], [`Refusal::Closed`] or [`Refusal::Poisoned`], with the value.
    #[inline]
    pub fn try_send(&self, value: T) -> Result<(), SendError<T>> {
        self.core.try_send(value)
    }

    /// Sends, and blocks the calling thread until it is done.
    /// On a rendezvous channel that is when a receiver has the value.
    ///
    /// # Errors
    /// Any [`Refusal`] but `Full`, with the value.
    pub fn send_blocking(&self, value: T, wait: &Wait<'_>) -> Result<(), SendError<T>> {
        let value = match self.send_spinning(value) {
            Err(SendError {
                value,
                reason: Refusal::Full,
            }) => value,
            done => return done,
        };
        let mut selection = Selection::of_send(self.clone(), value);
        if let Some(label) = &wait.label {
            selection.label(Arc::clone(label));
        }
        let lost = || unreachable!("a send that was not done returns its value");
        match selection.block(wait) {
            Ok(completed) => match completed.outcome {
                Outcome::Sent | Outcome::Received(_) => Ok(()),
                Outcome::Ended { unsent } => Err(SendError {
                    value: unsent.unwrap_or_else(lost),
                    reason: Refusal::Closed,
                }),
                Outcome::Poisoned { reason, unsent } => Err(SendError {
                    value: unsent.unwrap_or_else(lost),
                    reason: Refusal::Poisoned(reason),
                }),
            },
            Err(abandoned) => Err(SendError {
                value: abandoned
                    .unsent
                    .into_iter()
                    .next()
                    .map_or_else(lost, |(_, value)| value),
                reason: match abandoned.reason {
                    Abandonment::TimedOut => Refusal::TimedOut,
                    Abandonment::Interrupted => Refusal::Interrupted,
                },
            }),
        }
    }

    /// Sends without waiting; a message that nobody waits for stays in the channel although that
    /// has no room (PEP 554's `send_nowait`). True if a receiver, or the buffer, has it.
    ///
    /// # Errors
    /// [`Refusal::Closed`] or [`Refusal::Poisoned`], and [`Refusal::Full`] for a channel with a
    /// capacity; with the value.
    pub fn leave(&self, value: T) -> Result<bool, SendError<T>> {
        self.core.leave(value)
    }

    /// Tries for a little while. On a rendezvous channel once: there the other side can only see us
    /// once we wait.
    fn send_spinning(&self, mut value: T) -> Result<(), SendError<T>> {
        let backoff = Backoff::new();
        loop {
            match self.try_send(value) {
                Err(SendError {
                    value: unsent,
                    reason: Refusal::Full,
                }) if self.core.capacity != Capacity::Rendezvous && !backoff.is_completed() => {
                    value = unsent;
                    backoff.snooze();
                }
                done => return done,
            }
        }
    }

    /// Closes the channel: sends are refused, those that wait too; receivers drain it and then find it
    /// closed. Closing a closed channel does nothing.
    pub fn close(&self) {
        self.core.close();
    }

    /// Ends the channel for every party at once, with a reason; queued messages are dropped.
    /// Poisoning a poisoned channel does nothing, poisoning a closed one does.
    pub fn poison(&self, reason: Arc<str>) {
        self.core.poison(reason);
    }

    /// A receiver of the same channel, unless the last receiver has gone.
    #[must_use]
    pub fn receiver(&self) -> Option<Receiver<T>> {
        ends::revive(&self.core.receivers).then(|| Receiver::adopt(Arc::clone(&self.core)))
    }

    /// True when `receiver` is an end of the same channel.
    #[must_use]
    pub fn same_channel(&self, receiver: &Receiver<T>) -> bool {
        Arc::ptr_eq(&self.core, receiver.core())
    }

    /// The channel's process-unique number.
    #[must_use]
    pub fn id(&self) -> ChannelId {
        self.core.id
    }

    /// The name the channel was made with.
    #[must_use]
    pub fn name(&self) -> Option<Arc<str>> {
        self.core.name.clone()
    }

    /// The capacity the channel was made with.
    #[must_use]
    pub fn capacity(&self) -> Capacity {
        self.core.capacity
    }

    /// The policy the channel was made with.
    #[must_use]
    pub fn overflow(&self) -> Overflow {
        self.core.overflow
    }

    /// Messages in the channel now; a moment later it may be another number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.gate.len()
    }

    /// True when no message is in the channel now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True when sends are refused: closed, retired, poisoned, or without receivers.
    /// Messages may still be there to be received.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.core.gate.is_closed()
    }

    /// The reason, if the channel was poisoned.
    #[must_use]
    pub fn is_poisoned(&self) -> Option<Arc<str>> {
        self.core.poison_reason()
    }

    /// Figures about the channel, each exact, together not of one instant.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.core.stats()
    }

    /// What waits at the channel now, senders first, each side in order of arrival.
    #[must_use]
    pub fn waiters(&self) -> Vec<WaiterInfo> {
        self.core.waiters()
    }

    /// Switches time-stamping of messages on or off; it is off at first.
    /// On, each send costs about 25 ns more and [`Stats::oldest_age`] is known.
    pub fn set_monitored(&self, monitored: bool) {
        self.core.set_monitored(monitored);
    }
}

impl<T: Send + 'static> Clone for Sender<T> {
    fn clone(&self) -> Self {
        ends::retain(&self.core.senders);
        Self {
            core: Arc::clone(&self.core),
        }
    }
}

impl<T: Send + 'static> Drop for Sender<T> {
    fn drop(&mut self) {
        if ends::release(&self.core.senders) {
            self.core.close();
        }
    }
}

impl<T: Send + 'static> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("channel", &self.core.id)
            .finish_non_exhaustive()
    }
}
