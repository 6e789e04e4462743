//! What threads run that Python code starts: the function they were given, inside a guard of their C stack
//! (`python/overflow.rs`), known to those who interrupt them, and leaving no lock of the import system.
//! In Rust, so that no frame shows.

use std::ffi::{CStr, c_void};

use pyo3::ffi as c;

use super::define::{Args, Class, fastcall, guard, make_instance, methods, state_of, value_of};
use super::state::State;
use crate::interpreter::{guard_stack, mend};
use crate::python::{Borrowed, Builtin, Global, Noted, Object, PyErr, PyResult, Python};

type Returned<'py> = PyResult<'py, Object<'py>>;

/// The function of a thread.
pub(super) struct Body(Global);

impl Class for Body {
    const NAME: &'static CStr = c"_multicore.ThreadBody";
    const DOC: &'static CStr = c"The function of a thread.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
    fn slots() -> Vec<c::PyType_Slot> {
        vec![
            c::PyType_Slot {
                slot: c::Py_tp_call,
                pfunc: call as *mut c_void,
            },
            c::PyType_Slot {
                slot: c::Py_tp_repr,
                pfunc: repr as *mut c_void,
            },
        ]
    }
}

methods!(METHODS, state_of::<Body>, []);

/// `thread_body(function)`
pub(super) fn body<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let function = args.required(0, "function")?.to_object();
    let class = state.class::<Body>(this.py())?;
    // SAFETY: the type of this interpreter.
    unsafe { make_instance(state, &class, Body(function.into_global())) }
}

fn function<'py>(this: Borrowed<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    // SAFETY: called for instances of this type.
    unsafe { value_of::<Body>(this) }
        .0
        .get(py)
        .ok_or_else(|| PyErr::new(py, Builtin::RuntimeError, "a thread of another interpreter"))
}

/// That of the function: CPython shows it for an exception that nobody caught.
unsafe extern "C" fn repr(this: *mut c::PyObject) -> *mut c::PyObject {
    fn repr<'py>(this: Borrowed<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
        function(this)?.call_method(c"__repr__", [])
    }
    // SAFETY: tp_repr: attached, a living instance; no arguments.
    unsafe {
        let Some(state) = state_of::<Body>(this) else {
            return std::ptr::null_mut();
        };
        fastcall(state, this, std::ptr::null(), 0, std::ptr::null_mut(), repr)
    }
}

unsafe extern "C" fn call(
    this: *mut c::PyObject,
    args: *mut c::PyObject,
    kwargs: *mut c::PyObject,
) -> *mut c::PyObject {
    // SAFETY: tp_call: attached, a living instance, a tuple, a dict or null.
    unsafe {
        let Some(state) = state_of::<Body>(this) else {
            return std::ptr::null_mut();
        };
        guard(state.interp(), |py| {
            let kwargs = (!kwargs.is_null()).then(|| Borrowed::new(py, kwargs));
            let this = Borrowed::new(py, this);
            run(py, state, this, Borrowed::new(py, args), kwargs).map(Object::into_ptr)
        })
        .unwrap_or(std::ptr::null_mut())
    }
}

fn run<'py>(
    py: Python<'py>,
    state: &State,
    this: Borrowed<'_, 'py>,
    args: Borrowed<'_, 'py>,
    kwargs: Option<Borrowed<'_, 'py>>,
) -> Returned<'py> {
    let _stack = state.interpreter().and_then(guard_stack);
    let _noted = Noted::here(py);
    let kwargs = kwargs.map(Borrowed::to_object);
    let result = function(this)?.call_tuple(&args.to_object(), kwargs.as_ref());
    mend(py);
    result
}
