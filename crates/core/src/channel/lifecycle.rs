//! How a channel ends, how a message that was delivered but not wanted returns, and how one is left
//! behind where there is no room for it.

use super::core::Core;
use super::error::{Refusal, SendError};
use super::gate::{ABANDONED, CLOSED, FRONT, POISONED};
use super::options::Capacity;
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

    /// Sends without waiting on a rendezvous channel: a message that nobody waits for stays in the
    /// channel, behind those that were put back. True if a receiver got it.
    pub(super) fn leave(&self, value: T) -> Result<bool, SendError<T>> {
        self.locked(|state, effects| {
            let value = match self.attempt_send(state, value, effects) {
                Ok(()) => return Ok(true),
                Err(SendError {
                    value,
                    reason: Refusal::Full,
                }) if self.capacity == Capacity::Rendezvous => value,
                Err(refused) => return Err(refused),
            };
            let ticket = self.gate.enter();
            debug_assert!(ticket.is_some(), "closing needs the lock that is held here");
            state.front.push_back((u64::MAX, value));
            let flags = self.gate.pushed();
            self.stamp(ticket.unwrap_or_default(), flags);
            self.gate.announce(FRONT);
            self.settle(state, effects);
            Ok(false)
        })
    }
}
