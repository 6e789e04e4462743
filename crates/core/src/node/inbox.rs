//! A queue with one wake-up for many items. No Node-API here: the wake-up is the caller's.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_queue::SegQueue;

/// Items for one consumer, from any thread.
///
/// `scheduled` says that the consumer was woken and has not gone to sleep again. Both sides change
/// it with read-modify-write operations only: whichever of "I pushed, so it is scheduled" and "I
/// found nothing, so it is not" comes second sees what the other did before. So an item is never
/// left behind without a wake-up, and a busy consumer is never woken.
#[derive(Debug)]
pub(super) struct Inbox<T> {
    items: SegQueue<T>,
    scheduled: AtomicBool,
}

/// How [`Inbox::drain`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drained {
    /// Nothing is left; the next item wakes the consumer.
    Empty,
    /// The limit was reached: the consumer must come back by itself.
    More,
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Self {
            items: SegQueue::new(),
            scheduled: AtomicBool::new(false),
        }
    }
}

impl<T> Inbox<T> {
    /// Adds an item; true if the consumer must be woken.
    #[must_use]
    pub(super) fn push(&self, item: T) -> bool {
        self.items.push(item);
        !self.scheduled.swap(true, Ordering::AcqRel)
    }

    /// Gives up to `limit` items to `consume`.
    pub(super) fn drain(&self, limit: usize, mut consume: impl FnMut(T)) -> Drained {
        let mut left = limit;
        loop {
            while left > 0 {
                let Some(item) = self.items.pop() else { break };
                consume(item);
                left -= 1;
            }
            if left == 0 {
                return Drained::More;
            }
            self.scheduled.swap(false, Ordering::AcqRel);
            if self.items.is_empty() || self.scheduled.swap(true, Ordering::AcqRel) {
                return Drained::Empty;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Drained, Inbox};
    use std::sync::Arc;
    use std::sync::mpsc;

    #[test]
    fn one_wake_up_covers_many_items() {
        let inbox = Inbox::default();
        assert!(inbox.push(1));
        assert!(!inbox.push(2));
        let mut got = Vec::new();
        assert_eq!(inbox.drain(10, |item| got.push(item)), Drained::Empty);
        assert_eq!(got, [1, 2]);
        assert!(inbox.push(3), "it sleeps again");
    }

    #[test]
    fn a_limit_leaves_the_consumer_awake() {
        let inbox = Inbox::default();
        for item in 0..5 {
            let _ = inbox.push(item);
        }
        let mut got = Vec::new();
        assert_eq!(inbox.drain(3, |item| got.push(item)), Drained::More);
        assert!(!inbox.push(5), "it will come back by itself");
        assert_eq!(inbox.drain(10, |item| got.push(item)), Drained::Empty);
        assert_eq!(got, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn nothing_is_left_behind_between_threads() {
        const ITEMS: usize = 200_000;
        let inbox = Arc::new(Inbox::default());
        let (wake, woken) = mpsc::channel();
        let producers: Vec<_> = (0..2)
            .map(|_| {
                let (inbox, wake) = (Arc::clone(&inbox), wake.clone());
                std::thread::spawn(move || {
                    for item in 0..ITEMS {
                        if inbox.push(item) {
                            wake.send(()).unwrap();
                        }
                    }
                })
            })
            .collect();
        drop(wake);
        let mut got = 0;
        // Ends when the producers are gone: if a wake-up was lost, with items missing.
        while woken.recv().is_ok() {
            while inbox.drain(64, |_| got += 1) == Drained::More {}
        }
        for producer in producers {
            producer.join().unwrap();
        }
        assert_eq!(got, 2 * ITEMS);
    }
}
