//! A flag that wakes the threads it is meant for. Knows nothing of channels.

use super::sync::{AtomicBool, AtomicU64, Mutex, Ordering, Unparker};
use std::fmt;

/// Stops blocking operations from another thread; shared by reference, usually in an `Arc`.
///
/// Raising it ends every blocking operation that was given it and would have to wait (longer), whether it
/// blocks already or begins to afterwards, until it is cleared. An operation that can be done at once is done.
pub struct Interrupt {
    raised: AtomicBool,
    next: AtomicU64,
    sleepers: Mutex<Vec<(u64, Sleeper)>>,
}

enum Sleeper {
    /// A thread that waits in this module.
    Here(Unparker),
    /// One that waits elsewhere, and what wakes it.
    Elsewhere(Box<dyn Fn() + Send>),
}

impl Interrupt {
    /// One that is not raised.
    #[must_use]
    pub fn new() -> Self {
        Self {
            raised: AtomicBool::new(false),
            next: AtomicU64::new(0),
            sleepers: Mutex::new(Vec::new()),
        }
    }

    /// Raises it, and wakes every thread that is blocked with it.
    pub fn raise(&self) {
        // Before the lock: a sleeper that enrolls after we looked at the list sees it raised.
        self.raised.store(true, Ordering::SeqCst);
        for (_, sleeper) in self.sleepers.lock().iter() {
            match sleeper {
                Sleeper::Here(unparker) => unparker.unpark(),
                Sleeper::Elsewhere(wake) => wake(),
            }
        }
    }

    /// Lowers it again.
    pub fn clear(&self) {
        self.raised.store(false, Ordering::SeqCst);
    }

    /// True from [`Interrupt::raise`] to [`Interrupt::clear`].
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// While the result lives, raising unparks `sleeper`. Check [`Interrupt::is_raised`] afterwards.
    pub(in crate::channel) fn enroll(&self, sleeper: Unparker) -> Enrolled<'_> {
        self.enroll_sleeper(Sleeper::Here(sleeper))
    }

    /// While the result lives, raising calls `wake`, which must not block. Check
    /// [`Interrupt::is_raised`] afterwards.
    pub fn enroll_with(&self, wake: impl Fn() + Send + 'static) -> Enrolled<'_> {
        self.enroll_sleeper(Sleeper::Elsewhere(Box::new(wake)))
    }

    fn enroll_sleeper(&self, sleeper: Sleeper) -> Enrolled<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.sleepers.lock().push((number, sleeper));
        Enrolled {
            interrupt: self,
            number,
        }
    }
}

impl Default for Interrupt {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt")
            .field("raised", &self.is_raised())
            .finish_non_exhaustive()
    }
}

/// Ends an [`Interrupt::enroll`] when it is dropped.
#[derive(Debug)]
pub struct Enrolled<'a> {
    interrupt: &'a Interrupt,
    number: u64,
}

impl Drop for Enrolled<'_> {
    fn drop(&mut self) {
        self.interrupt
            .sleepers
            .lock()
            .retain(|(number, _)| *number != self.number);
    }
}
