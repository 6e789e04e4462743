//! Taking exceptions apart with as little Python code as possible: chain, traceback, attributes.
//! What is made of it is the business of `interpreter/exceptions/`.

use std::ffi::CStr;

use pyo3::ffi as c;

use super::error::{PyErr, PyResult, is_exception};
use super::object::Object;

/// How an exception came out of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `raise … from …`.
    Cause,
    /// It was raised while the other was handled.
    Context,
}

/// What led to an exception: its cause, else its context unless that is suppressed. Nothing, for what is no exception:
/// the members of a group are what its class says.
///
/// # Errors
/// What a class's own `__suppress_context__` raises.
pub fn origin<'py>(exception: &Object<'py>) -> PyResult<'py, Option<(Link, Object<'py>)>> {
    let py = exception.py();
    if !is_exception(exception) {
        return Ok(None);
    }
    // SAFETY: attached; an instance of BaseException, whose fields these read; they give new references
    // or null, without an exception.
    unsafe {
        let cause = c::PyException_GetCause(exception.as_ptr());
        if !cause.is_null() {
            return Ok(Some((Link::Cause, Object::from_new(py, cause)?)));
        }
        let context = c::PyException_GetContext(exception.as_ptr());
        if context.is_null() {
            return Ok(None);
        }
        let context = Object::from_new(py, context)?;
        let suppressed = exception.getattr(c"__suppress_context__")?.is_true();
        Ok((!suppressed).then_some((Link::Context, context)))
    }
}

/// A piece of a traceback: a place that the exception passed on its way.
#[derive(Debug)]
pub struct Entry<'py> {
    /// The traceback object, whose first place this is.
    pub traceback: Object<'py>,
    /// The code object.
    pub code: Object<'py>,
    place: Place,
}

/// Where in which code. Means something only as long as somebody keeps the code object alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    code: usize,
    instruction: i64,
    line: i64,
}

impl Entry<'_> {
    /// The place, to find it again.
    pub fn place(&self) -> Place {
        self.place
    }
}

/// The traceback of an exception, outermost first; empty for what is no exception.
///
/// # Errors
/// Out of memory.
pub fn traceback<'py>(exception: &Object<'py>) -> PyResult<'py, Vec<Entry<'py>>> {
    let py = exception.py();
    let mut entries = Vec::new();
    if !is_exception(exception) {
        return Ok(entries);
    }
    // SAFETY: attached, an instance of BaseException; a new reference or null.
    let first = unsafe { c::PyException_GetTraceback(exception.as_ptr()) };
    if first.is_null() {
        return Ok(entries);
    }
    // SAFETY: a new reference.
    let mut traceback = unsafe { Object::from_new(py, first)? };
    loop {
        let frame = traceback.getattr(c"tb_frame")?;
        // SAFETY: what an exception has is a traceback object, also if it was set, and `tb_next` of one is another;
        // `tb_frame` of it is a frame object, always, and has code: a new reference.
        let code =
            unsafe { Object::from_new(py, c::PyFrame_GetCode(frame.as_ptr().cast()).cast())? };
        let place = Place {
            code: code.as_ptr() as usize,
            instruction: integer(&traceback, c"tb_lasti"),
            line: integer(&traceback, c"tb_lineno"),
        };
        let next = traceback.getattr(c"tb_next")?;
        entries.push(Entry {
            traceback,
            code,
            place,
        });
        if next.is_none() {
            return Ok(entries);
        }
        traceback = next;
    }
}

/// An attribute that is an int, or `None`: -1.
fn integer(object: &Object<'_>, name: &CStr) -> i64 {
    let Ok(number) = object.getattr(name) else {
        return -1;
    };
    if number.is_none() {
        return -1;
    }
    // SAFETY: a living object; what is no int raises, which is taken back.
    unsafe {
        let value = c::PyLong_AsLongLong(number.as_ptr());
        if value == -1 {
            c::PyErr_Clear();
        }
        value
    }
}

/// What Python prints for exceptions of this kind is more than their type and their message:
/// members, positions, suggestions.
pub fn is_elaborate(exception: &Object<'_>) -> bool {
    // SAFETY: attached; exported pointers of an initialised runtime, and a living exception.
    unsafe {
        [
            c::PyExc_SyntaxError,
            c::PyExc_ImportError,
            c::PyExc_NameError,
            c::PyExc_AttributeError,
        ]
        .into_iter()
        .any(|class| c::PyErr_GivenExceptionMatches(exception.as_ptr(), class) != 0)
    }
}

/// Whether this is an exception group.
pub fn is_group(exception: &Object<'_>) -> bool {
    // SAFETY: as above.
    unsafe { c::PyErr_GivenExceptionMatches(exception.as_ptr(), c::PyExc_BaseExceptionGroup) != 0 }
}

/// `str(exception)`.
///
/// # Errors
/// What its `__str__` raises.
pub fn message<'py>(exception: &Object<'py>) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached, a living object.
    unsafe { Object::from_new(exception.py(), c::PyObject_Str(exception.as_ptr())) }
}

/// An attribute that may be missing; one that raises is missing.
pub fn attribute<'py>(object: &Object<'py>, name: &Object<'py>) -> Option<Object<'py>> {
    let py = object.py();
    let mut found = std::ptr::null_mut();
    // SAFETY: attached, living objects, a place for a new reference, null unless 1 is returned.
    unsafe {
        match c::PyObject_GetOptionalAttr(object.as_ptr(), name.as_ptr(), &mut found) {
            1 => Object::from_new(py, found).ok(),
            0 => None,
            _ => {
                drop(PyErr::fetch(py));
                None
            }
        }
    }
}

/// Whether `sys.tracebacklimit` is set.
pub fn has_traceback_limit(_py: super::Python<'_>) -> bool {
    // SAFETY: attached; a borrowed reference or null, without an exception.
    unsafe { !c::PySys_GetObject(c"tracebacklimit".as_ptr()).is_null() }
}

/// Whether this can be called.
pub fn is_callable(object: &Object<'_>) -> bool {
    // SAFETY: a living object.
    unsafe { c::PyCallable_Check(object.as_ptr()) != 0 }
}

/// The items of a `list` (exactly); `None` for anything else.
pub fn list_items<'py>(object: &Object<'py>) -> Option<Vec<Object<'py>>> {
    // SAFETY: a living object; its type is looked at before it is used as a list, whose items are
    // borrowed and kept at once. Nothing here runs Python code that could change it.
    unsafe {
        if c::Py_TYPE(object.as_ptr()) != &raw mut c::PyList_Type {
            return None;
        }
        let length = c::PyList_Size(object.as_ptr());
        Some(
            (0..length)
                .map(|at| {
                    Object::from_borrowed(object.py(), c::PyList_GetItem(object.as_ptr(), at))
                })
                .collect(),
        )
    }
}

/// The items of a `tuple`; empty for anything else.
pub fn tuple_items<'py>(object: &Object<'py>) -> Vec<Object<'py>> {
    // SAFETY: as above, with a tuple or an instance of a subclass, which has the same layout.
    unsafe {
        if c::PyTuple_Check(object.as_ptr()) == 0 {
            return Vec::new();
        }
        (0..c::PyTuple_Size(object.as_ptr()))
            .map(|at| Object::from_borrowed(object.py(), c::PyTuple_GetItem(object.as_ptr(), at)))
            .collect()
    }
}
