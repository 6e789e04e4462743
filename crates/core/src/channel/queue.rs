//! The messages in transit: one of crossbeam's queues, or none. Knows nothing of waiters or counters.

use super::options::Capacity;
use super::sync::{ArrayQueue, SegQueue};

pub(super) enum Queue<T> {
    /// A rendezvous channel holds nothing.
    None,
    Bounded(ArrayQueue<T>),
    Unbounded(SegQueue<T>),
}

impl<T> Queue<T> {
    pub(super) fn new(capacity: Capacity) -> Self {
        match capacity {
            Capacity::Rendezvous => Self::None,
            Capacity::Bounded(limit) => Self::Bounded(ArrayQueue::new(limit.get())),
            Capacity::Unbounded => Self::Unbounded(SegQueue::new()),
        }
    }

    /// Gives the value back when there is no room.
    #[inline]
    pub(super) fn push(&self, value: T) -> Result<(), T> {
        match self {
            Self::None => Err(value),
            Self::Bounded(queue) => queue.push(value),
            Self::Unbounded(queue) => {
                queue.push(value);
                Ok(())
            }
        }
    }

    /// Always finds room, by returning the oldest message (or, without a queue, the value itself).
    pub(super) fn force_push(&self, value: T) -> Option<T> {
        match self {
            Self::None => Some(value),
            Self::Bounded(queue) => queue.force_push(value),
            Self::Unbounded(queue) => {
                queue.push(value);
                None
            }
        }
    }

    #[inline]
    pub(super) fn pop(&self) -> Option<T> {
        match self {
            Self::None => None,
            Self::Bounded(queue) => queue.pop(),
            Self::Unbounded(queue) => queue.pop(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Bounded(queue) => queue.is_empty(),
            Self::Unbounded(queue) => queue.is_empty(),
        }
    }
}
