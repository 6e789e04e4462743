//! Waiting without sleeping, where that is faster, for the only job or channel operation that is under
//! way. When it is, `pace.rs` finds out; the threads at the other end wait alike for what comes next.
//!
//! "Only" leaves out what has been under way for long already: somebody's loop in another interpreter is
//! no reason to wait longer for a call. Between two looks the event loop has its turn, so nothing else comes late.

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

/// With more than this under way, nobody looks for how long.
const FEW: usize = 4;

/// Nor if these few would have to be looked for in more places than this.
const MOST_SLOTS: usize = 256;

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

/// Of one environment.
pub(super) struct Polling {
    paces: [RefCell<Pace>; 3],
    /// What one of the paces knows of.
    only: Cell<Option<(Awaited, Option<Key>)>>,
    /// Channel operations since one had to wait.
    streak: Cell<u32>,
    /// When to sleep after all; `None`: nobody polls.
    until: Cell<Option<Instant>>,
}

impl Default for Polling {
    fn default() -> Self {
        Self {
            paces: [const { RefCell::new(Pace::new()) }; 3],
            only: Cell::new(None),
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
    awaited: Awaited,
    /// Since when, if that may matter to others.
    pub(super) since: Option<Instant>,
    /// Whether it is the only one.
    is_only: bool,
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
    /// Something is about to be waited for.
    pub(super) fn wait_begins(&self, env: Env<'_>, awaited: Awaited) -> Begun {
        let polling = &self.polling;
        let mut begun = Begun {
            awaited,
            since: None,
            is_only: false,
            is_polled: false,
        };
        let is_stream = awaited == Awaited::Operation && polling.streak.replace(0) >= STREAM;
        let others = self.jobs.borrow().len() + self.operations.borrow().len();
        if others <= FEW && !is_stream {
            let now = Instant::now();
            begun.since = Some(now);
            begun.is_only = others == 0 || self.wait_for_long(now);
        }
        if let Some((awaited, _)) = polling.only.take() {
            polling.pace(awaited).borrow_mut().forget();
        }
        if let (true, Some(now)) = (begun.is_only, begun.since) {
            let way = polling.pace(awaited).borrow_mut().begin(now);
            begun.is_polled = way == Way::Poll && self.poll(env, now);
        }
        begun
    }

    /// This many channel operations did not have to wait.
    pub(super) fn did_not_wait(&self, operations: usize) {
        let streak = &self.polling.streak;
        let operations = u32::try_from(operations).unwrap_or(u32::MAX);
        streak.set(streak.get().saturating_add(operations));
    }

    /// It is kept under this key.
    pub(super) fn wait_kept(&self, begun: &Begun, key: Key) {
        if begun.is_only {
            self.polling.only.set(Some((begun.awaited, Some(key))));
        }
    }

    /// It is there, or not.
    pub(super) fn wait_ends(&self, awaited: Awaited, key: Key, is_done: bool) {
        let polling = &self.polling;
        if polling.only.get() != Some((awaited, Some(key))) {
            return;
        }
        polling.only.set(None);
        let mut pace = polling.pace(awaited).borrow_mut();
        if is_done {
            pace.end(Instant::now());
        } else {
            pace.forget();
        }
    }

    /// Python has been answered: it will go on, and soon call again or end its job.
    pub(super) fn answered(&self, env: Env<'_>) {
        let polling = &self.polling;
        if let Some((awaited, _)) = polling.only.take() {
            polling.pace(awaited).borrow_mut().forget();
        }
        if self.jobs.borrow().len() + self.operations.borrow().len() > FEW {
            return;
        }
        let now = Instant::now();
        let way = polling.pace(Awaited::Word).borrow_mut().begin(now);
        polling.only.set(Some((Awaited::Word, None)));
        if way == Way::Poll {
            self.poll(env, now);
        }
    }

    /// Something came of Python.
    pub(super) fn word_comes(&self) {
        let polling = &self.polling;
        if polling.only.get() == Some((Awaited::Word, None)) {
            polling.only.set(None);
            polling.pace(Awaited::Word).borrow_mut().end(Instant::now());
        }
    }

    /// Whether all that is waited for has been for long.
    fn wait_for_long(&self, now: Instant) -> bool {
        let is_long = |since: Option<Instant>| {
            since.is_some_and(|since| now.saturating_duration_since(since) > LONG)
        };
        let (jobs, operations) = (self.jobs.borrow(), self.operations.borrow());
        if jobs.slots() + operations.slots() > MOST_SLOTS {
            return false;
        }
        jobs.iter().all(|(_, job)| is_long(job.since))
            && operations
                .iter()
                .all(|(_, operation)| is_long(operation.since))
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
    while inbox.is_empty() && environment.polling.only.get().is_some() {
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
    Ok(None)
}
