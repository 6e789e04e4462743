//! One channel, shared by all its ends: its parts, and the lock-free way in and out.
//!
//! The locked way is in `attempt.rs` (one operation), `settle.rs` (serving those who wait) and
//! `lifecycle.rs` (endings).

use super::effects::Effects;
use super::error::{ReceiveError, Refusal, SendError};
use super::gate::{
    ABANDONED, CLOSED, FRONT, Gate, MONITORED, POISONED, RECEIVERS, RENDEZVOUS, SENDERS,
};
use super::id::ChannelId;
use super::options::{Capacity, Options, Overflow};
use super::queue::Queue;
use super::stamps::Stamps;
use super::sync::{AtomicUsize, Mutex, MutexGuard};
use super::waiters::WaiterList;
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub(super) struct Core<T> {
    pub(super) gate: Gate,
    pub(super) queue: Queue<T>,
    pub(super) overflow: Overflow,
    pub(super) capacity: Capacity,
    pub(super) id: ChannelId,
    pub(super) name: Option<Arc<str>>,
    /// Live ends, as reference counts that also decide when the channel retires.
    pub(super) senders: AtomicUsize,
    pub(super) receivers: AtomicUsize,
    /// Allocated when monitoring is first switched on.
    pub(super) stamps: OnceLock<Stamps>,
    state: Mutex<State<T>>,
}

/// What the lock guards.
pub(super) struct State<T> {
    pub(super) senders: WaiterList<T>,
    pub(super) receivers: WaiterList<T>,
    /// Messages put back, with their delivery numbers, ascending; they go before the queue.
    pub(super) front: VecDeque<(u64, T)>,
    /// Numbers the messages given to waiting receivers.
    pub(super) deliveries: u64,
    pub(super) poison: Option<Arc<str>>,
    pub(super) send_wait: Duration,
    pub(super) receive_wait: Duration,
}

impl<T> Core<T> {
    pub(super) fn new(options: Options) -> Self {
        let flags = if options.capacity == Capacity::Rendezvous {
            RENDEZVOUS
        } else {
            0
        };
        Self {
            gate: Gate::new(flags),
            queue: Queue::new(options.capacity),
            overflow: options.overflow,
            capacity: options.capacity,
            id: ChannelId::next(),
            name: options.name,
            senders: AtomicUsize::new(1),
            receivers: AtomicUsize::new(1),
            stamps: OnceLock::new(),
            state: Mutex::new(State {
                senders: WaiterList::new(),
                receivers: WaiterList::new(),
                front: VecDeque::new(),
                deliveries: 0,
                poison: None,
                send_wait: Duration::ZERO,
                receive_wait: Duration::ZERO,
            }),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock()
    }

    /// Runs `act` under the lock, and what it caused after the lock is released.
    pub(super) fn locked<R>(&self, act: impl FnOnce(&mut State<T>, &mut Effects<T>) -> R) -> R {
        let mut effects = Effects::new();
        let mut state = self.lock();
        let result = act(&mut state, &mut effects);
        self.refresh_flags(&state);
        drop(state);
        effects.run();
        result
    }

    #[inline]
    pub(super) fn try_send(&self, value: T) -> Result<(), SendError<T>> {
        let flags = self.gate.flags();
        if flags & (SENDERS | CLOSED | RENDEZVOUS) == 0 {
            self.try_send_queued(value)
        } else {
            self.try_send_locked(value, flags)
        }
    }

    /// The lock-free way in.
    #[inline]
    fn try_send_queued(&self, value: T) -> Result<(), SendError<T>> {
        let Some(ticket) = self.gate.enter() else {
            self.heed_send(self.gate.leave());
            return Err(SendError {
                value,
                reason: self.ending(),
            });
        };
        match self.queue.push(value) {
            Ok(()) => {
                self.admitted(ticket);
                Ok(())
            }
            Err(value) => self.overflow(ticket, value),
        }
    }

    /// After a push that `ticket` admitted.
    #[inline]
    fn admitted(&self, ticket: u64) {
        let flags = self.gate.pushed();
        if flags & (RECEIVERS | POISONED | ABANDONED | MONITORED) != 0 {
            self.stamp(ticket, flags);
            self.heed_send(flags);
        }
    }

    fn overflow(&self, ticket: u64, value: T) -> Result<(), SendError<T>> {
        match self.overflow {
            Overflow::Block => {
                self.heed_send(self.gate.leave());
                return Err(SendError {
                    value,
                    reason: Refusal::Full,
                });
            }
            Overflow::DropNewest => {
                self.gate.dropped();
                self.admitted(ticket);
                drop(value);
            }
            Overflow::DropOldest => {
                let oldest = self.queue.force_push(value);
                if oldest.is_some() {
                    self.gate.dropped();
                }
                self.admitted(ticket);
                // Last, as above: dropping a message may run anything, and may panic.
                drop(oldest);
            }
        }
        Ok(())
    }

    pub(super) fn stamp(&self, ticket: u64, flags: u32) {
        if flags & MONITORED != 0
            && let Some(stamps) = self.stamps.get()
        {
            stamps.record(ticket);
        }
    }

    /// What a party on the lock-free way in owes those whose flags it sees.
    fn heed_send(&self, flags: u32) {
        if flags & (RECEIVERS | POISONED | ABANDONED) != 0 {
            self.locked(|state, effects| self.settle(state, effects));
        }
    }

    /// The same after a pop: room for a sender, or the end for a receiver.
    #[inline]
    fn heed_receive(&self, flags: u32) {
        if flags & SENDERS != 0 || flags & (CLOSED | RECEIVERS) == CLOSED | RECEIVERS {
            self.locked(|state, effects| self.settle(state, effects));
        }
    }

    #[cold]
    fn try_send_locked(&self, value: T, flags: u32) -> Result<(), SendError<T>> {
        if flags & CLOSED != 0 {
            return Err(SendError {
                value,
                reason: self.ending(),
            });
        }
        if flags & (RENDEZVOUS | RECEIVERS) == RENDEZVOUS && self.overflow == Overflow::Block {
            return Err(SendError {
                value,
                reason: Refusal::Full,
            });
        }
        self.locked(|state, effects| self.attempt_send(state, value, effects))
    }

    #[inline]
    pub(super) fn try_receive(&self) -> Result<T, ReceiveError> {
        let flags = self.gate.flags();
        if flags & (RECEIVERS | FRONT | POISONED | RENDEZVOUS) != 0 {
            return self.try_receive_locked(flags);
        }
        match self.queue.pop() {
            Some(message) => {
                self.heed_receive(self.gate.took());
                Ok(message)
            }
            None if flags & CLOSED != 0 && self.gate.is_drained() => Err(ReceiveError::Closed),
            None => Err(ReceiveError::Empty),
        }
    }

    #[cold]
    fn try_receive_locked(&self, flags: u32) -> Result<T, ReceiveError> {
        if flags & (SENDERS | FRONT | CLOSED) == 0 && self.queue.is_empty() {
            return Err(ReceiveError::Empty);
        }
        self.locked(|state, effects| self.attempt_receive(state, effects))
    }

    /// Why a channel whose `CLOSED` flag (or ticket bit) was seen refuses.
    pub(super) fn ending(&self) -> Refusal {
        // The lock, because a poisoner sets the reason and the flags under it.
        match &self.lock().poison {
            Some(reason) => Refusal::Poisoned(Arc::clone(reason)),
            None => Refusal::Closed,
        }
    }
}
