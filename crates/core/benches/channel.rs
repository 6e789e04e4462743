//! Our channels against crossbeam-channel, between two bare threads, interleaved, in one run.
//!
//! `cargo bench -p multicore-python-core --bench channel [-- ROUNDS]` prints medians. A measurement, not a
//! test: nothing here asserts a time.

use multicore_python_core::channel::{Capacity, Options, Receiver, Sender, Wait, channel};
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

const MESSAGES: u64 = 400_000;
const ROUND_TRIPS: u64 = 20_000;
const DEFAULT_ROUNDS: usize = 9;

fn ours(capacity: Option<usize>) -> (Sender<u64>, Receiver<u64>) {
    let capacity = match capacity.map(NonZeroUsize::new) {
        None => Capacity::Unbounded,
        Some(None) => Capacity::Rendezvous,
        Some(Some(limit)) => Capacity::Bounded(limit),
    };
    channel(Options {
        capacity,
        ..Options::default()
    })
}

fn theirs(
    capacity: Option<usize>,
) -> (
    crossbeam_channel::Sender<u64>,
    crossbeam_channel::Receiver<u64>,
) {
    capacity.map_or_else(crossbeam_channel::unbounded, crossbeam_channel::bounded)
}

/// The two implementations behind one face, so that both run the same loops.
trait Pair: Copy + Send + 'static {
    type Sender: Send;
    type Receiver: Send;
    fn make(capacity: Option<usize>) -> (Self::Sender, Self::Receiver);
    fn send(sender: &Self::Sender, value: u64);
    fn receive(receiver: &Self::Receiver) -> u64;
}

#[derive(Clone, Copy)]
struct Ours;
#[derive(Clone, Copy)]
struct Crossbeam;

impl Pair for Ours {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    fn make(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
        ours(capacity)
    }
    fn send(sender: &Self::Sender, value: u64) {
        sender.send_blocking(value, &Wait::forever()).expect("open");
    }
    fn receive(receiver: &Self::Receiver) -> u64 {
        receiver.receive_blocking(&Wait::forever()).expect("open")
    }
}

impl Pair for Crossbeam {
    type Sender = crossbeam_channel::Sender<u64>;
    type Receiver = crossbeam_channel::Receiver<u64>;
    fn make(capacity: Option<usize>) -> (Self::Sender, Self::Receiver) {
        theirs(capacity)
    }
    fn send(sender: &Self::Sender, value: u64) {
        sender.send(value).expect("open");
    }
    fn receive(receiver: &Self::Receiver) -> u64 {
        receiver.recv().expect("open")
    }
}

/// One thread sends, this one receives.
fn stream<P: Pair>(capacity: Option<usize>) -> Duration {
    let (sender, receiver) = P::make(capacity);
    thread::scope(|scope| {
        let started = Instant::now();
        scope.spawn(move || (0..MESSAGES).for_each(|value| P::send(&sender, value)));
        (0..MESSAGES).for_each(|value| assert_eq!(P::receive(&receiver), value));
        started.elapsed()
    }) / u32::try_from(MESSAGES).expect("small")
}

/// A message there, a message back.
fn round_trip<P: Pair>(capacity: Option<usize>) -> Duration {
    let (ping, pinged) = P::make(capacity);
    let (pong, ponged) = P::make(capacity);
    thread::scope(|scope| {
        scope.spawn(move || (0..ROUND_TRIPS).for_each(|_| P::send(&pong, P::receive(&pinged))));
        let started = Instant::now();
        for value in 0..ROUND_TRIPS {
            P::send(&ping, value);
            assert_eq!(P::receive(&ponged), value);
        }
        started.elapsed()
    }) / u32::try_from(ROUND_TRIPS).expect("small")
}

/// In and out on one thread: what the operations themselves cost.
fn alone<P: Pair>(capacity: Option<usize>) -> Duration {
    let (sender, receiver) = P::make(capacity);
    let started = Instant::now();
    for value in 0..MESSAGES {
        P::send(&sender, value);
        assert_eq!(P::receive(&receiver), value);
    }
    started.elapsed() / u32::try_from(MESSAGES).expect("small")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

type Measure = fn(Option<usize>) -> Duration;

fn main() {
    let rounds = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(DEFAULT_ROUNDS);
    let cases: [(&str, Option<usize>, Measure, Measure); 9] = [
        (
            "alone, capacity 64",
            Some(64),
            alone::<Ours>,
            alone::<Crossbeam>,
        ),
        ("alone, unbounded", None, alone::<Ours>, alone::<Crossbeam>),
        (
            "stream, capacity 64",
            Some(64),
            stream::<Ours>,
            stream::<Crossbeam>,
        ),
        (
            "stream, capacity 1",
            Some(1),
            stream::<Ours>,
            stream::<Crossbeam>,
        ),
        (
            "stream, unbounded",
            None,
            stream::<Ours>,
            stream::<Crossbeam>,
        ),
        (
            "stream, rendezvous",
            Some(0),
            stream::<Ours>,
            stream::<Crossbeam>,
        ),
        (
            "round trip, capacity 1",
            Some(1),
            round_trip::<Ours>,
            round_trip::<Crossbeam>,
        ),
        (
            "round trip, capacity 64",
            Some(64),
            round_trip::<Ours>,
            round_trip::<Crossbeam>,
        ),
        (
            "round trip, rendezvous",
            Some(0),
            round_trip::<Ours>,
            round_trip::<Crossbeam>,
        ),
    ];
    println!(
        "{:<26}{:>10}{:>12}{:>8}",
        "ns, median", "ours", "crossbeam", "ratio"
    );
    for (name, capacity, ours, theirs) in cases {
        let mut times = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            times.0.push(ours(capacity));
            times.1.push(theirs(capacity));
        }
        let (ours, theirs) = (median(times.0).as_nanos(), median(times.1).as_nanos());
        println!(
            "{name:<26}{ours:>10}{theirs:>12}{:>8.2}",
            ours as f64 / theirs.max(1) as f64
        );
    }
}
