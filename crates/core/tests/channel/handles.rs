//! The ends themselves: what they say of their channel, and making one from the other.

use crate::support::make;
use multicore_python_core::channel::{
    Capacity, Interrupt, Options, Overflow, Pending, Receiver, Selection, SendError, Sender,
    channel,
};
use std::error::Error;

#[test]
fn they_can_go_where_threads_go() {
    fn everywhere<T: Send + Sync>() {}
    fn anywhere<T: Send>() {}
    // A message need not be `Sync`.
    everywhere::<Sender<std::cell::Cell<u8>>>();
    everywhere::<Receiver<std::cell::Cell<u8>>>();
    everywhere::<Interrupt>();
    anywhere::<Selection<std::cell::Cell<u8>>>();
    anywhere::<Pending<std::cell::Cell<u8>>>();
}

#[test]
fn they_tell_what_the_channel_was_made_with() {
    let (sender, receiver) = channel::<u8>(Options {
        capacity: Capacity::Unbounded,
        overflow: Overflow::DropOldest,
        name: Some("jobs".into()),
    });
    assert_eq!(sender.id(), receiver.id());
    assert_eq!(sender.name().as_deref(), Some("jobs"));
    assert_eq!(
        (receiver.capacity(), receiver.overflow()),
        (Capacity::Unbounded, Overflow::DropOldest)
    );
    assert_eq!(sender.id().to_string(), sender.id().get().to_string());
    let other = channel::<u8>(Options::default());
    assert_ne!(other.0.id(), sender.id());
    assert_eq!(other.0.capacity(), Capacity::Rendezvous);
    assert!(sender.same_channel(&receiver) && !sender.same_channel(&other.1));
}

#[test]
fn one_end_makes_the_other_while_there_is_one() {
    let (sender, receiver) = make(Some(1));
    let second = sender.receiver().unwrap();
    drop(receiver);
    sender.try_send(1).unwrap();
    assert_eq!(second.try_receive(), Ok(1));
    let again = second.sender().unwrap();
    assert!(again.same_channel(&second));
    drop((sender, again));
    assert!(second.is_closed() && second.sender().is_none());
}

#[test]
fn a_refusal_is_an_error_that_speaks() {
    let (sender, receiver) = make(Some(0));
    let full: SendError<fn()> = sender.try_send((|| ()) as fn()).unwrap_err();
    assert_eq!(full.to_string(), "the channel is full");
    sender.poison("a wasp".into());
    let error: Box<dyn Error> = Box::new(receiver.try_receive().unwrap_err());
    assert_eq!(error.to_string(), "the channel is poisoned: a wasp");
}
