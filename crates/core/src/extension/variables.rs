//! Environment variables of the process, written so that whoever reads them meanwhile is not hurt.
//!
//! What lives here: `write_variable` and `read_variables`; how it is done on Linux is in `variables/arrays.rs`. What
//! must not: which names Python allows (`multicore._variables`).
//!
//! C reads the variables without a lock: `getenv` in `tzset`, `getaddrinfo`, OpenSSL and Node's `process.env`, and
//! `posix`, which copies all of them whenever an interpreter starts. Linux only, where
//! this was found: elsewhere Python's own functions stay.

use std::ffi::OsString;

use super::define::Args;
use super::state::State;
use crate::python::{Borrowed, Builtin, Mode, Object, PyErr, PyResult, from_python, to_python};
use crate::value::Value;

#[cfg(target_os = "linux")]
mod arrays;
#[cfg(target_os = "linux")]
use arrays::write;

/// `write_variable(name, value)`: bytes without null bytes; `None` removes the variable.
pub(super) fn write_variable<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let given = [args.required(0, "name")?, args.required(1, "value")?];
    let mut written = given.map(|each| from_python(each, Mode::Message));
    match &mut written {
        [Ok(Value::Bytes(name)), Ok(Value::Bytes(value))] => write(name, Some(value)),
        [Ok(Value::Bytes(name)), Ok(Value::None)] => write(name, None),
        _ => {
            let message = "write_variable() takes bytes, and bytes or None";
            return Err(PyErr::new(this.py(), Builtin::TypeError, message));
        }
    }
    Ok(Object::none(this.py()))
}

/// `read_variables()`: a dict of all variables of the process, as bytes.
pub(super) fn read_variables<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let bytes = |text: OsString| Value::Bytes(text.into_encoded_bytes().into());
    let all = std::env::vars_os().map(|(name, value)| (bytes(name), bytes(value)));
    to_python(this.py(), &Value::Dict(all.collect()))
}

#[cfg(not(target_os = "linux"))]
fn write(_: &[u8], _: Option<&[u8]>) {
    unreachable!("multicore._variables leaves os.putenv as it is here");
}
