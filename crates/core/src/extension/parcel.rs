//! Parcels: what calls and queues between interpreters carry beyond messages. Copies of mutable
//! containers, and pickles of what has no value of its own (`multicore._pickling`).
//!
//! A parcel crosses closed and is opened where it is used, so that a call can first make the
//! function's own classes known. Not here: messages of channels, which carry neither.

use std::any::Any;
use std::ffi::CStr;
use std::sync::Arc;

use pyo3::ffi as c;

use super::channel_errors::conversion_error;
use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::state::State;
use crate::python::{
    Borrowed, ConvertError, Mode, Object, PyResult, Python, from_python, to_python,
};
use crate::value::{Shared, Value};

const PICKLING: &str = "multicore._pickling";

type Returned<'py> = PyResult<'py, Object<'py>>;

/// Something that was packed.
#[derive(Debug)]
pub(super) enum Parcel {
    /// A value; its containers are copies.
    Copied(Value),
    /// `(bytes, (shared things, …))`, as `multicore._pickling` gave it.
    Pickled(Value),
}

impl Shared for Parcel {
    fn kind(&self) -> &'static str {
        "Parcel"
    }
}

/// A parcel as Python holds it.
pub(super) struct Closed(pub(super) Arc<Parcel>);

impl Class for Closed {
    const NAME: &'static CStr = c"_multicore.Parcel";
    const DOC: &'static CStr = c"Something packed for another interpreter.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Closed>, [
    c"open" => open, c"open($self)\n--\n\nThe object, made anew in this interpreter.";
]);

fn open<'py>(this: Borrowed<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    // SAFETY: a method of this type.
    let parcel = unsafe { value_of::<Closed>(this) };
    unpacked(state, this.py(), &parcel.0)
}

/// `pack(obj)`: a parcel; raises `NotShareableError` for what cannot even be pickled.
pub(super) fn pack<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&["obj"])?;
    let parcel = packed(state, args.required(0, "obj")?, Mode::Parcel)?;
    closed(state, this.py(), Arc::new(parcel))
}

/// A parcel as an object of this interpreter.
pub(super) fn closed<'py>(state: &State, py: Python<'py>, parcel: Arc<Parcel>) -> Returned<'py> {
    let class = state.class::<Closed>(py)?;
    // SAFETY: the class is ours.
    unsafe { make_instance(state, &class, Closed(parcel)) }
}

fn packed<'py>(state: &State, object: Borrowed<'_, 'py>, mode: Mode) -> PyResult<'py, Parcel> {
    let py = object.py();
    let refusal = match from_python(object, mode) {
        Ok(value) => return Ok(Parcel::Copied(value)),
        Err(ConvertError::Raised(error)) => return Err(error),
        Err(ConvertError::NotShareable(refusal)) => refusal.to_string(),
    };
    let pickle = state.registered(py, "pickle", PICKLING)?;
    let pickled = pickle.call([&object.to_object(), &Object::str(py, &refusal)?])?;
    from_python((&pickled).into(), Mode::Message)
        .map(Parcel::Pickled)
        .map_err(|error| conversion_error(state, py, error))
}

/// The value to carry for an object: itself where it has one, else a parcel.
pub(super) fn carried<'py>(
    state: &State,
    object: Borrowed<'_, 'py>,
    mode: Mode,
) -> PyResult<'py, Value> {
    Ok(match packed(state, object, mode)? {
        Parcel::Copied(value) => value,
        pickled @ Parcel::Pickled(_) => Value::Shared(Arc::new(pickled)),
    })
}

fn unpacked<'py>(state: &State, py: Python<'py>, parcel: &Parcel) -> Returned<'py> {
    match parcel {
        Parcel::Copied(value) => to_python(py, value),
        Parcel::Pickled(pickled) => state
            .registered(py, "unpickle", PICKLING)?
            .call([&to_python(py, pickled)?]),
    }
}

/// The object for a value that was carried: a parcel is opened.
pub(super) fn delivered<'py>(state: &State, py: Python<'py>, value: &Value) -> Returned<'py> {
    if let Value::Shared(shared) = value
        && let Some(parcel) = (&**shared as &dyn Any).downcast_ref::<Parcel>()
    {
        return unpacked(state, py, parcel);
    }
    to_python(py, value)
}

/// `deliver(obj)`: opens a parcel, and gives back anything else.
pub(super) fn deliver<'py>(
    _: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&["obj"])?;
    let object = args.required(0, "obj")?;
    if !state.is_instance::<Closed>(object) {
        return Ok(object.to_object());
    }
    // SAFETY: checked just now.
    unpacked(state, object.py(), &unsafe { value_of::<Closed>(object) }.0)
}
