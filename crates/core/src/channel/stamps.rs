//! When messages were sent, for the age of the oldest. Exists only for channels that are monitored.
//!
//! A ring of times indexed by ticket number: crossbeam's queues cannot be peeked into, and a time in every
//! message would cost a clock reading (25 ns, as much as the send itself) on channels nobody watches.

use super::sync::{AtomicU64, Ordering};
use super::{clock, options::Capacity};

/// Entries kept for an unbounded or a very large channel; beyond it the age is a lower bound.
const MAX_ENTRIES: usize = 1024;

pub(super) struct Stamps {
    /// Nanoseconds on `clock`; 0 where nothing was recorded.
    sent_at_ns: Box<[AtomicU64]>,
}

impl Stamps {
    pub(super) fn new(capacity: Capacity) -> Self {
        // Twice the capacity: tickets that are refused for want of room must not overwrite the oldest.
        let entries = capacity
            .limit()
            .map_or(MAX_ENTRIES, |limit| limit.saturating_mul(2))
            .clamp(2, MAX_ENTRIES);
        Self {
            sent_at_ns: (0..entries).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    fn slot(&self, ticket: u64) -> &AtomicU64 {
        let entries = self.sent_at_ns.len() as u64;
        &self.sent_at_ns[usize::try_from(ticket % entries).unwrap_or(0)]
    }

    pub(super) fn record(&self, ticket: u64) {
        self.slot(ticket).store(clock::now_ns(), Ordering::Relaxed);
    }

    /// When message number `oldest` was sent, the newest having number `newest`; if that is no longer
    /// known, a later time. `None` if nothing is known (monitoring was switched on afterwards).
    pub(super) fn sent_at_ns(&self, oldest: u64, newest: u64) -> Option<u64> {
        let entries = self.sent_at_ns.len() as u64;
        let known = oldest.max((newest + 1).saturating_sub(entries));
        (known..=newest)
            .map(|ticket| self.slot(ticket).load(Ordering::Relaxed))
            .find(|ns| *ns != 0)
    }
}
