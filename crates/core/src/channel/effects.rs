//! What must happen after a channel's lock is released: waking owners, and dropping what may run
//! foreign code when dropped (messages, wakers). Decides nothing.

use super::operation::Operation;
use super::waiters::Waiter;
use smallvec::SmallVec;
use std::sync::Arc;

/// Collect under the lock, [`Effects::run`] without it.
#[must_use]
pub(super) struct Effects<T> {
    completed: SmallVec<[Arc<Operation<T>>; 2]>,
    stale: SmallVec<[Arc<Operation<T>>; 2]>,
    discarded: Vec<T>,
}

impl<T> Effects<T> {
    pub(super) fn new() -> Self {
        Self {
            completed: SmallVec::new(),
            stale: SmallVec::new(),
            discarded: Vec::new(),
        }
    }

    /// This operation was just completed: its owner is to be told.
    pub(super) fn complete(&mut self, waiter: Waiter<T>) {
        self.completed.push(waiter.operation);
    }

    /// This one only left the list.
    pub(super) fn release(&mut self, waiter: Waiter<T>) {
        self.stale.push(waiter.operation);
    }

    /// Nobody will get this message.
    pub(super) fn discard(&mut self, message: T) {
        self.discarded.push(message);
    }

    /// Signals in the order of completion. No channel lock may be held.
    pub(super) fn run(self) {
        for operation in &self.completed {
            operation.signal();
        }
        // The rest is dropped here, and that is all there is to do with it.
    }
}
