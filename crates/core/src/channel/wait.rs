//! How a thread waits for an operation: for how long, and what may stop it. No channel state.

use super::interrupt::Interrupt;
use super::operation::Operation;
use super::select::Abandonment;
use super::sync::{Backoff, Parker, park, unparker_of};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a blocking operation may wait, and what can stop it. The default waits for ever.
#[derive(Clone, Debug, Default)]
pub struct Wait<'a> {
    /// When to give up; a deadline in the past still lets an operation through that need not wait.
    pub deadline: Option<Instant>,
    /// What stops the wait from another thread.
    pub interrupt: Option<&'a Interrupt>,
    /// Names the operation in [`WaiterInfo`](super::WaiterInfo).
    pub label: Option<Arc<str>>,
    /// What else the thread does if it is about to stop running, after it has spun in vain.
    pub around_park: Option<AroundPark>,
}

/// What a thread does around the time in which it does not run.
#[derive(Clone, Copy, Debug)]
pub struct AroundPark {
    /// Called once before. It may take its time, until it is told that there is nothing to wait for any more.
    pub before: fn(is_over: &dyn Fn() -> bool),
    /// Called once after, and told whether the operation is done.
    pub after: fn(is_done: bool),
}

impl<'a> Wait<'a> {
    /// Without end.
    #[must_use]
    pub fn forever() -> Self {
        Self::default()
    }

    /// Until `deadline`.
    #[must_use]
    pub fn until(deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..Self::default()
        }
    }

    /// For `duration` from now; without end where that is beyond what the clock can say.
    #[must_use]
    pub fn for_duration(duration: Duration) -> Self {
        Self {
            deadline: Instant::now().checked_add(duration),
            ..Self::default()
        }
    }

    /// The same, stopped by `interrupt`.
    #[must_use]
    pub fn interruptible(self, interrupt: &'a Interrupt) -> Self {
        Self {
            interrupt: Some(interrupt),
            ..self
        }
    }

    /// The same, under this label.
    #[must_use]
    pub fn labelled(self, label: Arc<str>) -> Self {
        Self {
            label: Some(label),
            ..self
        }
    }

    /// Why an operation that would have to wait must not.
    pub(super) fn refuses(&self) -> Option<Abandonment> {
        if self.interrupt.is_some_and(Interrupt::is_raised) {
            Some(Abandonment::Interrupted)
        } else if self
            .deadline
            .is_some_and(|deadline| deadline <= Instant::now())
        {
            Some(Abandonment::TimedOut)
        } else {
            None
        }
    }

    /// Blocks until `operation` is done, or until a reason to stop; then it may be done all the same.
    /// Spins and yields a little first, as long as crossbeam's `Backoff` recommends.
    pub(super) fn for_operation<T>(
        &self,
        operation: &Operation<T>,
        parker: &Parker,
    ) -> Result<(), Abandonment> {
        let backoff = Backoff::new();
        while !operation.is_done() && !backoff.is_completed() {
            backoff.snooze();
        }
        if operation.is_done() {
            return Ok(());
        }
        operation.start_clock();
        if let Some(around) = self.around_park {
            (around.before)(&|| operation.is_done() || self.refuses().is_some());
        }
        let waited = self.park_for(operation, parker);
        if let Some(around) = self.around_park {
            (around.after)(waited.is_ok());
        }
        waited
    }

    fn park_for<T>(&self, operation: &Operation<T>, parker: &Parker) -> Result<(), Abandonment> {
        if operation.is_done() {
            return Ok(());
        }
        let _enrolled = self
            .interrupt
            .map(|interrupt| interrupt.enroll(unparker_of(parker)));
        while !operation.is_done() {
            if let Some(reason) = self.refuses() {
                return Err(reason);
            }
            park(parker, self.deadline);
        }
        Ok(())
    }
}
