//! Messages in, messages out: order, room, blocking until there is some.

use crate::support::{CAPACITIES, drain, make, receive, send, until_waiting};
use multicore_python_core::channel::{ReceiveError, Refusal};
use std::thread;

#[test]
fn first_in_first_out_between_two_threads() {
    for capacity in CAPACITIES {
        let (sender, receiver) = make(capacity);
        let producer = thread::spawn(move || (0..2_000).try_for_each(|value| send(&sender, value)));
        assert_eq!(drain(&receiver), (0..2_000).collect::<Vec<_>>());
        producer.join().unwrap().unwrap();
    }
}

#[test]
fn what_has_no_room_comes_back() {
    let (sender, receiver) = make(Some(2));
    sender.try_send("a").unwrap();
    sender.try_send("b").unwrap();
    let error = sender.try_send("c").unwrap_err();
    assert_eq!((error.value, error.reason), ("c", Refusal::Full));
    assert_eq!(receiver.try_receive(), Ok("a"));
    sender.try_send("c").unwrap();
    assert_eq!(receiver.try_receive(), Ok("b"));
    assert_eq!(receiver.try_receive(), Ok("c"));
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
}

#[test]
fn rendezvous_without_a_partner_is_full_and_empty() {
    let (sender, receiver) = make(Some(0));
    assert_eq!(sender.try_send(1).unwrap_err().reason, Refusal::Full);
    assert_eq!(receiver.try_receive(), Err(ReceiveError::Empty));
    assert_eq!((sender.len(), sender.stats().sent), (0, 0));
}

#[test]
fn rendezvous_send_ends_only_when_a_receiver_has_the_value() {
    let (sender, receiver) = make(Some(0));
    let producer = thread::spawn({
        let sender = sender.clone();
        move || send(&sender, 7)
    });
    until_waiting(&sender, 1, 0);
    assert!(!producer.is_finished());
    assert_eq!(receiver.try_receive(), Ok(7));
    producer.join().unwrap().unwrap();
}

#[test]
fn rendezvous_try_send_serves_a_waiting_receiver() {
    let (sender, receiver) = make(Some(0));
    let consumer = thread::spawn(move || receive(&receiver));
    until_waiting(&sender, 0, 1);
    sender.try_send(7).unwrap();
    assert_eq!(consumer.join().unwrap(), Ok(7));
}

#[test]
fn waiting_senders_get_room_in_the_order_they_came() {
    let (sender, receiver) = make(Some(1));
    sender.try_send(0).unwrap();
    let waiting: Vec<_> = (1..4)
        .map(|value| {
            let own = sender.clone();
            let thread = thread::spawn(move || send(&own, value));
            until_waiting(&sender, usize::try_from(value).unwrap(), 0);
            thread
        })
        .collect();
    // Nor does one who comes by overtake them.
    assert_eq!(sender.try_send(9).unwrap_err().reason, Refusal::Full);
    for value in 0..4 {
        assert_eq!(receive(&receiver), Ok(value));
    }
    waiting
        .into_iter()
        .for_each(|thread| thread.join().unwrap().unwrap());
}

#[test]
fn waiting_receivers_are_served_in_the_order_they_came() {
    for capacity in CAPACITIES {
        let (sender, receiver) = make(capacity);
        let waiting: Vec<_> = (0..3)
            .map(|index| {
                let own = receiver.clone();
                let thread = thread::spawn(move || receive(&own));
                until_waiting(&sender, 0, index + 1);
                thread
            })
            .collect();
        (0..3).for_each(|value| send(&sender, value).unwrap());
        for (value, thread) in waiting.into_iter().enumerate() {
            assert_eq!(thread.join().unwrap(), Ok(value));
        }
    }
}

#[test]
fn many_to_many_delivers_each_message_once_and_keeps_each_senders_order() {
    const EACH: usize = 2_000;
    for capacity in CAPACITIES {
        let (sender, receiver) = make(capacity);
        let producers: Vec<_> = (0..3)
            .map(|who| {
                let sender = sender.clone();
                thread::spawn(move || (0..EACH).try_for_each(|value| send(&sender, (who, value))))
            })
            .collect();
        drop(sender);
        let consumers: Vec<_> = (0..3)
            .map(|_| {
                let receiver = receiver.clone();
                thread::spawn(move || drain(&receiver))
            })
            .collect();
        producers
            .into_iter()
            .for_each(|thread| thread.join().unwrap().unwrap());
        let mut all = Vec::new();
        for consumer in consumers {
            let got = consumer.join().unwrap();
            for who in 0..3 {
                let of_one: Vec<_> = got.iter().filter(|message| message.0 == who).collect();
                assert!(of_one.is_sorted());
            }
            all.extend(got);
        }
        all.sort_unstable();
        assert_eq!(
            all,
            (0..3)
                .flat_map(|who| (0..EACH).map(move |v| (who, v)))
                .collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_channel_carries_its_own_kind() {
    // As in Go: channels are values like others.
    let (sender, receiver) = make(Some(1));
    let (inner_sender, inner_receiver) = make(Some(1));
    inner_sender.try_send(5).unwrap();
    sender.try_send(inner_receiver).unwrap();
    assert_eq!(receiver.try_receive().unwrap().try_receive(), Ok(5));
    assert!(inner_sender.is_closed());
}

#[test]
fn the_sieve_of_eratosthenes() {
    // The classical chain of filters: many channels, each with a blocked thread or two.
    let (generator, mut source) = make(Some(0));
    thread::spawn(move || (2_u32..).try_for_each(|number| send(&generator, number)));
    let mut primes = Vec::new();
    for _ in 0..25 {
        let prime = receive(&source).unwrap();
        primes.push(prime);
        let (filtered, next) = make(Some(0));
        let previous = std::mem::replace(&mut source, next);
        thread::spawn(move || {
            while let Ok(number) = receive(&previous) {
                if number % prime != 0 && send(&filtered, number).is_err() {
                    break;
                }
            }
        });
    }
    assert_eq!(primes.last(), Some(&97));
}
