//! The Python types of channel ends. `multicore.channels` subclasses them and adds what needs no
//! speed; what a program does for every message is here.

use std::ffi::{CStr, c_int, c_void};
use std::sync::Arc;
use std::time::Instant;

use pyo3::ffi as c;

use super::channel_errors::{MODULE, conversion_error, not_received, refused};
use super::define::{Args, Class, guard, make_instance, methods, state_of, value_of};
use super::monitoring::Held;
use super::state::State;
use super::waiting::{Waiting, deadline};
use crate::channel::{Direction, ReceiveError, Refusal, SendError};
use crate::coalescing;
use crate::message::{ValueReceiver, ValueSender};
use crate::python::{Borrowed, Mode, Object, PyResult, Python, from_python, to_python};
use crate::value::Value;

/// A sending end as Python holds it.
pub(super) struct SendEnd(
    pub(super) Arc<ValueSender>,
    #[expect(dead_code, reason = "counts while it lives")] Held,
);

/// A receiving end as Python holds it.
pub(super) struct ReceiveEnd(
    pub(super) Arc<ValueReceiver>,
    #[expect(dead_code, reason = "counts while it lives")] Held,
);

type This<'a, 'py> = Borrowed<'a, 'py>;
type Returned<'py> = PyResult<'py, Object<'py>>;

impl Class for SendEnd {
    const NAME: &'static CStr = c"_multicore.SendEnd";
    const DOC: &'static CStr = c"The sending end of a channel.";
    fn methods() -> *mut c::PyMethodDef {
        SEND_METHODS.as_ptr()
    }
    fn slots() -> Vec<c::PyType_Slot> {
        identity_slots::<Self>()
    }
}

impl Class for ReceiveEnd {
    const NAME: &'static CStr = c"_multicore.ReceiveEnd";
    const DOC: &'static CStr = c"The receiving end of a channel.";
    fn methods() -> *mut c::PyMethodDef {
        RECEIVE_METHODS.as_ptr()
    }
    fn slots() -> Vec<c::PyType_Slot> {
        let mut slots = identity_slots::<Self>();
        slots.push(c::PyType_Slot {
            slot: c::Py_tp_iter,
            pfunc: iter as *mut c_void,
        });
        slots.push(c::PyType_Slot {
            slot: c::Py_tp_iternext,
            pfunc: next as *mut c_void,
        });
        slots
    }
}

methods!(SEND_METHODS, state_of::<SendEnd>, [
    c"send" => send, c"send(obj, timeout=None)\n--\n\nSend, waiting until it is accepted.";
    c"send_nowait" => send_nowait, c"send_nowait(obj)\n--\n\nSend without waiting.\n\nTrue: the channel or a receiver has the object. False: nobody receives now, and\nthe object waits in the channel until somebody does (a channel without capacity).\nA channel with a capacity that is full raises ChannelFullError.";
    c"try_send" => try_send, c"try_send(obj)\n--\n\nSend if that needs no waiting; says whether it was sent.";
    c"close" => close::<SendEnd>, c"close()\n--\n\nClose the channel: receivers drain it, then it ends.";
    c"poison" => poison::<SendEnd>, c"poison(reason)\n--\n\nEnd the channel for every party at once.";
    c"stats" => stats::<SendEnd>, c"stats()\n--\n\nThe channel's figures.";
    c"_id" => id::<SendEnd>, c"_id()\n--\n\nThe channel's number.";
    c"_name" => name::<SendEnd>, c"_name()\n--\n\nThe channel's name.";
    c"_is_closed" => is_closed::<SendEnd>, c"_is_closed()\n--\n\nWhether it ended.";
    c"_waiting" => waiting::<SendEnd>, c"_waiting()\n--\n\nHow many sends and messages wait to be received.";
]);

methods!(RECEIVE_METHODS, state_of::<ReceiveEnd>, [
    c"recv" => receive, c"recv(timeout=None)\n--\n\nReceive, waiting for a message.";
    c"recv_nowait" => receive_nowait, c"recv_nowait([default])\n--\n\nReceive if there is a message.";
    c"close" => close::<ReceiveEnd>, c"close()\n--\n\nClose the channel: senders are refused.";
    c"poison" => poison::<ReceiveEnd>, c"poison(reason)\n--\n\nEnd the channel for every party at once.";
    c"stats" => stats::<ReceiveEnd>, c"stats()\n--\n\nThe channel's figures.";
    c"_id" => id::<ReceiveEnd>, c"_id()\n--\n\nThe channel's number.";
    c"_name" => name::<ReceiveEnd>, c"_name()\n--\n\nThe channel's name.";
    c"_is_closed" => is_closed::<ReceiveEnd>, c"_is_closed()\n--\n\nWhether it ended.";
    c"_waiting" => waiting::<ReceiveEnd>, c"_waiting()\n--\n\nHow many sends and messages wait to be received.";
]);

/// What both ends can do alike.
trait End: Class {
    fn number(&self) -> u64;
    fn name(&self) -> Option<Arc<str>>;
    fn close(&self);
    fn poison(&self, reason: Arc<str>);
    fn ended(&self) -> bool;
    fn stats(&self) -> crate::channel::Stats;
}

macro_rules! end {
    ($class:ident) => {
        impl End for $class {
            fn number(&self) -> u64 {
                self.0.id().get()
            }
            fn name(&self) -> Option<Arc<str>> {
                self.0.name()
            }
            fn close(&self) {
                self.0.close();
            }
            fn poison(&self, reason: Arc<str>) {
                self.0.poison(reason);
            }
            fn ended(&self) -> bool {
                self.0.is_closed() || self.0.is_poisoned().is_some()
            }
            fn stats(&self) -> crate::channel::Stats {
                self.0.stats()
            }
        }
    };
}
end!(SendEnd);
end!(ReceiveEnd);

/// The Rust value of the instance that a method was called on.
fn of<'a, T: Class>(this: This<'a, '_>) -> &'a T {
    // SAFETY: methods and slots of a type are called by CPython on instances of it alone: method
    // descriptors check that, and slots are reached through the type.
    unsafe { value_of::<T>(this) }
}

/// A message for sending.
pub(super) fn message<'py>(state: &State, object: Borrowed<'_, 'py>) -> PyResult<'py, Value> {
    from_python(object, Mode::Message).map_err(|error| conversion_error(state, object.py(), error))
}

fn send<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let sender = &of::<SendEnd>(this).0;
    let value = message(state, args.required(0, "obj")?)?;
    let value = match coalescing::during(|| sender.try_send(value)) {
        Ok(()) => return Ok(Object::none(py)),
        Err(SendError {
            value,
            reason: Refusal::Full,
        }) => value,
        Err(SendError { reason, .. }) => return Err(refused(state, py, &reason)),
    };
    args.check(&["obj", "timeout", "unbounditems", "unbound"])?;
    let deadline = deadline(args.optional(1, "timeout"))?;
    let waiting = Waiting::new(state);
    let wait = waiting.until(deadline);
    match py.detach(|| coalescing::during(|| sender.send_blocking(value, &wait))) {
        Ok(()) => Ok(Object::none(py)),
        Err(SendError {
            reason: Refusal::Interrupted,
            ..
        }) => Err(waiting.interrupted(py)),
        Err(SendError { reason, .. }) => Err(refused(state, py, &reason)),
    }
}

fn try_send<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["obj"])?;
    let value = message(state, args.required(0, "obj")?)?;
    match coalescing::during(|| of::<SendEnd>(this).0.try_send(value)) {
        Ok(()) => to_python(py, &Value::Bool(true)),
        Err(SendError {
            reason: Refusal::Full,
            ..
        }) => to_python(py, &Value::Bool(false)),
        Err(SendError { reason, .. }) => Err(refused(state, py, &reason)),
    }
}

/// As PEP 554 has it: an object that nobody receives now is queued.
fn send_nowait<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["obj", "unbounditems", "unbound"])?;
    let value = message(state, args.required(0, "obj")?)?;
    match coalescing::during(|| of::<SendEnd>(this).0.leave(value)) {
        Ok(received) => to_python(py, &Value::Bool(received)),
        Err(SendError { reason, .. }) => Err(refused(state, py, &reason)),
    }
}

fn receive<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["timeout"])?;
    let deadline = deadline(args.optional(0, "timeout"))?;
    match wait_for_message(this, state, deadline)? {
        Ok(value) => to_python(this.py(), &value),
        Err(reason) => Err(not_received(state, this.py(), &reason)),
    }
}

fn receive_nowait<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["default"])?;
    match (
        coalescing::during(|| of::<ReceiveEnd>(this).0.try_receive()),
        args.named(0, "default"),
    ) {
        (Ok(value), _) => to_python(py, &value),
        (Err(ReceiveError::Empty), Some(default)) => Ok(default.to_object()),
        (Err(reason), _) => Err(not_received(state, py, &reason)),
    }
}

/// A message, or why there is none; an interrupt is raised.
fn wait_for_message<'py>(
    this: This<'_, 'py>,
    state: &State,
    deadline: Option<Instant>,
) -> PyResult<'py, Result<Value, ReceiveError>> {
    let receiver = &of::<ReceiveEnd>(this).0;
    match coalescing::during(|| receiver.try_receive()) {
        Err(ReceiveError::Empty) => {}
        done => return Ok(done),
    }
    let py = this.py();
    let waiting = Waiting::new(state);
    let wait = waiting.until(deadline);
    match py.detach(|| coalescing::during(|| receiver.receive_blocking(&wait))) {
        Err(ReceiveError::Interrupted) => Err(waiting.interrupted(py)),
        done => Ok(done),
    }
}

unsafe extern "C" fn iter(this: *mut c::PyObject) -> *mut c::PyObject {
    // SAFETY: tp_iter: attached, a living instance; an end is its own iterator.
    unsafe { c::Py_NewRef(this) }
}

unsafe extern "C" fn next(this: *mut c::PyObject) -> *mut c::PyObject {
    // SAFETY: tp_iternext: attached, a living instance of our type. Null without an exception
    // means the end, as the protocol has it.
    unsafe {
        let Some(state) = state_of::<ReceiveEnd>(this) else {
            return std::ptr::null_mut();
        };
        guard(state.interp(), |py| {
            let this = Borrowed::new(py, this);
            match wait_for_message(this, state, None)? {
                Ok(value) => to_python(py, &value).map(Object::into_ptr),
                Err(ReceiveError::Closed) => Ok(std::ptr::null_mut()),
                Err(reason) => Err(not_received(state, py, &reason)),
            }
        })
        .unwrap_or(std::ptr::null_mut())
    }
}

fn close<'py, T: End>(this: This<'_, 'py>, _: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    of::<T>(this).close();
    Ok(Object::none(this.py()))
}

fn poison<'py, T: End>(this: This<'_, 'py>, _: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["reason"])?;
    let reason = match args.optional(0, "reason") {
        Some(reason) => super::process::string(reason)?,
        None => "poisoned".to_owned(),
    };
    of::<T>(this).poison(reason.into());
    Ok(Object::none(this.py()))
}

fn id<'py, T: End>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Int(of::<T>(this).number() as i64))
}

fn name<'py, T: End>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let name = of::<T>(this).name();
    to_python(
        this.py(),
        &name.map_or(Value::None, |name| Value::from(&*name)),
    )
}

fn is_closed<'py, T: End>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Bool(of::<T>(this).ended()))
}

fn waiting<'py, T: End>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let stats = of::<T>(this).stats();
    let count = (stats.len + stats.waiting_senders) as i64;
    to_python(this.py(), &Value::Int(count))
}

fn stats<'py, T: End>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let stats = of::<T>(this).stats();
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
    to_python(this.py(), &Value::Dict(pairs.into()))
}

/// An end as an object of this interpreter: of the class that `multicore.channels` registered.
pub(super) fn send_end<'py>(
    state: &State,
    py: Python<'py>,
    sender: Arc<ValueSender>,
) -> PyResult<'py, Object<'py>> {
    let class = state.registered(py, "SendChannel", MODULE)?;
    let held = Held::new(state, sender.id(), Direction::Send);
    // SAFETY: `process::register` accepts only a subclass of SendEnd under this name.
    unsafe { make_instance(state, &class, SendEnd(sender, held)) }
}

/// As [`send_end`].
pub(super) fn receive_end<'py>(
    state: &State,
    py: Python<'py>,
    receiver: Arc<ValueReceiver>,
) -> PyResult<'py, Object<'py>> {
    let class = state.registered(py, "RecvChannel", MODULE)?;
    let held = Held::new(state, receiver.id(), Direction::Receive);
    // SAFETY: `process::register` accepts only a subclass of ReceiveEnd under this name.
    unsafe { make_instance(state, &class, ReceiveEnd(receiver, held)) }
}

/// Equality and hash by channel and end.
fn identity_slots<T: End>() -> Vec<c::PyType_Slot> {
    unsafe extern "C" fn hash<T: End>(this: *mut c::PyObject) -> c::Py_hash_t {
        // SAFETY: tp_hash: attached, a living instance of our type.
        unsafe {
            let Some(state) = state_of::<T>(this) else {
                return -1;
            };
            let hash = guard(state.interp(), |py| {
                Ok(of::<T>(Borrowed::new(py, this)).number())
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
                let equal = of::<T>(this).number() == of::<T>(other).number();
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
