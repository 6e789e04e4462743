//! Python's memory: reading what an object exports by the buffer protocol, lending it, copying it.
//! Not here: objects of ours that export memory (`extension/memory.rs`).

use std::ffi::CStr;
use std::sync::Arc;

use pyo3::ffi as c;

use super::attach::Python;
use super::error::{PyErr, PyResult};
use super::global::Global;
use super::interp::Interp;
use super::object::{Borrowed, Object};
use crate::buffer::{Layout, Memory, Owned};

/// Memory of a Python object, lent to the rest of the process.
///
/// It holds a `memoryview` of the object, which keeps the memory in place: an exporter must not
/// move or free what is exported. The interpreter does not end while this lives; the view is let
/// go by a thread that is attached to it.
pub struct Export {
    /// `None` only while it is dropped.
    view: Option<Global>,
    interp: Arc<Interp>,
    address: usize,
    length: usize,
}

impl Memory for Export {
    fn address(&self) -> usize {
        self.address
    }

    fn length(&self) -> usize {
        self.length
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        // First the view goes to the interpreter's queue, then the interpreter may end: it empties
        // the queue before.
        drop(self.view.take());
        self.interp.return_lent();
    }
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Export({} bytes of interpreter {})",
            self.length,
            self.interp.id()
        )
    }
}

/// Memory that an object exports, for as long as this lives: attached, on one thread.
pub struct Exported<'py> {
    view: Box<c::Py_buffer>,
    py: Python<'py>,
}

impl<'py> Exported<'py> {
    /// Asks an object for its memory.
    ///
    /// # Errors
    /// What the object raises: it exports none, or was released.
    pub fn of(object: Borrowed<'_, 'py>) -> PyResult<'py, Self> {
        let py = object.py();
        let mut view = Box::new(c::Py_buffer::new());
        // SAFETY: a living object and a place that stays where it is until it is released.
        let failed =
            unsafe { c::PyObject_GetBuffer(object.as_ptr(), &mut *view, c::PyBUF_FULL_RO) } != 0;
        if failed {
            return Err(PyErr::fetch(py));
        }
        Ok(Self { view, py })
    }

    /// Whether an object exports memory at all.
    pub fn is_exporter(object: Borrowed<'_, '_>) -> bool {
        // SAFETY: a living object.
        unsafe { c::PyObject_CheckBuffer(object.as_ptr()) != 0 }
    }

    /// Whether an object is a `memoryview`.
    pub fn is_view(object: Borrowed<'_, '_>) -> bool {
        // SAFETY: a living object.
        unsafe { c::PyMemoryView_Check(object.as_ptr()) != 0 }
    }

    /// Whether writing to it is not allowed.
    pub fn is_readonly(&self) -> bool {
        self.view.readonly != 0
    }

    /// Whether the items are one after the other, in C order.
    pub fn is_contiguous(&self) -> bool {
        // SAFETY: a view that was filled in.
        unsafe { c::PyBuffer_IsContiguous(&*self.view, b'C' as std::ffi::c_char) != 0 }
    }

    /// Where it begins.
    pub fn address(&self) -> usize {
        self.view.buf.expose_provenance()
    }

    /// The object whose memory it is.
    pub fn owner(&self) -> Object<'py> {
        // SAFETY: a view that was filled in holds its exporter.
        unsafe { Object::from_borrowed(self.py, self.view.obj) }
    }

    /// What is in it.
    pub fn layout(&self) -> Layout {
        let (view, dimensions) = (&*self.view, usize::try_from(self.view.ndim).unwrap_or(0));
        // SAFETY: as the buffer protocol has it for PyBUF_FULL_RO: `format` is a string or null
        // (bytes), `shape` has `ndim` entries, and is null only without dimensions.
        let (format, shape) = unsafe {
            let format = (!view.format.is_null())
                .then(|| CStr::from_ptr(view.format).to_string_lossy().into_owned());
            let shape = if view.shape.is_null() || dimensions == 0 {
                Vec::new()
            } else {
                std::slice::from_raw_parts(view.shape, dimensions)
                    .iter()
                    .map(|&length| length as usize)
                    .collect()
            };
            (format.unwrap_or_else(|| "B".to_owned()), shape)
        };
        Layout::new(format, view.itemsize.max(0) as usize, shape)
    }

    /// A copy, in C order whatever order the original has; `None` if there is no memory for it.
    ///
    /// # Errors
    /// What Python raises.
    pub fn copy(&self) -> PyResult<'py, Option<Owned>> {
        let length = self.view.len.max(0);
        let mut bytes = Vec::<u8>::new();
        if bytes.try_reserve_exact(length as usize).is_err() {
            return Ok(None);
        }
        // SAFETY: `bytes` has room for `length` bytes, which the call writes all of if it succeeds;
        // a view that was filled in (the API takes it as const since 3.13 or does not write).
        unsafe {
            let view = std::ptr::from_ref(&*self.view);
            let place = bytes.as_mut_ptr().cast();
            if c::PyBuffer_ToContiguous(place, view, length, b'C' as std::ffi::c_char) != 0 {
                return Err(PyErr::fetch(self.py));
            }
            bytes.set_len(length as usize);
        }
        Ok(Some(Owned::from(bytes)))
    }

    /// Lends the memory of `object`, which this is of; `None` if the interpreter is ending.
    ///
    /// # Errors
    /// What Python raises.
    pub fn lend(&self, object: Borrowed<'_, 'py>) -> PyResult<'py, Option<Export>> {
        // SAFETY: a living object. The new view keeps the memory as it is, also when the one that
        // the program has is released.
        let view = unsafe {
            Object::from_new(self.py, c::PyMemoryView_FromObject(object.as_ptr()))?.into_global()
        };
        let Some(interp) = self.py.interp().weak().upgrade() else {
            return Ok(None);
        };
        if !interp.lend() {
            return Ok(None);
        }
        Ok(Some(Export {
            view: Some(view),
            interp,
            address: self.address(),
            length: self.view.len.max(0) as usize,
        }))
    }
}

impl Drop for Exported<'_> {
    fn drop(&mut self) {
        // SAFETY: filled in by PyObject_GetBuffer, released once, attached (the token).
        unsafe { c::PyBuffer_Release(&mut *self.view) }
    }
}

impl std::fmt::Debug for Exported<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exported({} bytes)", self.view.len)
    }
}
