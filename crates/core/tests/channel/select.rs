//! Selections: exactly one case, in order or fairly, over several channels and over one.

use crate::support::{CAPACITIES, make, receive, send, until_waiting};
use multicore_python_core::channel::{Completed, Order, Outcome, Selection, Wait};
use std::thread;
use std::time::Duration;

const FOREVER: fn() -> Wait<'static> = Wait::forever;

#[test]
fn nothing_ready_gives_the_selection_back() {
    let (sender, receiver) = make(Some(0));
    let mut selection = Selection::new(Order::Fair);
    assert_eq!(selection.send(sender, 1), 0);
    assert_eq!(selection.receive(receiver), 1);
    let selection = selection.try_now().unwrap_err();
    assert_eq!(selection.len(), 2);
    assert_eq!(selection.into_unsent(), [(0, 1)]);
}

#[test]
fn without_cases_it_is_never_ready() {
    let selection = Selection::<i32>::new(Order::Fair);
    assert!(selection.is_empty());
    let selection = selection.try_now().unwrap_err();
    assert!(
        selection
            .wait(&Wait::for_duration(Duration::from_millis(1)))
            .is_err()
    );
}

#[test]
fn the_ready_case_is_committed_and_the_others_are_not() {
    for order in [Order::Fair, Order::Prioritized] {
        let (full, held) = make(Some(1));
        full.try_send(1).unwrap();
        let (_quiet, empty) = make(Some(1));
        let (open, taker) = make(Some(1));
        let mut selection = Selection::new(order);
        selection.send(full, 2);
        selection.receive(empty);
        selection.send(open, 3);
        let completed = selection.try_now().unwrap();
        assert_eq!(
            completed,
            Completed {
                index: 2,
                outcome: Outcome::Sent,
                unsent: vec![(0, 2)]
            }
        );
        assert_eq!(taker.try_receive(), Ok(3));
        assert_eq!((held.try_receive(), held.len()), (Ok(1), 0));
    }
}

#[test]
fn priority_takes_the_first_ready_case() {
    let (a, receive_a) = make(None);
    let (b, receive_b) = make(None);
    for _ in 0..100 {
        a.try_send(1).unwrap();
        b.try_send(2).unwrap();
        let mut selection = Selection::new(Order::Prioritized);
        selection.receive(receive_a.clone());
        selection.receive(receive_b.clone());
        assert_eq!(selection.wait(&FOREVER()).unwrap().index, 0);
    }
}

#[test]
fn fairness_starves_nobody() {
    let ends: Vec<_> = (0..4).map(|_| make(None)).collect();
    let mut chosen = [0_u32; 4];
    for _ in 0..2_000 {
        let mut selection = Selection::new(Order::Fair);
        for (sender, receiver) in &ends {
            if receiver.is_empty() {
                sender.try_send(()).unwrap();
            }
            selection.receive(receiver.clone());
        }
        chosen[selection.try_now().unwrap().index] += 1;
    }
    // 500 each on average, with a standard deviation of 19: this fails once in more than 10^20 runs.
    assert!(
        chosen.iter().all(|count| (300..700).contains(count)),
        "{chosen:?}"
    );
}

#[test]
fn closed_and_poisoned_channels_are_ready() {
    let (closed, drained) = make::<i32>(Some(1));
    closed.close();
    let mut selection = Selection::new(Order::Prioritized);
    selection.receive(drained);
    selection.send(closed, 1);
    let completed = selection.try_now().unwrap();
    assert_eq!(completed.outcome, Outcome::Ended { unsent: None });
    assert_eq!(completed.unsent, [(1, 1)]);

    let (poisoned, _receiver) = make(Some(0));
    poisoned.poison("why".into());
    let mut selection = Selection::new(Order::Fair);
    selection.send(poisoned, 1);
    let outcome = selection.wait(&FOREVER()).unwrap().outcome;
    assert_eq!(
        outcome,
        Outcome::Poisoned {
            reason: "why".into(),
            unsent: Some(1)
        }
    );
}

#[test]
fn a_waiting_selection_is_committed_once_and_leaves_every_channel() {
    for capacity in CAPACITIES {
        let (a, receive_a) = make(capacity);
        let (b, receive_b) = make(capacity);
        let waiting = thread::spawn({
            let (receive_a, receive_b) = (receive_a.clone(), receive_b.clone());
            move || {
                let mut selection = Selection::new(Order::Fair);
                selection.receive(receive_a);
                selection.receive(receive_b);
                selection.wait(&FOREVER()).unwrap()
            }
        });
        until_waiting(&a, 0, 1);
        until_waiting(&b, 0, 1);
        b.try_send(5).unwrap();
        let completed = waiting.join().unwrap();
        assert_eq!(
            (completed.index, completed.outcome),
            (1, Outcome::Received(5))
        );
        assert!(a.waiters().is_empty() && b.waiters().is_empty());
        if capacity != Some(0) {
            a.try_send(6).unwrap();
            assert_eq!(receive_a.try_receive(), Ok(6));
        }
    }
}

#[test]
fn both_ends_of_one_channel_never_meet_themselves() {
    let (sender, receiver) = make(Some(0));
    let both = |value| {
        let mut selection = Selection::new(Order::Fair);
        selection.send(sender.clone(), value);
        selection.receive(receiver.clone());
        selection
    };
    let alone = both(1)
        .wait(&Wait::for_duration(Duration::from_millis(5)))
        .unwrap_err();
    assert_eq!(alone.unsent, [(0, 1)]);
    // But two such selections meet each other.
    for _ in 0..200 {
        let other = both(2);
        let here = both(1);
        let (here, there) = thread::scope(|scope| {
            let there = scope.spawn(|| other.wait(&FOREVER()).unwrap());
            (here.wait(&FOREVER()).unwrap(), there.join().unwrap())
        });
        assert_ne!(here.index, there.index);
        let received = if here.index == 1 { &here } else { &there };
        let value = if here.index == 1 { 2 } else { 1 };
        assert_eq!(received.outcome, Outcome::Received(value));
    }
}

#[test]
fn on_a_queue_a_selection_may_receive_what_it_sent_before() {
    let (sender, receiver) = make(Some(1));
    let mut indices = Vec::new();
    for value in 0..4 {
        let mut selection = Selection::new(Order::Prioritized);
        selection.send(sender.clone(), value);
        selection.receive(receiver.clone());
        indices.push(selection.wait(&FOREVER()).unwrap().index);
    }
    assert_eq!(indices, [0, 1, 0, 1]);
}

#[test]
fn the_same_channel_may_occur_twice() {
    let (sender, receiver) = make(Some(0));
    let waiting = thread::spawn({
        let receiver = receiver.clone();
        move || {
            let mut selection = Selection::new(Order::Fair);
            selection.receive(receiver.clone());
            selection.receive(receiver);
            selection.wait(&FOREVER()).unwrap().outcome
        }
    });
    until_waiting(&sender, 0, 2);
    send(&sender, 1).unwrap();
    assert_eq!(waiting.join().unwrap(), Outcome::Received(1));
    assert!(sender.waiters().is_empty());
}

#[test]
fn crossing_selections_always_find_each_other() {
    // Each could send to or receive from the other; were they to miss each other, this would hang.
    for capacity in [0, 1] {
        let (send_x, receive_x) = make(Some(capacity));
        let (send_y, receive_y) = make(Some(capacity));
        thread::scope(|scope| {
            let cross = |sender: &_, receiver: &_| {
                let (mut sent, mut received) = (0, 0);
                for value in 0..2_000 {
                    let mut selection = Selection::new(Order::Fair);
                    selection.send(Clone::clone(sender), value);
                    selection.receive(Clone::clone(receiver));
                    let wait = Wait::for_duration(Duration::from_secs(20));
                    match selection.wait(&wait).expect("a partner").outcome {
                        Outcome::Sent => sent += 1,
                        _ => received += 1,
                    }
                }
                (sent, received)
            };
            let there = scope.spawn({
                let (sender, receiver) = (send_x.clone(), receive_y.clone());
                move || cross(&sender, &receiver)
            });
            let here = cross(&send_y, &receive_x);
            let there = there.join().unwrap();
            assert_eq!(
                here.0 + there.0,
                here.1 + there.1 + send_x.len() + send_y.len()
            );
        });
    }
}

#[test]
fn a_selection_serves_blocking_parties_on_either_side() {
    for capacity in CAPACITIES {
        let (sender, through) = make(capacity);
        let (back, receiver) = make(capacity);
        let relay = thread::spawn(move || {
            let mut held = Vec::<u32>::new();
            let mut open = true;
            while open || !held.is_empty() {
                let mut selection = Selection::new(Order::Fair);
                if open {
                    selection.receive(through.clone());
                }
                let offer = held
                    .first()
                    .map(|first| selection.send(back.clone(), *first));
                let completed = selection.wait(&FOREVER()).unwrap();
                match completed.outcome {
                    Outcome::Received(value) => held.push(value),
                    Outcome::Sent => {
                        assert_eq!(Some(completed.index), offer);
                        held.remove(0);
                    }
                    _ => open = false,
                }
            }
        });
        let producer = thread::spawn(move || (0..500).try_for_each(|value| send(&sender, value)));
        for value in 0..500 {
            assert_eq!(receive(&receiver), Ok(value));
        }
        producer.join().unwrap().unwrap();
        relay.join().unwrap();
    }
}
