//! The results of a function called for one item after the other. No Python here.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use crate::value::Value;

/// Results so far, kept apart from the outcome of the job: whatever ends that one, an exception, a
/// stop, the end of the interpreter, the results of the items before are there.
#[derive(Debug, Default)]
pub struct Each {
    values: Mutex<Vec<Value>>,
    awaits: AtomicBool,
    nanoseconds: AtomicU64,
}

impl Each {
    /// The result of the next item.
    pub(super) fn push(&self, value: Value) {
        self.values.lock().push(value);
    }

    /// The next item's function returned a coroutine: the job's outcome is that of the coroutine.
    pub(super) fn set_awaits(&self) {
        self.awaits.store(true, Ordering::Release);
    }

    /// Whether the outcome of the job is that of the item after the results.
    pub fn awaits(&self) -> bool {
        self.awaits.load(Ordering::Acquire)
    }

    /// How long the calls took so far.
    pub(super) fn set_elapsed(&self, elapsed: Duration) {
        let nanoseconds = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.store(nanoseconds, Ordering::Relaxed);
    }

    /// How long the calls took, the one that failed included.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }

    /// Takes the results.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.values.lock())
    }
}
