//! Channels that drop instead of blocking.

use crate::support::{CountDrop, make_dropping, receive, until_waiting};
use multicore_python_core::channel::{Overflow, ReceiveError};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn the_oldest_goes() {
    let (sender, receiver) = make_dropping(Some(2), Overflow::DropOldest);
    (0..5).for_each(|value| sender.try_send(value).unwrap());
    assert_eq!(
        (receiver.try_receive(), receiver.try_receive()),
        (Ok(3), Ok(4))
    );
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
    let stats = sender.stats();
    assert_eq!(
        (stats.sent, stats.received, stats.dropped, stats.len),
        (5, 2, 3, 0)
    );
}

#[test]
fn the_newest_goes() {
    let (sender, receiver) = make_dropping(Some(2), Overflow::DropNewest);
    (0..5).for_each(|value| sender.try_send(value).unwrap());
    assert_eq!(
        (receiver.try_receive(), receiver.try_receive()),
        (Ok(0), Ok(1))
    );
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
    let stats = sender.stats();
    assert_eq!(
        (stats.sent, stats.received, stats.dropped, stats.len),
        (5, 2, 3, 0)
    );
}

#[test]
fn without_room_at_all_whatever_nobody_waits_for_goes() {
    for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
        let (sender, receiver) = make_dropping(Some(0), overflow);
        sender.try_send(1).unwrap();
        let consumer = thread::spawn(move || receive(&receiver));
        until_waiting(&sender, 0, 1);
        sender.try_send(2).unwrap();
        assert_eq!(consumer.join().unwrap(), Ok(2));
        let stats = sender.stats();
        assert_eq!((stats.sent, stats.received, stats.dropped), (2, 1, 1));
    }
}

#[test]
fn what_is_dropped_is_freed_at_once() {
    for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
        let drops = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = make_dropping(Some(1), overflow);
        for _ in 0..4 {
            sender.try_send(CountDrop(Arc::clone(&drops))).unwrap();
        }
        assert_eq!(drops.load(Ordering::SeqCst), 3);
        drop(receiver);
        assert_eq!(drops.load(Ordering::SeqCst), 4);
    }
}
