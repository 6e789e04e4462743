//! Wake-ups that a Python thread puts off, so that several messages share one.
//!
//! What lives here: when a thread may put one off, and when it must make up for it. What must not:
//! how anybody is woken (`node/mailbox.rs`), and channels.
//!
//! Waking an event loop costs a system call, and where the two share a core it also costs the
//! waker that core at once: a thread that sends in a loop was then switched away after each
//! message. So while operations of a thread follow each other closely, what one of them woke is
//! woken only after [`MOST`] more of them, or before the thread waits, whichever is first. A thread that does neither
//! is made up for by the one that is to be woken, who allows this only while a timer of its own runs.
//! `docs/design/channels.md` has the protocol and the figures.
#![forbid(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Operations that may pass before a wake-up that was put off is made up for.
const MOST: u32 = 64;

/// Operations that take longer than this, on the average since the last wake-up, do not follow each
/// other closely: each wakes at once.
const CLOSE: Duration = Duration::from_micros(2);

/// Somebody who can be woken later.
pub trait Late: Send + Sync {
    /// Wakes them now, unless they woke meanwhile. May neither block nor panic.
    fn make_up(&self);
}

struct Thread {
    /// Whether an operation is running that lets its wake-ups be put off.
    is_open: Cell<bool>,
    /// Whether `owed` holds somebody.
    is_owing: Cell<bool>,
    /// Operations since `since`, or since something was put off.
    operations: Cell<u32>,
    /// Operations since it was last parked.
    streak: Cell<u32>,
    /// When this thread last woke somebody or was parked.
    since: Cell<Option<Instant>>,
    /// Whether it was parked, and `since` not set yet. Reading the clock takes a twentieth of a message's
    /// way there and back between threads that do not stop running, so it is read only where one did.
    has_parked: Cell<bool>,
}

thread_local! {
    // Apart, because this one needs no destructor and is read by every operation.
    static THREAD: Thread = const {
        Thread {
            is_open: Cell::new(false),
            is_owing: Cell::new(false),
            operations: Cell::new(0),
            streak: Cell::new(0),
            since: Cell::new(None),
            has_parked: Cell::new(false),
        }
    };
    static OWED: RefCell<Option<Arc<dyn Late>>> = const { RefCell::new(None) };
}

/// Runs an operation whose wake-ups may be put off. Before the thread waits for anything, in this operation
/// or after it, [`make_up`] must be called.
#[inline]
pub fn during<R>(operation: impl FnOnce() -> R) -> R {
    struct Open<'a>(&'a Thread);
    impl Drop for Open<'_> {
        fn drop(&mut self) {
            self.0.is_open.set(false);
        }
    }
    THREAD.with(|thread| {
        let operations = thread.operations.get().saturating_add(1);
        thread.operations.set(operations);
        thread.streak.set(thread.streak.get().saturating_add(1));
        thread.is_open.set(true);
        let open = Open(thread);
        let result = operation();
        drop(open);
        if thread.has_parked.get() {
            woke();
        }
        if thread.is_owing.get() && operations > MOST {
            make_up();
        }
        result
    })
}

/// Puts a wake-up off, if the operation that caused it allows that and others followed it closely
/// so far; else the caller wakes at once and says so with [`woke`].
pub fn put_off(late: &Arc<impl Late + 'static>) -> bool {
    THREAD.with(|thread| {
        // A second one to be woken is not put off: they are rare, and one slot is enough.
        if !thread.is_open.get() || thread.is_owing.get() {
            return false;
        }
        let is_close = thread.since.get().is_some_and(|since| {
            let operations = thread.operations.get().max(1);
            since.elapsed() / operations < CLOSE
        });
        if !is_close {
            return false;
        }
        let is_stored = OWED.try_with(|owed| match owed.try_borrow_mut() {
            Ok(mut owed) => {
                *owed = Some(Arc::clone(late) as Arc<dyn Late>);
                true
            }
            Err(_) => false,
        });
        if !matches!(is_stored, Ok(true)) {
            return false;
        }
        thread.is_owing.set(true);
        thread.operations.set(0);
        true
    })
}

/// The thread is about to stop running: makes up for what was put off. Gives how many operations it
/// ran since the last time.
pub fn before_park() -> u32 {
    make_up();
    THREAD.with(|thread| {
        thread.has_parked.set(true);
        thread.streak.replace(0)
    })
}

/// The thread woke somebody just now.
pub fn woke() {
    THREAD.with(|thread| {
        thread.operations.set(0);
        thread.has_parked.set(false);
        thread.since.set(Some(Instant::now()));
    });
}

/// Makes up for what was put off. To be called before a wait.
pub fn make_up() {
    THREAD.with(|thread| {
        if thread.is_owing.replace(false) {
            let owed = OWED.try_with(RefCell::take).ok().flatten();
            if let Some(late) = owed {
                late.make_up();
            }
            woke();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{Late, MOST, before_park, during, make_up, put_off, woke};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[derive(Default)]
    struct Sleeper(AtomicU32);

    impl Late for Sleeper {
        fn make_up(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Until the thread is not interrupted between two operations.
    fn put_off_at_last(sleeper: &Arc<Sleeper>) {
        loop {
            woke();
            if during(|| put_off(sleeper)) {
                return;
            }
        }
    }

    impl Sleeper {
        fn woken(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_wake_up_is_made_up_for_after_so_many_operations() {
        let sleeper = Arc::new(Sleeper::default());
        put_off_at_last(&sleeper);
        for _ in 0..MOST {
            assert_eq!(sleeper.woken(), 0);
            during(|| ());
        }
        during(|| ());
        assert_eq!(sleeper.woken(), 1);
        during(|| ());
        make_up();
        assert_eq!(sleeper.woken(), 1, "nothing is owed any more");
    }

    #[test]
    fn a_wait_makes_up() {
        let sleeper = Arc::new(Sleeper::default());
        put_off_at_last(&sleeper);
        make_up();
        assert_eq!(sleeper.woken(), 1);
    }

    #[test]
    fn a_thread_that_was_parked_begins_anew() {
        let sleeper = Arc::new(Sleeper::default());
        during(before_park);
        // The clock was read as that operation ended, and this one follows it closely.
        let mut is_late = during(|| put_off(&sleeper));
        while !is_late {
            during(before_park);
            is_late = during(|| put_off(&sleeper));
        }
        before_park();
        assert_eq!(sleeper.woken(), 1);
    }

    #[test]
    fn others_are_not_put_off() {
        let (one, other) = (Arc::new(Sleeper::default()), Arc::new(Sleeper::default()));
        assert!(!put_off(&one), "no operation runs");
        assert!(
            !during(|| put_off(&one)),
            "this thread has not woken anybody yet"
        );
        put_off_at_last(&one);
        assert!(!during(|| put_off(&other)), "somebody is owed already");
        make_up();
        assert_eq!((one.woken(), other.woken()), (1, 0));
    }
}
