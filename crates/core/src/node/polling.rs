//! Waiting without sleeping, where that is faster, while a few jobs and channel operations are under way. When
//! it is, `pace.rs` finds out; the threads at the other end wait alike for what comes next.
//!
//! One of the few at a time is a sample: how long it takes is what counts, whatever else is under way meanwhile.
//! Between two looks the event loop has its turn, so nothing else comes late.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use super::environment::Environment;
use super::js::{Env, Js, Val};
use super::slab::Key;
use crate::interpreter::Follows;
use crate::lingering::{LONGEST, STREAM};
use crate::pace::{Pace, Way};

/// What has been under way for this long is not waited for by anybody who minds microseconds.
const LONG: Duration = Duration::from_millis(5);

/// With more than this under way there is enough to do while the next one comes.
const FEW: usize = 32;

/// How long one look takes: below what one turn of the event loop takes with a few events.
const LOOK: Duration = Duration::from_micros(5);

/// What is waited for; how long the one takes says nothing of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    Job,
    Operation,
    /// Whatever comes of Python after its call of a function of this environment was answered.
    Word,
}

/// What one of the paces knows of.
#[derive(Clone, Copy, Debug)]
struct Sample {
    awaited: Awaited,
    /// Of a job or an operation, once it is kept.
    key: Option<Key>,
    way: Way,
    since: Instant,
}

/// Of one environment.
pub(super) struct Polling {
    paces: [RefCell<Pace>; 3],
    sample: Cell<Option<Sample>>,
    /// Channel operations since one had to wait.
    streak: Cell<u32>,
    /// When to sleep after all; `None`: nobody polls.
    until: Cell<Option<Instant>>,
}

impl Default for Polling {
    fn default() -> Self {
        Self {
            paces: [const { RefCell::new(Pace::new()) }; 3],
            sample: Cell::new(None),
            streak: Cell::new(0),
            until: Cell::new(None),
        }
    }
}

impl Polling {
    fn pace(&self, awaited: Awaited) -> &RefCell<Pace> {
        &self.paces[awaited as usize]
    }
}

/// How something is waited for.
pub(super) struct Begun {
    is_sample: bool,
    is_polled: bool,
}

impl Begun {
    /// What the interpreter's thread is to expect after a job.
    pub(super) fn follows(&self) -> Follows {
        if self.is_polled {
            Follows::AtOnce
        } else {
            Follows::Later
        }
    }
}

impl Environment {
    /// Something is about to be waited for, and as many `more` right after it.
    pub(super) fn wait_begins(&self, env: Env<'_>, awaited: Awaited, more: usize) -> Begun {
        let polling = &self.polling;
        let mut begun = Begun {
            is_sample: false,
            is_polled: false,
        };
        let is_stream = awaited == Awaited::Operation && polling.streak.replace(0) >= STREAM;
        let others = self.jobs.borrow().len() + self.operations.borrow().len();
        if others + more >= FEW || is_stream {
            self.forget_sample();
            return begun;
        }
        let now = Instant::now();
        let sample = match polling.sample.get() {
            Some(sample) if now.saturating_duration_since(sample.since) <= LONG => sample,
            _ => {
                self.forget_sample();
                begun.is_sample = true;
                self.begin_sample(awaited, now)
            }
        };
        begun.is_polled = sample.way == Way::Poll && self.poll(env, now);
        begun
    }

    fn begin_sample(&self, awaited: Awaited, since: Instant) -> Sample {
        let sample = Sample {
            awaited,
            key: None,
            way: self.polling.pace(awaited).borrow_mut().begin(since),
            since,
        };
        self.polling.sample.set(Some(sample));
        sample
    }

    fn forget_sample(&self) {
        if let Some(sample) = self.polling.sample.take() {
            self.polling.pace(sample.awaited).borrow_mut().forget();
        }
    }

    /// This many channel operations did not have to wait.
    pub(super) fn did_not_wait(&self, operations: usize) {
        let streak = &self.polling.streak;
        let operations = u32::try_from(operations).unwrap_or(u32::MAX);
        streak.set(streak.get().saturating_add(operations));
    }

    /// It is kept under this key.
    pub(super) fn wait_kept(&self, begun: &Begun, key: Key) {
        if let (true, Some(mut sample)) = (begun.is_sample, self.polling.sample.get()) {
            sample.key = Some(key);
            self.polling.sample.set(Some(sample));
        }
    }

    /// It is there, or not.
    pub(super) fn wait_ends(&self, awaited: Awaited, key: Key, is_done: bool) {
        match self.polling.sample.get() {
            Some(sample) if sample.awaited == awaited && sample.key == Some(key) => {}
            _ => return,
        }
        if is_done {
            self.end_sample(awaited);
        } else {
            self.forget_sample();
        }
    }

    fn end_sample(&self, awaited: Awaited) {
        self.polling.sample.set(None);
        self.polling.pace(awaited).borrow_mut().end(Instant::now());
    }

    /// Python has been answered: it will go on, and soon call again or end its job.
    pub(super) fn answered(&self, env: Env<'_>) {
        self.forget_sample();
        if self.jobs.borrow().len() + self.operations.borrow().len() > FEW {
            return;
        }
        let now = Instant::now();
        if self.begin_sample(Awaited::Word, now).way == Way::Poll {
            self.poll(env, now);
        }
    }

    /// Something came of Python.
    pub(super) fn word_comes(&self) {
        let sample = self.polling.sample.get();
        if sample.is_some_and(|sample| sample.awaited == Awaited::Word) {
            self.end_sample(Awaited::Word);
        }
    }

    fn poll(&self, env: Env<'_>, now: Instant) -> bool {
        let Some(until) = now.checked_add(LONGEST) else {
            return false;
        };
        let is_new = self.polling.until.replace(Some(until)).is_none();
        if is_new && !self.look_again(env) {
            self.polling.until.set(None);
            return false;
        }
        // From now on nobody need wake this thread.
        let _was_asleep = self.mailbox.inbox.wake();
        true
    }

    /// Asks for another look; false if none will come.
    fn look_again(&self, env: Env<'_>) -> bool {
        self.turn(env, &self.constants.look, None)
            .unwrap_or_else(|_| {
                let _ = env.take_exception();
                false
            })
    }
}

/// The function that is called once a turn while somebody polls.
pub(super) fn look<'s>(
    environment: &Environment,
    env: Env<'s>,
    []: [Val<'s>; 0],
) -> Js<Option<Val<'s>>> {
    let Some(until) = environment.polling.until.get() else {
        return Ok(None);
    };
    let stop = Instant::now() + LOOK;
    let inbox = &environment.mailbox.inbox;
    while inbox.is_empty() && environment.polling.sample.get().is_some() {
        let now = Instant::now();
        if now < stop {
            std::hint::spin_loop();
        } else if now < until && environment.look_again(env) {
            return Ok(None);
        } else {
            break;
        }
    }
    environment.polling.until.set(None);
    environment.tick(env);
    // The sample may be among those that are still to come.
    let sample = environment.polling.sample.get();
    if sample.is_some_and(|sample| sample.way == Way::Poll) && Instant::now() < until {
        environment.poll(env, stop);
    }
    Ok(None)
}
