//! Functions of `_multicore` about channels: making them, listing them, selecting among them.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::channel_ends::{self, ReceiveEnd, SendEnd, message, receive_end, send_end};
use super::define::{Args, value_of};
use super::process::{integer, string};
use super::state::State;
use super::waiting::{Waiting, deadline};
use crate::channel::{
    self, Abandonment, Capacity, Options, Order, Outcome, Overflow, ReceiveError, Refusal,
    Selection,
};
use crate::python::{
    Borrowed, Builtin, ConvertError, Mode, Object, PyErr, PyResult, from_python, to_python,
};
use crate::sync;
use crate::value::Value;

type Returned<'py> = PyResult<'py, Object<'py>>;

/// `create_channel(capacity, overflow, name)`: capacity 0 is a rendezvous, `None` unbounded;
/// overflow 0 blocks, 1 drops the oldest, 2 the newest. Gives `(receive end, send end)`.
pub(super) fn create<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let capacity = match args.optional(0, "capacity") {
        None => Capacity::Unbounded,
        Some(capacity) => match usize::try_from(integer(capacity)?).map(NonZeroUsize::new) {
            Ok(None) => Capacity::Rendezvous,
            Ok(Some(capacity)) => Capacity::Bounded(capacity),
            Err(_) => {
                return Err(PyErr::new(
                    py,
                    Builtin::ValueError,
                    "capacity must not be negative",
                ));
            }
        },
    };
    let overflow = match args.optional(1, "overflow").map(integer).transpose()? {
        None | Some(0) => Overflow::Block,
        Some(1) => Overflow::DropOldest,
        Some(2) => Overflow::DropNewest,
        Some(_) => {
            return Err(PyErr::new(
                py,
                Builtin::ValueError,
                "overflow must be 0, 1 or 2",
            ));
        }
    };
    let name = args
        .optional(2, "name")
        .map(string)
        .transpose()?
        .map(Arc::from);
    let (sender, receiver) = channel::channel(Options {
        capacity,
        overflow,
        name,
    });
    let receiver = receive_end(state, py, Arc::new(receiver))?;
    Object::tuple(py, [receiver, send_end(state, py, Arc::new(sender))?])
}

/// `list_channels()`: `(receive end or None, send end or None)` of every living channel.
pub(super) fn list<'py>(this: Borrowed<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let list = to_python(py, &Value::List(Box::new([])))?;
    for ends in channel::list_all::<Value>() {
        let name = match (&ends.receiver, &ends.sender) {
            (Some(receiver), _) => receiver.name(),
            (None, sender) => sender.as_ref().and_then(|sender| sender.name()),
        };
        if sync::is_internal(name.as_deref()) {
            continue;
        }
        let receiver = match ends.receiver {
            Some(receiver) => receive_end(state, py, Arc::new(receiver))?,
            None => Object::none(py),
        };
        let sender = match ends.sender {
            Some(sender) => send_end(state, py, Arc::new(sender))?,
            None => Object::none(py),
        };
        list.call_method(c"append", [&Object::tuple(py, [receiver, sender])?])?;
    }
    Ok(list)
}

/// `is_shareable(obj)`
pub(super) fn is_shareable<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let shareable = match from_python(args.required(0, "obj")?, Mode::Message) {
        Ok(_) => true,
        Err(ConvertError::NotShareable(_)) => false,
        Err(ConvertError::Raised(error)) if error.is(Builtin::KeyboardInterrupt) => {
            return Err(error);
        }
        Err(ConvertError::Raised(_)) => false,
    };
    to_python(this.py(), &Value::Bool(shareable))
}

/// `select(cases, timeout=None, fair=True)`: each case is a receive end, or a tuple
/// `(send end, obj)`. Gives `(index, obj)`; `obj` is `None` for a send. A timeout of 0 does not
/// wait. Raises `TimeoutError`, and the exception of the case that ended.
pub(super) fn select<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    args.check(&["cases", "timeout", "fair"])?;
    let fair = args
        .named(2, "fair")
        .is_none_or(|fair| fair.to_object().is_true());
    let mut selection = Selection::new(if fair {
        Order::Fair
    } else {
        Order::Prioritized
    });
    let mut sends = Vec::new();
    for case in args.required(0, "cases")?.to_object().iterate()? {
        let case = case?;
        if state.is_instance::<ReceiveEnd>((&case).into()) {
            // SAFETY: checked just now.
            let end = unsafe { value_of::<ReceiveEnd>((&case).into()) };
            selection.receive((*end.0).clone());
            sends.push(false);
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
                selection.send((*end.0).clone(), message(state, object.into())?);
                sends.push(true);
            }
            _ => {
                let wanted = "a case must be a RecvChannel or a (SendChannel, obj) tuple";
                return Err(PyErr::new(py, Builtin::TypeError, wanted));
            }
        }
    }
    let deadline = deadline(args.optional(1, "timeout"))?;
    if selection.is_empty() && deadline.is_none() {
        let message = "select() without cases and without a timeout would wait for ever";
        return Err(PyErr::new(py, Builtin::ValueError, message));
    }
    let waiting = Waiting::new(state);
    let completed = match py.detach(|| selection.wait(&waiting.until(deadline))) {
        Ok(completed) => completed,
        Err(abandoned) if abandoned.reason == Abandonment::TimedOut => {
            return Err(PyErr::new(py, Builtin::TimeoutError, "select timed out"));
        }
        Err(_) => return Err(waiting.interrupted(py)),
    };
    let (index, sent) = (completed.index, sends.get(completed.index) == Some(&true));
    let value = match completed.outcome {
        Outcome::Sent => Object::none(py),
        Outcome::Received(value) => to_python(py, &value)?,
        Outcome::Ended { .. } if sent => {
            return Err(with_case(
                channel_ends::refused(state, py, &Refusal::Closed),
                index,
            ));
        }
        Outcome::Ended { .. } => {
            return Err(with_case(
                channel_ends::not_received(state, py, &ReceiveError::Closed),
                index,
            ));
        }
        Outcome::Poisoned { reason, .. } => {
            let poisoned = ReceiveError::Poisoned(reason);
            return Err(with_case(
                channel_ends::not_received(state, py, &poisoned),
                index,
            ));
        }
    };
    Object::tuple(py, [to_python(py, &Value::Int(index as i64))?, value])
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
