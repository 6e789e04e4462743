//! [`Value`] → Python objects of the attached interpreter. The other way is in `from_python.rs`.

use std::mem::MaybeUninit;

use pyo3::ffi as c;

use super::attach::Python;
use super::block::Block;
use super::bridge::bridge;
use super::error::{Builtin, PyErr, PyResult};
use super::ffi;
use super::object::Object;
use super::pages::{LARGE_BYTES, will_fill};
use crate::value::{Blob, Floats, Record, Sign, Text, Value};

/// Makes the object. The value is only read: a failure loses nothing.
///
/// # Errors
/// What Python raises: out of memory, an unhashable key, a class's own error.
pub fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached; every pointer passed is of a living object of this
    // interpreter or of memory that `value` owns; each result is checked by `from_new`.
    unsafe {
        let raw = match value {
            Value::None => return Ok(Object::none(py)),
            Value::Bool(value) => c::PyBool_FromLong((*value).into()),
            Value::Int(value) => c::PyLong_FromLongLong(*value),
            Value::Float(value) => c::PyFloat_FromDouble(*value),
            Value::Str(value) => return text(py, value),
            Value::Complex { re, im } => c::PyComplex_FromDoubles(*re, *im),
            Value::BigInt(value) => {
                debug_assert!(value.sign == Sign::Positive || !value.words.is_empty());
                let bytes = value.to_twos_complement();
                ffi::PyLong_FromNativeBytes(bytes.as_ptr().cast(), bytes.len(), ffi::LITTLE_ENDIAN)
            }
            Value::Bytes(bytes) => return bytes_object(py, bytes),
            Value::ByteArray(bytes) => c::PyByteArray_FromStringAndSize(
                bytes.as_ptr().cast(),
                bytes.len() as c::Py_ssize_t,
            ),
            Value::Tuple(items) => return tuple(py, items),
            Value::List(items) => {
                let list = Object::from_new(py, c::PyList_New(items.len() as c::Py_ssize_t))?;
                for (index, item) in items.iter().enumerate() {
                    let item = item_to_python(py, item)?;
                    c::PyList_SetItem(list.as_ptr(), index as c::Py_ssize_t, item);
                }
                return Ok(list);
            }
            Value::Floats(items) => return floats(py, items),
            Value::FrozenSet(items) => return set(py, items, c::PyFrozenSet_New),
            Value::Set(items) => return set(py, items, c::PySet_New),
            Value::Dict(items) => return dict(py, items),
            Value::Mapping(items) => {
                let dict = dict(py, items)?;
                match ffi::frozen_dict() {
                    Some(frozen_dict) => (frozen_dict.new)(dict.as_ptr()),
                    None => c::PyDictProxy_New(dict.as_ptr()),
                }
            }
            Value::Record(value) => return record(py, value),
            Value::Shared(shared) => {
                return match bridge() {
                    Some(bridge) => bridge.shared_to(py, shared),
                    None => Err(PyErr::new(
                        py,
                        Builtin::RuntimeError,
                        "no bridge is installed",
                    )),
                };
            }
        };
        Object::from_new(py, raw)
    }
}

/// As [`to_python`], of a value that is needed no more: large bytes may become the object as they
/// are, also where they are among a few other things.
///
/// # Errors
/// As [`to_python`].
#[inline]
pub fn into_python<'py>(py: Python<'py>, value: Value) -> PyResult<'py, Object<'py>> {
    match value {
        Value::Bytes(bytes) => whole_bytes(py, bytes),
        Value::Tuple(items) if has_bytes(&items) => {
            whole_items(py, items, c::PyTuple_New, c::PyTuple_SetItem)
        }
        Value::List(items) if has_bytes(&items) => {
            whole_items(py, items, c::PyList_New, c::PyList_SetItem)
        }
        other => to_python(py, &other),
    }
}

fn whole_bytes(py: Python<'_>, bytes: Blob) -> PyResult<'_, Object<'_>> {
    match bytes.into_block::<Block>() {
        Ok(block) => block.into_object(py),
        Err(bytes) => bytes_object(py, &bytes),
    }
}

/// Whether there are bytes among a few items: many are not worth looking.
fn has_bytes(items: &[Value]) -> bool {
    const FEW: usize = 16;
    items.len() <= FEW && items.iter().any(|item| matches!(item, Value::Bytes(_)))
}

fn whole_items<'py>(
    py: Python<'py>,
    items: Box<[Value]>,
    new: New,
    set: Set,
) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached; a fresh container of this size, each index set once, with a reference that
    // is handed over.
    unsafe {
        let container = Object::from_new(py, new(items.len() as c::Py_ssize_t))?;
        for (index, item) in items.into_iter().enumerate() {
            let item = into_python(py, item)?;
            set(container.as_ptr(), index as c::Py_ssize_t, item.into_ptr());
        }
        Ok(container)
    }
}

/// Makes a container of so many items.
type New = unsafe extern "C" fn(c::Py_ssize_t) -> *mut c::PyObject;
/// Sets one of them, taking its reference over.
type Set = unsafe extern "C" fn(*mut c::PyObject, c::Py_ssize_t, *mut c::PyObject) -> i32;

fn floats<'py>(py: Python<'py>, items: &Floats) -> PyResult<'py, Object<'py>> {
    let size = items.length() as c::Py_ssize_t;
    let (new, set): (New, Set) = if items.is_list() {
        (c::PyList_New, c::PyList_SetItem)
    } else {
        (c::PyTuple_New, c::PyTuple_SetItem)
    };
    // SAFETY: attached; a fresh container of this size, each index set once, with a reference that
    // is handed over.
    unsafe {
        let container = Object::from_new(py, new(size))?;
        for (index, item) in items.iter().enumerate() {
            let item = c::PyFloat_FromDouble(item);
            if item.is_null() {
                return Err(PyErr::fetch(py));
            }
            set(container.as_ptr(), index as c::Py_ssize_t, item);
        }
        Ok(container)
    }
}

/// A new reference for one item of a container. The numbers that large containers are made of are
/// made right here, in the loop.
#[inline(always)]
fn item_to_python<'py>(py: Python<'py>, item: &Value) -> PyResult<'py, *mut c::PyObject> {
    // SAFETY: attached.
    let raw = unsafe {
        match item {
            Value::Float(value) => c::PyFloat_FromDouble(*value),
            Value::Int(value) => c::PyLong_FromLongLong(*value),
            other => return to_python(py, other).map(Object::into_ptr),
        }
    };
    if raw.is_null() {
        Err(PyErr::fetch(py))
    } else {
        Ok(raw)
    }
}

/// A tuple of the items.
///
/// # Errors
/// As [`to_python`].
pub fn tuple<'py>(py: Python<'py>, items: &[Value]) -> PyResult<'py, Object<'py>> {
    // SAFETY: a fresh tuple, each index set once; the reference is handed over.
    unsafe {
        let tuple = Object::from_new(py, c::PyTuple_New(items.len() as c::Py_ssize_t))?;
        for (index, item) in items.iter().enumerate() {
            let item = item_to_python(py, item)?;
            c::PyTuple_SetItem(tuple.as_ptr(), index as c::Py_ssize_t, item);
        }
        Ok(tuple)
    }
}

/// A `bytes` object.
fn bytes_object<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<'py, Object<'py>> {
    // SAFETY: CPython copies small ones; a large one is a fresh object of this size, which nobody else
    // sees before it is filled.
    unsafe {
        let (place, size) = (bytes.as_ptr().cast(), bytes.len() as c::Py_ssize_t);
        if bytes.len() < LARGE_BYTES {
            return Object::from_new(py, c::PyBytes_FromStringAndSize(place, size));
        }
        let object = Object::from_new(py, c::PyBytes_FromStringAndSize(std::ptr::null(), size))?;
        let place = c::PyBytes_AsString(object.as_ptr()).cast::<MaybeUninit<u8>>();
        will_fill(std::slice::from_raw_parts_mut(place, bytes.len()));
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), place.cast(), bytes.len());
        Ok(object)
    }
}

/// A `str`.
///
/// # Errors
/// Out of memory.
pub fn text<'py>(py: Python<'py>, text: &Text) -> PyResult<'py, Object<'py>> {
    match text {
        Text::Utf8(text) => Object::str(py, text),
        // SAFETY: kind 4 is four bytes a code point; the buffer holds that many; CPython checks
        // nothing but the maximum, which `Text` guarantees.
        Text::Wide(points) => unsafe {
            let size = points.len() as c::Py_ssize_t;
            Object::from_new(
                py,
                ffi::PyUnicode_FromKindAndData(4, points.as_ptr().cast(), size),
            )
        },
    }
}

fn set<'py>(
    py: Python<'py>,
    items: &[Value],
    make: unsafe extern "C" fn(*mut c::PyObject) -> *mut c::PyObject,
) -> PyResult<'py, Object<'py>> {
    let items = tuple(py, items)?;
    // SAFETY: both constructors take any iterable.
    unsafe { Object::from_new(py, make(items.as_ptr())) }
}

/// A `dict` of the pairs.
///
/// # Errors
/// As [`to_python`].
pub fn dict<'py>(py: Python<'py>, items: &[(Value, Value)]) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached.
    let dict = unsafe { Object::from_new(py, c::PyDict_New())? };
    for (key, value) in items {
        dict.set_item(&to_python(py, key)?, &to_python(py, value)?)?;
    }
    Ok(dict)
}

/// A `dict` of names and values.
///
/// # Errors
/// As [`to_python`].
pub fn named<'py>(py: Python<'py>, items: &[(Text, Value)]) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached.
    let dict = unsafe { Object::from_new(py, c::PyDict_New())? };
    for (name, value) in items {
        dict.set_item(&text(py, name)?, &to_python(py, value)?)?;
    }
    Ok(dict)
}

/// A tuple of interned strings: names of keyword arguments, as `call_vector` takes them.
pub fn names_tuple<'py>(py: Python<'py>, names: &[Text]) -> PyResult<'py, Object<'py>> {
    let interned = |name: &Text| {
        let mut name = text(py, name)?.into_ptr();
        // SAFETY: a string that is ours alone; what comes back is a reference that is ours, too.
        unsafe {
            c::PyUnicode_InternInPlace(&mut name);
            Object::from_new(py, name)
        }
    };
    // SAFETY: a fresh tuple, each index set once; the reference is handed over.
    unsafe {
        let tuple = Object::from_new(py, c::PyTuple_New(names.len() as c::Py_ssize_t))?;
        for (index, name) in names.iter().enumerate() {
            let name = interned(name)?.into_ptr();
            c::PyTuple_SetItem(tuple.as_ptr(), index as c::Py_ssize_t, name);
        }
        Ok(tuple)
    }
}

fn record<'py>(py: Python<'py>, record: &Record) -> PyResult<'py, Object<'py>> {
    let Some(bridge) = bridge() else {
        return Err(PyErr::new(
            py,
            Builtin::RuntimeError,
            "no bridge is installed",
        ));
    };
    // SAFETY: a fresh tuple, each index set once; the reference is handed over.
    let fields = unsafe {
        let size = record.fields.len() as c::Py_ssize_t;
        let fields = Object::from_new(py, c::PyTuple_New(size))?;
        for (index, (name, value)) in record.fields.iter().enumerate() {
            let pair = Object::tuple(py, [text(py, name)?, to_python(py, value)?])?;
            c::PyTuple_SetItem(fields.as_ptr(), index as c::Py_ssize_t, pair.into_ptr());
        }
        fields
    };
    bridge.rebuild(record, &fields)
}
