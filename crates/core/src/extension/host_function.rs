//! A function of the host (Node) as a Python callable.

use std::ffi::CStr;
use std::sync::Arc;

use pyo3::ffi as c;

use super::called::{self, Called};
use super::channel_errors::conversion_error;
use super::define::{Args, Class, methods, state_of, value_of};
use super::running::execution_failed;
use super::state::State;
use super::waiting::{Answered, Waiting};
use crate::interpreter::{Bindings, HostError, HostFunction};
use crate::python::{
    Borrowed, Mode, Object, PyErr, PyResult, Python, from_python, into_python, to_python,
};
use crate::value::Value;

/// What Python holds of a host function.
pub(super) struct Callable(pub(super) Arc<dyn HostFunction>);

type Returned<'py> = PyResult<'py, Object<'py>>;

impl Class for Callable {
    const NAME: &'static CStr = c"_multicore.HostFunction";
    const DOC: &'static CStr =
        c"A function of the host. Calling it runs it there; this thread waits without its GIL.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
    fn slots() -> Vec<c::PyType_Slot> {
        called::slots::<Self>()
    }
}

methods!(METHODS, state_of::<Callable>, [
    c"_name" => name, c"_name($self)\n--\n\nThe function's name.";
]);

fn name<'py>(this: Borrowed<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    // SAFETY: a method of this type.
    Object::str(this.py(), unsafe { value_of::<Callable>(this) }.0.name())
}

impl Called for Callable {
    fn repr<'py>(&self, py: Python<'py>) -> Returned<'py> {
        Object::str(py, &format!("<host function {}>", self.0.name()))
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        state: &State,
        args: Borrowed<'_, 'py>,
        kwargs: Option<Borrowed<'_, 'py>>,
    ) -> Returned<'py> {
        let convert = |object: Borrowed<'_, 'py>| {
            from_python(object, Mode::Copy).map_err(|error| conversion_error(state, py, error))
        };
        let args = match convert(args)? {
            Value::Tuple(args) => args.into_vec(),
            Value::Floats(args) => args.to_items().into_vec(),
            _ => Vec::new(),
        };
        let kwargs: Bindings = match kwargs.map(convert).transpose()? {
            Some(Value::Dict(pairs)) => pairs
                .into_iter()
                .filter_map(|(name, value)| match name {
                    Value::Str(name) => Some((name, value)),
                    _ => None,
                })
                .collect(),
            _ => Bindings::new(),
        };
        let waiting = Waiting::new(state);
        let caller = waiting.agent().map(str::to_owned);
        let answered = py
            .detach(|| waiting.answer(|reply| self.0.call(caller, args, kwargs, Box::new(reply))));
        match answered {
            Answered::Interrupted => Err(waiting.interrupted(py)),
            Answered::Dropped => Err(raised(
                state,
                py,
                HostError::gone("the host dropped the call"),
            )),
            Answered::With(Ok(value)) => into_python(py, value),
            Answered::With(Err(error)) => Err(raised(state, py, error)),
        }
    }
}

/// The Python exception for an error of the host: `multicore.node.HostError`.
fn raised<'py>(state: &State, py: Python<'py>, error: HostError) -> PyErr<'py> {
    let make = || {
        // What led to it: an exception of Python's own, or the host's own account.
        let cause = match (&error.python, error.cause) {
            (Some(python), _) => Some(execution_failed(py, state, python)),
            (None, Some(cause)) => Some(raised(state, py, *cause)),
            (None, None) => None,
        };
        let cause = cause.map_or_else(|| Object::none(py), |cause| cause.object().clone());
        let token = match error.token {
            Some(token) => Value::Shared(token),
            None => Value::None,
        };
        let make = state.registered(py, "make_host_error", "multicore.node")?;
        make.call([
            &Object::str(py, &error.name)?,
            &Object::str(py, &error.message)?,
            &Object::str(py, &error.stack)?,
            &to_python(py, &token)?,
            &cause,
        ])
    };
    match make() {
        Ok(exception) => PyErr::from_object(exception),
        Err(error) => error,
    }
}
