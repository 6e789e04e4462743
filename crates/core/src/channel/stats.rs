//! Figures about one channel. Read without a lock where the message path writes them.

use super::clock;
use super::core::Core;
use super::gate::MONITORED;
use super::id::ChannelId;
use super::stamps::Stamps;
use super::sync::Ordering;
use super::waiters::{Direction, WaiterInfo};
use std::sync::Arc;
use std::time::Duration;

/// Figures about one channel. While it is in use they are of slightly different instants;
/// at rest `sent == received + dropped + len`.
#[derive(Clone, Debug)]
pub struct Stats {
    /// Which channel.
    pub id: ChannelId,
    /// Its name, if it has one.
    pub name: Option<Arc<str>>,
    /// Messages in it.
    pub len: usize,
    /// How many it may hold: 0 for a rendezvous channel, `None` without limit.
    pub capacity: Option<usize>,
    /// Messages accepted since it was made, also those dropped afterwards or by policy.
    pub sent: u64,
    /// Messages given to receivers.
    pub received: u64,
    /// Messages that nobody got: by overflow policy, by poison, or because the last receiver left.
    pub dropped: u64,
    /// Sends that wait now.
    pub waiting_senders: usize,
    /// Receives that wait now.
    pub waiting_receivers: usize,
    /// Time that sends have spent waiting, of those that are done; threads from when they stop spinning.
    pub send_wait: Duration,
    /// Time that receives have spent waiting, likewise.
    pub receive_wait: Duration,
    /// How long the oldest message has been in the channel. `None` when it is empty, or when
    /// monitoring was not switched on (`set_monitored`) before the message was sent. A lower bound
    /// when more than 1,024 messages are queued.
    pub oldest_age: Option<Duration>,
    /// Live senders; each send that waits holds one of its own.
    pub senders: usize,
    /// Live receivers; each receive that waits holds one of its own.
    pub receivers: usize,
    /// True when sends are refused, for whatever reason.
    pub closed: bool,
    /// The reason, if it was poisoned.
    pub poisoned: Option<Arc<str>>,
}

impl<T> Core<T> {
    pub(super) fn stats(&self) -> Stats {
        let (sent, taken, dropped) = self.gate.totals();
        let len = self.gate.len();
        let state = self.lock();
        Stats {
            id: self.id,
            name: self.name.clone(),
            len,
            capacity: self.capacity.limit(),
            sent,
            received: taken.saturating_sub(dropped),
            dropped,
            waiting_senders: state.senders.live_len(),
            waiting_receivers: state.receivers.live_len(),
            send_wait: state.send_wait,
            receive_wait: state.receive_wait,
            oldest_age: self.oldest_age(sent, taken),
            senders: self.senders.load(Ordering::Relaxed),
            receivers: self.receivers.load(Ordering::Relaxed),
            closed: self.gate.is_closed(),
            poisoned: state.poison.clone(),
        }
    }

    fn oldest_age(&self, sent: u64, taken: u64) -> Option<Duration> {
        if self.gate.flags() & MONITORED == 0 || sent <= taken {
            return None;
        }
        // Message number n held ticket n (refused tickets are given back), the next to go is `taken`.
        let sent_at = self.stamps.get()?.sent_at_ns(taken, sent - 1)?;
        Some(Duration::from_nanos(
            clock::now_ns().saturating_sub(sent_at),
        ))
    }

    pub(super) fn waiters(&self) -> Vec<WaiterInfo> {
        let mut list = Vec::new();
        let state = self.lock();
        state.senders.describe(Direction::Send, &mut list);
        state.receivers.describe(Direction::Receive, &mut list);
        list
    }

    pub(super) fn set_monitored(&self, monitored: bool) {
        let _state = self.lock();
        if monitored {
            self.stamps.get_or_init(|| Stamps::new(self.capacity));
            self.gate.announce(MONITORED);
        } else {
            self.gate.clear(MONITORED);
        }
    }
}
