//! The Python types of channel ends. `multicore.channels` subclasses them and adds what needs no
//! speed; what a program does for every message is here.

use std::ffi::{CStr, c_void};
use std::sync::Arc;
use std::time::Instant;

use pyo3::ffi as c;

use super::channel_errors::{MODULE, conversion_error, not_received, refused};
use super::define::{Args, Class, guard, make_instance, methods, state_of};
use super::end_methods::{
    Place, clone, close, id, identity_slots, is_closed, is_left, leave, name, of, poison, stats,
    waiting,
};
use super::events::{self, At};
use super::monitoring::Held;
use super::state::State;
use super::waiting::{Waiting, deadline};
use crate::channel::{Direction, ReceiveError, Refusal, SendError};
use crate::coalescing;
use crate::message::{ValueReceiver, ValueSender};
use crate::python::{
    Borrowed, Mode, Object, PyResult, Python, from_python, into_python, to_python,
};
use crate::value::Value;

/// A sending end as Python holds it.
pub(super) struct SendEnd(pub(super) Place<ValueSender>);

/// A receiving end as Python holds it.
pub(super) struct ReceiveEnd(pub(super) Place<ValueReceiver>);

impl SendEnd {
    /// The end of an instance; an exception if it was left.
    pub(super) fn get<'py>(
        &self,
        state: &State,
        py: Python<'py>,
    ) -> PyResult<'py, Arc<ValueSender>> {
        self.0.get(state, py)
    }
}

impl ReceiveEnd {
    /// As [`SendEnd::get`].
    pub(super) fn get<'py>(
        &self,
        state: &State,
        py: Python<'py>,
    ) -> PyResult<'py, Arc<ValueReceiver>> {
        self.0.get(state, py)
    }
}

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
    c"send" => send, c"send($self, obj, timeout=None)\n--\n\nSend, waiting until it is accepted.";
    c"send_nowait" => send_nowait, c"send_nowait($self, obj)\n--\n\nSend without waiting.\n\nTrue: the channel or a receiver has the object. False: nobody receives now, and\nthe object waits in the channel until somebody does (a channel without capacity).\nA channel with a capacity that is full raises ChannelFullError.";
    c"try_send" => try_send, c"try_send($self, obj)\n--\n\nSend if that needs no waiting; says whether it was sent.";
    c"close" => close::<SendEnd>, c"close($self)\n--\n\nClose the channel: receivers drain it, then it ends.";
    c"poison" => poison::<SendEnd>, c"poison($self, reason=None)\n--\n\nEnd the channel for every party at once.";
    c"stats" => stats::<SendEnd>, c"stats($self)\n--\n\nThe channel's figures.";
    c"_id" => id::<SendEnd>, c"_id($self)\n--\n\nThe channel's number.";
    c"_name" => name::<SendEnd>, c"_name($self)\n--\n\nThe channel's name.";
    c"_is_closed" => is_closed::<SendEnd>, c"_is_closed($self)\n--\n\nWhether it ended.";
    c"leave" => leave::<SendEnd>, c"leave($self)\n--\n\nGive this end up. The channel ends once nobody has an end on this side: receivers\nstill get what is queued. Other objects for the same end go on.";
    c"clone" => clone::<SendEnd>, c"clone($self)\n--\n\nAnother object for the same end, to be left by itself.";
    c"_is_left" => is_left::<SendEnd>, c"_is_left($self)\n--\n\nWhether this end was left.";
    c"_waiting" => waiting::<SendEnd>, c"_waiting($self)\n--\n\nHow many sends and messages wait to be received.";
]);

methods!(RECEIVE_METHODS, state_of::<ReceiveEnd>, [
    c"recv" => receive, c"recv($self, timeout=None)\n--\n\nReceive, waiting for a message.";
    c"recv_nowait" => receive_nowait, c"recv_nowait($self, default=...)\n--\n\nReceive if there is a message.";
    c"close" => close::<ReceiveEnd>, c"close($self)\n--\n\nClose the channel: senders are refused.";
    c"poison" => poison::<ReceiveEnd>, c"poison($self, reason=None)\n--\n\nEnd the channel for every party at once.";
    c"stats" => stats::<ReceiveEnd>, c"stats($self)\n--\n\nThe channel's figures.";
    c"_id" => id::<ReceiveEnd>, c"_id($self)\n--\n\nThe channel's number.";
    c"_name" => name::<ReceiveEnd>, c"_name($self)\n--\n\nThe channel's name.";
    c"_is_closed" => is_closed::<ReceiveEnd>, c"_is_closed($self)\n--\n\nWhether it ended.";
    c"leave" => leave::<ReceiveEnd>, c"leave($self)\n--\n\nGive this end up. The channel ends once nobody has an end on this side: receivers\nstill get what is queued. Other objects for the same end go on.";
    c"clone" => clone::<ReceiveEnd>, c"clone($self)\n--\n\nAnother object for the same end, to be left by itself.";
    c"_is_left" => is_left::<ReceiveEnd>, c"_is_left($self)\n--\n\nWhether this end was left.";
    c"_waiting" => waiting::<ReceiveEnd>, c"_waiting($self)\n--\n\nHow many sends and messages wait to be received.";
]);

/// A message for sending.
pub(super) fn message<'py>(state: &State, object: Borrowed<'_, 'py>) -> PyResult<'py, Value> {
    from_python(object, Mode::Message).map_err(|error| conversion_error(state, object.py(), error))
}

fn send<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let place = &of::<SendEnd>(this).0;
    let value = message(state, args.required(0, "obj")?)?;
    let sent = coalescing::during(|| place.with(state, py, |sender| sender.try_send(value)));
    let value = match sent? {
        Ok(()) => return Ok(Object::none(py)),
        Err(SendError {
            value,
            reason: Refusal::Full,
        }) => value,
        Err(SendError { reason, .. }) => return Err(refused(state, py, &reason)),
    };
    args.check(&["obj", "timeout", "unbounditems", "unbound"])?;
    let deadline = deadline(args.optional(1, "timeout"))?;
    let sender = place.get(state, py)?;
    events::tell_blocked(state, Direction::Send, deadline, || At {
        channel: sender.id(),
        name: sender.name(),
    });
    let waiting = Waiting::new(state).at(&[(sender.id(), Direction::Send)]);
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
    let place = &of::<SendEnd>(this).0;
    match coalescing::during(|| place.with(state, py, |sender| sender.try_send(value)))? {
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
    let place = &of::<SendEnd>(this).0;
    match coalescing::during(|| place.with(state, py, |sender| sender.leave(value)))? {
        Ok(received) => to_python(py, &Value::Bool(received)),
        Err(SendError { reason, .. }) => Err(refused(state, py, &reason)),
    }
}

fn receive<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["timeout"])?;
    let deadline = deadline(args.optional(0, "timeout"))?;
    match wait_for_message(this, state, deadline)? {
        Ok(value) => into_python(this.py(), value),
        Err(reason) => Err(not_received(state, this.py(), &reason)),
    }
}

fn receive_nowait<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["default"])?;
    let place = &of::<ReceiveEnd>(this).0;
    let received = coalescing::during(|| place.with(state, py, |receiver| receiver.try_receive()))?;
    match (received, args.named(0, "default")) {
        (Ok(value), _) => into_python(py, value),
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
    let py = this.py();
    let place = &of::<ReceiveEnd>(this).0;
    match coalescing::during(|| place.with(state, py, |receiver| receiver.try_receive()))? {
        Err(ReceiveError::Empty) => {}
        done => return Ok(done),
    }
    let receiver = place.get(state, py)?;
    events::tell_blocked(state, Direction::Receive, deadline, || At {
        channel: receiver.id(),
        name: receiver.name(),
    });
    let waiting = Waiting::new(state).at(&[(receiver.id(), Direction::Receive)]);
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
                Ok(value) => into_python(py, value).map(Object::into_ptr),
                Err(ReceiveError::Closed) => Ok(std::ptr::null_mut()),
                Err(reason) => Err(not_received(state, py, &reason)),
            }
        })
        .unwrap_or(std::ptr::null_mut())
    }
}

/// An end as an object of this interpreter: of the class that `multicore.channels` registered.
pub(super) fn send_end<'py>(
    state: &State,
    py: Python<'py>,
    sender: Arc<ValueSender>,
) -> PyResult<'py, Object<'py>> {
    let class = state.registered(py, "SendChannel", MODULE)?;
    let held = Held::new(state, sender.id(), Direction::Send);
    let place = Place::new(py, sender.id(), sender, held);
    // SAFETY: `process::register` accepts only a subclass of SendEnd under this name.
    unsafe { make_instance(state, &class, SendEnd(place)) }
}

/// As [`send_end`].
pub(super) fn receive_end<'py>(
    state: &State,
    py: Python<'py>,
    receiver: Arc<ValueReceiver>,
) -> PyResult<'py, Object<'py>> {
    let class = state.registered(py, "RecvChannel", MODULE)?;
    let held = Held::new(state, receiver.id(), Direction::Receive);
    let place = Place::new(py, receiver.id(), receiver, held);
    // SAFETY: `process::register` accepts only a subclass of ReceiveEnd under this name.
    unsafe { make_instance(state, &class, ReceiveEnd(place)) }
}
