//! What a channel is made with. Plain data, no behaviour.

use std::num::NonZeroUsize;
use std::sync::Arc;

/// How to make a channel. The default is an unnamed rendezvous channel that blocks.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How many messages may wait in the channel.
    pub capacity: Capacity,
    /// What a send does when there is no room.
    pub overflow: Overflow,
    /// A name for monitoring and error messages; need not be unique.
    pub name: Option<Arc<str>>,
}

/// How many messages a channel holds between a send and its receive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Capacity {
    /// None: a send completes only when a receiver has the value.
    #[default]
    Rendezvous,
    /// At most this many. Messages put back by a dropped [`Pending`](super::Pending) do not count.
    Bounded(NonZeroUsize),
    /// As many as memory holds; a send never waits.
    Unbounded,
}

impl Capacity {
    /// The largest number of messages that a channel with a limit may hold: it has memory for all
    /// of them from the start, and an allocation that fails ends the process. Whoever makes
    /// channels for a program checks this.
    pub const MOST: usize = 1 << 24;

    /// The number of messages, or `None` where there is no limit. A rendezvous channel has 0.
    #[must_use]
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::Rendezvous => Some(0),
            Self::Bounded(limit) => Some(limit.get()),
            Self::Unbounded => None,
        }
    }
}

/// What a send does on a channel that has no room. Irrelevant for unbounded channels.
///
/// A send whose message is dropped by policy succeeds; the drop is counted in
/// [`Stats::dropped`](super::Stats::dropped).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It waits (or is refused with [`Refusal::Full`](super::Refusal::Full) if it may not).
    #[default]
    Block,
    /// The oldest queued message is dropped. On a rendezvous channel the same as `DropNewest`,
    /// because there is nothing older.
    DropOldest,
    /// The message being sent is dropped. On a rendezvous channel: unless a receiver waits.
    DropNewest,
}
