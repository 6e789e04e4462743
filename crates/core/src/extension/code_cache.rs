//! Compiled code of the Python side, marshalled: compiled once in the process, by whoever needs a
//! module first or, for the modules that most programs import, by a thread of its own while the
//! first interpreter is made. Nothing is written to disk. Not here: the sources (`sources.rs`).

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use parking_lot::RwLock;

use super::sources;
use crate::interpreter::Interpreter;
use crate::python::{
    Mode, Object, PyResult, Python, SourceKind, ThreadState, compile, from_python, to_python,
};
use crate::value::Value;

static CODE: RwLock<Option<HashMap<String, Arc<[u8]>>>> = RwLock::new(None);

/// What programs import, most of them first.
const OFTEN: [&str; 8] = [
    "multicore",
    "multicore._unbound",
    "multicore.channels",
    "multicore.interpreters",
    "multicore._calls",
    "multicore._queues",
    "multicore.sync",
    "multicore._amend",
];

/// The marshalled code of a module, if somebody compiled it.
pub(super) fn find(name: &str) -> Option<Arc<[u8]>> {
    CODE.read().as_ref()?.get(name).cloned()
}

/// Keeps the marshalled code of a module.
pub(super) fn keep(name: String, code: Arc<[u8]>) {
    CODE.write().get_or_insert_default().insert(name, code);
}

/// The code object of a module: unmarshalled, or compiled and kept.
pub(super) fn load<'py>(py: Python<'py>, name: &str, text: &str) -> PyResult<'py, Object<'py>> {
    let marshal = Object::import(py, "marshal")?;
    if let Some(kept) = find(name) {
        return marshal.call_method(c"loads", [&to_python(py, &Value::Bytes(kept[..].into()))?]);
    }
    let code = compile(py, text, &format!("<{name}>"), SourceKind::Exec)?;
    let marshalled = marshal.call_method(c"dumps", [&code])?;
    if let Ok(Value::Bytes(bytes)) = from_python((&marshalled).into(), Mode::Message) {
        keep(name.to_owned(), bytes[..].into());
    }
    Ok(code)
}

/// Compiles ahead what programs import often, in the main interpreter on a thread of its own, which
/// ends then. Whoever needs a module before it is done compiles that, too.
pub(super) fn compile_ahead(main: &Interpreter) {
    let interp = Arc::clone(main.interp());
    // Without a thread every interpreter compiles what it needs.
    let _ = thread::Builder::new()
        .name("multicore-code".to_owned())
        .spawn(move || {
            let Some(thread_state) = ThreadState::new(&interp) else {
                return;
            };
            for name in OFTEN {
                let Some(source) = sources::find(name) else {
                    continue;
                };
                if find(name).is_none() {
                    // What cannot be compiled says so to whoever imports it.
                    thread_state.attach(|py| drop(load(py, name, source.text)));
                }
            }
        });
}
