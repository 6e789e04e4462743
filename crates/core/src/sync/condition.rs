//! Waiting, inside of a lock, until somebody says that things have changed.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Lock, next_id, signal};
use crate::message::{ValueReceiver, ValueSender};
use crate::value::{Shared, Value};

/// A condition variable. Each who waits has a channel of its own, which gets one message.
#[derive(Debug)]
pub struct Condition {
    id: u64,
    lock: Arc<Lock>,
    waiting: Mutex<VecDeque<ValueSender>>,
}

impl Condition {
    /// One that belongs to this lock.
    pub fn new(lock: Arc<Lock>) -> Arc<Self> {
        Arc::new(Self {
            id: next_id(),
            lock,
            waiting: Mutex::default(),
        })
    }

    /// A number that no other primitive of the process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its lock.
    pub fn lock(&self) -> &Arc<Lock> {
        &self.lock
    }

    /// Begins to wait; the lock is released after this, so that nothing is missed in between. A
    /// message is the notification. Whoever gives up drops the receiver, after a last look.
    pub fn enqueue(&self) -> ValueReceiver {
        let (sender, receiver) = signal(&format!("condition {}", self.id));
        let mut waiting = self.waiting.lock();
        if waiting.len() == waiting.capacity() {
            waiting.retain(|sender| !sender.is_closed());
        }
        waiting.push_back(sender);
        receiver
    }

    /// Wakes at most so many, those who wait longest first; says how many.
    pub fn notify(&self, at_most: usize) -> usize {
        let mut notified = 0;
        while notified < at_most {
            let Some(sender) = self.waiting.lock().pop_front() else {
                break;
            };
            // Refused by those who gave up.
            notified += usize::from(sender.try_send(Value::None).is_ok());
        }
        notified
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        let waiting = self.waiting.lock();
        waiting.iter().filter(|sender| !sender.is_closed()).count()
    }
}

impl Shared for Condition {
    fn kind(&self) -> &'static str {
        "condition"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Kind;

    #[test]
    fn the_longest_waiting_are_notified_first_and_the_gone_are_skipped() {
        let condition = Condition::new(Lock::new(Kind::Lock, 1));
        let [first, gone, second, third] = std::array::from_fn(|_| condition.enqueue());
        drop(gone);
        assert_eq!(condition.waiting(), 3);
        assert_eq!(condition.notify(2), 2);
        assert!(first.try_receive().is_ok() && second.try_receive().is_ok());
        assert!(third.try_receive().is_err());
        assert_eq!(condition.notify(usize::MAX), 1);
        assert_eq!(condition.notify(1), 0);
    }
}
