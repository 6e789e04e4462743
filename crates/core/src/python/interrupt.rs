//! Raising an exception in another thread of an interpreter.

use pyo3::ffi as c;

use super::attach::Python;
use super::object::Object;

/// CPython's identity of an OS thread (`threading.get_ident()`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadIdent(std::ffi::c_long);

impl ThreadIdent {
    /// From what `threading.get_ident()` gave.
    pub fn of(ident: &Object<'_>) -> Self {
        // SAFETY: a living object; what is no int raises, which is taken back.
        Self(unsafe {
            let ident = c::PyLong_AsUnsignedLongMask(ident.as_ptr());
            c::PyErr_Clear();
            ident as std::ffi::c_long
        })
    }
}

impl ThreadIdent {
    /// The number that Python shows for it.
    pub fn number(self) -> std::ffi::c_ulong {
        // Identities are unsigned in Python, whatever this type is.
        self.0 as std::ffi::c_ulong
    }
}

/// The calling thread's identity.
pub fn current_thread_ident(py: Python<'_>) -> ThreadIdent {
    let ident = Object::import(py, "_thread")
        .and_then(|module| module.getattr(c"get_ident"))
        .and_then(|get_ident| get_ident.call([]))
        .map(|ident| ThreadIdent::of(&ident));
    ident.unwrap_or(ThreadIdent(0))
}

/// Asks for `KeyboardInterrupt` in a thread of the attached interpreter; it is raised at the
/// thread's next check, as soon as it runs bytecode. Has no effect on threads of others.
///
/// Returns whether the thread was found.
pub fn raise_in(_py: Python<'_>, thread: ThreadIdent) -> bool {
    // SAFETY: attached; the exception is a class that lives as long as the runtime.
    unsafe {
        let class = c::PyExc_KeyboardInterrupt;
        c::PyThreadState_SetAsyncExc(thread.0, class) > 0
    }
}

/// Takes back what `raise_in` asked for and has not been raised yet.
pub fn clear_in(_py: Python<'_>, thread: ThreadIdent) {
    // SAFETY: attached; null clears.
    unsafe { c::PyThreadState_SetAsyncExc(thread.0, std::ptr::null_mut()) };
}
