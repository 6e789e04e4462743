//! What both ends of a channel can do alike: being left, cloned, closed, poisoned, asked for figures,
//! compared. Not here: sending and receiving (`channel_ends.rs`).

use std::ffi::{c_int, c_void};
use std::sync::Arc;

use pyo3::ffi as c;

use super::channel_ends::{ReceiveEnd, SendEnd, receive_end, send_end};
use super::channel_errors::MODULE;
use super::define::{Args, Class, guard, state_of, value_of};
use super::events::{self, At, EventClass};
use super::monitoring::Held;
use super::state::State;
use crate::channel::ChannelId;
use crate::message::{ValueReceiver, ValueSender};
use crate::python::{Borrowed, GilCell, Object, PyErr, PyResult, Python, to_python};
use crate::value::Value;

type This<'a, 'py> = Borrowed<'a, 'py>;
type Returned<'py> = PyResult<'py, Object<'py>>;

/// Where an object has its end, until it leaves it.
pub(super) struct Place<E> {
    channel: ChannelId,
    end: GilCell<Option<(Arc<E>, Held)>>,
}

impl<E> Place<E> {
    pub(super) fn new(py: Python<'_>, channel: ChannelId, end: Arc<E>, held: Held) -> Self {
        let end = GilCell::new(py, Some((end, held)));
        Self { channel, end }
    }

    /// Uses the end where it is: for what neither blocks nor lets the GIL go.
    pub(super) fn with<'py, R>(
        &self,
        state: &State,
        py: Python<'py>,
        f: impl FnOnce(&E) -> R,
    ) -> PyResult<'py, R> {
        match self.end.with(py, |end| end.as_ref().map(|(end, _)| f(end))) {
            Some(Some(result)) => Ok(result),
            _ => Err(left(state, py)),
        }
    }

    /// The end, kept alive whatever becomes of this object.
    pub(super) fn get<'py>(&self, state: &State, py: Python<'py>) -> PyResult<'py, Arc<E>> {
        match self
            .end
            .with(py, |end| end.as_ref().map(|(end, _)| Arc::clone(end)))
        {
            Some(Some(end)) => Ok(end),
            _ => Err(left(state, py)),
        }
    }
}

/// The exception for an end that was left.
fn left<'py>(state: &State, py: Python<'py>) -> PyErr<'py> {
    let message = "this end was left: keep a clone() to go on using the channel";
    state.error(py, "ChannelClosedError", MODULE, message)
}

/// What both ends can do alike.
pub(super) trait End: Class {
    type Core;
    fn place(&self) -> &Place<Self::Core>;
    fn name(core: &Self::Core) -> Option<Arc<str>>;
    fn close(core: &Self::Core);
    fn poison(core: &Self::Core, reason: Arc<str>);
    fn ended(core: &Self::Core) -> bool;
    fn stats(core: &Self::Core) -> crate::channel::Stats;
    fn object<'py>(state: &State, py: Python<'py>, core: Arc<Self::Core>) -> Returned<'py>;
}

macro_rules! end {
    ($class:ident, $core:ident, $object:ident) => {
        impl End for $class {
            type Core = $core;
            fn place(&self) -> &Place<$core> {
                &self.0
            }
            fn name(core: &$core) -> Option<Arc<str>> {
                core.name()
            }
            fn close(core: &$core) {
                core.close();
            }
            fn poison(core: &$core, reason: Arc<str>) {
                core.poison(reason);
            }
            fn ended(core: &$core) -> bool {
                core.is_closed() || core.is_poisoned().is_some()
            }
            fn stats(core: &$core) -> crate::channel::Stats {
                core.stats()
            }
            fn object<'py>(state: &State, py: Python<'py>, core: Arc<$core>) -> Returned<'py> {
                $object(state, py, core)
            }
        }
    };
}
end!(SendEnd, ValueSender, send_end);
end!(ReceiveEnd, ValueReceiver, receive_end);

/// The Rust value of the instance that a method was called on.
pub(super) fn of<'a, T: Class>(this: This<'a, '_>) -> &'a T {
    // SAFETY: methods and slots of a type are called by CPython on instances of it alone: method
    // descriptors check that, and slots are reached through the type.
    unsafe { value_of::<T>(this) }
}

/// Where an event takes place, if it is told of.
fn at<T: End>(channel: ChannelId, end: &T::Core) -> impl FnOnce() -> At + use<T> {
    let name = T::name(end);
    move || At { channel, name }
}

/// Closing what was left already is harmless.
pub(super) fn close<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&[])?;
    let py = this.py();
    let place = of::<T>(this).place();
    let closed = place.end.with(py, |end| {
        let (end, _) = end.as_ref()?;
        T::close(end);
        Some(at::<T>(place.channel, end))
    });
    if let Some(Some(at)) = closed {
        events::tell(state, EventClass::Closed, at);
    }
    Ok(Object::none(py))
}

/// As [`close`].
pub(super) fn poison<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&["reason"])?;
    let py = this.py();
    let reason = match args.optional(0, "reason") {
        Some(reason) => super::process::string(reason)?,
        None => "poisoned".to_owned(),
    };
    let (place, reason) = (of::<T>(this).place(), Arc::from(reason));
    let poisoned = place.end.with(py, |end| {
        let (end, _) = end.as_ref()?;
        T::poison(end, Arc::clone(&reason));
        Some(at::<T>(place.channel, end))
    });
    if let Some(Some(at)) = poisoned {
        events::tell_poisoned(state, &reason, at);
    }
    Ok(Object::none(py))
}

pub(super) fn leave<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&[])?;
    let py = this.py();
    // Dropped after the access: the last one ends the channel, which may drop messages.
    let place = of::<T>(this).place();
    let left = place.end.with(py, Option::take).flatten();
    if let Some((end, _)) = &left {
        events::tell(state, EventClass::Left, at::<T>(place.channel, end));
    }
    drop(left);
    Ok(Object::none(py))
}

pub(super) fn clone<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&[])?;
    let py = this.py();
    T::object(state, py, of::<T>(this).place().get(state, py)?)
}

pub(super) fn is_left<'py, T: End>(
    this: This<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let left = of::<T>(this).place().end.with(py, |end| end.is_none());
    to_python(py, &Value::Bool(left == Some(true)))
}

pub(super) fn id<'py, T: End>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let id = of::<T>(this).place().channel.get();
    to_python(this.py(), &Value::Int(id as i64))
}

pub(super) fn name<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    _: Args<'_, 'py>,
) -> Returned<'py> {
    let name = of::<T>(this).place().with(state, this.py(), T::name)?;
    to_python(
        this.py(),
        &name.map_or(Value::None, |name| Value::from(&*name)),
    )
}

pub(super) fn is_closed<'py, T: End>(
    this: This<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let end = &of::<T>(this).place().end;
    let ended = end.with(py, |end| end.as_ref().is_none_or(|(end, _)| T::ended(end)));
    to_python(py, &Value::Bool(ended != Some(false)))
}

pub(super) fn waiting<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    _: Args<'_, 'py>,
) -> Returned<'py> {
    let stats = of::<T>(this).place().with(state, this.py(), T::stats)?;
    let count = (stats.len + stats.waiting_senders) as i64;
    to_python(this.py(), &Value::Int(count))
}

pub(super) fn stats<'py, T: End>(
    this: This<'_, 'py>,
    state: &State,
    _: Args<'_, 'py>,
) -> Returned<'py> {
    let stats = of::<T>(this).place().with(state, this.py(), T::stats)?;
    figures(this.py(), &stats)
}

/// A channel's figures as a dict.
pub(super) fn figures<'py>(py: Python<'py>, stats: &crate::channel::Stats) -> Returned<'py> {
    let count = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let size = |number: usize| count(number as u64);
    let seconds = |duration: std::time::Duration| Value::Float(duration.as_secs_f64());
    let text = |text: &Option<Arc<str>>| text.as_deref().map_or(Value::None, Value::from);
    let items = [
        ("id", count(stats.id.get())),
        ("name", text(&stats.name)),
        ("length", size(stats.len)),
        ("capacity", stats.capacity.map_or(Value::None, size)),
        ("sent", count(stats.sent)),
        ("received", count(stats.received)),
        ("dropped", count(stats.dropped)),
        ("waiting_senders", size(stats.waiting_senders)),
        ("waiting_receivers", size(stats.waiting_receivers)),
        ("send_wait", seconds(stats.send_wait)),
        ("receive_wait", seconds(stats.receive_wait)),
        ("oldest_age", stats.oldest_age.map_or(Value::None, seconds)),
        ("senders", size(stats.senders)),
        ("receivers", size(stats.receivers)),
        ("closed", Value::Bool(stats.closed)),
        ("poisoned", text(&stats.poisoned)),
    ];
    let pairs: Vec<_> = items
        .into_iter()
        .map(|(name, value)| (Value::from(name), value))
        .collect();
    to_python(py, &Value::Dict(pairs.into()))
}

/// Equality and hash by channel and end.
pub(super) fn identity_slots<T: End>() -> Vec<c::PyType_Slot> {
    unsafe extern "C" fn hash<T: End>(this: *mut c::PyObject) -> c::Py_hash_t {
        // SAFETY: tp_hash: attached, a living instance of our type.
        unsafe {
            let Some(state) = state_of::<T>(this) else {
                return -1;
            };
            let hash = guard(state.interp(), |py| {
                Ok(of::<T>(Borrowed::new(py, this)).place().channel.get())
            });
            hash.map_or(-1, |number| number as c::Py_hash_t)
        }
    }
    unsafe extern "C" fn compare<T: End>(
        this: *mut c::PyObject,
        other: *mut c::PyObject,
        operation: c_int,
    ) -> *mut c::PyObject {
        // SAFETY: tp_richcompare: attached, living objects, the first an instance of our type.
        unsafe {
            let Some(state) = state_of::<T>(this) else {
                return std::ptr::null_mut();
            };
            let result = guard(state.interp(), |py| {
                let (this, other) = (Borrowed::new(py, this), Borrowed::new(py, other));
                if !state.is_instance::<T>(other) || !matches!(operation, c::Py_EQ | c::Py_NE) {
                    return Ok(c::Py_NewRef(c::Py_NotImplemented()));
                }
                let equal = of::<T>(this).place().channel == of::<T>(other).place().channel;
                to_python(py, &Value::Bool(equal == (operation == c::Py_EQ))).map(Object::into_ptr)
            });
            result.unwrap_or(std::ptr::null_mut())
        }
    }
    vec![
        c::PyType_Slot {
            slot: c::Py_tp_hash,
            pfunc: hash::<T> as *mut c_void,
        },
        c::PyType_Slot {
            slot: c::Py_tp_richcompare,
            pfunc: compare::<T> as *mut c_void,
        },
    ]
}
