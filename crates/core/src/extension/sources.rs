//! The Python side of multicore, embedded: every module of `crates/core/python/multicore`, as text
//! and compiled. Importing them is the business of `multicore._bootstrap`.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;

use super::define::Args;
use super::process::string;
use super::state::State;
use crate::python::{
    Borrowed, Builtin, Object, PyErr, PyResult, Python, SourceKind, bytecode_magic, compile,
    dump_code, load_code, to_python,
};
use crate::value::Value;

/// One module.
pub(super) struct Source {
    pub(super) text: &'static str,
    pub(super) is_package: bool,
}

include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The module with this full name.
pub(super) fn find(name: &str) -> Option<&'static Source> {
    let at = SOURCES
        .binary_search_by_key(&name, |(known, _)| known)
        .ok()?;
    Some(&SOURCES[at].1)
}

/// Marshalled code by the names of modules.
type Compiled = HashMap<&'static str, Arc<[u8]>>;

/// Marshalled code, from the first interpreter that compiled a module: compiling takes ten times as
/// long as loading, and each interpreter needs some of them.
static COMPILED: RwLock<Option<Compiled>> = RwLock::new(None);

/// The code of a module; `None` if there is no such module.
///
/// # Errors
/// Out of memory; recursion too deep.
pub(super) fn code<'py>(py: Python<'py>, name: &str) -> PyResult<'py, Option<Object<'py>>> {
    let known = COMPILED
        .read()
        .as_ref()
        .and_then(|all| all.get(name).cloned());
    if let Some(marshalled) = known {
        // SAFETY: of `dump_code`, below.
        return unsafe { load_code(py, &marshalled) }.map(Some);
    }
    if let Some(marshalled) = precompiled(py, name) {
        // SAFETY: of this binary, written by a CPython with the same magic number.
        return unsafe { load_code(py, marshalled) }.map(Some);
    }
    let Ok(at) = SOURCES.binary_search_by_key(&name, |(known, _)| known) else {
        return Ok(None);
    };
    let (name, source) = &SOURCES[at];
    let code = compile(py, source.text, &format!("<{name}>"), SourceKind::Exec)?;
    // Code that cannot be marshalled is compiled by each interpreter.
    if let Ok(marshalled) = dump_code(&code) {
        COMPILED
            .write()
            .get_or_insert_default()
            .insert(name, marshalled.into());
    }
    Ok(Some(code))
}

/// The code of a module from when this binary was built, if that was with bytecode of the CPython that
/// runs (`build.rs`).
pub(super) fn precompiled(py: Python<'_>, name: &str) -> Option<&'static [u8]> {
    static OURS: OnceLock<Option<&'static [u8]>> = OnceLock::new();
    let code = (*OURS.get_or_init(|| {
        let magic = bytecode_magic(py)?;
        let (_, code) = PRECOMPILED.iter().find(|(known, _)| *known == magic)?;
        Some(code)
    }))?;
    find_in(code, name)
}

/// Names and codes in turn, each after its length in four bytes.
fn find_in<'a>(mut code: &'a [u8], name: &str) -> Option<&'a [u8]> {
    fn part<'a>(code: &mut &'a [u8]) -> Option<&'a [u8]> {
        let (length, rest) = code.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        *code = rest;
        Some(part)
    }
    loop {
        let (known, marshalled) = (part(&mut code)?, part(&mut code)?);
        if known == name.as_bytes() {
            return Some(marshalled);
        }
    }
}

/// `module_code(name)`
pub(super) fn module_code<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let name = string(args.required(0, "name")?)?;
    let code = code(this.py(), &name)?;
    code.ok_or_else(|| {
        let message = format!("there is no module {name} in multicore");
        PyErr::new(this.py(), Builtin::RuntimeError, &message)
    })
}

/// `module_source(name)`
pub(super) fn module_source<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let py = this.py();
    let name = string(args.required(0, "name")?)?;
    match find(&name) {
        None => Ok(Object::none(py)),
        Some(module) => Object::str(py, module.text),
    }
}

/// `is_package(name)`: `None` if there is no such module.
pub(super) fn is_package<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    let name = string(args.required(0, "name")?)?;
    let is_package = find(&name).map(|module| Value::Bool(module.is_package));
    to_python(this.py(), &is_package.unwrap_or(Value::None))
}

#[cfg(test)]
mod tests {
    use super::{PRECOMPILED, SOURCES, find, find_in};

    #[test]
    fn what_was_compiled_before_is_found_by_name() {
        for (_, code) in PRECOMPILED {
            assert!(find_in(code, "multicore._bootstrap").is_some_and(|code| !code.is_empty()));
            assert!(find_in(code, "multicore.sync").is_some());
            assert_eq!(find_in(code, "multicore.no_such_module"), None);
        }
    }

    #[test]
    fn modules_are_found_by_their_full_name() {
        assert!(find("multicore").is_some_and(|source| source.is_package));
        assert!(find("multicore._support").is_some_and(|source| !source.is_package));
        assert!(find("multicore.no_such_module").is_none());
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(SOURCES.is_sorted_by_key(|(name, _)| *name));
    }
}
