//! A place where parties wait until all of them are there.

use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::{Broken, next_id, signal};
use crate::message::{ValueReceiver, ValueSender};
use crate::value::Shared;

/// A barrier for a number of parties, to be used again and again.
#[derive(Debug)]
pub struct Barrier {
    this: Weak<Self>,
    id: u64,
    parties: usize,
    round: Mutex<Round>,
}

#[derive(Debug)]
struct Round {
    number: u64,
    arrived: usize,
    /// Closed when all are there, poisoned when it breaks.
    signal: (ValueSender, ValueReceiver),
}

/// What arriving brought.
#[derive(Debug)]
pub enum Arrival {
    /// All are there: go on. How many were there before.
    Last(usize),
    /// Some are missing.
    Waits(Place),
}

/// A party that waits. Dropped before all are there, it breaks the barrier: the others would wait
/// for ever.
#[derive(Debug)]
pub struct Place {
    barrier: Weak<Barrier>,
    round: u64,
    /// How many were there before.
    pub index: usize,
    receiver: ValueReceiver,
}

impl Barrier {
    /// One for so many parties.
    pub fn new(parties: usize) -> Arc<Self> {
        let id = next_id();
        Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            id,
            parties,
            round: Mutex::new(Round {
                number: 0,
                arrived: 0,
                signal: signal(&format!("barrier {id}")),
            }),
        })
    }

    /// A number that no other primitive of the process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// How many parties it is for.
    pub fn parties(&self) -> usize {
        self.parties
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.round.lock().arrived
    }

    /// Why it is broken, if it is.
    pub fn broken(&self) -> Option<Broken> {
        self.round.lock().signal.0.is_poisoned().map(Broken)
    }

    /// Arrives.
    ///
    /// # Errors
    /// It is broken.
    pub fn arrive(&self) -> Result<Arrival, Broken> {
        let mut round = self.round.lock();
        if let Some(reason) = round.signal.0.is_poisoned() {
            return Err(Broken(reason));
        }
        let index = round.arrived;
        round.arrived += 1;
        if round.arrived < self.parties {
            return Ok(Arrival::Waits(Place {
                barrier: Weak::clone(&self.this),
                round: round.number,
                index,
                receiver: round.signal.1.clone(),
            }));
        }
        let next = Round {
            number: round.number + 1,
            arrived: 0,
            signal: signal(&format!("barrier {}", self.id)),
        };
        let full = std::mem::replace(&mut *round, next);
        drop(round);
        full.signal.0.close();
        Ok(Arrival::Last(index))
    }

    /// Breaks it: whoever waits, and whoever comes before it is reset, is told why.
    pub fn abort(&self, reason: Arc<str>) {
        let sender = self.round.lock().signal.0.clone();
        sender.poison(reason);
    }

    /// Makes it as new. Whoever waits is told that it broke.
    pub fn reset(&self) {
        let mut round = self.round.lock();
        let next = Round {
            number: round.number + 1,
            arrived: 0,
            signal: signal(&format!("barrier {}", self.id)),
        };
        let old = std::mem::replace(&mut *round, next);
        drop(round);
        old.signal.0.poison("the barrier was reset".into());
    }

    fn break_round(&self, number: u64) {
        let sender = {
            let round = self.round.lock();
            (round.number == number).then(|| round.signal.0.clone())
        };
        if let Some(sender) = sender {
            sender.poison("a party gave up waiting".into());
        }
    }
}

impl Shared for Barrier {
    fn kind(&self) -> &'static str {
        "barrier"
    }
}

impl Place {
    /// A channel that ends when all are there, and is poisoned when the barrier breaks.
    pub fn until_all(&self) -> &ValueReceiver {
        &self.receiver
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(barrier) = self.barrier.upgrade() {
            // A round that is over has another number.
            barrier.break_round(self.round);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{ReceiveError, Wait};

    fn arrive(barrier: &Barrier) -> Result<usize, ReceiveError> {
        match barrier.arrive() {
            Ok(Arrival::Last(index)) => Ok(index),
            Ok(Arrival::Waits(place)) => {
                match place.until_all().receive_blocking(&Wait::forever()) {
                    Err(ReceiveError::Closed) => Ok(place.index),
                    other => Err(other.unwrap_err()),
                }
            }
            Err(Broken(reason)) => Err(ReceiveError::Poisoned(reason)),
        }
    }

    #[test]
    fn all_go_on_together_round_after_round() {
        let barrier = Barrier::new(3);
        let rounds = std::thread::scope(|scope| {
            let parties = [(); 3].map(|()| {
                scope.spawn(|| {
                    (0..50)
                        .map(|_| arrive(&barrier).unwrap())
                        .collect::<Vec<_>>()
                })
            });
            parties.map(|party| party.join().unwrap())
        });
        for ((first, second), third) in rounds[0].iter().zip(&rounds[1]).zip(&rounds[2]) {
            let mut indices = [*first, *second, *third];
            indices.sort_unstable();
            assert_eq!(indices, [0, 1, 2]);
        }
    }

    #[test]
    fn who_gives_up_breaks_it_until_it_is_reset() {
        let barrier = Barrier::new(2);
        let place = barrier.arrive().unwrap();
        assert_eq!(barrier.waiting(), 1);
        drop(place);
        assert!(barrier.broken().is_some());
        assert!(barrier.arrive().is_err());
        barrier.reset();
        assert!(barrier.broken().is_none());
        assert!(matches!(barrier.arrive(), Ok(Arrival::Waits(_))));
    }

    #[test]
    fn a_round_that_is_over_is_not_broken_by_those_who_leave_it() {
        let barrier = Barrier::new(2);
        let place = barrier.arrive().unwrap();
        assert!(matches!(barrier.arrive(), Ok(Arrival::Last(1))));
        drop(place);
        assert!(barrier.broken().is_none());
    }
}
