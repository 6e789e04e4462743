//! Memory as Python sees it: `_multicore.Memory`, which exports a buffer to `memoryview`s, and the
//! way of `memoryview`s into messages. Giving memory away is in `transfer.rs`.

use std::ffi::{CStr, CString, c_int, c_void};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use pyo3::ffi as c;

use super::define::{Args, Class, guard, make_instance, methods, state_of, value_at, value_of};
use super::process::integer;
use super::state::State;
use crate::buffer::{Access, Buffer, Layout, Owned};
use crate::python::{Borrowed, Builtin, Exported, Mode, Object, PyErr, PyResult, Python, Reduced};
use crate::value::Value;

/// An object that exports a buffer.
pub(super) struct Memory {
    /// `None` once its memory was given away.
    pub(super) buffer: Mutex<Option<Buffer>>,
    /// Views that were handed out and not released.
    pub(super) exports: AtomicUsize,
    format: CString,
    shape: Vec<c::Py_ssize_t>,
    strides: Vec<c::Py_ssize_t>,
}

impl Class for Memory {
    const NAME: &'static CStr = c"_multicore.Memory";
    const DOC: &'static CStr = c"Memory that crosses without being copied; memoryview reads it.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
    fn slots() -> Vec<c::PyType_Slot> {
        vec![
            c::PyType_Slot {
                slot: c::Py_bf_getbuffer,
                pfunc: get_buffer as *mut c_void,
            },
            c::PyType_Slot {
                slot: c::Py_bf_releasebuffer,
                pfunc: release_buffer as *mut c_void,
            },
        ]
    }
}

methods!(METHODS, state_of::<Memory>, [
    c"_is_gone" => is_gone, c"_is_gone($self)\n--\n\nWhether its memory was given away.";
]);

fn is_gone<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    // SAFETY: a method of this type.
    let gone = unsafe { value_of::<Memory>(this) }.buffer.lock().is_none();
    crate::python::to_python(this.py(), &Value::Bool(gone))
}

impl Memory {
    fn new(buffer: Buffer) -> Self {
        let layout = buffer.layout();
        let sizes = layout.shape().iter().map(|&n| n as c::Py_ssize_t);
        let shape: Vec<c::Py_ssize_t> = sizes.collect();
        // C order: the last dimension is the densest.
        let mut strides = vec![layout.item_size() as c::Py_ssize_t; shape.len()];
        for index in (0..shape.len().saturating_sub(1)).rev() {
            strides[index] = strides[index + 1].saturating_mul(shape[index + 1]);
        }
        Self {
            format: CString::new(layout.format()).unwrap_or_default(),
            shape,
            strides,
            exports: AtomicUsize::new(0),
            buffer: Mutex::new(Some(buffer)),
        }
    }
}

/// Shows a buffer as a `memoryview`.
pub(super) fn show<'py>(
    state: &State,
    py: Python<'py>,
    buffer: Buffer,
) -> PyResult<'py, Object<'py>> {
    let class = state.class::<Memory>(py)?;
    // SAFETY: the class is ours; the new object exports memory.
    unsafe {
        let memory = make_instance(state, &class, Memory::new(buffer))?;
        Object::from_new(py, c::PyMemoryView_FromObject(memory.as_ptr()))
    }
}

/// `shared_buffer(size)`: zeroed memory that all share.
pub(super) fn shared_buffer<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let py = this.py();
    args.check(&["size"])?;
    let size = usize::try_from(integer(args.required(0, "size")?)?);
    let Ok(size) = size else {
        return Err(PyErr::new(
            py,
            Builtin::ValueError,
            "a size must not be negative",
        ));
    };
    let memory = Owned::zeroed(size).ok_or_else(|| no_memory(py))?;
    show(state, py, Buffer::whole(Arc::new(memory), Access::Shared))
}

pub(super) fn no_memory<'py>(py: Python<'py>) -> PyErr<'py> {
    PyErr::new(
        py,
        Builtin::MemoryError,
        "there is not enough memory for the buffer",
    )
}

/// The memory of ours that a `memoryview` shows.
pub(super) fn behind<'py>(state: &State, view: Borrowed<'_, 'py>) -> Option<Object<'py>> {
    let owner = view.to_object().getattr(c"obj").ok()?;
    state
        .is_instance::<Memory>((&owner).into())
        .then_some(owner)
}

/// What an object that exports memory crosses as; `None` if it is better taken for something else.
pub(super) fn reduce<'py>(
    state: &State,
    object: Borrowed<'_, 'py>,
    mode: Mode,
) -> PyResult<'py, Option<Reduced<'py>>> {
    let py = object.py();
    let refused = |reason: &str| Ok(Some(Reduced::Refused(reason.to_owned())));
    let is_view = Exported::is_view(object);
    if !is_view && mode == Mode::Message {
        return refused(
            "what it holds can change: send `memoryview(x).toreadonly()`, a copy, or transfer it",
        );
    }
    if !is_view && matches!(mode, Mode::Parcel | Mode::Share) && pickles_to_itself(object)? {
        return Ok(None);
    }
    let exported = Exported::of(object)?;
    let layout = exported.layout();
    if !is_view && layout.shape().is_empty() {
        return Ok(None);
    }
    if layout.format().contains(['O', 'P']) {
        return refused("its items are Python objects, which belong to their interpreter");
    }
    let lends = is_view && exported.is_contiguous();
    if lends && let Some(window) = ours(state, object, &exported, layout.clone()) {
        return buffer_value(window);
    }
    if lends && (exported.is_readonly() || mode == Mode::Share) {
        let access = if exported.is_readonly() {
            Access::Read
        } else {
            Access::Shared
        };
        if layout.bytes() == Some(0) {
            return buffer_value(Buffer::new(
                Arc::new(Owned::from(Vec::new())),
                0,
                layout,
                Access::Read,
            ));
        }
        return match exported.lend(object)? {
            Some(memory) => buffer_value(Buffer::new(Arc::new(memory), 0, layout, access)),
            None => refused("its interpreter is ending"),
        };
    }
    if mode == Mode::Message {
        return refused(if exported.is_readonly() {
            "its items are not in C order: send a copy"
        } else {
            "it can be written to: send `view.toreadonly()`, or transfer what it is of"
        });
    }
    let memory = exported.copy()?.ok_or_else(|| no_memory(py))?;
    buffer_value(Buffer::new(Arc::new(memory), 0, layout, Access::Exclusive))
}

/// Whether an exporter is one of the standard library's that another interpreter makes anew from
/// its pickle: an `array.array`, an object of `ctypes`.
fn pickles_to_itself<'py>(object: Borrowed<'_, 'py>) -> PyResult<'py, bool> {
    for base in object.to_object().class().getattr(c"__mro__")?.iterate()? {
        let module = base?.getattr(c"__module__")?.to_str();
        if module.is_some_and(|module| module == "array" || module == "_ctypes") {
            return Ok(true);
        }
    }
    Ok(false)
}

fn buffer_value<'py>(buffer: Option<Buffer>) -> PyResult<'py, Option<Reduced<'py>>> {
    Ok(Some(match buffer {
        Some(buffer) => Reduced::Value(Value::Shared(Arc::new(buffer))),
        None => Reduced::Refused("its layout does not fit its memory".to_owned()),
    }))
}

/// The window that a view of our own memory shows, if it may cross as it is.
fn ours(
    state: &State,
    view: Borrowed<'_, '_>,
    exported: &Exported<'_>,
    layout: Layout,
) -> Option<Option<Buffer>> {
    let owner = behind(state, view)?;
    // SAFETY: checked by `behind`.
    let memory = unsafe { value_of::<Memory>((&owner).into()) };
    let buffer = memory.buffer.lock();
    let buffer = buffer.as_ref()?;
    let access = match (exported.is_readonly(), buffer.access()) {
        (true, _) => Access::Read,
        (false, Access::Shared) => Access::Shared,
        (false, _) => return None,
    };
    let offset = exported.address().checked_sub(buffer.memory().address())?;
    Some(buffer.window(offset, layout, access))
}

unsafe extern "C" fn get_buffer(
    this: *mut c::PyObject,
    view: *mut c::Py_buffer,
    flags: c_int,
) -> c_int {
    // SAFETY: bf_getbuffer: attached, a living instance of our type, a place for the view. What the
    // view points to (format, shape, strides) lives in the instance, which the view holds; the
    // memory is held by the instance's buffer, which is not taken while `exports` is not 0.
    unsafe {
        (*view).obj = std::ptr::null_mut();
        let Some(state) = state_of::<Memory>(this) else {
            return -1;
        };
        let filled = guard(state.interp(), |py| {
            let memory = value_of::<Memory>(Borrowed::new(py, this));
            let buffer = memory.buffer.lock();
            let Some(buffer) = buffer.as_ref() else {
                return Err(PyErr::new(
                    py,
                    Builtin::ValueError,
                    "this memory was transferred away",
                ));
            };
            let readonly = buffer.access() == Access::Read;
            if readonly && flags & c::PyBUF_WRITABLE != 0 {
                return Err(PyErr::new(
                    py,
                    Builtin::BufferError,
                    "this memory is read-only",
                ));
            }
            let asks = |flag| flags & flag == flag;
            let pointer = |asked: bool, place: &[c::Py_ssize_t]| {
                if asked {
                    place.as_ptr().cast_mut()
                } else {
                    std::ptr::null_mut()
                }
            };
            memory.exports.fetch_add(1, Ordering::Relaxed);
            view.write(c::Py_buffer {
                buf: std::ptr::with_exposed_provenance_mut(buffer.address()),
                obj: c::Py_NewRef(this),
                len: buffer.length() as c::Py_ssize_t,
                itemsize: buffer.layout().item_size() as c::Py_ssize_t,
                readonly: c_int::from(readonly),
                ndim: if asks(c::PyBUF_ND) {
                    memory.shape.len() as c_int
                } else {
                    1
                },
                format: if asks(c::PyBUF_FORMAT) {
                    memory.format.as_ptr().cast_mut()
                } else {
                    std::ptr::null_mut()
                },
                shape: pointer(asks(c::PyBUF_ND), &memory.shape),
                strides: pointer(asks(c::PyBUF_STRIDES), &memory.strides),
                suboffsets: std::ptr::null_mut(),
                internal: std::ptr::null_mut(),
            });
            Ok(())
        });
        if filled.is_some() { 0 } else { -1 }
    }
}

unsafe extern "C" fn release_buffer(this: *mut c::PyObject, _: *mut c::Py_buffer) {
    // SAFETY: bf_releasebuffer: a living instance of our type (the view still holds it), and a view
    // that `get_buffer` filled in. The state is left alone: a view that the garbage collector clears
    // at the end of its interpreter may outlive it (`Instance::state`). Nothing here can panic.
    unsafe {
        let memory = value_at::<Memory>(this);
        (*memory).exports.fetch_sub(1, Ordering::Relaxed);
    }
}
