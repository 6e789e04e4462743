//! A queue with one wake-up for many items. No Node-API here: the wake-up is the caller's.

use std::sync::atomic::{AtomicU8, Ordering};

use crossbeam_queue::SegQueue;

/// The consumer sleeps: the next item must wake it.
const ASLEEP: u8 = 0;
/// It sleeps, and whoever pushed last has promised to wake it soon.
const OWED: u8 = 1;
/// It was woken and has not gone to sleep again.
const AWAKE: u8 = 2;

/// Items for one consumer, from any thread.
///
/// Both sides change `state` with read-modify-write operations only: whichever of "I pushed, so it is
/// awake" and "I found nothing, so it is not" comes second sees what the other did before. So an
/// item is never left behind without a wake-up or the promise of one, and a busy consumer is never woken.
#[derive(Debug)]
pub(super) struct Inbox<T> {
    items: SegQueue<T>,
    state: AtomicU8,
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
            state: AtomicU8::new(ASLEEP),
        }
    }
}

impl<T> Inbox<T> {
    /// Adds an item; true if the consumer must be woken.
    #[must_use]
    pub(super) fn push(&self, item: T) -> bool {
        self.items.push(item);
        self.wake()
    }

    /// Adds an item for which the consumer need not be woken at once; true if the caller has promised
    /// that, and must see to it that [`Inbox::wake_owed`] is called.
    #[must_use]
    pub(super) fn push_late(&self, item: T) -> bool {
        self.items.push(item);
        self.state
            .compare_exchange(ASLEEP, OWED, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// True if a wake-up is still owed, and the caller must deliver it now.
    #[must_use]
    pub(super) fn wake_owed(&self) -> bool {
        self.state
            .compare_exchange(OWED, AWAKE, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }

    /// True if the consumer slept, and the caller must wake it (or is it).
    pub(super) fn wake(&self) -> bool {
        self.state.swap(AWAKE, Ordering::AcqRel) != AWAKE
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
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
            self.state.swap(ASLEEP, Ordering::AcqRel);
            if self.items.is_empty() || !self.wake() {
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
    fn a_late_item_owes_one_wake_up() {
        let inbox = Inbox::default();
        assert!(inbox.push_late(1));
        assert!(!inbox.push_late(2), "somebody has promised already");
        assert!(inbox.wake_owed());
        assert!(!inbox.wake_owed());
        assert!(!inbox.push_late(3), "it was woken");
        let mut got = Vec::new();
        assert_eq!(inbox.drain(10, |item| got.push(item)), Drained::Empty);
        assert_eq!(got, [1, 2, 3]);
        assert!(inbox.push_late(4));
        assert!(inbox.push(5), "who does not put it off wakes it");
        assert!(!inbox.wake_owed(), "and that is enough");
        assert_eq!(inbox.drain(10, |item| got.push(item)), Drained::Empty);
        assert!(inbox.push_late(6));
        assert!(inbox.wake(), "it may wake by itself");
        assert_eq!(inbox.drain(10, |item| got.push(item)), Drained::Empty);
        assert!(!inbox.wake_owed());
        assert_eq!(got, [1, 2, 3, 4, 5, 6]);
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
                        let must_wake = if item % 3 == 0 {
                            inbox.push(item)
                        } else {
                            inbox.push_late(item) && inbox.wake_owed()
                        };
                        if must_wake {
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
