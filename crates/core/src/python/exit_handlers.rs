//! What Python code left to be run at the end of its interpreter, taken out before CPython ends it.
//!
//! `Py_EndInterpreter` calls exit handlers and `threading._shutdown`, and *then* aborts the process
//! if there is a second thread: a handler that starts one would be the end of Node. Handlers were
//! called before, as a job that can be stopped (`multicore._support`); what is left here was
//! registered by a finalizer since.

use super::attach::Python;
use super::error::PyResult;
use super::object::Object;

/// How often handlers are let go of, whose finalizers may register others.
const MOST_ROUNDS: usize = 8;

/// Whether nothing is left to be called. Runs finalizers: count threads after it.
pub(super) fn forget(py: Python<'_>) -> bool {
    // No module of this name: CPython calls no `_shutdown`. It lives on under another one, as its
    // finalizers belong where the interpreter's modules are finalised.
    let hidden = Object::import(py, "sys").and_then(|sys| {
        let modules = sys.getattr(c"modules")?;
        let none = Object::none(py);
        let threading = Object::str(py, "threading")?;
        let module = modules.call_method(c"pop", [&threading, &none])?;
        if !module.is_none() {
            modules.set_item(&Object::str(py, "multicore._threading")?, &module)?;
        }
        Ok(())
    });
    hidden.is_ok() && forget_handlers(py).unwrap_or(false)
}

fn forget_handlers(py: Python<'_>) -> PyResult<'_, bool> {
    let atexit = Object::import(py, "atexit")?;
    for _ in 0..MOST_ROUNDS {
        if !atexit.call_method(c"_ncallbacks", [])?.is_true() {
            return Ok(true);
        }
        atexit.call_method(c"_clear", [])?;
    }
    Ok(false)
}
