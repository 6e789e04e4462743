//! How often the channel core and values ask for memory: exact counts for fixed work, the same on every machine however busy it is.
//!
//! The regression guard that runs wherever the tests do; instructions are counted under callgrind beside it
//! (`docs/benchmarks.md`). A count that rises is a defect or a decision: then it is changed here, and the message of the commit says why.
#![allow(
    unexpected_cfgs,
    reason = "`--cfg loom` is given by hand, for the model checks only"
)]
#![cfg(not(loom))]

use multicore_python_core::channel::{
    Capacity, Options, Order, Receiver, Selection, Sender, Wait, channel,
};
use multicore_python_core::value::Value;
use std::hint::black_box;
use std::num::NonZeroUsize;

const TIMES: usize = 1_000;

fn make(capacity: Option<usize>) -> (Sender<Value>, Receiver<Value>) {
    channel(Options {
        capacity: capacity
            .and_then(NonZeroUsize::new)
            .map_or(Capacity::Unbounded, Capacity::Bounded),
        ..Options::default()
    })
}

/// Allocations of this thread while `work` runs so many times; the first run, which makes what is kept, is not counted.
fn allocations(mut work: impl FnMut()) -> u64 {
    work();
    allocation_counter::measure(|| (0..TIMES).for_each(|_| work())).count_total
}

#[test]
fn a_message_through_a_bounded_channel_allocates_nothing() {
    let (sender, receiver) = make(Some(64));
    let by_hand = allocations(|| {
        sender.try_send(Value::Int(7)).unwrap();
        receiver.try_receive().unwrap();
    });
    let blocking = allocations(|| {
        sender
            .send_blocking(Value::Float(0.5), &Wait::forever())
            .unwrap();
        receiver.receive_blocking(&Wait::forever()).unwrap();
    });
    assert_eq!((by_hand, blocking), (0, 0));
}

#[test]
fn an_unbounded_channel_allocates_by_the_block() {
    let (sender, receiver) = make(None);
    let count = allocations(|| {
        sender.try_send(Value::Int(7)).unwrap();
        receiver.try_receive().unwrap();
    });
    // crossbeam's SegQueue: a block for 31 messages, and one more while the next is prepared.
    assert!(count <= (TIMES as u64).div_ceil(31) + 1, "{count}");
}

#[test]
fn a_full_or_empty_channel_refuses_without_allocating() {
    let (sender, receiver) = make(Some(1));
    assert_eq!(allocations(|| drop(receiver.try_receive())), 0);
    sender.try_send(Value::None).unwrap();
    assert_eq!(allocations(|| drop(sender.try_send(Value::None))), 0);
}

#[test]
fn statistics_allocate_nothing() {
    let (sender, _receiver) = make(Some(8));
    let count = allocations(|| {
        black_box((sender.stats().sent, sender.len()));
    });
    assert_eq!(count, 0);
}

#[test]
fn a_selection_allocates_for_its_list_of_cases_alone() {
    // One case is kept inline; the ends and the values of more are two lists that double; above four so is the order.
    for (cases, expected) in [(1, 0), (4, 4), (8, 7)] {
        let channels: Vec<_> = (0..cases).map(|_| make(Some(8))).collect();
        let count = allocations(|| {
            channels[0].0.try_send(Value::Int(1)).unwrap();
            let mut selection = Selection::new(Order::Fair);
            for (_, receiver) in &channels {
                selection.receive(receiver.clone());
            }
            selection.try_now().unwrap();
        });
        assert_eq!(count, expected * TIMES as u64, "{cases} cases");
    }
}

#[test]
fn small_values_are_made_copied_and_dropped_without_allocating() {
    for value in [
        Value::None,
        Value::Bool(true),
        Value::Int(i64::MAX),
        Value::Float(f64::NAN),
        Value::Complex { re: 1.0, im: -1.0 },
    ] {
        assert_eq!(allocations(|| drop(black_box(value.clone()))), 0);
    }
}

#[test]
fn a_copy_allocates_once_whatever_its_size() {
    for value in [
        Value::str("x".repeat(10_000)),
        Value::Bytes(vec![0; 10_000].into()),
        Value::Tuple((0..1_000).map(Value::Int).collect()),
    ] {
        let count = allocations(|| drop(black_box(value.clone())));
        assert_eq!(count, TIMES as u64, "{}", value.type_name());
    }
}
