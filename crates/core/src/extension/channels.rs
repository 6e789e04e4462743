//! Functions of `_multicore` about channels: making them, listing them, finding them.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::channel_ends::{receive_end, send_end};
use super::define::Args;
use super::events::{self, At, EventClass};
use super::process::{integer, string};
use super::state::State;
use crate::channel::{self, Capacity, Options, Overflow};
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
            Ok(Some(capacity)) if capacity.get() > Capacity::MOST => {
                let message = format!("capacity must be at most {}, or None", Capacity::MOST);
                return Err(PyErr::new(py, Builtin::ValueError, &message));
            }
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
    events::tell(state, EventClass::Created, || At {
        channel: sender.id(),
        name: sender.name(),
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

/// `find_channel(id)`: `(receive end or None, send end or None)`; `None` if there is no such channel.
pub(super) fn find<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let wanted = u64::try_from(integer(args.required(0, "id")?)?).unwrap_or(0);
    let found = channel::list_all::<Value>()
        .into_iter()
        .find(|ends| ends.id.get() == wanted);
    let Some(ends) = found else {
        return Ok(Object::none(py));
    };
    let receiver = match ends.receiver {
        Some(receiver) => receive_end(state, py, Arc::new(receiver))?,
        None => Object::none(py),
    };
    let sender = match ends.sender {
        Some(sender) => send_end(state, py, Arc::new(sender))?,
        None => Object::none(py),
    };
    Object::tuple(py, [receiver, sender])
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
