//! Random operations, checked against a model that is too simple to be wrong; and random operations by
//! several threads, of which every message must be accounted for exactly once. Seeds are fixed.

use crate::support::{capacity, drain, make_dropping, one_receive, one_send};
use multicore_python_core::channel::{
    Interrupt, Options, Order, Outcome, Overflow, Pending, ReceiveError, Receiver, Refusal,
    Selection, Sender, Started, Wait, channel,
};
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Steele, Lea and Flood's SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// A channel as one would explain it: a queue, and those who wait, by the number of their operation.
#[derive(Default)]
struct Model {
    limit: Option<usize>,
    overflow: Overflow,
    queue: VecDeque<u64>,
    senders: VecDeque<(usize, u64)>,
    receivers: VecDeque<usize>,
    closed: bool,
    poisoned: bool,
    /// What is decided of operations that waited.
    decided: Vec<(usize, Outcome<u64>)>,
}

impl Model {
    fn ended(&self, unsent: Option<u64>) -> Outcome<u64> {
        if self.poisoned {
            Outcome::Poisoned {
                reason: "model".into(),
                unsent,
            }
        } else {
            Outcome::Ended { unsent }
        }
    }

    /// `None`: it would have to wait.
    fn send(&mut self, value: u64) -> Option<Outcome<u64>> {
        if self.closed {
            return Some(self.ended(Some(value)));
        }
        if let Some(receiver) = self.receivers.pop_front() {
            self.decided.push((receiver, Outcome::Received(value)));
        } else if self.limit.is_none_or(|limit| self.queue.len() < limit) {
            self.queue.push_back(value);
        } else {
            match self.overflow {
                Overflow::Block => return None,
                Overflow::DropOldest if self.limit != Some(0) => {
                    self.queue.pop_front();
                    self.queue.push_back(value);
                }
                Overflow::DropOldest | Overflow::DropNewest => {}
            }
        }
        Some(Outcome::Sent)
    }

    fn receive(&mut self) -> Option<Outcome<u64>> {
        if self.poisoned {
            return Some(self.ended(None));
        }
        let message = self.queue.pop_front();
        if let Some((sender, value)) = (message.is_some() || self.limit == Some(0))
            .then(|| self.senders.pop_front())
            .flatten()
        {
            self.decided.push((sender, Outcome::Sent));
            if message.is_none() {
                return Some(Outcome::Received(value));
            }
            self.queue.push_back(value);
        }
        match message {
            Some(message) => Some(Outcome::Received(message)),
            None if self.closed => Some(self.ended(None)),
            None => None,
        }
    }

    fn close(&mut self, poison: bool) {
        self.closed = true;
        self.poisoned |= poison;
        if self.poisoned {
            self.queue.clear();
        }
        for (sender, value) in std::mem::take(&mut self.senders) {
            let outcome = self.ended(Some(value));
            self.decided.push((sender, outcome));
        }
        for receiver in std::mem::take(&mut self.receivers) {
            let outcome = self.ended(None);
            self.decided.push((receiver, outcome));
        }
    }

    fn cancel(&mut self, operation: usize) {
        self.senders.retain(|(sender, _)| *sender != operation);
        self.receivers.retain(|receiver| *receiver != operation);
    }
}

fn started(selection: Selection<u64>) -> Result<Outcome<u64>, Pending<u64>> {
    match selection.start(Arc::new(|| {})) {
        Started::Done(completed) => Ok(completed.outcome),
        Started::Pending(pending) => Err(pending),
    }
}

#[test]
fn one_thread_sees_what_the_model_says() {
    for seed in 0..400 {
        let mut random = Random(seed);
        let limit = [Some(0), Some(1), Some(2), Some(5), None][random.below(5) as usize];
        let overflow = [Overflow::Block, Overflow::DropOldest, Overflow::DropNewest]
            [random.below(6).saturating_sub(3) as usize];
        let (sender, receiver) = make_dropping(limit, overflow);
        let mut model = Model {
            limit,
            overflow,
            ..Model::default()
        };
        let mut pending: Vec<(usize, Pending<u64>)> = Vec::new();
        for step in 0..200 {
            let value = step as u64;
            match random.below(100) {
                0..25 => match sender.try_send(value) {
                    Ok(()) => assert_eq!(model.send(value), Some(Outcome::Sent), "seed {seed}"),
                    Err(error) => {
                        assert_eq!(error.value, value);
                        let expected = model.send(value).map(|outcome| match outcome {
                            Outcome::Poisoned { reason, .. } => Refusal::Poisoned(reason),
                            _ => Refusal::Closed,
                        });
                        assert_eq!(
                            error.reason,
                            expected.unwrap_or(Refusal::Full),
                            "seed {seed}"
                        );
                    }
                },
                25..50 => {
                    let expected = match model.receive() {
                        Some(Outcome::Received(value)) => Ok(value),
                        Some(Outcome::Poisoned { reason, .. }) => {
                            Err(ReceiveError::Poisoned(reason))
                        }
                        Some(_) => Err(ReceiveError::Closed),
                        None => Err(ReceiveError::Empty),
                    };
                    assert_eq!(receiver.try_receive(), expected, "seed {seed}");
                }
                50..65 => match (started(one_send(&sender, value)), model.send(value)) {
                    (Ok(outcome), expected) => assert_eq!(Some(outcome), expected, "seed {seed}"),
                    (Err(operation), expected) => {
                        assert_eq!(expected, None, "seed {seed}");
                        model.senders.push_back((step, value));
                        pending.push((step, operation));
                    }
                },
                65..80 => match (started(one_receive(&receiver)), model.receive()) {
                    (Ok(outcome), expected) => assert_eq!(Some(outcome), expected, "seed {seed}"),
                    (Err(operation), expected) => {
                        assert_eq!(expected, None, "seed {seed}");
                        model.receivers.push_back(step);
                        pending.push((step, operation));
                    }
                },
                80..98 if !pending.is_empty() => {
                    // Cancel one; those that were decided must say so.
                    let at = random.below(pending.len() as u64) as usize;
                    let (operation, handle) = pending.swap_remove(at);
                    let decided = model
                        .decided
                        .iter()
                        .position(|(number, _)| *number == operation);
                    let expected = decided.map(|at| model.decided.swap_remove(at).1);
                    match handle.cancel() {
                        Ok(_) => assert_eq!(expected, None, "seed {seed}"),
                        Err(completed) => {
                            assert_eq!(Some(completed.outcome), expected, "seed {seed}")
                        }
                    }
                    model.cancel(operation);
                }
                98 if random.below(4) == 0 => {
                    sender.close();
                    model.close(false);
                }
                99 if random.below(4) == 0 => {
                    receiver.poison("model".into());
                    model.close(true);
                }
                _ => {}
            }
            assert_eq!(sender.len(), model.queue.len(), "seed {seed}");
            let stats = sender.stats();
            assert_eq!(stats.waiting_senders, model.senders.len(), "seed {seed}");
            assert_eq!(
                stats.waiting_receivers,
                model.receivers.len(),
                "seed {seed}"
            );
            assert_eq!(
                stats.sent,
                stats.received + stats.dropped + stats.len as u64,
                "seed {seed}"
            );
        }
    }
}

/// What one thread knows that it sent and received.
#[derive(Default)]
struct Ledger {
    sent: Vec<u64>,
    received: Vec<u64>,
}

impl Ledger {
    fn enter(&mut self, outcome: Outcome<u64>, value: u64) {
        match outcome {
            Outcome::Sent => self.sent.push(value),
            Outcome::Received(message) => self.received.push(message),
            Outcome::Ended { .. } | Outcome::Poisoned { .. } => {}
        }
    }
}

/// One party: random operations on random channels until it has done enough.
fn party(ends: &[(Sender<u64>, Receiver<u64>)], who: u64, seed: u64) -> Ledger {
    let mut random = Random(seed * 1_000 + who);
    let mut ledger = Ledger::default();
    let interrupt = Interrupt::new();
    for step in 0..400 {
        let value = (who << 32) | step;
        let (sender, receiver) = &ends[random.below(ends.len() as u64) as usize];
        let wait =
            Wait::for_duration(Duration::from_micros(random.below(300))).interruptible(&interrupt);
        match random.below(6) {
            0 if sender.try_send(value).is_ok() => ledger.sent.push(value),
            1 if sender.send_blocking(value, &wait).is_ok() => ledger.sent.push(value),
            2 => ledger.received.extend(receiver.try_receive().ok()),
            3 => ledger
                .received
                .extend(receiver.receive_blocking(&wait).ok()),
            4 | 5 => {
                let order = if random.below(2) == 0 {
                    Order::Fair
                } else {
                    Order::Prioritized
                };
                let mut selection = Selection::new(order);
                let mut offers = false;
                for _ in 0..=random.below(4) {
                    let (sender, receiver) = &ends[random.below(ends.len() as u64) as usize];
                    if random.below(2) == 0 {
                        selection.send(sender.clone(), value);
                        offers = true;
                    } else {
                        selection.receive(receiver.clone());
                    }
                }
                match random.below(2) {
                    0 => {
                        if let Ok(completed) = selection.wait(&wait) {
                            ledger.enter(completed.outcome, value);
                        }
                    }
                    _ => match selection.start(Arc::new(|| {})) {
                        Started::Done(completed) => ledger.enter(completed.outcome, value),
                        Started::Pending(mut pending) => {
                            for _ in 0..random.below(20) {
                                thread::yield_now();
                            }
                            if !offers && random.below(2) == 0 {
                                // A message that it received in the meantime goes back.
                                drop(pending);
                            } else if let Some(completed) =
                                pending.take().or_else(|| pending.cancel().err())
                            {
                                ledger.enter(completed.outcome, value);
                            }
                        }
                    },
                }
            }
            _ => {}
        }
    }
    ledger
}

#[test]
fn several_threads_lose_and_double_nothing() {
    for seed in 0..12 {
        let limits = [Some(0), Some(1), Some(4), None];
        let ends: Vec<_> = limits
            .iter()
            .map(|limit| {
                channel(Options {
                    capacity: capacity(*limit),
                    ..Options::default()
                })
            })
            .collect();
        let mut ledgers: Vec<_> = thread::scope(|scope| {
            let parties: Vec<_> = (0..4)
                .map(|who| {
                    let ends = &ends;
                    scope.spawn(move || party(ends, who, seed))
                })
                .collect();
            parties
                .into_iter()
                .map(|party| party.join().unwrap())
                .collect()
        });
        let mut rest = Ledger::default();
        for (sender, receiver) in ends {
            assert!(sender.waiters().is_empty());
            drop(sender);
            rest.received.extend(drain(&receiver));
            let stats = receiver.stats();
            assert_eq!(
                (stats.sent, stats.dropped, stats.len),
                (stats.received, 0, 0)
            );
        }
        ledgers.push(rest);
        let mut sent: Vec<_> = ledgers
            .iter()
            .flat_map(|ledger| ledger.sent.clone())
            .collect();
        let mut received: Vec<_> = ledgers
            .iter()
            .flat_map(|ledger| ledger.received.clone())
            .collect();
        sent.sort_unstable();
        received.sort_unstable();
        assert_eq!(sent, received, "seed {seed}");
    }
}
