//! A waiting operation: one or more cases, of which exactly one is committed, or none.
//!
//! Whoever completes it (a party on another thread, or its owner who cancels) decides under the
//! operation's own lock, held for a few instructions and always the innermost one. No channel state here.

use super::clock;
use super::pending::Wake;
use super::select::Outcome;
use super::sync::{AtomicBool, AtomicU64, Mutex, Ordering, Unparker};
use smallvec::SmallVec;
use std::sync::Arc;
use std::time::Duration;

/// How the owner learns that the operation is done.
pub(super) enum Signal {
    Thread(Unparker),
    Wake(Arc<dyn Wake>),
}

/// The values of send cases; `None` for receive cases and for values that went their way.
pub(super) type Values<T> = SmallVec<[Option<T>; 1]>;

pub(super) struct Operation<T> {
    /// Mirrors `Inner::phase` so that a spinning thread and a list scan need no lock.
    done: AtomicBool,
    /// Nanoseconds on `clock`; 0 while the owner spins, so that short waits cost no clock reading.
    waiting_since_ns: AtomicU64,
    waited_ns: AtomicU64,
    inner: Mutex<Inner<T>>,
    signal: Signal,
    label: Option<Arc<str>>,
}

struct Inner<T> {
    phase: Phase<T>,
    values: Values<T>,
}

enum Phase<T> {
    Waiting,
    Committed(Commit<T>),
    /// Cancelled, or committed and taken by the owner.
    Over,
}

pub(super) struct Commit<T> {
    pub(super) case: usize,
    pub(super) outcome: Outcome<T>,
    /// The order in which waiters of the channel were given messages; for putting one back.
    pub(super) delivery: u64,
}

/// What came of the attempt to complete an operation through one of its cases.
pub(super) enum Attempt {
    Committed,
    /// It was done already.
    Stale,
    /// It waits on: there was nothing to give it, or no place for its value.
    Unready,
}

/// What the owner finds when it cancels.
pub(super) enum Cancelled<T> {
    /// Nothing had happened; every value is the owner's.
    Unsent(Values<T>),
    /// It had been committed.
    Committed(Commit<T>, Values<T>),
    /// The owner had taken the outcome before.
    Over,
}

impl<T> Operation<T> {
    pub(super) fn new(values: Values<T>, signal: Signal, label: Option<Arc<str>>) -> Self {
        Self {
            done: AtomicBool::new(false),
            waiting_since_ns: AtomicU64::new(0),
            waited_ns: AtomicU64::new(0),
            inner: Mutex::new(Inner {
                phase: Phase::Waiting,
                values,
            }),
            signal,
            label,
        }
    }

    /// True once committed or cancelled; everything the completer wrote is then visible under the lock.
    pub(super) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    pub(super) fn label(&self) -> Option<Arc<str>> {
        self.label.clone()
    }

    /// Starts the clock of the time spent waiting.
    pub(super) fn start_clock(&self) {
        self.waiting_since_ns
            .store(clock::now_ns(), Ordering::Relaxed);
    }

    pub(super) fn waiting_since_ns(&self) -> Option<u64> {
        let since = self.waiting_since_ns.load(Ordering::Relaxed);
        (since != 0).then_some(since)
    }

    /// How long it waited, once it is done.
    pub(super) fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited_ns.load(Ordering::Relaxed))
    }

    /// Tells the owner. Called once, by the completer, without any lock held.
    pub(super) fn signal(&self) {
        match &self.signal {
            Signal::Thread(unparker) => unparker.unpark(),
            Signal::Wake(wake) => wake.wake(),
        }
    }

    /// Completes a receive case with what `message` brings, if it brings anything.
    /// `message` runs under this operation's lock and must not touch another operation.
    pub(super) fn give(
        &self,
        case: usize,
        delivery: u64,
        message: impl FnOnce() -> Option<T>,
    ) -> Attempt {
        let mut inner = self.inner.lock();
        if !matches!(inner.phase, Phase::Waiting) {
            return Attempt::Stale;
        }
        let Some(message) = message() else {
            return Attempt::Unready;
        };
        self.commit(
            &mut inner,
            Commit {
                case,
                outcome: Outcome::Received(message),
                delivery,
            },
        );
        Attempt::Committed
    }

    /// Completes a send case if `place` takes its value. The same rules hold for `place`.
    pub(super) fn take(&self, case: usize, place: impl FnOnce(T) -> Result<(), T>) -> Attempt {
        let mut inner = self.inner.lock();
        if !matches!(inner.phase, Phase::Waiting) {
            return Attempt::Stale;
        }
        let Some(value) = inner.values[case].take() else {
            unreachable!("a waiting send case has its value");
        };
        if let Err(value) = place(value) {
            inner.values[case] = Some(value);
            return Attempt::Unready;
        }
        self.commit(
            &mut inner,
            Commit {
                case,
                outcome: Outcome::Sent,
                delivery: 0,
            },
        );
        Attempt::Committed
    }

    /// Completes a case because its channel ended: closed, or poisoned for a reason.
    pub(super) fn end(&self, case: usize, poison: Option<&Arc<str>>) -> Attempt {
        let mut inner = self.inner.lock();
        if !matches!(inner.phase, Phase::Waiting) {
            return Attempt::Stale;
        }
        let unsent = inner.values[case].take();
        let outcome = Outcome::ended(poison.cloned(), unsent);
        self.commit(
            &mut inner,
            Commit {
                case,
                outcome,
                delivery: 0,
            },
        );
        Attempt::Committed
    }

    fn commit(&self, inner: &mut Inner<T>, commit: Commit<T>) {
        inner.phase = Phase::Committed(commit);
        self.finish();
    }

    fn finish(&self) {
        if let Some(since) = self.waiting_since_ns() {
            self.waited_ns
                .store(clock::now_ns().saturating_sub(since), Ordering::Relaxed);
        }
        self.done.store(true, Ordering::Release);
    }

    /// The outcome and the values of the other cases, once, if committed.
    pub(super) fn collect(&self) -> Option<(Commit<T>, Values<T>)> {
        if !self.is_done() {
            return None;
        }
        let mut inner = self.inner.lock();
        match std::mem::replace(&mut inner.phase, Phase::Over) {
            Phase::Committed(commit) => Some((commit, std::mem::take(&mut inner.values))),
            Phase::Waiting => unreachable!("done is set when waiting ends"),
            Phase::Over => None,
        }
    }

    pub(super) fn cancel(&self) -> Cancelled<T> {
        let mut inner = self.inner.lock();
        match std::mem::replace(&mut inner.phase, Phase::Over) {
            Phase::Waiting => {
                self.finish();
                Cancelled::Unsent(std::mem::take(&mut inner.values))
            }
            Phase::Committed(commit) => {
                Cancelled::Committed(commit, std::mem::take(&mut inner.values))
            }
            Phase::Over => Cancelled::Over,
        }
    }
}
