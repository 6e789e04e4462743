//! Waiting for the only job that is under way without sleeping, where that is faster. When it is,
//! `pace.rs` finds out; the interpreter's thread waits alike for its next job.
//!
//! "Only" leaves out jobs that have run for long already: somebody's loop in another interpreter is no
//! reason to wait longer for a call. Between two looks the event loop has its turn (`setImmediate`), so nothing else comes late.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use super::environment::Environment;
use super::js::{Env, Js, Val};
use super::pace::{Pace, Way};
use super::slab::Key;
use crate::interpreter::Follows;

/// How long a job is polled for; after that it is slept for.
const LONGEST: Duration = Duration::from_micros(50);

/// A job that has run for this long is not waited for by anybody who minds microseconds.
const LONG: Duration = Duration::from_millis(5);

/// With more jobs than this under way, nobody looks how long they have run.
const FEW: usize = 4;

/// How long one look takes: below what one turn of the event loop takes with a few events.
const LOOK: Duration = Duration::from_micros(5);

/// Of one environment.
#[derive(Default)]
pub(super) struct Polling {
    pace: RefCell<Pace>,
    /// The job that `pace` knows of.
    job: Cell<Option<Key>>,
    /// When to sleep after all; `None`: nobody polls.
    until: Cell<Option<Instant>>,
}

/// How a job is waited for.
pub(super) struct Begun {
    /// Since when, if that may matter to others.
    pub(super) since: Option<Instant>,
    /// Whether it is the only one.
    is_only: bool,
    is_polled: bool,
}

impl Begun {
    /// What the interpreter's thread is to expect after it.
    pub(super) fn follows(&self) -> Follows {
        if self.is_polled {
            Follows::AtOnce
        } else {
            Follows::Later
        }
    }
}

impl Environment {
    /// A job is about to be submitted.
    pub(super) fn job_begins(&self, env: Env<'_>) -> Begun {
        let polling = &self.polling;
        let mut begun = Begun {
            since: None,
            is_only: false,
            is_polled: false,
        };
        let others = self.jobs.borrow().len();
        if others <= FEW {
            let now = Instant::now();
            begun.since = Some(now);
            begun.is_only = others == 0 || self.have_run_for_long(now);
        }
        if let (true, Some(now)) = (begun.is_only, begun.since) {
            let way = polling.pace.borrow_mut().begin(now);
            begun.is_polled = way == Way::Poll && self.poll(env, now);
        } else if polling.job.take().is_some() {
            polling.pace.borrow_mut().joined();
        }
        begun
    }

    /// It is kept under this key.
    pub(super) fn job_kept(&self, begun: &Begun, key: Key) {
        if begun.is_only {
            self.polling.job.set(Some(key));
        }
    }

    /// It has ended.
    pub(super) fn job_ends(&self, key: Key) {
        if self.polling.job.get() == Some(key) {
            self.polling.job.set(None);
            self.polling.pace.borrow_mut().end(Instant::now());
        }
    }

    /// Whether all jobs have.
    fn have_run_for_long(&self, now: Instant) -> bool {
        let jobs = self.jobs.borrow();
        jobs.iter().all(|(_, job)| {
            job.since
                .is_some_and(|since| now.saturating_duration_since(since) > LONG)
        })
    }

    fn poll(&self, env: Env<'_>, now: Instant) -> bool {
        let Some(until) = now.checked_add(LONGEST) else {
            return false;
        };
        let is_new = self.polling.until.replace(Some(until)).is_none();
        if is_new && self.look_again(env).is_err() {
            let _ = env.take_exception();
            self.polling.until.set(None);
            return false;
        }
        // From now on nobody need wake this thread.
        let _was_asleep = self.mailbox.inbox.wake();
        true
    }

    fn look_again(&self, env: Env<'_>) -> Js<()> {
        let look = {
            let look = self.constants.look.borrow();
            let Some(look) = look.as_ref() else {
                return Ok(());
            };
            env.get(look)?
        };
        let set_immediate = env.get(&self.constants.set_immediate)?;
        env.call(set_immediate, &[look])?;
        Ok(())
    }
}

/// The function that `setImmediate` calls while somebody polls.
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
    while inbox.is_empty() && environment.polling.job.get().is_some() {
        let now = Instant::now();
        if now < stop {
            std::hint::spin_loop();
        } else if now < until && environment.look_again(env).is_ok() {
            return Ok(None);
        } else {
            break;
        }
    }
    environment.polling.until.set(None);
    environment.tick(env);
    Ok(None)
}
