//! Who waits at one side of a channel, in order of arrival. Guarded by the channel's lock.
//!
//! Only the list: what waiting and completing mean is `operation.rs`, who is served when is `settle.rs`.

use super::clock;
use super::operation::Operation;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Which way an operation wants to move a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into the channel.
    Send,
    /// Out of the channel.
    Receive,
}

/// One operation that waits at a channel, for monitoring and deadlock detection.
#[derive(Clone, Debug)]
pub struct WaiterInfo {
    /// What it wants to do. A selection is listed once for each of its cases.
    pub direction: Direction,
    /// Since when it waits; for a thread, since it stopped spinning.
    pub since: Instant,
    /// The label its [`Wait`](super::Wait) or [`Selection`](super::Selection) carried.
    pub label: Option<Arc<str>>,
}

/// One case of a waiting operation.
pub(super) struct Waiter<T> {
    /// Ascending within a list, so that a waiter is found by bisection.
    pub(super) ticket: u64,
    pub(super) operation: Arc<Operation<T>>,
    /// Which case of the operation this channel serves.
    pub(super) case: usize,
}

pub(super) struct WaiterList<T> {
    waiters: VecDeque<Waiter<T>>,
    next_ticket: u64,
}

impl<T> WaiterList<T> {
    pub(super) fn new() -> Self {
        Self {
            waiters: VecDeque::new(),
            next_ticket: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// Operations that still wait; the list may hold some that completed elsewhere.
    pub(super) fn live_len(&self) -> usize {
        self.waiters
            .iter()
            .filter(|waiter| !waiter.operation.is_done())
            .count()
    }

    pub(super) fn first(&self) -> Option<&Waiter<T>> {
        self.waiters.front()
    }

    pub(super) fn pop(&mut self) -> Option<Waiter<T>> {
        self.waiters.pop_front()
    }

    /// Adds at the end; the ticket returned serves to remove it.
    pub(super) fn push(&mut self, operation: Arc<Operation<T>>, case: usize) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiters.push_back(Waiter {
            ticket,
            operation,
            case,
        });
        ticket
    }

    pub(super) fn remove(&mut self, ticket: u64) -> Option<Waiter<T>> {
        let index = self
            .waiters
            .binary_search_by_key(&ticket, |waiter| waiter.ticket)
            .ok()?;
        self.waiters.remove(index)
    }

    pub(super) fn describe(&self, direction: Direction, into: &mut Vec<WaiterInfo>) {
        into.extend(
            self.waiters
                .iter()
                .filter(|waiter| !waiter.operation.is_done())
                .map(|waiter| WaiterInfo {
                    direction,
                    since: clock::instant(
                        waiter
                            .operation
                            .waiting_since_ns()
                            .unwrap_or_else(clock::now_ns),
                    ),
                    label: waiter.operation.label(),
                }),
        );
    }
}
