//! Selections that a promise or a future waits for: woken once, cancelled, or dropped.

use crate::support::{
    CAPACITIES, CountDrop, CountWakes, make, one_receive, one_send, receive, start, until_waiting,
};
use multicore_python_core::channel::{Order, Outcome, ReceiveError, Refusal, Selection, Started};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn what_is_ready_is_done_without_a_wake() {
    let (sender, receiver) = make(Some(1));
    sender.try_send(1).unwrap();
    let wakes = Arc::new(CountWakes::default());
    match one_receive(&receiver).start(Arc::<CountWakes>::clone(&wakes)) {
        Started::Done(completed) => assert_eq!(completed.outcome, Outcome::Received(1)),
        Started::Pending(_) => panic!("it was ready"),
    }
    assert_eq!(wakes.count(), 0);
}

#[test]
fn a_receive_is_woken_once_with_its_message() {
    for capacity in CAPACITIES {
        let (sender, receiver) = make(capacity);
        let (mut pending, wakes) = start(one_receive(&receiver));
        assert!(pending.take().is_none() && !pending.is_done());
        sender.try_send(1).unwrap();
        assert_eq!((wakes.count(), pending.is_done()), (1, true));
        assert_eq!(pending.take().unwrap().outcome, Outcome::Received(1));
        assert!(pending.take().is_none());
        drop(pending);
        assert_eq!((wakes.count(), sender.len()), (1, 0));
    }
}

#[test]
fn a_send_is_woken_once_and_in_order() {
    for capacity in [0, 1] {
        let (sender, receiver) = make(Some(capacity));
        (0..capacity).for_each(|value| sender.try_send(value).unwrap());
        let mut started: Vec<_> = (capacity..4)
            .map(|value| start(one_send(&sender, value)))
            .collect();
        assert_eq!(
            (0..4)
                .map(|_| receiver.try_receive().unwrap())
                .collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
        for (pending, wakes) in &mut started {
            assert_eq!(wakes.count(), 1);
            assert_eq!(pending.take().unwrap().outcome, Outcome::Sent);
        }
    }
}

#[test]
fn endings_wake_it() {
    let (sender, receiver) = make::<i32>(Some(0));
    let (mut closed, wakes) = start(one_send(&sender, 1));
    receiver.close();
    assert_eq!(
        closed.take().unwrap().outcome,
        Outcome::Ended { unsent: Some(1) }
    );
    assert_eq!(wakes.count(), 1);

    let (sender, receiver) = make::<i32>(Some(0));
    let (mut poisoned, wakes) = start(one_receive(&receiver));
    sender.poison("why".into());
    let outcome = poisoned.take().unwrap().outcome;
    assert_eq!(
        outcome,
        Outcome::Poisoned {
            reason: "why".into(),
            unsent: None
        }
    );
    assert_eq!(wakes.count(), 1);
}

#[test]
fn a_cancelled_one_gives_its_values_back_and_is_not_woken() {
    let (sender, receiver) = make(Some(0));
    let mut selection = one_send(&sender, 1);
    selection.receive(receiver.clone());
    selection.send(sender.clone(), 2);
    let (pending, wakes) = start(selection);
    assert_eq!(sender.waiters().len(), 3);
    assert_eq!(pending.cancel().unwrap(), [(0, 1), (2, 2)]);
    assert!(sender.waiters().is_empty());
    assert_eq!(sender.try_send(3).unwrap_err().reason, Refusal::Full);
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
    assert_eq!(wakes.count(), 0);
}

#[test]
fn cancelling_a_committed_one_gives_what_came_of_it() {
    let (sender, receiver) = make(Some(0));
    let (pending, wakes) = start(one_receive(&receiver));
    sender.try_send(1).unwrap();
    assert_eq!(pending.cancel().unwrap_err().outcome, Outcome::Received(1));
    assert_eq!(wakes.count(), 1);
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
}

#[test]
fn cancelling_after_taking_gives_nothing() {
    let (sender, receiver) = make(Some(0));
    let (mut pending, _) = start(one_receive(&receiver));
    sender.try_send(1).unwrap();
    assert!(pending.take().is_some());
    assert!(pending.cancel().unwrap().is_empty());
}

#[test]
fn a_message_received_but_not_taken_goes_to_the_front() {
    for capacity in [Some(2), None] {
        let (sender, receiver) = make(capacity);
        let (first, _) = start(one_receive(&receiver));
        let (second, _) = start(one_receive(&receiver));
        (0..4).for_each(|value| sender.try_send(value).unwrap());
        // The later one first: their order must come out right all the same.
        drop(second);
        drop(first);
        assert_eq!(sender.len(), 4);
        assert_eq!(
            (0..4)
                .map(|_| receive(&receiver).unwrap())
                .collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
        let stats = sender.stats();
        assert_eq!(
            (stats.sent, stats.received, stats.dropped, stats.len),
            (4, 4, 0, 0)
        );
    }
}

#[test]
fn a_message_received_but_not_taken_goes_to_whoever_waits() {
    for capacity in CAPACITIES {
        let (sender, receiver) = make(capacity);
        let (pending, _) = start(one_receive(&receiver));
        let waiting = thread::spawn({
            let receiver = receiver.clone();
            move || receive(&receiver)
        });
        until_waiting(&sender, 0, 2);
        sender.try_send(1).unwrap();
        drop(pending);
        assert_eq!(waiting.join().unwrap(), Ok(1));
    }
}

#[test]
fn on_a_rendezvous_channel_it_waits_for_the_next_receiver() {
    let (sender, receiver) = make(Some(0));
    let (pending, _) = start(one_receive(&receiver));
    sender.try_send(1).unwrap();
    drop(pending);
    sender.close();
    assert_eq!(sender.len(), 1);
    assert_eq!(receiver.try_receive(), Ok(1));
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Closed));
}

#[test]
fn on_a_poisoned_channel_it_is_dropped_and_counted() {
    let drops = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = make(Some(1));
    let (pending, _) = start(one_receive(&receiver));
    sender.try_send(CountDrop(Arc::clone(&drops))).unwrap();
    sender.poison("why".into());
    assert_eq!(drops.load(Ordering::SeqCst), 0);
    drop(pending);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    let stats = sender.stats();
    assert_eq!((stats.received, stats.dropped, stats.len), (0, 1, 0));
}

#[test]
fn with_no_other_receiver_it_is_dropped_and_counted() {
    let (sender, receiver) = make(Some(1));
    let (pending, _) = start(one_receive(&receiver));
    drop(receiver);
    assert!(!sender.is_closed(), "a pending receive is a receiver");
    sender.try_send(1).unwrap();
    drop(pending);
    let stats = sender.stats();
    assert!(stats.closed);
    assert_eq!(
        (stats.sent, stats.received, stats.dropped, stats.len),
        (1, 0, 1, 0)
    );
}

#[test]
fn dropping_a_waiting_one_drops_its_values() {
    let drops = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = make(Some(0));
    let (pending, wakes) = start(one_send(&sender, CountDrop(Arc::clone(&drops))));
    drop(pending);
    assert_eq!((drops.load(Ordering::SeqCst), wakes.count()), (1, 0));
    assert!(receiver.waiters().is_empty());
}

#[test]
fn a_wake_may_use_the_channel() {
    let (sender, receiver) = make(Some(1));
    let (answers, answered) = make(Some(1));
    let wake = {
        let sender = sender.clone();
        move || answers.try_send(sender.try_send(2).is_ok()).unwrap()
    };
    let Started::Pending(mut pending) = one_receive(&receiver).start(Arc::new(wake)) else {
        panic!("the channel is empty");
    };
    sender.try_send(1).unwrap();
    assert_eq!(answered.try_receive(), Ok(true));
    assert_eq!(pending.take().unwrap().outcome, Outcome::Received(1));
    assert_eq!(receiver.try_receive(), Ok(2));
}

#[test]
fn one_committed_elsewhere_is_passed_over() {
    let (a, receive_a) = make(Some(0));
    let (b, receive_b) = make(Some(0));
    let mut selection = Selection::new(Order::Fair);
    selection.receive(receive_a.clone());
    selection.receive(receive_b);
    let (mut both, _) = start(selection);
    b.try_send(1).unwrap();
    // Not taken yet, so it is still in `a`'s list, but nobody may be sent to there.
    assert_eq!(a.try_send(2).unwrap_err().reason, Refusal::Full);
    let (mut alone, _) = start(one_receive(&receive_a));
    a.try_send(2).unwrap();
    assert_eq!(alone.take().unwrap().outcome, Outcome::Received(2));
    assert_eq!(both.take().unwrap().outcome, Outcome::Received(1));
}
