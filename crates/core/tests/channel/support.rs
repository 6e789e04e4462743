//! What the tests share: making channels, waiting for a state, counting wakes and drops.

use multicore_python_core::channel::{
    Capacity, Completed, Options, Order, Overflow, ReceiveError, Receiver, Refusal, Selection,
    Sender, Started, Wait, Wake, channel,
};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The capacities every rule is tried with; `None` is unbounded.
pub(crate) const CAPACITIES: [Option<usize>; 4] = [Some(0), Some(1), Some(3), None];

pub(crate) fn capacity(limit: Option<usize>) -> Capacity {
    match limit.map(NonZeroUsize::new) {
        None => Capacity::Unbounded,
        Some(None) => Capacity::Rendezvous,
        Some(Some(limit)) => Capacity::Bounded(limit),
    }
}

pub(crate) fn make<T: Send>(limit: Option<usize>) -> (Sender<T>, Receiver<T>) {
    channel(Options {
        capacity: capacity(limit),
        ..Options::default()
    })
}

pub(crate) fn make_dropping<T: Send>(
    limit: Option<usize>,
    overflow: Overflow,
) -> (Sender<T>, Receiver<T>) {
    channel(Options {
        capacity: capacity(limit),
        overflow,
        name: None,
    })
}

pub(crate) fn send<T: Send>(sender: &Sender<T>, value: T) -> Result<(), Refusal> {
    sender
        .send_blocking(value, &Wait::forever())
        .map_err(|error| error.reason)
}

pub(crate) fn receive<T: Send>(receiver: &Receiver<T>) -> Result<T, ReceiveError> {
    receiver.receive_blocking(&Wait::forever())
}

pub(crate) fn drain<T: Send>(receiver: &Receiver<T>) -> Vec<T> {
    std::iter::from_fn(|| receive(receiver).ok()).collect()
}

/// Waits until a condition holds that another thread brings about.
pub(crate) fn until(condition: impl Fn() -> bool) {
    while !condition() {
        thread::yield_now();
    }
}

/// Until so many operations wait at the channel.
pub(crate) fn until_waiting<T: Send>(sender: &Sender<T>, senders: usize, receivers: usize) {
    until(|| {
        let stats = sender.stats();
        (stats.waiting_senders, stats.waiting_receivers) == (senders, receivers)
    });
}

#[derive(Default)]
pub(crate) struct CountWakes(AtomicUsize);

impl CountWakes {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for CountWakes {
    fn wake(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Starts a selection that must have to wait.
pub(crate) fn start<T: Send>(
    selection: Selection<T>,
) -> (multicore_python_core::channel::Pending<T>, Arc<CountWakes>) {
    let wakes = Arc::new(CountWakes::default());
    match selection.start(Arc::<CountWakes>::clone(&wakes)) {
        Started::Pending(pending) => (pending, wakes),
        Started::Done(Completed { index, .. }) => panic!("case {index} was ready at once"),
    }
}

pub(crate) fn one_receive<T: Send>(receiver: &Receiver<T>) -> Selection<T> {
    let mut selection = Selection::new(Order::Fair);
    selection.receive(receiver.clone());
    selection
}

pub(crate) fn one_send<T: Send>(sender: &Sender<T>, value: T) -> Selection<T> {
    let mut selection = Selection::new(Order::Fair);
    selection.send(sender.clone(), value);
    selection
}

/// Counts how many of its clones' drops happened.
#[derive(Clone, Debug)]
pub(crate) struct CountDrop(pub(crate) Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
