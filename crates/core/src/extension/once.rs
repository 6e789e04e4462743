//! What starting does once for all interpreters: the main one's bootstrap says what it found, the others ask.
//! What that is, and whether it may be done, is for `multicore._once` to decide.

use std::ffi::CString;

use super::define::Args;
use super::state::State;
use crate::python::{
    self, Borrowed, Builtin, FrozenModule, Mode, Object, PyErr, PyResult, Python, from_python,
    to_python,
};
use crate::value::Value;

fn wrong<'py>(py: Python<'py>, message: &str) -> PyErr<'py> {
    PyErr::new(py, Builtin::TypeError, message)
}

fn bytes<'py>(argument: Borrowed<'_, 'py>) -> PyResult<'py, Vec<u8>> {
    match from_python(argument, Mode::Message) {
        Ok(Value::Bytes(bytes)) => Ok(bytes.to_vec()),
        _ => Err(wrong(argument.py(), "expected bytes")),
    }
}

/// `keep_site(original, found)`: whether it was kept.
pub(super) fn keep_site<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let keep = python::can_stand_in_for_site();
    if keep {
        let (original, found) = (args.required(0, "original")?, args.required(1, "found")?);
        python::keep_site(&bytes(original)?, &bytes(found)?);
    }
    to_python(this.py(), &Value::Bool(keep))
}

/// `found_by_site()`
pub(super) fn found_by_site<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let found = python::found_by_site().map(|found| Value::Bytes(found.to_vec().into()));
    to_python(this.py(), &found.unwrap_or(Value::None))
}

/// `freeze(modules)`
pub(super) fn freeze<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let py = this.py();
    let Ok(Value::Tuple(modules)) = from_python(args.required(0, "modules")?, Mode::Message) else {
        return Err(wrong(py, "expected a tuple"));
    };
    let modules: Option<Vec<FrozenModule>> = modules.iter().map(module).collect();
    python::freeze(modules.ok_or_else(|| wrong(py, "expected (name, code, is_package)"))?);
    Ok(Object::none(py))
}

fn module(value: &Value) -> Option<FrozenModule> {
    let Value::Tuple(fields) = value else {
        return None;
    };
    let [
        Value::Str(name),
        Value::Bytes(code),
        Value::Bool(is_package),
    ] = &fields[..]
    else {
        return None;
    };
    Some(FrozenModule {
        name: CString::new(name.as_str()?).ok()?,
        code: code.to_vec().into(),
        is_package: *is_package,
    })
}

/// `frozen()`
pub(super) fn frozen<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    _: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let py = this.py();
    let names = python::frozen().map(|name| Value::from(name.to_string_lossy().as_ref()));
    to_python(py, &Value::Tuple(names.collect()))
}
