//! Time as nanoseconds since the process first asked, so that it fits an atomic. No policy here.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn epoch() -> Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(|| {
        Instant::now()
            .checked_sub(Duration::from_nanos(1))
            .unwrap_or_else(Instant::now)
    })
}

/// Nanoseconds since the epoch, never 0 (0 is free to mean "not yet"). Costs about 25 ns.
pub(super) fn now_ns() -> u64 {
    u64::try_from(epoch().elapsed().as_nanos())
        .unwrap_or(u64::MAX)
        .max(1)
}

/// The instant that [`now_ns`] called `ns`.
pub(super) fn instant(ns: u64) -> Instant {
    epoch() + Duration::from_nanos(ns)
}
