//! Compiles what programs import of the Python side before they do. Not here: compiling and keeping
//! code (`sources.rs`). Nothing is written to disk.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::sources;
use crate::interpreter::Interpreter;
use crate::python::ThreadState;

/// Until then the first interpreter and its first job are done: they would share the processor, and the
/// main interpreter's GIL, with this.
const AFTER_START: Duration = Duration::from_millis(50);

/// What programs import, most of them first.
const OFTEN: [&str; 9] = [
    "multicore",
    "multicore._mend",
    "multicore._unbound",
    "multicore.channels",
    "multicore.interpreters",
    "multicore._calls",
    "multicore._queues",
    "multicore.sync",
    "multicore._amend",
];

/// Compiles in the main interpreter, on a thread of its own that ends then. Whoever needs a module
/// before it is done compiles that, too.
pub(super) fn compile_ahead(main: &Interpreter) {
    let interp = Arc::clone(main.interp());
    // Without a thread every interpreter compiles what it needs.
    let _ = thread::Builder::new()
        .name("multicore-code".to_owned())
        .spawn(move || {
            thread::sleep(AFTER_START);
            let Some(thread_state) = ThreadState::new(&interp) else {
                return;
            };
            for name in OFTEN {
                thread_state.attach(|py| {
                    if sources::precompiled(py, name).is_none() {
                        // What cannot be compiled says so to whoever imports it.
                        drop(sources::code(py, name));
                    }
                });
            }
        });
}
