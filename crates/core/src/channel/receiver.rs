//! The receiving end. How messages move is in `core.rs` and below; this is only the handle.

use super::core::Core;
use super::ends;
use super::error::ReceiveError;
use super::id::ChannelId;
use super::options::{Capacity, Overflow};
use super::select::{Abandonment, Outcome, Selection};
use super::sender::Sender;
use super::stats::Stats;
use super::sync::Backoff;
use super::wait::Wait;
use super::waiters::WaiterInfo;
use std::fmt;
use std::sync::Arc;

/// The end of a channel that messages come out of.
///
/// Clones are further receivers; each message goes to exactly one. When the last is dropped, senders
/// find the channel closed, and what was queued is dropped and counted as such.
pub struct Receiver<T: Send + 'static> {
    core: Arc<Core<T>>,
}

impl<T: Send + 'static> Receiver<T> {
    /// Makes a handle of a count that was taken already.
    pub(super) fn adopt(core: Arc<Core<T>>) -> Self {
        Self { core }
    }

    pub(super) fn core(&self) -> &Arc<Core<T>> {
        &self.core
    }

    /// Receives without waiting, and without a lock while nobody waits.
    ///
    /// # Errors
    /// [`ReceiveError::Empty`], [`ReceiveError::Closed`] or [`ReceiveError::Poisoned`].
    #[inline]
    pub fn try_receive(&self) -> Result<T, ReceiveError> {
        self.core.try_receive()
    }

    /// Receives, and blocks the calling thread until there is a message.
    ///
    /// # Errors
    /// Any [`ReceiveError`] but `Empty`.
    pub fn receive_blocking(&self, wait: &Wait<'_>) -> Result<T, ReceiveError> {
        match self.receive_spinning() {
            Err(ReceiveError::Empty) => {}
            done => return done,
        }
        let mut selection = Selection::of_receive(self.clone());
        if let Some(label) = &wait.label {
            selection.label(Arc::clone(label));
        }
        match selection.block(wait) {
            Ok(completed) => match completed.outcome {
                Outcome::Received(message) => Ok(message),
                Outcome::Sent => unreachable!("the only case is a receive"),
                Outcome::Ended { .. } => Err(ReceiveError::Closed),
                Outcome::Poisoned { reason, .. } => Err(ReceiveError::Poisoned(reason)),
            },
            Err(abandoned) => Err(match abandoned.reason {
                Abandonment::TimedOut => ReceiveError::TimedOut,
                Abandonment::Interrupted => ReceiveError::Interrupted,
            }),
        }
    }

    /// Tries for a little while. On a rendezvous channel once: there the other side can only see us
    /// once we wait.
    fn receive_spinning(&self) -> Result<T, ReceiveError> {
        let backoff = Backoff::new();
        loop {
            match self.try_receive() {
                Err(ReceiveError::Empty)
                    if self.core.capacity != Capacity::Rendezvous && !backoff.is_completed() =>
                {
                    backoff.snooze();
                }
                done => return done,
            }
        }
    }

    /// Closes the channel from this side: sends are refused, those that wait too; what is queued can
    /// still be received. Closing a closed channel does nothing.
    pub fn close(&self) {
        self.core.close();
    }

    /// Ends the channel for every party at once, with a reason; queued messages are dropped.
    pub fn poison(&self, reason: Arc<str>) {
        self.core.poison(reason);
    }

    /// A sender to the same channel, unless the last sender has gone.
    #[must_use]
    pub fn sender(&self) -> Option<Sender<T>> {
        ends::revive(&self.core.senders).then(|| Sender::adopt(Arc::clone(&self.core)))
    }

    /// True when `sender` is an end of the same channel.
    #[must_use]
    pub fn same_channel(&self, sender: &Sender<T>) -> bool {
        Arc::ptr_eq(&self.core, sender.core())
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

impl<T: Send + 'static> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        ends::retain(&self.core.receivers);
        Self {
            core: Arc::clone(&self.core),
        }
    }
}

impl<T: Send + 'static> Drop for Receiver<T> {
    fn drop(&mut self) {
        if ends::release(&self.core.receivers) {
            self.core.abandon();
        }
    }
}

impl<T: Send + 'static> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("channel", &self.core.id)
            .finish_non_exhaustive()
    }
}
