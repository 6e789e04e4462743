//! Types whose instances are called like functions: the slots through which CPython calls and shows them.
//! Not here: what they do when they are called.

use std::ffi::c_void;

use pyo3::ffi as c;

use super::define::{Class, guard, state_of, value_of};
use super::state::State;
use crate::python::{Borrowed, Object, PyResult, Python};

/// A [`Class`] whose instances are called.
pub(super) trait Called: Class {
    /// Calls it with a tuple and perhaps a dict.
    fn call<'py>(
        &self,
        py: Python<'py>,
        state: &State,
        args: Borrowed<'_, 'py>,
        kwargs: Option<Borrowed<'_, 'py>>,
    ) -> PyResult<'py, Object<'py>>;

    /// Its `repr`.
    fn repr<'py>(&self, py: Python<'py>) -> PyResult<'py, Object<'py>>;
}

/// What [`Class::slots`] of such a type gives.
pub(super) fn slots<T: Called>() -> Vec<c::PyType_Slot> {
    vec![
        c::PyType_Slot {
            slot: c::Py_tp_call,
            pfunc: call::<T> as *mut c_void,
        },
        c::PyType_Slot {
            slot: c::Py_tp_repr,
            pfunc: repr::<T> as *mut c_void,
        },
    ]
}

unsafe extern "C" fn call<T: Called>(
    this: *mut c::PyObject,
    args: *mut c::PyObject,
    kwargs: *mut c::PyObject,
) -> *mut c::PyObject {
    // SAFETY: tp_call: attached, a living instance of `T`, a tuple, a dict or null; all of them are
    // held by the caller until this returns.
    unsafe {
        let Some(state) = state_of::<T>(this) else {
            return std::ptr::null_mut();
        };
        guard(state.interp(), |py| {
            let kwargs = (!kwargs.is_null()).then(|| Borrowed::new(py, kwargs));
            value_of::<T>(Borrowed::new(py, this))
                .call(py, state, Borrowed::new(py, args), kwargs)
                .map(Object::into_ptr)
        })
        .unwrap_or(std::ptr::null_mut())
    }
}

unsafe extern "C" fn repr<T: Called>(this: *mut c::PyObject) -> *mut c::PyObject {
    // SAFETY: tp_repr: attached, a living instance of `T` that the caller holds until this returns.
    unsafe {
        let Some(state) = state_of::<T>(this) else {
            return std::ptr::null_mut();
        };
        guard(state.interp(), |py| {
            value_of::<T>(Borrowed::new(py, this))
                .repr(py)
                .map(Object::into_ptr)
        })
        .unwrap_or(std::ptr::null_mut())
    }
}
