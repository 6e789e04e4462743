//! The process-unique number of a channel. Nothing else.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Identifies one channel among all that this process ever makes; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelId(u64);

impl ChannelId {
    pub(super) fn next() -> Self {
        // Plain std atomic on purpose: uniqueness needs no modelling, and loom has no static atomics.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The number itself, from 1.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
