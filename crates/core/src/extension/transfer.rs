//! Giving memory away: `transfer(x)` and what it returns. What memory is to Python: `memory.rs`.

use std::ffi::CStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use pyo3::ffi as c;

use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::memory::{self, Memory, no_memory};
use super::state::State;
use crate::buffer::{Access, Buffer, Layout, Transfer};
use crate::python::{
    Borrowed, Builtin, Exported, Object, PyErr, PyResult, Python, steal_array, steal_bytearray,
    to_python,
};
use crate::value::Value;

type Returned<'py> = PyResult<'py, Object<'py>>;

/// Memory that its owner gave up, as Python holds it until it is received.
pub(super) struct Transferred(pub(super) Arc<Transfer>);

impl Class for Transferred {
    const NAME: &'static CStr = c"_multicore.Transferred";
    const DOC: &'static CStr = c"Memory on its way to a new owner: send it.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Transferred>, [
    c"take" => take, c"take($self)\n--\n\nTake the memory back, as a memoryview, if nobody received it.";
    c"nbytes" => nbytes, c"nbytes($self)\n--\n\nHow many bytes are on the way; None once received.";
]);

fn take<'py>(this: Borrowed<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    // SAFETY: a method of this type.
    let transfer = &unsafe { value_of::<Transferred>(this) }.0;
    receive(state, this.py(), transfer)
}

fn nbytes<'py>(this: Borrowed<'_, 'py>, _: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&[])?;
    // SAFETY: a method of this type.
    let length = unsafe { value_of::<Transferred>(this) }.0.length();
    let length = length.map_or(Value::None, |length| Value::Int(length as i64));
    to_python(this.py(), &length)
}

/// Takes memory that arrived: a writable `memoryview` of it.
pub(super) fn receive<'py>(state: &State, py: Python<'py>, transfer: &Transfer) -> Returned<'py> {
    let buffer = transfer
        .take()
        .map_err(|error| PyErr::new(py, Builtin::ValueError, &error.to_string()))?;
    memory::show(state, py, buffer)
}

/// An object that stands for a transfer.
pub(super) fn object<'py>(
    state: &State,
    py: Python<'py>,
    transfer: Arc<Transfer>,
) -> Returned<'py> {
    let class = state.class::<Transferred>(py)?;
    // SAFETY: the class is ours.
    unsafe { make_instance(state, &class, Transferred(transfer)) }
}

/// `transfer(obj)`: the object loses its memory, which goes to whoever receives the result.
pub(super) fn transfer<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    args.check(&["obj"])?;
    let given = args.required(0, "obj")?;
    if state.is_instance::<Transferred>(given) {
        return Ok(given.to_object());
    }
    let buffer = if Exported::is_view(given) {
        received(state, given)?
    } else {
        built_in(given)?
    };
    object(state, py, Transfer::new(buffer))
}

/// The memory behind a view of memory that was received. The view is released.
fn received<'py>(state: &State, view: Borrowed<'_, 'py>) -> PyResult<'py, Buffer> {
    let py = view.py();
    // Raises if the view was released.
    let exported = Exported::of(view)?;
    let Some(owner) = memory::behind(state, view) else {
        let message = "a memoryview of an object does not own memory: transfer the object itself";
        return Err(PyErr::new(py, Builtin::TypeError, message));
    };
    // SAFETY: checked by `behind`.
    let memory = unsafe { value_of::<Memory>((&owner).into()) };
    let (address, layout) = {
        if exported.is_readonly() || !exported.is_contiguous() {
            let message = "only a writable view, in C order, of memory that is yours alone can be transferred";
            return Err(PyErr::new(py, Builtin::BufferError, message));
        }
        (exported.address(), exported.layout())
    };
    drop(exported);
    let shared = memory
        .buffer
        .lock()
        .as_ref()
        .is_some_and(|buffer| buffer.access() != Access::Exclusive);
    if shared {
        let message = "this memory is shared with others: send the view itself";
        return Err(PyErr::new(py, Builtin::BufferError, message));
    }
    // Raises while something else (a numpy array) reads through this view.
    drop(view.to_object().call_method(c"release", [])?);
    let in_use = || {
        PyErr::new(
            py,
            Builtin::BufferError,
            "other views of this memory are in use: release them first",
        )
    };
    if memory.exports.load(Ordering::Relaxed) != 0 {
        return Err(in_use());
    }
    let mut slot = memory.buffer.lock();
    match slot.take() {
        Some(buffer) if buffer.can_move() => {
            let offset = address.wrapping_sub(buffer.memory().address());
            let window = buffer.window(offset, layout, Access::Exclusive);
            // `buffer` is dropped here, so that the window is the only holder.
            Ok(window.unwrap_or(buffer))
        }
        kept => {
            *slot = kept;
            Err(in_use())
        }
    }
}

/// The memory of a `bytearray` or an `array.array`, which is left empty.
fn built_in<'py>(object: Borrowed<'_, 'py>) -> PyResult<'py, Buffer> {
    let py = object.py();
    // SAFETY: reading the types' addresses, of a living object and of exported data.
    let is_bytearray = unsafe { c::Py_TYPE(object.as_ptr()) == &raw mut c::PyByteArray_Type };
    let is_array = object.to_object().type_name() == "array.array";
    if !is_bytearray && !is_array {
        let message = format!(
            "a {} cannot be transferred: only a bytearray, an array.array or a view of memory that was received",
            object.to_object().type_name()
        );
        return Err(PyErr::new(py, Builtin::TypeError, &message));
    }
    let exported = Exported::of(object)?;
    let layout = exported.layout();
    drop(exported);
    let stolen = if is_bytearray {
        steal_bytearray(object)?
    } else {
        steal_array(object)?
    };
    if let Some(memory) = stolen {
        let buffer = Buffer::new(Arc::new(memory), 0, layout, Access::Exclusive);
        return buffer.ok_or_else(|| {
            PyErr::new(
                py,
                Builtin::RuntimeError,
                "memory shrank while it was taken",
            )
        });
    }
    // Small, or of a CPython whose objects are laid out in another way: moved by a copy.
    let exported = Exported::of(object)?;
    let memory = exported.copy()?.ok_or_else(|| no_memory(py))?;
    drop(exported);
    // Raises while a view of the object is in use.
    drop(object.to_object().call_method(c"clear", [])?);
    let layout = Layout::new(
        layout.format().to_owned(),
        layout.item_size(),
        layout.shape().to_vec(),
    );
    Buffer::new(Arc::new(memory), 0, layout, Access::Exclusive).ok_or_else(|| no_memory(py))
}
