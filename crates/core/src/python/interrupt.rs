//! Raising an exception in another thread of an interpreter, and when that does no harm.

use std::ptr::NonNull;

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

/// The calling thread's identity. From now on others can tell where it is ([`is_safe_to_raise_in`]).
pub fn current_thread_ident(py: Python<'_>) -> ThreadIdent {
    let ident = Object::import(py, "_thread")
        .and_then(|module| module.getattr(c"get_ident"))
        .and_then(|get_ident| get_ident.call([]))
        .map(|ident| ThreadIdent::of(&ident));
    let ident = ident.unwrap_or(ThreadIdent(0));
    // SAFETY: attached. The state is forgotten by whoever deletes it: `ThreadState`, or `Noted`.
    if let Some(state) = NonNull::new(unsafe { c::PyThreadState_Get() }) {
        py.interp().note(ident.0, state);
    }
    ident
}

/// Notes the calling thread, whose thread state is CPython's, as long as it lives.
#[derive(Debug)]
pub struct Noted<'py>(Python<'py>);

impl<'py> Noted<'py> {
    /// The thread must not let go of the attachment for good before this is dropped.
    pub fn here(py: Python<'py>) -> Self {
        current_thread_ident(py);
        Self(py)
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        // SAFETY: attached.
        if let Some(state) = NonNull::new(unsafe { c::PyThreadState_Get() }) {
            self.0.interp().forget(state);
        }
    }
}

/// Code that an exception from outside leaves in a state that nobody can mend: it takes locks and puts
/// unfinished modules into `sys.modules` between two instructions, in Python. It hands over to other code
/// again and again, and does so where that may raise.
const DELICATE: [&str; 4] = [
    "<frozen importlib",
    "<frozen zipimport",
    "<multicore._bootstrap>",
    "<multicore._mend>",
];

/// Functions that take and give back, whosever they are: a lock that was taken in `__enter__` is let go of
/// only if that returns. And those of asyncio that say which loop runs.
const DELICATE_FUNCTIONS: [&str; 4] = [
    "__enter__",
    "__exit__",
    "_run_forever_setup",
    "_run_forever_cleanup",
];

/// Whether a thread is where an exception does no harm: not inside the import system, nor between taking
/// and giving back. It is raised where the thread is now, or where it calls or returns to next, and
/// stays there while the caller has the GIL. A thread that was not noted counts as safe.
pub fn is_safe_to_raise_in(py: Python<'_>, thread: ThreadIdent) -> bool {
    let place = py.interp().with_noted(thread.0, |state| {
        // SAFETY: attached to the interpreter that the state belongs to, which is not deleted in here;
        // frames and code objects come as references of our own, or null.
        unsafe {
            let frame = c::PyThreadState_GetFrame(state.as_ptr());
            if frame.is_null() {
                return None;
            }
            let frame = Object::from_new(py, frame.cast()).ok()?;
            let code = c::PyFrame_GetCode(frame.as_ptr().cast());
            let code = Object::from_new(py, code.cast()).ok()?;
            let file = code.getattr(c"co_filename").ok()?.to_str()?;
            let function = code.getattr(c"co_name").ok()?.to_str()?;
            Some((file, function))
        }
    });
    let is_delicate = |(file, function): (String, String)| {
        DELICATE.iter().any(|delicate| file.starts_with(delicate))
            || DELICATE_FUNCTIONS.contains(&function.as_str())
    };
    !place.flatten().is_some_and(is_delicate)
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
