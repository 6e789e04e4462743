//! `_multicore`, the built-in module that Python code inside our interpreters imports, and the
//! Python package `multicore` on top of it, embedded in this binary.
//!
//! - `define`: the boundary between C calls and Rust functions; `state`: what a module keeps;
//! - `module`: the module itself; `sources`, `compile_ahead`, `bootstrap`: getting `multicore` into an interpreter;
//! - `bridge`: how channel ends, classes and the like cross;
//! - the rest: what the module offers, by subject.
//!
//! Architecture invariant: nothing of Node. What Python code sees of the host goes through the
//! traits of `interpreter::host`.

mod alone;
mod bootstrap;
mod bridge;
mod called;
mod channel_ends;
mod channel_errors;
mod channels;
mod compile_ahead;
mod compiled;
mod define;
mod end_methods;
mod events;
mod host_function;
mod interpreters;
mod memory;
mod module;
mod monitoring;
mod notes;
mod once;
mod opaque;
mod parcel;
mod port;
mod process;
mod queues;
mod running;
mod selecting;
mod sources;
mod state;
mod sync;
mod threads;
mod transfer;
mod variables;
mod wait_log;
mod waiting;

pub use bootstrap::BOOTSTRAP;
pub use events::{Event, EventClass, Listener, listen};
pub use monitoring::{Held, Holder, held_ends, watch};
pub use notes::{Note, notes, set_note};
pub use wait_log::{Waited, record, since};
