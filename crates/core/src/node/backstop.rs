//! The timer that lets wake-ups of this environment be put off: whatever is not delivered by then
//! is seen when it runs out. Who puts them off, and why, is `crate::coalescing`.

use std::cell::Cell;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::environment::Environment;
use super::js::{Env, Js, Val};

/// Waits that follow each other no later than this are worth a timer.
const CLOSE: Duration = Duration::from_micros(500);

/// How late a wake-up may be at worst, in milliseconds.
const LATEST_MS: f64 = 1.0;

/// Whether the timer runs, and when the environment last began to wait.
#[derive(Default)]
pub(super) struct Backstop {
    is_running: Cell<bool>,
    last_wait: Cell<Option<Instant>>,
}

impl Environment {
    /// A channel operation begins to wait. If they come thick and fast, the parties that complete
    /// them may put wake-ups off, and a timer sees to it that no harm comes of that.
    pub(super) fn waits(&self, env: Env<'_>) -> Js<()> {
        let backstop = &self.backstop;
        if backstop.is_running.get() {
            return Ok(());
        }
        let now = Instant::now();
        let last = backstop.last_wait.replace(Some(now));
        if last.is_none_or(|last| now - last > CLOSE) {
            return Ok(());
        }
        if !self.turn(env, &self.constants.run_out, Some(LATEST_MS))? {
            return Ok(());
        }
        backstop.is_running.set(true);
        self.mailbox.may_be_late.store(true, Ordering::Release);
        Ok(())
    }
}

/// The function that the timer calls.
pub(super) fn run_out<'s>(
    environment: &Environment,
    env: Env<'s>,
    []: [Val<'s>; 0],
) -> Js<Option<Val<'s>>> {
    let Environment {
        backstop, mailbox, ..
    } = environment;
    backstop.is_running.set(false);
    backstop.last_wait.set(Some(Instant::now()));
    // In this order: who puts one off looks again after that, and either sees the first or is seen
    // by the second, which changes the word that it changed.
    mailbox.may_be_late.store(false, Ordering::Release);
    if mailbox.inbox.wake() {
        environment.tick(env);
    }
    Ok(None)
}
