//! How a thread waits that has nothing to do before another one has done something: it lingers for a while,
//! where that was the faster way lately, and then parks. Nothing of what it waits for is known here.
#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::time::{Duration, Instant};

use crate::pace::{Pace, Way};

/// How long a thread lingers.
pub const LONGEST: Duration = Duration::from_micros(50);

/// Looks between two readings of the clock, which costs as much as all of them.
const LOOKS: u32 = 16;

/// What a thread waits for; what it has learnt of the one says nothing of the other.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An operation on a channel.
    Operation,
    /// The answer of another thread.
    Answer,
}

thread_local! {
    static PACES: [RefCell<Pace>; 2] = const { [const { RefCell::new(Pace::new()) }; 2] };
}

/// Whether `is_over` becomes true while the thread lingers.
pub fn linger(longest: Duration, is_over: impl Fn() -> bool) -> bool {
    let until = Instant::now() + longest;
    loop {
        for _ in 0..LOOKS {
            if is_over() {
                return true;
            }
            std::hint::spin_loop();
        }
        if Instant::now() >= until {
            return false;
        }
    }
}

/// After this many operations without a wait between them, a thread takes part in a stream. There whoever
/// waits does best to sleep until there is much to do: lingering for each message costs a quarter of the
/// throughput (`docs/design/performance.md`).
pub const STREAM: u32 = 8;

/// The thread is about to park. Where it is better to linger first, it does, unless it takes part in
/// a stream.
pub fn before_park(kind: Kind, is_stream: bool, is_over: impl Fn() -> bool) {
    if is_stream {
        with(kind, Pace::forget);
        return;
    }
    let way = with(kind, |pace| pace.begin(Instant::now()));
    if way == Some(Way::Poll) {
        linger(LONGEST, is_over);
    }
}

/// What it lingered or parked for is there, or not.
pub fn after_park(kind: Kind, is_done: bool) {
    with(kind, |pace| {
        if is_done {
            pace.end(Instant::now());
        } else {
            pace.forget();
        }
    });
}

/// `None` in a thread that ends, and while the pace is in use.
fn with<R>(kind: Kind, act: impl FnOnce(&mut Pace) -> R) -> Option<R> {
    let act = |paces: &[RefCell<Pace>; 2]| {
        let mut pace = paces[kind as usize].try_borrow_mut().ok()?;
        Some(act(&mut pace))
    };
    PACES.try_with(act).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Kind, after_park, before_park, linger};
    use std::cell::Cell;
    use std::time::Duration;

    #[test]
    fn lingering_ends_with_its_time_or_its_reason() {
        assert!(!linger(Duration::from_micros(1), || false));
        let looks = Cell::new(0);
        let found = linger(Duration::from_secs(3600), || {
            looks.set(looks.get() + 1);
            looks.get() > 100
        });
        assert!(found);
    }

    #[test]
    fn a_thread_that_has_learnt_nothing_parks_at_once() {
        let looks = Cell::new(0);
        for _ in 0..20 {
            before_park(Kind::Operation, false, || {
                looks.set(looks.get() + 1);
                true
            });
            after_park(Kind::Operation, true);
        }
        assert_eq!(looks.get(), 0);
    }

    #[test]
    fn a_thread_that_is_woken_late_tries_to_linger() {
        let looks = Cell::new(0);
        for _ in 0..200 {
            before_park(Kind::Answer, false, || {
                looks.set(looks.get() + 1);
                true
            });
            after_park(Kind::Answer, true);
        }
        assert!(looks.get() > 0);
        let before = looks.get();
        for _ in 0..200 {
            before_park(Kind::Operation, false, || {
                unreachable!("it knows nothing of these")
            });
            after_park(Kind::Operation, false);
        }
        assert_eq!(looks.get(), before);
    }
}
