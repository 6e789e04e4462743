//! Close, retire, poison, and the last receiver leaving; for those who come and for those who wait.

use crate::support::{CAPACITIES, CountDrop, make, receive, send, until_waiting};
use multicore_python_core::channel::{Order, Outcome, ReceiveError, Refusal, Selection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn after_close_receivers_drain_then_end() {
    for from_sender in [true, false] {
        let (sender, receiver) = make(Some(3));
        sender.try_send(1).unwrap();
        sender.try_send(2).unwrap();
        if from_sender {
            sender.close()
        } else {
            receiver.close()
        }
        sender.close();
        receiver.close();
        let error = sender.try_send(3).unwrap_err();
        assert_eq!((error.value, error.reason), (3, Refusal::Closed));
        assert_eq!(send(&sender, 3), Err(Refusal::Closed));
        assert_eq!(receive(&receiver), Ok(1));
        assert_eq!(receiver.try_receive(), Ok(2));
        assert_eq!(receiver.try_receive(), Err(ReceiveError::Closed));
        assert_eq!(receive(&receiver), Err(ReceiveError::Closed));
        assert!(sender.is_closed() && receiver.is_closed() && receiver.is_poisoned().is_none());
    }
}

#[test]
fn the_last_sender_retires_the_channel() {
    for capacity in [Some(1), None] {
        let (sender, receiver) = make(capacity);
        let second = sender.clone();
        sender.try_send(1).unwrap();
        drop(sender);
        assert!(!receiver.is_closed());
        drop(second);
        assert_eq!(receiver.try_receive(), Ok(1));
        assert_eq!(receiver.try_receive(), Err(ReceiveError::Closed));
        assert!(receiver.sender().is_none());
    }
}

#[test]
fn every_ending_wakes_waiting_receivers() {
    for capacity in CAPACITIES {
        for ending in 0..4 {
            let (sender, receiver) = make::<i32>(capacity);
            let waiting: Vec<_> = (0..2)
                .map(|_| {
                    let receiver = receiver.clone();
                    thread::spawn(move || receive(&receiver))
                })
                .collect();
            until_waiting(&sender, 0, 2);
            match ending {
                0 => sender.close(),
                1 => receiver.close(),
                2 => sender.poison("gas".into()),
                _ => drop(sender),
            }
            let expected = if ending == 2 {
                ReceiveError::Poisoned("gas".into())
            } else {
                ReceiveError::Closed
            };
            for thread in waiting {
                assert_eq!(thread.join().unwrap(), Err(expected.clone()));
            }
        }
    }
}

#[test]
fn every_ending_wakes_waiting_senders_and_returns_their_values() {
    for capacity in [0, 2] {
        for ending in 0..4 {
            let (sender, receiver) = make(Some(capacity));
            (0..capacity).for_each(|value| sender.try_send(value).unwrap());
            let waiting = thread::spawn({
                let sender = sender.clone();
                move || {
                    let mut selection = Selection::new(Order::Fair);
                    selection.send(sender, 9);
                    selection.wait(&Default::default()).unwrap().outcome
                }
            });
            until_waiting(&sender, 1, 0);
            match ending {
                0 => sender.close(),
                1 => receiver.close(),
                2 => receiver.poison("gas".into()),
                _ => drop(receiver),
            }
            let expected = if ending == 2 {
                Outcome::Poisoned {
                    reason: "gas".into(),
                    unsent: Some(9),
                }
            } else {
                Outcome::Ended { unsent: Some(9) }
            };
            assert_eq!(waiting.join().unwrap(), expected);
        }
    }
}

#[test]
fn poison_drops_what_is_queued_and_keeps_its_first_reason() {
    let drops = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = make(None);
    for _ in 0..3 {
        sender.try_send(CountDrop(Arc::clone(&drops))).unwrap();
    }
    receiver.poison("first".into());
    sender.poison("second".into());
    assert_eq!(drops.load(Ordering::SeqCst), 3);
    let reason: Arc<str> = "first".into();
    assert_eq!(
        receiver.try_receive().unwrap_err(),
        ReceiveError::Poisoned(Arc::clone(&reason))
    );
    let refused = sender
        .try_send(CountDrop(Arc::clone(&drops)))
        .unwrap_err()
        .reason;
    assert_eq!(refused, Refusal::Poisoned(Arc::clone(&reason)));
    assert_eq!(sender.is_poisoned(), Some(reason));
    let stats = sender.stats();
    assert_eq!(
        (stats.sent, stats.received, stats.dropped, stats.len),
        (3, 0, 3, 0)
    );
}

#[test]
fn poison_after_close_still_poisons_and_close_after_poison_does_nothing() {
    let (sender, receiver) = make(Some(1));
    sender.try_send(1).unwrap();
    sender.close();
    sender.poison("late".into());
    sender.close();
    assert_eq!(
        receiver.try_receive(),
        Err(ReceiveError::Poisoned("late".into()))
    );
}

#[test]
fn when_the_last_receiver_leaves_what_is_queued_is_dropped() {
    let drops = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = make(Some(2));
    let second = receiver.clone();
    sender.try_send(CountDrop(Arc::clone(&drops))).unwrap();
    drop(receiver);
    assert_eq!(drops.load(Ordering::SeqCst), 0);
    drop(second);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert_eq!(
        sender
            .try_send(CountDrop(Arc::clone(&drops)))
            .unwrap_err()
            .reason,
        Refusal::Closed
    );
    assert!(sender.receiver().is_none());
    assert_eq!(sender.stats().dropped, 1);
}

#[test]
fn a_message_that_ends_its_own_channel_when_dropped_does_not_deadlock() {
    // Poison drops the queue, which drops the last other sender, which retires the channel.
    struct Nested(#[expect(dead_code, reason = "held for its drop")] Option<Box<dyn Send>>);
    let (sender, receiver) = make::<Nested>(None);
    let inner: Box<dyn Send> = Box::new((sender.clone(), receiver.clone()));
    sender.try_send(Nested(Some(inner))).unwrap();
    let last = receiver.clone();
    drop((sender, receiver));
    last.poison("gone".into());
    assert!(last.sender().is_none());
    assert!(matches!(last.try_receive(), Err(ReceiveError::Poisoned(_))));
}

#[test]
fn everything_accepted_before_a_concurrent_close_is_received() {
    for capacity in CAPACITIES {
        for _ in 0..10 {
            let (sender, receiver) = make(capacity);
            let closer = sender.clone();
            let producer = thread::spawn(move || {
                (0_u64..)
                    .take_while(|value| send(&sender, *value).is_ok())
                    .count()
            });
            let consumer = thread::spawn(move || crate::support::drain(&receiver).len());
            for _ in 0..20 {
                thread::yield_now();
            }
            closer.close();
            assert_eq!(producer.join().unwrap(), consumer.join().unwrap());
        }
    }
}
