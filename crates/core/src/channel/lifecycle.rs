//! How a channel ends, and how a message that was delivered but not wanted returns.

use super::core::Core;
use super::gate::{ABANDONED, CLOSED, FRONT, POISONED};
use std::sync::Arc;

impl<T> Core<T> {
    /// Refuses senders from now on; receivers drain what is queued. Idempotent.
    pub(super) fn close(&self) {
        self.shut(0);
    }

    /// The last receiver left: what is queued is dropped, and so is what is still on its way.
    pub(super) fn abandon(&self) {
        self.shut(ABANDONED);
    }

    fn shut(&self, flags: u32) {
        let wanted = CLOSED | flags;
        if self.gate.flags() & wanted == wanted {
            return;
        }
        self.locked(|state, effects| {
            self.gate.shut(flags);
            self.settle(state, effects);
        });
    }

    /// Ends the channel for every party at once. The first reason stays.
    pub(super) fn poison(&self, reason: Arc<str>) {
        self.locked(|state, effects| {
            if state.poison.is_none() {
                state.poison = Some(reason);
                self.gate.shut(POISONED);
                self.settle(state, effects);
            }
        });
    }

    pub(super) fn poison_reason(&self) -> Option<Arc<str>> {
        if self.gate.flags() & POISONED == 0 {
            None
        } else {
            self.lock().poison.clone()
        }
    }

    /// Returns a message that was given to a waiting receiver as number `delivery` and never taken.
    /// It goes before everything that is queued, and among its like by its number.
    pub(super) fn put_back(&self, delivery: u64, message: T) {
        self.locked(|state, effects| {
            let at = state
                .front
                .partition_point(|(earlier, _)| *earlier < delivery);
            state.front.insert(at, (delivery, message));
            self.gate.put_back();
            self.gate.announce(FRONT);
            self.settle(state, effects);
        });
    }
}
