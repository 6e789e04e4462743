//! Python objects → [`Value`]: exact or refused. The other way is in `to_python.rs`.

use pyo3::ffi as c;

use super::attach::Python;
use super::block::{self, Block};
use super::bridge::{ConvertError, Reduced, bridge};
use super::error::PyErr;
use super::ffi;
use super::object::{Borrowed, Object};
use super::scalars::{integer, text};
use crate::value::{Blob, Floats, MAX_DEPTH, NotShareable, Record, Text, Value};

/// What a conversion is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A message: immutable all through.
    Message,
    /// An argument or result of a call: `list`, `dict`, `set` and `bytearray` are copied.
    Copy,
    /// The same between two interpreters: what pickles to itself, an `array.array`, is refused, so
    /// that it is pickled and arrives as what it was, not as its memory.
    Parcel,
    /// As a parcel, but memory that a `memoryview` shows may be written to by all who have it: what
    /// PEP 734 says of the items of a queue and of what is set in `__main__`.
    Share,
}

type Converted<'py> = Result<Value, ConvertError<'py>>;

/// Converts an object. Only exact built-in types are taken as such: an instance of a subclass is
/// more than the built-in part of it, and goes by the rules for classes.
///
/// # Errors
/// The refusal with the way to the culprit, or what Python raised.
pub fn from_python<'py>(object: Borrowed<'_, 'py>, mode: Mode) -> Converted<'py> {
    convert(object, mode, 0)
}

/// Converts an object that the caller needs no more: large bytes that nobody else has cross without
/// a copy.
///
/// # Errors
/// As [`from_python`], and the object.
pub fn from_python_whole<'py>(
    object: Object<'py>,
    mode: Mode,
) -> Result<Value, (ConvertError<'py>, Object<'py>)> {
    match Block::of(object) {
        Ok(block) => Ok(Value::Bytes(Blob::of_block(block))),
        Err(object) => from_python((&object).into(), mode).map_err(|error| (error, object)),
    }
}

fn convert<'py>(object: Borrowed<'_, 'py>, mode: Mode, depth: usize) -> Converted<'py> {
    let (py, raw) = (object.py(), object.as_ptr());
    // SAFETY: `raw` is a living object of the attached interpreter; the static
    // types' addresses are exported data of libpython; each accessor is used on its exact type.
    unsafe {
        let class = c::Py_TYPE(raw);
        if let Some(value) = leaf(raw) {
            return Ok(value);
        }
        if class == &raw mut c::PyUnicode_Type {
            return text(py, raw).map(Value::Str);
        }
        if class == &raw mut c::PyLong_Type {
            return integer(py, raw);
        }
        if class == &raw mut c::PyBytes_Type {
            let bytes = c::PyBytes_AsString(raw).cast::<u8>();
            let size = c::PyBytes_Size(raw) as usize;
            let bytes = std::slice::from_raw_parts(bytes, size);
            return copied(py, bytes).map(Value::Bytes);
        }
        if class == &raw mut c::PyComplex_Type {
            let (re, im) = (
                c::PyComplex_RealAsDouble(raw),
                c::PyComplex_ImagAsDouble(raw),
            );
            return Ok(Value::Complex { re, im });
        }
        if depth >= MAX_DEPTH {
            return Err(too_deep(object).into());
        }
        if class == &raw mut c::PyTuple_Type {
            let size = c::PyTuple_Size(raw);
            let mut items = match floats(raw, size, c::PyTuple_GetItem) {
                Ok(floats) => return Ok(Floats::value(floats, false)),
                Err(items) => items,
            };
            for index in items.len() as c::Py_ssize_t..size {
                let item = c::PyTuple_GetItem(raw, index);
                items.push(match leaf(item) {
                    Some(value) => value,
                    None => {
                        let item = Borrowed::new(py, item);
                        at_index(convert(item, mode, depth + 1), index as usize)?
                    }
                });
            }
            return Ok(Value::Tuple(items.into()));
        }
        if class == &raw mut c::PyFrozenSet_Type {
            return set_items(object, mode, depth).map(Value::FrozenSet);
        }
        let frozen_dict = ffi::frozen_dict().map(|frozen_dict| frozen_dict.class);
        if class == &raw mut c::PyDictProxy_Type || Some(class) == frozen_dict {
            // A proxy is a view of a mapping that may change: its items as of now.
            let copy = c::PyObject_CallFunctionObjArgs(
                (&raw mut c::PyDict_Type).cast(),
                raw,
                std::ptr::null_mut::<c::PyObject>(),
            );
            let copy = Object::from_new(py, copy)?;
            return dict_items((&copy).into(), mode, depth).map(Value::Mapping);
        }
        if mode != Mode::Message {
            if class == &raw mut c::PyList_Type {
                return list(object, mode, depth);
            }
            if class == &raw mut c::PyDict_Type {
                return dict_items(object, mode, depth).map(Value::Dict);
            }
            if class == &raw mut c::PySet_Type {
                return set_items(object, mode, depth).map(Value::Set);
            }
            if class == &raw mut c::PyByteArray_Type {
                let bytes = c::PyByteArray_AsString(raw).cast::<u8>();
                let size = c::PyByteArray_Size(raw) as usize;
                let bytes = std::slice::from_raw_parts(bytes, size);
                return copied(py, bytes).map(Value::ByteArray);
            }
        }
    }
    other(object, mode, depth)
}

/// A number of 64 bits, a truth value or `None`: what needs neither memory nor a result that can
/// fail. Inlined into the loops over containers, which are mostly of these.
///
/// # Safety
/// `raw` is a living object, and the thread is attached.
#[inline(always)]
unsafe fn leaf(raw: *mut c::PyObject) -> Option<Value> {
    // SAFETY: as the caller promises; each accessor is used on its exact type.
    unsafe {
        let class = c::Py_TYPE(raw);
        if class == &raw mut c::PyLong_Type {
            let mut overflow = 0;
            let value = c::PyLong_AsLongLongAndOverflow(raw, &mut overflow);
            return (overflow == 0).then_some(Value::Int(value));
        }
        if class == &raw mut c::PyFloat_Type {
            return Some(Value::Float(c::PyFloat_AsDouble(raw)));
        }
        if raw == c::Py_None() {
            return Some(Value::None);
        }
        (class == &raw mut c::PyBool_Type).then(|| Value::Bool(raw == c::Py_True()))
    }
}

/// The one copy that bytes cost on their way out.
fn copied<'py>(py: Python<'py>, bytes: &[u8]) -> Result<Blob, ConvertError<'py>> {
    block::copied(bytes).ok_or_else(|| {
        let message = "not enough memory for a copy of these bytes";
        PyErr::new(py, super::Builtin::MemoryError, message).into()
    })
}

fn list<'py>(list: Borrowed<'_, 'py>, mode: Mode, depth: usize) -> Converted<'py> {
    let py = list.py();
    // SAFETY: an exact list. Converting an item may run Python code that changes the list, so the
    // size is read each time, and each item is held while it is converted.
    unsafe {
        let size = c::PyList_Size(list.as_ptr());
        let mut items = match floats(list.as_ptr(), size, c::PyList_GetItem) {
            Ok(floats) => return Ok(Floats::value(floats, true)),
            Err(items) => items,
        };
        let mut index = items.len() as c::Py_ssize_t;
        while index < c::PyList_Size(list.as_ptr()) {
            let item = c::PyList_GetItem(list.as_ptr(), index);
            items.push(match leaf(item) {
                Some(value) => value,
                None => {
                    let item = Object::from_borrowed(py, item);
                    let converted = convert((&item).into(), mode, depth + 1);
                    at_index(converted, index as usize)?
                }
            });
            index += 1;
        }
        Ok(Value::List(items.into()))
    }
}

/// The items of a long tuple or list of floats alone; else the floats that it begins with, with room
/// for the rest.
///
/// # Safety
/// `get` gives borrowed references to the `size` items of the living `container`; attached.
unsafe fn floats(
    container: *mut c::PyObject,
    size: c::Py_ssize_t,
    get: unsafe extern "C" fn(*mut c::PyObject, c::Py_ssize_t) -> *mut c::PyObject,
) -> Result<Vec<u8>, Vec<Value>> {
    let length = size as usize;
    let mut floats = Vec::new();
    if length >= Floats::SHORTEST {
        floats = Floats::room_for(length).unwrap_or_default();
        for index in 0..size {
            // SAFETY: within the container, as the caller promises, which nobody changes meanwhile:
            // no Python code runs here.
            unsafe {
                let item = get(container, index);
                if c::Py_TYPE(item) != &raw mut c::PyFloat_Type {
                    break;
                }
                Floats::push(&mut floats, c::PyFloat_AsDouble(item));
            }
        }
        if Floats::pushed(&floats).len() == length {
            return Ok(floats);
        }
    }
    let mut items = Vec::with_capacity(length);
    items.extend(Floats::pushed(&floats).map(Value::Float));
    Err(items)
}

fn set_items<'py>(
    set: Borrowed<'_, 'py>,
    mode: Mode,
    depth: usize,
) -> Result<Box<[Value]>, ConvertError<'py>> {
    let py = set.py();
    let mut items = Vec::new();
    // SAFETY: an exact set or frozenset. PyIter_Next gives null with or without an exception.
    unsafe {
        let iterator = Object::from_new(py, c::PyObject_GetIter(set.as_ptr()))?;
        loop {
            let next = c::PyIter_Next(iterator.as_ptr());
            if next.is_null() {
                if !c::PyErr_Occurred().is_null() {
                    return Err(PyErr::fetch(py).into());
                }
                return Ok(items.into());
            }
            let item = Object::from_new(py, next)?;
            items.push(at_index(
                convert((&item).into(), mode, depth + 1),
                items.len(),
            )?);
        }
    }
}

type Pairs = Box<[(Value, Value)]>;

fn dict_items<'py>(
    dict: Borrowed<'_, 'py>,
    mode: Mode,
    depth: usize,
) -> Result<Pairs, ConvertError<'py>> {
    let py = dict.py();
    let mut items = Vec::new();
    let mut position = 0;
    let (mut key, mut value) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: an exact dict; PyDict_Next checks the position against the dict as it is now, and
    // both objects are held while they are converted.
    unsafe {
        items.reserve_exact(c::PyDict_Size(dict.as_ptr()) as usize);
        while c::PyDict_Next(dict.as_ptr(), &mut position, &mut key, &mut value) != 0 {
            let key = Object::from_borrowed(py, key);
            let value = Object::from_borrowed(py, value);
            let converted_key = at_key(convert((&key).into(), mode, depth + 1), &key)?;
            let converted_value = at_key(convert((&value).into(), mode, depth + 1), &key)?;
            items.push((converted_key, converted_value));
        }
    }
    Ok(items.into())
}

fn other<'py>(object: Borrowed<'_, 'py>, mode: Mode, depth: usize) -> Converted<'py> {
    let Some(bridge) = bridge() else {
        return Err(unknown(object, mode).into());
    };
    if let Some(shared) = bridge.shared_from(object) {
        return Ok(Value::Shared(shared));
    }
    match bridge.reduce(object, mode)? {
        Reduced::Value(value) => Ok(value),
        Reduced::Record {
            kind,
            type_name,
            fields,
        } => {
            let mut converted = Vec::with_capacity(fields.len());
            for (name, field) in fields {
                let value = convert((&field).into(), mode, depth + 1).map_err(|mut error| {
                    if let ConvertError::NotShareable(refusal) = &mut error {
                        refusal.location.push_field(&name);
                    }
                    error
                })?;
                converted.push((Text::from(name), value));
            }
            Ok(Value::Record(Box::new(Record {
                kind: kind.into(),
                type_name: type_name.into(),
                fields: converted,
            })))
        }
        Reduced::Refused(reason) if reason.is_empty() => Err(unknown(object, mode).into()),
        Reduced::Refused(reason) => {
            Err(NotShareable::new(object.to_object().type_name(), reason).into())
        }
    }
}

fn unknown(object: Borrowed<'_, '_>, mode: Mode) -> NotShareable {
    let type_name = object.to_object().type_name();
    let reason = match (type_name.as_str(), mode) {
        ("list", Mode::Message) => "a list is mutable: send a tuple",
        ("dict", Mode::Message) => {
            "a dict is mutable: send a types.MappingProxyType of it, or a tuple"
        }
        ("set", Mode::Message) => "a set is mutable: send a frozenset",
        ("bytearray", Mode::Message) => "a bytearray is mutable: send bytes, or transfer it",
        _ => "it belongs to its interpreter: send what it is made of, or register its class",
    };
    NotShareable::new(type_name, reason)
}

fn too_deep(object: Borrowed<'_, '_>) -> NotShareable {
    NotShareable::new(
        object.to_object().type_name(),
        format!("nested more than {MAX_DEPTH} deep, or a cycle"),
    )
}

fn at_index<'py>(converted: Converted<'py>, index: usize) -> Converted<'py> {
    converted.map_err(|mut error| {
        if let ConvertError::NotShareable(refusal) = &mut error {
            refusal.location.push_index(index);
        }
        error
    })
}

fn at_key<'py>(converted: Converted<'py>, key: &Object<'py>) -> Converted<'py> {
    converted.map_err(|mut error| {
        if let ConvertError::NotShareable(refusal) = &mut error {
            match key.to_str() {
                Some(name) => refusal.location.push_field(&name),
                None => refusal.location.push_key(&key.short_repr()),
            }
        }
        error
    })
}
