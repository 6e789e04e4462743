//! What Python code left to be run at the end of its interpreter, taken out before CPython ends it.
//!
//! `Py_EndInterpreter` calls exit handlers and `threading._shutdown`, and *then* aborts the process
//! if there is a second thread: a handler that starts one would be the end of Node. Handlers were
//! called before, as a job that can be stopped (`multicore._support`); what is left here was
//! registered by a finalizer since.

use pyo3::ffi as c;

use super::attach::Python;
use super::error::PyResult;
use super::object::Object;

/// How often handlers are let go of, whose finalizers may register others.
const MOST_ROUNDS: usize = 8;

/// Whether nothing is left to be called, as far as can be told. Runs finalizers: count threads after it.
pub(super) fn forget(py: Python<'_>) -> bool {
    // SAFETY: attached; the dict is the interpreter's own, whatever became of `sys.modules`.
    let modules = unsafe { Object::from_borrowed(py, c::PyImport_GetModuleDict()) };
    // Without a module of this name CPython calls no `_shutdown`. It lives on under another one, as
    // its finalizers belong where the interpreter's modules are finalised.
    if let Ok(Some(threading)) = take(&modules, "threading") {
        let _ = Object::str(py, "multicore._threading")
            .and_then(|name| modules.set_item(&name, &threading));
    }
    // Where it cannot be imported any more (`sys.modules` was emptied), nothing can be done.
    Object::import(py, "atexit").map_or(true, |atexit| forget_handlers(&atexit).unwrap_or(true))
}

fn take<'py>(modules: &Object<'py>, name: &str) -> PyResult<'py, Option<Object<'py>>> {
    let name = Object::str(modules.py(), name)?;
    let none = Object::none(modules.py());
    let taken = modules.call_method(c"pop", [&name, &none])?;
    Ok((!taken.is_none()).then_some(taken))
}

fn forget_handlers<'py>(atexit: &Object<'py>) -> PyResult<'py, bool> {
    for _ in 0..MOST_ROUNDS {
        if !atexit.call_method(c"_ncallbacks", [])?.is_true() {
            return Ok(true);
        }
        atexit.call_method(c"_clear", [])?;
    }
    Ok(false)
}
