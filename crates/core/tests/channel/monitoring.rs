//! Figures, lists of waiters, and the registry.

use crate::support::{make, one_receive, one_send, start, until_waiting};
use multicore_python_core::channel::{
    Direction, Order, Selection, Wait, all_stats, all_waiters, list_all,
};
use std::thread;
use std::time::Duration;

#[test]
fn the_figures_add_up() {
    let (sender, receiver) = make(Some(3));
    (0..3).for_each(|value| sender.try_send(value).unwrap());
    receiver.try_receive().unwrap();
    let _more = sender.clone();
    let stats = receiver.stats();
    assert_eq!(
        (stats.id, stats.len, stats.capacity),
        (sender.id(), 2, Some(3))
    );
    assert_eq!((stats.sent, stats.received, stats.dropped), (3, 1, 0));
    assert_eq!(
        (stats.senders, stats.receivers, stats.closed),
        (2, 1, false)
    );
    assert_eq!((stats.waiting_senders, stats.waiting_receivers), (0, 0));
    assert_eq!((receiver.len(), receiver.is_empty()), (2, false));
}

#[test]
fn refused_sends_are_not_counted() {
    let (sender, _receiver) = make(Some(1));
    for _ in 0..5 {
        let _ = sender.try_send(0);
    }
    sender.close();
    let _ = sender.try_send(0);
    assert_eq!((sender.stats().sent, sender.len()), (1, 1));
}

#[test]
fn waiting_shows_with_its_label_and_its_time() {
    let (sender, receiver) = make::<u8>(Some(0));
    let waiting = thread::spawn({
        let receiver = receiver.clone();
        move || receiver.receive_blocking(&Wait::forever().labelled("reader".into()))
    });
    until_waiting(&sender, 0, 1);
    let waiters = sender.waiters();
    assert_eq!(waiters[0].direction, Direction::Receive);
    assert_eq!(waiters[0].label.as_deref(), Some("reader"));
    assert!(
        all_waiters()
            .iter()
            .any(|(id, waiters)| *id == sender.id() && waiters.len() == 1)
    );
    sender.try_send(1).unwrap();
    waiting.join().unwrap().unwrap();

    let mut selection = one_send(&sender, 1);
    selection.label("writer".into());
    let (pending, _) = start(selection);
    let waiters = receiver.waiters();
    assert_eq!(waiters[0].direction, Direction::Send);
    assert_eq!(waiters[0].label.as_deref(), Some("writer"));
    let since = waiters[0].since;
    while since.elapsed() < Duration::from_micros(10) {}
    drop(pending);
    assert!(sender.stats().send_wait >= Duration::from_micros(10));
}

#[test]
fn a_labelled_selection_of_a_thread_keeps_its_label() {
    let (sender, receiver) = make::<u8>(Some(0));
    let waiting = thread::spawn(move || {
        let mut selection = Selection::new(Order::Fair);
        selection.receive(receiver);
        selection
            .wait(&Wait::forever().labelled("outer".into()))
            .unwrap()
    });
    until_waiting(&sender, 0, 1);
    assert_eq!(sender.waiters()[0].label.as_deref(), Some("outer"));
    sender.try_send(1).unwrap();
    waiting.join().unwrap();
}

#[test]
fn the_oldest_message_has_an_age_when_monitored() {
    for capacity in [Some(2), None] {
        let (sender, receiver) = make(capacity);
        sender.try_send(0).unwrap();
        assert_eq!(sender.stats().oldest_age, None);
        receiver.try_receive().unwrap();

        sender.set_monitored(true);
        assert_eq!(sender.stats().oldest_age, None);
        sender.try_send(1).unwrap();
        let first = sender.stats().oldest_age.unwrap();
        while sender.stats().oldest_age.unwrap() <= first {}
        sender.try_send(2).unwrap();
        if capacity.is_some() {
            // A refused send must not disturb it.
            sender.try_send(3).unwrap_err();
        }
        assert!(sender.stats().oldest_age.unwrap() > first);
        receiver.try_receive().unwrap();
        assert!(sender.stats().oldest_age.is_some());
        receiver.try_receive().unwrap();
        assert_eq!(sender.stats().oldest_age, None);
        sender.set_monitored(false);
    }
}

#[test]
fn the_registry_knows_the_living_only() {
    #[derive(Debug)]
    struct OnlyHere;
    let (sender, receiver) = make::<OnlyHere>(Some(1));
    let id = sender.id();
    sender.try_send(OnlyHere).unwrap();
    assert!(
        all_stats()
            .iter()
            .any(|stats| stats.id == id && stats.len == 1)
    );
    let listed = list_all::<OnlyHere>();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, id);
    assert!(listed[0].receiver.as_ref().unwrap().try_receive().is_ok());
    drop(listed);

    drop(sender);
    assert!(list_all::<OnlyHere>()[0].sender.is_none());
    drop(receiver);
    assert!(list_all::<OnlyHere>().is_empty());
    assert!(all_stats().iter().all(|stats| stats.id != id));
}

#[test]
fn a_waiting_receive_counts_as_one() {
    let (sender, receiver) = make::<u8>(None);
    let (pending, _) = start(one_receive(&receiver));
    let stats = sender.stats();
    assert_eq!((stats.waiting_receivers, stats.receivers), (1, 2));
    drop(pending);
    assert_eq!(sender.stats().waiting_receivers, 0);
}
