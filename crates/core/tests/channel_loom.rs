//! Model checks of the channel core: every interleaving up to a bound on preemptions.
//!
//! The command is in `docs/design/channels.md`; optimised, and in a target directory
//! of its own, because the flag rebuilds everything. The queues are stand-ins, see
//! `channel/sync/model.rs`: what is checked is the protocol around them.
#![allow(
    unexpected_cfgs,
    reason = "`--cfg loom` is given by hand, for the model checks only"
)]
#![cfg(loom)]

use loom::thread;
use multicore_python_core::channel::*;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often the model takes the processor from a thread that could go on. Loom's book advises 2 or 3;
/// nearly all known bugs of this kind show with 2.
const PREEMPTIONS: usize = 2;

fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(PREEMPTIONS);
    builder.check(model);
}

fn make(capacity: usize) -> (Sender<u32>, Receiver<u32>) {
    let capacity = NonZeroUsize::new(capacity).map_or(Capacity::Rendezvous, Capacity::Bounded);
    channel(Options {
        capacity,
        ..Options::default()
    })
}

fn unbounded() -> (Sender<u32>, Receiver<u32>) {
    channel(Options {
        capacity: Capacity::Unbounded,
        ..Options::default()
    })
}

fn receive(receiver: &Receiver<u32>) -> Result<u32, ReceiveError> {
    receiver.receive_blocking(&Wait::forever())
}

fn send(sender: &Sender<u32>, value: u32) -> Result<(), Refusal> {
    sender
        .send_blocking(value, &Wait::forever())
        .map_err(|error| {
            assert_eq!(error.value, value);
            error.reason
        })
}

/// Takes everything until the end.
fn drain(receiver: &Receiver<u32>) -> Vec<u32> {
    std::iter::from_fn(|| receive(receiver).ok()).collect()
}

fn handoff(ends: fn() -> (Sender<u32>, Receiver<u32>)) {
    check(move || {
        let (sender, receiver) = ends();
        let producer = thread::spawn(move || {
            send(&sender, 1).unwrap();
            send(&sender, 2).unwrap();
        });
        assert_eq!(drain(&receiver), [1, 2]);
        producer.join().unwrap();
    });
}

#[test]
fn handoff_rendezvous() {
    handoff(|| make(0));
}

#[test]
fn handoff_bounded() {
    handoff(|| make(1));
}

#[test]
fn handoff_unbounded() {
    handoff(unbounded);
}

#[test]
fn two_receivers_get_one_message_each() {
    for capacity in [0, 2] {
        check(move || {
            let (sender, receiver) = make(capacity);
            let other = receiver.clone();
            let first = thread::spawn(move || receive(&receiver).unwrap());
            let second = thread::spawn(move || receive(&other).unwrap());
            send(&sender, 1).unwrap();
            send(&sender, 2).unwrap();
            let mut got = [first.join().unwrap(), second.join().unwrap()];
            got.sort_unstable();
            assert_eq!(got, [1, 2]);
        });
    }
}

#[test]
fn two_senders_share_one_place() {
    check(|| {
        let (sender, receiver) = make(1);
        let other = sender.clone();
        let first = thread::spawn(move || send(&sender, 1).unwrap());
        let second = thread::spawn(move || send(&other, 2).unwrap());
        let mut got = [receive(&receiver).unwrap(), receive(&receiver).unwrap()];
        got.sort_unstable();
        assert_eq!(got, [1, 2]);
        first.join().unwrap();
        second.join().unwrap();
    });
}

#[test]
fn crossing_selections_exchange_exactly_one_message() {
    check(|| {
        let (send_x, receive_x) = make(0);
        let (send_y, receive_y) = make(0);
        let crossing = thread::spawn({
            let (receive_x, send_y) = (receive_x.clone(), send_y.clone());
            move || {
                let mut selection = Selection::new(Order::Prioritized);
                selection.receive(receive_x);
                selection.send(send_y, 2);
                selection.wait(&Wait::forever()).unwrap()
            }
        });
        let mut selection = Selection::new(Order::Prioritized);
        selection.receive(receive_y);
        selection.send(send_x, 1);
        let here = selection.wait(&Wait::forever()).unwrap();
        let there = crossing.join().unwrap();
        if here.index == 0 {
            assert_eq!(
                (here.outcome, there.outcome),
                (Outcome::Received(2), Outcome::Sent)
            );
            assert_eq!(here.unsent, [(1, 1)]);
        } else {
            assert_eq!(
                (here.outcome, there.outcome),
                (Outcome::Sent, Outcome::Received(1))
            );
            assert_eq!(there.unsent, [(1, 2)]);
        }
    });
}

#[test]
fn selection_over_queues_takes_one_and_leaves_the_other() {
    check(|| {
        let (send_x, receive_x) = make(1);
        let (send_y, receive_y) = make(1);
        let producer = thread::spawn(move || {
            send_x.try_send(1).unwrap();
            send_y.try_send(2).unwrap();
        });
        let mut selection = Selection::new(Order::Prioritized);
        selection.receive(receive_x.clone());
        selection.receive(receive_y.clone());
        let mut got = Vec::new();
        match selection.wait(&Wait::forever()).unwrap().outcome {
            Outcome::Received(value) => got.push(value),
            other => panic!("closed before it was drained: {other:?}"),
        }
        got.extend(drain(&receive_x));
        got.extend(drain(&receive_y));
        got.sort_unstable();
        assert_eq!(got, [1, 2]);
        producer.join().unwrap();
    });
}

#[test]
fn close_against_sends_and_receives() {
    for capacity in [0, 1] {
        check(move || {
            let (sender, receiver) = make(capacity);
            let closer = receiver.clone();
            let producer = thread::spawn(move || send(&sender, 1).is_ok());
            let closer = thread::spawn(move || closer.close());
            let received = drain(&receiver);
            let accepted = producer.join().unwrap();
            closer.join().unwrap();
            assert_eq!(received.len(), usize::from(accepted));
            assert_eq!(receiver.try_receive(), Err(ReceiveError::Closed));
        });
    }
}

#[test]
fn close_against_lock_free_sends() {
    // Nobody may see the end before a message that was accepted.
    check(|| {
        let (sender, receiver) = unbounded();
        let closer = sender.clone();
        let producer = thread::spawn(move || sender.try_send(1).is_ok());
        let closer = thread::spawn(move || closer.close());
        let received = drain(&receiver);
        assert_eq!(producer.join().unwrap(), received == [1]);
        closer.join().unwrap();
    });
}

#[test]
fn drained_by_one_ends_another() {
    check(|| {
        let (sender, receiver) = make(1);
        sender.try_send(1).unwrap();
        let other = receiver.clone();
        let other = thread::spawn(move || drain(&other).len());
        let closer = thread::spawn(move || sender.close());
        let here = drain(&receiver).len();
        assert_eq!(here + other.join().unwrap(), 1);
        closer.join().unwrap();
    });
}

#[test]
fn poison_against_a_blocked_receive_and_a_blocked_send() {
    for capacity in [0, 1] {
        check(move || {
            let (sender, receiver) = make(capacity);
            if capacity == 1 {
                sender.try_send(0).unwrap();
            }
            let poisoner = receiver.clone();
            let producer = thread::spawn(move || send(&sender, 1));
            let poisoner = thread::spawn(move || poisoner.poison("why".into()));
            let mut last = receive(&receiver);
            while last.is_ok() {
                last = receive(&receiver);
            }
            assert!(matches!(
                last,
                Err(ReceiveError::Poisoned(_) | ReceiveError::Closed)
            ));
            let sent = producer.join().unwrap();
            assert!(matches!(sent, Ok(()) | Err(Refusal::Poisoned(_))));
            poisoner.join().unwrap();
            let stats = receiver.stats();
            assert_eq!(stats.sent, stats.received + stats.dropped);
        });
    }
}

#[test]
fn last_receiver_leaves_against_a_send() {
    for capacity in [0, 1] {
        check(move || {
            let (sender, receiver) = make(capacity);
            let leaver = thread::spawn(move || drop(receiver));
            let accepted = [1, 2]
                .into_iter()
                .filter(|value| send(&sender, *value).is_ok())
                .count();
            leaver.join().unwrap();
            assert_eq!(send(&sender, 3), Err(Refusal::Closed));
            let accepted = accepted as u64;
            let stats = sender.stats();
            assert_eq!(
                (stats.sent, stats.dropped, stats.len),
                (accepted, accepted, 0)
            );
        });
    }
}

#[test]
fn cancel_against_commit_of_a_receive() {
    for capacity in [0, 1] {
        check(move || {
            let (sender, receiver) = make(capacity);
            let wakes = Arc::new(AtomicUsize::new(0));
            let mut selection = Selection::new(Order::Prioritized);
            selection.receive(receiver.clone());
            let counter = Arc::clone(&wakes);
            let wake = move || {
                counter.fetch_add(1, Ordering::SeqCst);
            };
            let Started::Pending(pending) = selection.start(Arc::new(wake)) else {
                panic!()
            };
            let producer = thread::spawn(move || sender.try_send(1).is_ok());
            let cancelled = pending.cancel();
            let sent = producer.join().unwrap();
            let in_channel = receiver.try_receive().is_ok();
            match cancelled {
                Ok(_) => {
                    assert_eq!(sent, in_channel);
                    assert_eq!(wakes.load(Ordering::SeqCst), 0);
                }
                Err(completed) => {
                    assert_eq!(completed.outcome, Outcome::Received(1));
                    assert!(sent && !in_channel);
                    assert_eq!(wakes.load(Ordering::SeqCst), 1);
                }
            }
        });
    }
}

#[test]
fn cancel_against_commit_of_a_send() {
    for capacity in [0, 1] {
        check(move || {
            let (sender, receiver) = make(capacity);
            if capacity == 1 {
                sender.try_send(0).unwrap();
            }
            let mut selection = Selection::new(Order::Prioritized);
            selection.send(sender, 1);
            let Started::Pending(pending) = selection.start(Arc::new(|| {})) else {
                panic!()
            };
            let consumer = thread::spawn(move || drain(&receiver));
            let cancelled = pending.cancel();
            let received = consumer.join().unwrap();
            match cancelled {
                Ok(unsent) => {
                    assert_eq!(unsent, [(0, 1)]);
                    assert!(!received.contains(&1));
                }
                Err(completed) => {
                    assert_eq!(completed.outcome, Outcome::Sent);
                    assert!(received.contains(&1));
                }
            }
        });
    }
}

#[test]
fn dropping_a_pending_receive_loses_nothing() {
    for capacity in [0, 1] {
        check(move || {
            let (sender, receiver) = make(capacity);
            let mut selection = Selection::new(Order::Prioritized);
            selection.receive(receiver.clone());
            let Started::Pending(pending) = selection.start(Arc::new(|| {})) else {
                panic!()
            };
            let producer = thread::spawn(move || send(&sender, 1).unwrap());
            drop(pending);
            assert_eq!(receive(&receiver), Ok(1));
            producer.join().unwrap();
        });
    }
}

#[test]
fn a_single_receive_ends_who_waits_for_the_drain() {
    check(|| {
        let (sender, receiver) = make(1);
        sender.try_send(1).unwrap();
        sender.close();
        let other = receiver.clone();
        let taker = thread::spawn(move || usize::from(other.try_receive().is_ok()));
        let here = drain(&receiver).len();
        assert_eq!(here + taker.join().unwrap(), 1);
    });
}

#[test]
fn interrupt_against_blocking() {
    check(|| {
        let (_sender, receiver) = make(1);
        let interrupt = Arc::new(Interrupt::new());
        let raiser = Arc::clone(&interrupt);
        let raiser = thread::spawn(move || raiser.raise());
        let received = receiver.receive_blocking(&Wait::forever().interruptible(&interrupt));
        assert_eq!(received, Err(ReceiveError::Interrupted));
        raiser.join().unwrap();
    });
}

#[test]
fn interrupt_against_blocking_and_a_send() {
    check(|| {
        let (sender, receiver) = make(1);
        let interrupt = Arc::new(Interrupt::new());
        let raiser = Arc::clone(&interrupt);
        let producer = thread::spawn(move || sender.try_send(1).map_err(|_| ()).map(|()| sender));
        let raiser = thread::spawn(move || raiser.raise());
        match receiver.receive_blocking(&Wait::forever().interruptible(&interrupt)) {
            Ok(value) => assert_eq!(value, 1),
            Err(reason) => {
                assert_eq!(reason, ReceiveError::Interrupted);
                assert_eq!(receive(&receiver), Ok(1));
            }
        }
        raiser.join().unwrap();
        producer.join().unwrap().unwrap();
    });
}

#[test]
fn a_waiting_sender_is_not_overtaken_for_ever() {
    // A lock-free send and receive race with a send that waits for room.
    check(|| {
        let (sender, receiver) = make(1);
        sender.try_send(0).unwrap();
        let other = sender.clone();
        let waiting = thread::spawn(move || send(&sender, 1).unwrap());
        let barging = thread::spawn(move || other.try_send(2).is_ok());
        let mut received = vec![receive(&receiver).unwrap(), receive(&receiver).unwrap()];
        waiting.join().unwrap();
        received.extend(drain(&receiver));
        let barged = barging.join().unwrap();
        assert_eq!(received.len(), 2 + usize::from(barged));
        assert_eq!(received[0], 0);
    });
}

fn leave(sender: &Sender<u32>, value: u32) -> bool {
    sender.leave(value).is_ok()
}

#[test]
fn what_is_left_behind_is_received_in_order() {
    check(|| {
        let (sender, receiver) = make(0);
        let leaver = thread::spawn(move || {
            assert!(leave(&sender, 1) && leave(&sender, 2));
        });
        assert_eq!(drain(&receiver), [1, 2]);
        leaver.join().unwrap();
    });
}

#[test]
fn leaving_against_a_receive_that_is_dropped() {
    // The first may be given to the receive, and then returns to its place before the second.
    check(|| {
        let (sender, receiver) = make(0);
        let mut selection = Selection::new(Order::Prioritized);
        selection.receive(receiver.clone());
        let Started::Pending(pending) = selection.start(Arc::new(|| {})) else {
            panic!()
        };
        let leaver = thread::spawn(move || {
            assert!(leave(&sender, 1) && leave(&sender, 2));
        });
        drop(pending);
        assert_eq!(drain(&receiver), [1, 2]);
        leaver.join().unwrap();
    });
}

#[test]
fn leaving_against_a_blocked_send_and_close() {
    check(|| {
        let (sender, receiver) = make(0);
        let (other, closer) = (sender.clone(), receiver.clone());
        let leaver = thread::spawn(move || leave(&other, 1));
        let producer = thread::spawn(move || send(&sender, 2).is_ok());
        let first = receive(&receiver).ok();
        closer.close();
        let received: Vec<_> = first.into_iter().chain(drain(&receiver)).collect();
        let left = leaver.join().unwrap();
        let sent = producer.join().unwrap();
        assert_eq!(received.len(), usize::from(left) + usize::from(sent));
        assert_eq!((received.contains(&1), received.contains(&2)), (left, sent));
        let stats = receiver.stats();
        assert_eq!((stats.sent, stats.len), (stats.received, 0));
    });
}
