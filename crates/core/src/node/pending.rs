//! What waits: promises, and TypeScript's own records, for the end of a job or of a channel operation.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::environment::Environment;
use super::failure::Failed;
use super::js::{Deferred, Env, Js, Thrown, Val};
use super::polling::Awaited;
use super::slab::Key;
use super::to_js;
use crate::channel::{Completed, Outcome, Pending};
use crate::interpreter::{self, Each, Interpreter, JobId, timer};
use crate::sync::Place;
use crate::value::Value;

/// A job that somebody waits for.
pub(super) struct Job {
    pub(super) tells: Tells,
    pub(super) interpreter: Interpreter,
    /// `None` while it is being submitted.
    pub(super) id: Option<JobId>,
    /// The number that TypeScript cancels it by; 0: none.
    pub(super) number: u64,
}

/// Who is told of the end of a job, and what.
pub(super) enum Tells {
    /// A promise of the result.
    Result(Deferred),
    /// A promise of nothing.
    End(Deferred),
    /// A promise of `NativeEach` in `binding.ts`.
    Each(Deferred, Arc<Each>),
    /// The hook `jobsEnded`, which knows the job by its number.
    Hook,
}

/// A channel operation whose promise waits.
pub(super) struct Operation {
    pub(super) deferred: Deferred,
    /// `None` while it is being started.
    pub(super) pending: Option<Pending<Value>>,
    pub(super) answers: Answers,
    pub(super) number: u64,
    pub(super) timer: Option<Timer>,
    /// Where it waits at a barrier, which breaks if this is dropped too early.
    pub(super) _place: Option<Place>,
}

/// What a channel operation's promise is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answers {
    /// Nothing: a send.
    Nothing,
    /// The message or `ENDED`.
    Message,
    /// `[index, message]`.
    Case,
    /// Nothing, when there is a message or `ENDED` to be taken.
    Held,
}

/// A deadline that is forgotten when it is dropped.
pub(super) struct Timer(timer::TimerId);

impl Timer {
    /// Calls `action` after `delay`, on another thread; `None` if clocks do not go that far.
    pub(super) fn after(delay: Duration, action: impl FnOnce() + Send + 'static) -> Option<Self> {
        Some(Self(timer::at(Instant::now().checked_add(delay)?, action)))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        timer::cancel(self.0);
    }
}

/// Milliseconds as TypeScript gives them: `undefined`, `NaN` and `Infinity` are no limit.
pub(super) fn time_limit(milliseconds: Option<f64>) -> Option<Duration> {
    let seconds = milliseconds.filter(|ms| !ms.is_nan())? / 1000.0;
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}

/// Settles a promise. What cannot be converted rejects it; an error then is only that the
/// environment is ending.
pub(super) fn settle(
    environment: &Environment,
    env: Env<'_>,
    deferred: Deferred,
    result: Js<Val<'_>>,
) -> Js<()> {
    match result {
        Ok(value) => deferred.resolve(env, value),
        Err(thrown) => match environment.error(env, thrown) {
            Some(error) => deferred.reject(env, error),
            None => Err(Thrown::Pending),
        },
    }
}

impl Environment {
    /// A job has ended.
    pub(super) fn job_done(
        &self,
        env: Env<'_>,
        ticket: Key,
        outcome: interpreter::Outcome,
    ) -> Js<()> {
        let Some(job) = self.jobs.borrow_mut().remove(ticket) else {
            return Ok(());
        };
        self.wait_ends(Awaited::Job, ticket, true);
        if job.number != 0 {
            self.job_numbers.borrow_mut().remove(&job.number);
        }
        self.let_go(env);
        let outcome = outcome.map_err(|failure| {
            let name = job.interpreter.name().to_owned();
            Failed::Job(failure, name)
        });
        if matches!(job.tells, Tells::Hook) {
            return self.job_ended(env, job.number, outcome);
        }
        // Those that ended before are told before.
        self.tell_ended(env)?;
        let (deferred, result) = match job.tells {
            Tells::Hook => return Ok(()),
            Tells::Each(deferred, each) => (deferred, self.each_ended(env, &each, outcome)),
            Tells::Result(deferred) => {
                let value = outcome.map_err(Thrown::from);
                let value = value.and_then(|value| to_js::write(self, env, value));
                (deferred, value)
            }
            Tells::End(deferred) => {
                let end = outcome.map_err(Thrown::from);
                (deferred, end.and_then(|_| env.undefined()))
            }
        };
        settle(self, env, deferred, result)
    }

    /// A channel operation may have been committed.
    pub(super) fn operation_woken(&self, env: Env<'_>, ticket: Key) -> Js<()> {
        let completed = {
            let mut operations = self.operations.borrow_mut();
            let operation = operations.get_mut(ticket);
            if operation
                .as_ref()
                .is_some_and(|o| o.answers == Answers::Held)
            {
                drop(operations);
                return self.operation_held(env, ticket);
            }
            let pending = operation.and_then(|o| o.pending.as_mut());
            pending.and_then(Pending::take)
        };
        match completed {
            Some(completed) => self.operation_done(env, ticket, completed),
            None => Ok(()),
        }
    }

    /// A channel operation is to be given up, unless it has been committed.
    pub(super) fn operation_stopped(&self, env: Env<'_>, ticket: Key, why: &'static str) -> Js<()> {
        let pending = {
            let mut operations = self.operations.borrow_mut();
            operations
                .get_mut(ticket)
                .and_then(|operation| operation.pending.take())
        };
        let Some(pending) = pending else {
            return Ok(());
        };
        self.wait_ends(Awaited::Operation, ticket, false);
        match pending.cancel() {
            Err(completed) => self.operation_done(env, ticket, completed),
            Ok(_unsent) => match self.take_operation(env, ticket) {
                Some(operation) => {
                    let failed = Err(Failed::Channel(why, None).into());
                    settle(self, env, operation.deferred, failed)
                }
                None => Ok(()),
            },
        }
    }

    pub(super) fn operation_done(
        &self,
        env: Env<'_>,
        ticket: Key,
        completed: Completed<Value>,
    ) -> Js<()> {
        let Some(operation) = self.take_operation(env, ticket) else {
            return Ok(());
        };
        let result = self.completed(env, completed, operation.answers);
        settle(self, env, operation.deferred, result)
    }

    /// A receive in two steps has come to its second.
    fn operation_held(&self, env: Env<'_>, ticket: Key) -> Js<()> {
        let Some(operation) = self.take_operation(env, ticket) else {
            return Ok(());
        };
        if let Some(pending) = operation.pending {
            let other = self.held.borrow_mut().insert(operation.number, pending);
            drop(other);
        }
        settle(self, env, operation.deferred, env.undefined())
    }

    /// A channel operation is forgotten. If it had received a message, that goes back.
    pub(super) fn operation_dropped(&self, env: Env<'_>, ticket: Key) -> Js<()> {
        match self.take_operation(env, ticket) {
            Some(operation) => {
                drop(operation.pending);
                settle(self, env, operation.deferred, env.undefined())
            }
            None => Ok(()),
        }
    }

    fn take_operation(&self, env: Env<'_>, ticket: Key) -> Option<Operation> {
        let operation = self.operations.borrow_mut().remove(ticket)?;
        self.wait_ends(Awaited::Operation, ticket, true);
        if operation.number != 0 {
            self.operation_numbers
                .borrow_mut()
                .remove(&operation.number);
        }
        self.let_go(env);
        Some(operation)
    }

    /// What a completed operation answers.
    pub(super) fn completed<'s>(
        &self,
        env: Env<'s>,
        completed: Completed<Value>,
        answers: Answers,
    ) -> Js<Val<'s>> {
        let answer = match completed.outcome {
            Outcome::Sent => env.undefined()?,
            Outcome::Received(message) => to_js::write(self, env, message)?,
            Outcome::Ended { .. } if answers == Answers::Nothing => {
                return Err(Failed::Channel("closed", None).into());
            }
            Outcome::Ended { .. } => env.get(&self.constants.ended)?,
            Outcome::Poisoned { reason, .. } => {
                return Err(Failed::Channel("poisoned", Some(reason)).into());
            }
        };
        if answers != Answers::Case {
            return Ok(answer);
        }
        let pair = env.array_with_length(2)?;
        env.set_element(pair, 0, env.number(completed.index as f64)?)?;
        env.set_element(pair, 1, answer)?;
        Ok(pair)
    }
}

#[cfg(test)]
mod tests {
    use super::time_limit;
    use std::time::Duration;

    #[test]
    fn limits_are_what_a_person_means() {
        assert_eq!(time_limit(Some(1500.0)), Some(Duration::from_millis(1500)));
        assert_eq!(time_limit(Some(0.0)), Some(Duration::ZERO));
        assert_eq!(time_limit(Some(-1.0)), Some(Duration::ZERO));
        for unlimited in [None, Some(f64::INFINITY), Some(f64::NAN), Some(1e300)] {
            assert_eq!(time_limit(unlimited), None);
        }
    }
}
