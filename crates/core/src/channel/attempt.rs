//! One operation on one channel under its lock: done at once, or it would have to wait.
//!
//! Registering a waiter is not done here (`start.rs`), nor is serving the waiters (`settle.rs`).

use super::core::{Core, State};
use super::effects::Effects;
use super::error::{ReceiveError, Refusal, SendError};
use super::operation::Attempt;
use super::options::{Capacity, Overflow};
use std::sync::Arc;

impl<T> Core<T> {
    /// `Full` means that the send would have to wait.
    pub(super) fn attempt_send(
        &self,
        state: &mut State<T>,
        value: T,
        effects: &mut Effects<T>,
    ) -> Result<(), SendError<T>> {
        if self.gate.is_closed() {
            let reason = state
                .poison
                .clone()
                .map_or(Refusal::Closed, Refusal::Poisoned);
            return Err(SendError { value, reason });
        }
        if self.capacity == Capacity::Rendezvous {
            return self.hand_over(state, value, effects);
        }
        if !state.senders.is_empty() {
            self.settle(state, effects);
            if !state.senders.is_empty() {
                // They came first.
                return Err(SendError {
                    value,
                    reason: Refusal::Full,
                });
            }
        }
        match self.place(value) {
            Ok(()) => {}
            Err(value) => match self.overflow {
                Overflow::Block => {
                    return Err(SendError {
                        value,
                        reason: Refusal::Full,
                    });
                }
                Overflow::DropNewest => self.drop_unsent(value, effects),
                Overflow::DropOldest => self.displace(value, effects),
            },
        }
        if !state.receivers.is_empty() {
            self.settle(state, effects);
        }
        Ok(())
    }

    /// Pushes under the lock, where the channel is known to be open.
    pub(super) fn place(&self, value: T) -> Result<(), T> {
        let ticket = self.gate.enter();
        debug_assert!(ticket.is_some(), "closing needs the lock that is held here");
        match self.queue.push(value) {
            Ok(()) => {
                let flags = self.gate.pushed();
                self.stamp(ticket.unwrap_or_default(), flags);
                Ok(())
            }
            Err(value) => {
                self.gate.leave();
                Err(value)
            }
        }
    }

    fn displace(&self, value: T, effects: &mut Effects<T>) {
        let ticket = self.gate.enter();
        if let Some(oldest) = self.queue.force_push(value) {
            self.gate.dropped();
            effects.discard(oldest);
        }
        let flags = self.gate.pushed();
        self.stamp(ticket.unwrap_or_default(), flags);
    }

    fn drop_unsent(&self, value: T, effects: &mut Effects<T>) {
        self.gate.enter();
        self.gate.dropped();
        self.gate.pushed();
        effects.discard(value);
    }

    /// Gives the value to the first waiting receiver of a rendezvous channel.
    fn hand_over(
        &self,
        state: &mut State<T>,
        value: T,
        effects: &mut Effects<T>,
    ) -> Result<(), SendError<T>> {
        let mut value = Some(value);
        while let Some(waiter) = state.receivers.pop() {
            let attempt = waiter
                .operation
                .give(waiter.case, state.deliveries, || value.take());
            state.receive_wait += waiter.operation.waited();
            match attempt {
                Attempt::Committed => {
                    state.deliveries += 1;
                    self.gate.handed_over();
                    effects.complete(waiter);
                    return Ok(());
                }
                Attempt::Stale | Attempt::Unready => effects.release(waiter),
            }
        }
        let Some(value) = value else {
            unreachable!("only a commit takes the value")
        };
        match self.overflow {
            Overflow::Block => Err(SendError {
                value,
                reason: Refusal::Full,
            }),
            Overflow::DropOldest | Overflow::DropNewest => {
                self.drop_unsent(value, effects);
                Ok(())
            }
        }
    }

    /// `Empty` means that the receive would have to wait.
    pub(super) fn attempt_receive(
        &self,
        state: &mut State<T>,
        effects: &mut Effects<T>,
    ) -> Result<T, ReceiveError> {
        if let Some(reason) = &state.poison {
            return Err(ReceiveError::Poisoned(Arc::clone(reason)));
        }
        if !state.receivers.is_empty() {
            // They came first.
            self.settle(state, effects);
        }
        if let Some(message) = self.next_message(&mut state.front) {
            if !state.senders.is_empty() || self.gate.is_closed() {
                self.settle(state, effects);
            }
            return Ok(message);
        }
        if let Some(message) = self.take_over(state, effects) {
            return Ok(message);
        }
        if self.gate.is_drained() {
            Err(ReceiveError::Closed)
        } else {
            Err(ReceiveError::Empty)
        }
    }

    /// Takes the value of the first waiting sender of a rendezvous channel.
    fn take_over(&self, state: &mut State<T>, effects: &mut Effects<T>) -> Option<T> {
        if self.capacity != Capacity::Rendezvous {
            return None;
        }
        while let Some(waiter) = state.senders.pop() {
            let mut message = None;
            let attempt = waiter.operation.take(waiter.case, |value| {
                message = Some(value);
                Ok(())
            });
            state.send_wait += waiter.operation.waited();
            if matches!(attempt, Attempt::Committed) {
                self.gate.handed_over();
                effects.complete(waiter);
                return message;
            }
            effects.release(waiter);
        }
        None
    }
}
