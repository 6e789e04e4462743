//! Serving those who wait, under the channel's lock: after `settle`, no waiter could be served.
//!
//! Everything that makes a waiter servable ends here. Rendezvous partners are not matched here: the one
//! who comes second finds the first (`attempt.rs`), so two that fit never both wait.

use super::core::{Core, State};
use super::effects::Effects;
use super::gate::{ABANDONED, FRONT, POISONED, RECEIVERS, SENDERS};
use super::operation::Attempt;
use super::options::Capacity;
use super::waiters::{Waiter, WaiterList};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

impl<T> Core<T> {
    pub(super) fn settle(&self, state: &mut State<T>, effects: &mut Effects<T>) {
        if self.gate.flags() & (POISONED | ABANDONED) != 0 {
            while let Some(message) = self.next_message_for(&mut state.front, true) {
                effects.discard(message);
            }
        }
        loop {
            self.serve_receivers(state, effects);
            if !self.serve_senders(state, effects) {
                break;
            }
        }
        if self.gate.is_closed() {
            let poison = state.poison.clone();
            end_all(
                &mut state.senders,
                poison.as_ref(),
                &mut state.send_wait,
                effects,
            );
            if poison.is_some() || self.gate.is_drained() {
                end_all(
                    &mut state.receivers,
                    poison.as_ref(),
                    &mut state.receive_wait,
                    effects,
                );
            }
        }
    }

    /// Messages to waiting receivers, while there are both.
    fn serve_receivers(&self, state: &mut State<T>, effects: &mut Effects<T>) {
        while let Some(first) = state.receivers.first() {
            let attempt = first.operation.give(first.case, state.deliveries, || {
                self.next_message(&mut state.front)
            });
            if matches!(attempt, Attempt::Unready) {
                break;
            }
            let Some(waiter) = state.receivers.pop() else {
                break;
            };
            state.deliveries += 1;
            finish(attempt, waiter, &mut state.receive_wait, effects);
        }
    }

    /// Values of waiting senders into the queue, while there is room; true if any went.
    fn serve_senders(&self, state: &mut State<T>, effects: &mut Effects<T>) -> bool {
        let mut moved = false;
        if self.capacity == Capacity::Rendezvous || self.gate.is_closed() {
            return moved;
        }
        while let Some(first) = state.senders.first() {
            let attempt = first.operation.take(first.case, |value| self.place(value));
            if matches!(attempt, Attempt::Unready) {
                break;
            }
            moved |= matches!(attempt, Attempt::Committed);
            let Some(waiter) = state.senders.pop() else {
                break;
            };
            finish(attempt, waiter, &mut state.send_wait, effects);
        }
        moved
    }

    /// The next message in order, counted as taken.
    pub(super) fn next_message(&self, front: &mut VecDeque<(u64, T)>) -> Option<T> {
        self.next_message_for(front, false)
    }

    pub(super) fn next_message_for(
        &self,
        front: &mut VecDeque<(u64, T)>,
        nobody: bool,
    ) -> Option<T> {
        let message = front
            .pop_front()
            .map(|(_, message)| message)
            .or_else(|| self.queue.pop())?;
        if nobody {
            self.gate.dropped();
        } else {
            self.gate.took();
        }
        Some(message)
    }

    /// Makes the flags say what the lists say. A flag is only ever *set* by `Gate::announce` before the
    /// lists are looked at; here it is cleared, or confirmed.
    pub(super) fn refresh_flags(&self, state: &State<T>) {
        let mut clear = 0;
        if state.senders.is_empty() {
            clear |= SENDERS;
        }
        if state.receivers.is_empty() {
            clear |= RECEIVERS;
        }
        if state.front.is_empty() {
            clear |= FRONT;
        }
        self.gate.clear(clear);
    }
}

fn finish<T>(attempt: Attempt, waiter: Waiter<T>, waited: &mut Duration, effects: &mut Effects<T>) {
    *waited += waiter.operation.waited();
    match attempt {
        Attempt::Committed => effects.complete(waiter),
        Attempt::Stale | Attempt::Unready => effects.release(waiter),
    }
}

fn end_all<T>(
    list: &mut WaiterList<T>,
    poison: Option<&Arc<str>>,
    waited: &mut Duration,
    effects: &mut Effects<T>,
) {
    while let Some(waiter) = list.pop() {
        let attempt = waiter.operation.end(waiter.case, poison);
        finish(attempt, waiter, waited, effects);
    }
}
