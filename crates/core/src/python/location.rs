//! Where Python code of the calling thread is, for reports: file, line and function. Reads frames only.

use pyo3::ffi as c;

use super::attach::Python;
use super::ffi;
use super::interp::Interp;
use super::interrupt::current_thread_ident;
use super::object::Object;

/// The place in Python code that is running on this thread, as `file:line:function`; frames of files
/// whose name starts with `but_not` are passed over. `None` if the thread is not attached to
/// `interp`, or runs no Python code.
pub fn running_at(interp: &Interp, but_not: &str) -> Option<String> {
    attached_here(interp, |py| {
        // SAFETY: attached; the frame is borrowed from the thread state and alive while this code runs.
        let mut frame = unsafe {
            let frame = c::PyEval_GetFrame();
            if frame.is_null() {
                return None;
            }
            Object::from_borrowed(py, frame.cast())
        };
        loop {
            let file = read(&frame, &[c"f_code", c"co_filename"])?;
            if !file.starts_with(but_not) {
                let function = read(&frame, &[c"f_code", c"co_name"])?;
                // SAFETY: attached, and `frame` is a living frame.
                let line = unsafe { c::PyFrame_GetLineNumber(frame.as_ptr().cast()) };
                return Some(format!("{file}:{line}:{function}"));
            }
            frame = frame.getattr(c"f_back").ok()?;
            if frame.is_none() {
                return None;
            }
        }
    })
}

/// What `threading.get_ident()` gives on this thread. `None` if it is not attached to `interp`.
pub fn thread_here(interp: &Interp) -> Option<std::ffi::c_ulong> {
    attached_here(interp, |py| Some(current_thread_ident(py).number()))
}

fn attached_here<R>(
    interp: &Interp,
    look: impl for<'py> FnOnce(Python<'py>) -> Option<R>,
) -> Option<R> {
    // SAFETY: callable on every thread, attached or not.
    let thread_state = unsafe { ffi::PyThreadState_GetUnchecked() };
    if thread_state.is_null() {
        return None;
    }
    // SAFETY: attached, as the thread state shows; the id of its interpreter may then be read.
    let id = unsafe { c::PyInterpreterState_GetID(c::PyThreadState_GetInterpreter(thread_state)) };
    if id != interp.id() {
        return None;
    }
    // SAFETY: this thread is attached to `interp`, as checked just now, and stays so while `look`
    // runs, which is generic over the brand.
    look(unsafe { Python::assume_attached(interp) })
}

fn read(object: &Object<'_>, path: &[&std::ffi::CStr]) -> Option<String> {
    let mut found = object.clone();
    for name in path {
        found = found.getattr(name).ok()?;
    }
    found.to_str()
}
