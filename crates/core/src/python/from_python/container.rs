//! Tuples, lists, sets and dicts. Each is counted before its items are made.

use pyo3::ffi as c;

use super::super::attach::Python;
use super::super::bridge::ConvertError;
use super::super::error::{Builtin, PyErr};
use super::super::object::{Borrowed, Object};
use super::{Conversion, Converted, convert, leaf, within};
use crate::value::{Floats, Value};

/// A tuple.
///
/// # Safety
/// An exact `tuple`.
pub(super) unsafe fn tuple<'py>(
    tuple: Borrowed<'_, 'py>,
    conversion: &Conversion,
    depth: usize,
) -> Converted<'py> {
    let (py, raw) = (tuple.py(), tuple.as_ptr());
    // SAFETY: an exact tuple, as the caller promises, which nobody changes: it holds its items while
    // they are converted.
    unsafe {
        let size = c::PyTuple_Size(raw);
        within(tuple, conversion.budget.container(size as usize))?;
        let mut items = match floats(raw, size, c::PyTuple_GetItem) {
            Ok(floats) => return Ok(Floats::value(floats, false)),
            Err(floats) => with_floats(py, &floats, size)?,
        };
        for index in items.len() as c::Py_ssize_t..size {
            let item = c::PyTuple_GetItem(raw, index);
            items.push(match leaf(item) {
                Some(value) => value,
                None => {
                    let item = Borrowed::new(py, item);
                    at_index(convert(item, conversion, depth + 1), index as usize)?
                }
            });
        }
        Ok(Value::Tuple(items.into()))
    }
}

/// A list.
///
/// # Safety
/// An exact `list`.
pub(super) unsafe fn list<'py>(
    list: Borrowed<'_, 'py>,
    conversion: &Conversion,
    depth: usize,
) -> Converted<'py> {
    let py = list.py();
    // SAFETY: an exact list. Converting an item may run Python code that changes the list, so the
    // size is read each time, and each item is held while it is converted.
    unsafe {
        let size = c::PyList_Size(list.as_ptr());
        let budget = &conversion.budget;
        within(list, budget.container(size as usize))?;
        let mut items = match floats(list.as_ptr(), size, c::PyList_GetItem) {
            Ok(floats) => return Ok(Floats::value(floats, true)),
            Err(floats) => with_floats(py, &floats, size)?,
        };
        let mut index = items.len() as c::Py_ssize_t;
        while index < c::PyList_Size(list.as_ptr()) {
            // It grew meanwhile.
            if index >= size {
                within(list, budget.items(1))?;
            }
            let item = c::PyList_GetItem(list.as_ptr(), index);
            items.push(match leaf(item) {
                Some(value) => value,
                None => {
                    let item = Object::from_borrowed(py, item);
                    let converted = convert((&item).into(), conversion, depth + 1);
                    at_index(converted, index as usize)?
                }
            });
            index += 1;
        }
        Ok(Value::List(items.into()))
    }
}

/// The items of a long tuple or list of floats alone; else the floats that it begins with.
///
/// # Safety
/// `get` gives borrowed references to the `size` items of the living `container`; attached.
unsafe fn floats(
    container: *mut c::PyObject,
    size: c::Py_ssize_t,
    get: unsafe extern "C" fn(*mut c::PyObject, c::Py_ssize_t) -> *mut c::PyObject,
) -> Result<Vec<u8>, Vec<u8>> {
    let length = size as usize;
    let mut floats = Vec::new();
    if length >= Floats::SHORTEST
        && let Some(room) = Floats::room_for(length)
    {
        floats = room;
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
    Err(floats)
}

/// The floats that a container of this size begins with, and room for the rest.
fn with_floats<'py>(
    py: Python<'py>,
    floats: &[u8],
    size: c::Py_ssize_t,
) -> Result<Vec<Value>, ConvertError<'py>> {
    let mut items = room_for(py, size)?;
    items.extend(Floats::pushed(floats).map(Value::Float));
    Ok(items)
}

/// Room for so many: a large container may be more than there is memory for.
fn room_for<'py, T>(py: Python<'py>, size: c::Py_ssize_t) -> Result<Vec<T>, ConvertError<'py>> {
    let mut items = Vec::new();
    match items.try_reserve_exact(size as usize) {
        Ok(()) => Ok(items),
        Err(_) => {
            let message = "not enough memory for a copy of these items";
            Err(PyErr::new(py, Builtin::MemoryError, message).into())
        }
    }
}

/// The items of a set.
///
/// # Safety
/// An exact `set` or `frozenset`.
pub(super) unsafe fn set_items<'py>(
    set: Borrowed<'_, 'py>,
    conversion: &Conversion,
    depth: usize,
) -> Result<Box<[Value]>, ConvertError<'py>> {
    let py = set.py();
    // SAFETY: an exact set or frozenset. PyIter_Next gives null with or without an exception, and one if
    // the set has changed its size.
    unsafe {
        let size = c::PySet_Size(set.as_ptr());
        within(set, conversion.budget.container(size as usize))?;
        let mut items = room_for(py, size)?;
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
                convert((&item).into(), conversion, depth + 1),
                items.len(),
            )?);
        }
    }
}

type Pairs = Box<[(Value, Value)]>;

/// The keys and values of a dict.
///
/// # Safety
/// An exact `dict`.
pub(super) unsafe fn dict_items<'py>(
    dict: Borrowed<'_, 'py>,
    conversion: &Conversion,
    depth: usize,
) -> Result<Pairs, ConvertError<'py>> {
    let py = dict.py();
    let budget = &conversion.budget;
    let mut position = 0;
    let (mut key, mut value) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: an exact dict; PyDict_Next checks the position against the dict as it is now, and
    // both objects are held while they are converted.
    unsafe {
        let size = c::PyDict_Size(dict.as_ptr());
        within(dict, budget.container(2 * size as usize))?;
        let mut items = room_for(py, size)?;
        while c::PyDict_Next(dict.as_ptr(), &mut position, &mut key, &mut value) != 0 {
            // It grew meanwhile.
            if items.len() >= size as usize {
                within(dict, budget.items(2))?;
            }
            let key = Object::from_borrowed(py, key);
            let value = Object::from_borrowed(py, value);
            let converted_key = at_key(convert((&key).into(), conversion, depth + 1), &key)?;
            let converted_value = at_key(convert((&value).into(), conversion, depth + 1), &key)?;
            items.push((converted_key, converted_value));
        }
        Ok(items.into())
    }
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
