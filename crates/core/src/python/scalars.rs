//! An `int` or a `str` of any size as a value. Small ints are read where they are met (`from_python.rs`).

use pyo3::ffi as c;

use super::attach::Python;
use super::bridge::ConvertError;
use super::error::{Builtin, PyErr};
use super::ffi;
use crate::value::{Integer, Text, Value};

/// An `int`.
///
/// # Safety
/// `raw` is a living exact `int`, and the thread is attached.
pub(super) unsafe fn integer<'py>(
    py: Python<'py>,
    raw: *mut c::PyObject,
) -> Result<Value, ConvertError<'py>> {
    let mut overflow = 0;
    // SAFETY: as the caller promises; the buffer is as long as CPython said that it needs.
    unsafe {
        let small = c::PyLong_AsLongLongAndOverflow(raw, &mut overflow);
        if overflow == 0 {
            return Ok(Value::Int(small));
        }
        let needed = ffi::PyLong_AsNativeBytes(raw, std::ptr::null_mut(), 0, ffi::LITTLE_ENDIAN);
        let mut bytes = vec![0_u8; usize::try_from(needed).unwrap_or(0)];
        let size = bytes.len() as c::Py_ssize_t;
        if ffi::PyLong_AsNativeBytes(raw, bytes.as_mut_ptr().cast(), size, ffi::LITTLE_ENDIAN) < 0 {
            return Err(PyErr::fetch(py).into());
        }
        Ok(Value::BigInt(Box::new(Integer::from_twos_complement(
            &bytes,
        ))))
    }
}

/// A `str`.
///
/// # Safety
/// `raw` is a living exact `str`, and the thread is attached.
pub(super) unsafe fn text<'py>(
    py: Python<'py>,
    raw: *mut c::PyObject,
) -> Result<Text, ConvertError<'py>> {
    let mut size = 0;
    // SAFETY: as the caller promises; the UTF-8 buffer belongs to the object, and CPython
    // guarantees valid UTF-8; PyUnicode_AsUCS4 fills exactly `length` code points.
    unsafe {
        let data = c::PyUnicode_AsUTF8AndSize(raw, &mut size).cast::<u8>();
        if !data.is_null() {
            let bytes = std::slice::from_raw_parts(data, size as usize);
            return Ok(Text::Utf8(std::str::from_utf8_unchecked(bytes).into()));
        }
        let error = PyErr::fetch(py);
        let is_lone = |error: &PyErr<'_>| {
            c::PyErr_GivenExceptionMatches(error.object().as_ptr(), c::PyExc_UnicodeEncodeError)
                != 0
        };
        if !is_lone(&error) {
            return Err(error.into());
        }
        let length = c::PyUnicode_GetLength(raw);
        let count = usize::try_from(length).unwrap_or(0);
        let mut points = Vec::<u32>::new();
        // A str with half a character in it may be as large as memory.
        if points.try_reserve_exact(count).is_err() {
            let message = "not enough memory for a copy of this str";
            return Err(PyErr::new(py, Builtin::MemoryError, message).into());
        }
        points.resize(count, 0);
        if c::PyUnicode_AsUCS4(raw, points.as_mut_ptr(), length, 0).is_null() {
            return Err(PyErr::fetch(py).into());
        }
        Text::from_code_points(points)
            .map_err(|_| PyErr::new(py, Builtin::ValueError, "not a code point").into())
    }
}
