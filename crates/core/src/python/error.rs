//! A raised Python exception, held as an object. Taking it apart for the host is Python's own work
//! (`multicore/_errors.py`).

use std::ffi::CString;

use pyo3::ffi as c;

use super::attach::Python;
use super::object::Object;

/// The result of something that may raise.
pub type PyResult<'py, T> = Result<T, PyErr<'py>>;

/// A Python exception: an instance of `BaseException`, always. CPython reads its fields without looking.
pub struct PyErr<'py>(Object<'py>);

/// Exception classes that we raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is Python's own class of that name")]
pub enum Builtin {
    BufferError,
    KeyboardInterrupt,
    MemoryError,
    OverflowError,
    RuntimeError,
    SystemExit,
    TypeError,
    ValueError,
    RecursionError,
    TimeoutError,
}

impl Builtin {
    fn as_ptr(self) -> *mut c::PyObject {
        // SAFETY: reading exported pointers of an initialised runtime.
        unsafe {
            match self {
                Self::BufferError => c::PyExc_BufferError,
                Self::KeyboardInterrupt => c::PyExc_KeyboardInterrupt,
                Self::MemoryError => c::PyExc_MemoryError,
                Self::OverflowError => c::PyExc_OverflowError,
                Self::RuntimeError => c::PyExc_RuntimeError,
                Self::SystemExit => c::PyExc_SystemExit,
                Self::TypeError => c::PyExc_TypeError,
                Self::ValueError => c::PyExc_ValueError,
                Self::RecursionError => c::PyExc_RecursionError,
                Self::TimeoutError => c::PyExc_TimeoutError,
            }
        }
    }
}

impl<'py> PyErr<'py> {
    /// Takes the exception that a C function set.
    pub(crate) fn fetch(py: Python<'py>) -> Self {
        // SAFETY: attached. If a C function failed without an exception, which is a bug of that
        // function, a SystemError stands in, as CPython does.
        unsafe {
            let mut raised = c::PyErr_GetRaisedException();
            if raised.is_null() {
                c::PyErr_SetString(
                    c::PyExc_SystemError,
                    c"error return without exception set".as_ptr(),
                );
                raised = c::PyErr_GetRaisedException();
            }
            // What CPython has raised is an exception: `raise` and `PyErr_SetObject` see to that.
            match Object::from_new(py, raised) {
                Ok(object) => Self(object),
                Err(error) => error,
            }
        }
    }

    /// A new exception of a built-in class.
    pub fn new(py: Python<'py>, class: Builtin, message: &str) -> Self {
        let message = CString::new(message.replace('\0', "\\0")).unwrap_or_default();
        // SAFETY: attached; a class and a NUL-terminated message.
        unsafe { c::PyErr_SetString(class.as_ptr(), message.as_ptr()) };
        Self::fetch(py)
    }

    /// A new exception of a class of ours. If somebody has put something else in its place, what that gives, or a
    /// `TypeError`.
    pub fn of_class(class: &Object<'py>, message: &str) -> Self {
        match Object::str(class.py(), message).and_then(|message| class.call([&message])) {
            Ok(exception) => Self::from_object(exception),
            Err(error) => error,
        }
    }

    /// Wraps an exception object; a `TypeError`, as of `raise`, if it is none.
    pub fn from_object(exception: Object<'py>) -> Self {
        if is_exception(&exception) {
            return Self(exception);
        }
        let message = "exceptions must derive from BaseException";
        Self::new(exception.py(), Builtin::TypeError, message)
    }

    /// Sets it again, for C to raise.
    pub(crate) fn restore(self) {
        // SAFETY: attached (the object proves it); an exception, whose reference is handed over.
        unsafe { c::PyErr_SetRaisedException(self.0.into_ptr()) }
    }

    /// The exception object.
    pub fn object(&self) -> &Object<'py> {
        &self.0
    }

    /// Whether it is an instance of a built-in class.
    pub fn is(&self, class: Builtin) -> bool {
        // SAFETY: a living exception and a class.
        unsafe { c::PyErr_GivenExceptionMatches(self.0.as_ptr(), class.as_ptr()) != 0 }
    }

    /// Type and message in one line, for when nothing better can be made.
    pub fn summary(&self) -> String {
        let py = self.0.py();
        // SAFETY: a living object; a failing `__str__` is swallowed on purpose.
        let text = unsafe { Object::from_new(py, c::PyObject_Str(self.0.as_ptr())) }
            .ok()
            .and_then(|text| text.to_str())
            .unwrap_or_default();
        format!("{}: {text}", self.0.type_name())
    }
}

/// Whether this is an instance of `BaseException`, by its layout and not by what its class says.
pub(super) fn is_exception(object: &Object<'_>) -> bool {
    // SAFETY: a living object, of which the type's flags are read.
    unsafe { c::PyExceptionInstance_Check(object.as_ptr()) != 0 }
}

impl std::fmt::Debug for PyErr<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.summary())
    }
}
