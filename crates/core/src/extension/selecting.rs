//! Selecting among channels: what Python gives as cases, and what came of the one that was
//! committed. Blocking here; without blocking, for asyncio, in `port.rs`.

use std::time::Instant;

use super::channel_ends::{ReceiveEnd, SendEnd, message};
use super::channel_errors::{not_received, refused};
use super::define::{Args, value_of};
use super::events::{self, At, EventClass};
use super::state::State;
use super::wait_log;
use super::waiting::{Waiting, deadline};
use crate::channel::{
    Abandonment, ChannelId, Completed, Direction, Order, Outcome, ReceiveError, Refusal, Selection,
};
use crate::python::{Borrowed, Builtin, Object, PyErr, PyResult, Python, into_python, to_python};
use crate::value::Value;

type Returned<'py> = PyResult<'py, Object<'py>>;

/// The cases of a selection, for those who listen to what has to wait or record it; else none.
#[derive(Default)]
pub(super) struct Cases(Vec<(Direction, At)>);

impl Cases {
    fn add(&mut self, direction: Direction, at: impl FnOnce() -> At) {
        if events::is_wanted(EventClass::Blocked) || wait_log::is_on() {
            self.0.push((direction, at()));
        }
    }

    fn are_listened_to(&self) -> bool {
        !self.0.is_empty() && events::is_wanted(EventClass::Blocked)
    }

    fn channels(&self) -> Vec<(ChannelId, Direction)> {
        let each = self.0.iter();
        each.map(|(direction, at)| (at.channel, *direction))
            .collect()
    }

    /// The selection has to wait.
    pub(super) fn tell_blocked(self, state: &State, deadline: Option<Instant>) {
        for (direction, at) in self.0 {
            events::tell_blocked(state, direction, deadline, || at);
        }
    }
}

/// A selection of the cases in an iterable: each is a receive end, or a tuple `(send end, obj)`.
pub(super) fn selection<'py>(
    state: &State,
    cases: Borrowed<'_, 'py>,
    fair: bool,
) -> PyResult<'py, (Selection<Value>, Cases)> {
    let (py, mut waits) = (cases.py(), Cases::default());
    let mut selection = Selection::new(if fair {
        Order::Fair
    } else {
        Order::Prioritized
    });
    for case in cases.to_object().iterate()? {
        let case = case?;
        if state.is_instance::<ReceiveEnd>((&case).into()) {
            // SAFETY: checked just now.
            let end = unsafe { value_of::<ReceiveEnd>((&case).into()) };
            let end = end.get(state, py)?;
            waits.add(Direction::Receive, || At {
                channel: end.id(),
                name: end.name(),
            });
            selection.receive((*end).clone());
            continue;
        }
        let parts = case
            .iterate()
            .ok()
            .map(|parts| parts.collect::<PyResult<'_, Vec<_>>>());
        match parts.transpose()?.as_deref() {
            Some([end, object]) if state.is_instance::<SendEnd>(end.into()) => {
                // SAFETY: checked just now.
                let end = unsafe { value_of::<SendEnd>(end.into()) };
                let end = end.get(state, py)?;
                selection.send((*end).clone(), message(state, object.into())?);
                waits.add(Direction::Send, || At {
                    channel: end.id(),
                    name: end.name(),
                });
            }
            _ => {
                let wanted = "a case must be a RecvChannel or a (SendChannel, obj) tuple";
                return Err(PyErr::new(py, Builtin::TypeError, wanted));
            }
        }
    }
    Ok((selection, waits))
}

/// `(index, obj)` of what was committed, or the exception of a case whose channel ended.
pub(super) fn committed<'py>(
    state: &State,
    py: Python<'py>,
    completed: Completed<Value>,
) -> Returned<'py> {
    let index = completed.index;
    let value = match completed.outcome {
        Outcome::Sent => Object::none(py),
        Outcome::Received(value) => into_python(py, value)?,
        Outcome::Ended { unsent: Some(_) } => {
            let error = refused(state, py, &Refusal::Closed);
            return Err(with_case(error, index));
        }
        Outcome::Ended { unsent: None } => {
            let error = not_received(state, py, &ReceiveError::Closed);
            return Err(with_case(error, index));
        }
        Outcome::Poisoned { reason, .. } => {
            let poisoned = ReceiveError::Poisoned(reason);
            return Err(with_case(not_received(state, py, &poisoned), index));
        }
    };
    Object::tuple(py, [to_python(py, &Value::Int(index as i64))?, value])
}

/// `select(cases, timeout=None, fair=True)`: gives `(index, obj)`; `obj` is `None` for a send. A
/// timeout of 0 does not wait. Raises `TimeoutError`, and the exception of the case that ended.
pub(super) fn select<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    args.check(&["cases", "timeout", "fair"])?;
    let (mut selection, cases) = selection(state, args.required(0, "cases")?, is_fair(&args, 2))?;
    let deadline = deadline(args.optional(1, "timeout"))?;
    if selection.is_empty() && deadline.is_none() {
        let message = "select() without cases and without a timeout would wait for ever";
        return Err(PyErr::new(py, Builtin::ValueError, message));
    }
    let waiting = Waiting::new(state).at(&cases.channels());
    if cases.are_listened_to() {
        selection = match selection.try_now() {
            Ok(completed) => return committed(state, py, completed),
            Err(selection) => selection,
        };
        cases.tell_blocked(state, deadline);
    }
    match py.detach(|| selection.wait(&waiting.until(deadline))) {
        Ok(completed) => committed(state, py, completed),
        Err(abandoned) if abandoned.reason == Abandonment::TimedOut => {
            Err(PyErr::new(py, Builtin::TimeoutError, "select timed out"))
        }
        Err(_) => Err(waiting.interrupted(py)),
    }
}

/// The argument `fair`, true unless given.
pub(super) fn is_fair(args: &Args<'_, '_>, index: usize) -> bool {
    args.named(index, "fair")
        .is_none_or(|fair| fair.to_object().is_true())
}

/// Notes on the exception which case it was (`exception.case`).
fn with_case(error: PyErr<'_>, index: usize) -> PyErr<'_> {
    let object = error.object();
    if let Ok(index) = to_python(object.py(), &Value::Int(index as i64)) {
        // An exception that takes no attributes loses the hint only.
        let _ = object.setattr(c"case", &index);
    }
    error
}
