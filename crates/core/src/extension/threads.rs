//! What threads run that Python code starts: the function they were given, inside a guard of their C stack
//! (`python/overflow.rs`), known to those who interrupt them, and leaving no lock of the import system.
//! In Rust, so that no frame shows.

use std::ffi::CStr;

use pyo3::ffi as c;

use super::called::{self, Called};
use super::define::{Args, Class, make_instance};
use super::state::State;
use crate::interpreter::{guard_stack, mend};
use crate::python::{Borrowed, Builtin, Global, Noted, Object, PyErr, PyResult, Python};

type Returned<'py> = PyResult<'py, Object<'py>>;

/// The function of a thread.
pub(super) struct Body(Global);

impl Class for Body {
    const NAME: &'static CStr = c"_multicore.ThreadBody";
    const DOC: &'static CStr = c"The function of a thread.";
    fn slots() -> Vec<c::PyType_Slot> {
        called::slots::<Self>()
    }
}

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

impl Body {
    fn function<'py>(&self, py: Python<'py>) -> Returned<'py> {
        let gone = || PyErr::new(py, Builtin::RuntimeError, "a thread of another interpreter");
        self.0.get(py).ok_or_else(gone)
    }
}

impl Called for Body {
    /// That of the function: CPython shows it for an exception that nobody caught.
    fn repr<'py>(&self, py: Python<'py>) -> Returned<'py> {
        self.function(py)?.call_method(c"__repr__", [])
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        state: &State,
        args: Borrowed<'_, 'py>,
        kwargs: Option<Borrowed<'_, 'py>>,
    ) -> Returned<'py> {
        let _stack = state.interpreter().and_then(guard_stack);
        let _noted = Noted::here(py);
        let kwargs = kwargs.map(Borrowed::to_object);
        let result = self
            .function(py)?
            .call_tuple(&args.to_object(), kwargs.as_ref());
        mend(py);
        result
    }
}
