//! Shared things that Python only carries: a Python object that holds one and does nothing.

use std::ffi::CStr;
use std::sync::Arc;

use pyo3::ffi as c;

use super::define::{Args, Class, methods, state_of, value_of};
use super::state::State;
use crate::python::{Borrowed, Object, PyResult};
use crate::value::Shared;

/// Something of the host's that comes back as it went.
pub(super) struct Opaque(pub(super) Arc<dyn Shared>);

impl Class for Opaque {
    const NAME: &'static CStr = c"_multicore.Opaque";
    const DOC: &'static CStr = c"Something of the host that Python code can only pass on.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Opaque>, [
    c"_kind" => kind, c"_kind($self)\n--\n\nWhat the host calls it.";
]);

fn kind<'py>(this: Borrowed<'_, 'py>, _: &State, _: Args<'_, 'py>) -> PyResult<'py, Object<'py>> {
    // SAFETY: a method of this type.
    Object::str(this.py(), unsafe { value_of::<Opaque>(this) }.0.kind())
}
