//! The only place that touches CPython's C API (with `extension/`, which defines Python types).
//!
//! `pyo3::ffi` gives the declarations. PyO3's own safe layer is not used: its attachment, its type
//! objects, interned strings and deferred releases are process-wide and know only the main
//! interpreter. The layer here is small and knows many:
//!
//! - [`Interp`] is an interpreter, [`ThreadState`] a thread's right to attach to it,
//!   [`Python`] the proof that it is attached;
//! - [`Object`] lives only as long as its attachment and cannot be mixed with another
//!   interpreter's (a compile error); [`Global`] can be kept, and is checked when used;
//! - [`from_python`] and [`to_python`] are the only way from one interpreter to another.
//!
//! Architecture invariant: knows `value/` and `buffer/` alone. Every `unsafe` block states its contract.

mod arena;
mod attach;
mod block;
mod bridge;
mod code;
mod encoding;
mod error;
mod exception;
mod exit_handlers;
mod exports;
mod extensions;
mod ffi;
mod from_python;
mod frozen;
mod global;
mod interp;
mod interrupt;
mod lifecycle;
mod location;
mod object;
mod overflow;
mod pages;
mod radix;
mod scalars;
mod site;
mod spare;
mod stack;
mod start_3_13;
mod steal;
mod thread_clock;
mod to_python;
mod version;

pub use attach::{Python, ThreadState};
#[cfg(feature = "addon")]
pub(crate) use block::Block;
pub use bridge::{Bridge, ConvertError, Reduced, set_bridge};
pub use code::{
    SourceKind, bytecode_magic, call_vector, compile, copy_dict, dump_code, is_coroutine,
    load_code, module_dict, restore_dict, run,
};
pub use error::{Builtin, PyErr, PyResult};
pub use exception::{
    Entry, Link, Place, attribute, has_traceback_limit, is_callable, is_elaborate, is_group,
    list_items, message, origin, traceback, tuple_items,
};
pub use exports::{Export, Exported};
pub use from_python::{Mode, from_python, from_python_whole};
pub use frozen::{FrozenModule, freeze, frozen};
pub use global::Global;
pub use interp::{GilCell, Interp};
pub use interrupt::{
    Noted, ThreadIdent, clear_in, current_thread_ident, is_safe_to_raise_in, raise_in,
};
pub use lifecycle::{
    BuiltinModule, Config, Ending, StillInUse, allocated_bytes, create, end, start, threads,
};
pub use location::{running_at, thread_here};
pub use object::{Borrowed, Object};
pub use overflow::{StackGuard, watch as watch_stacks};
#[cfg(feature = "addon")]
pub(crate) use pages::will_fill;
pub use site::{BUILTIN as SITE, can_stand_in_for_site, found as found_by_site, keep_site};
pub use steal::{Stolen, steal_array, steal_bytearray};
pub use thread_clock::ThreadClock;
pub use to_python::{dict, into_python, named, names_tuple, text, to_python, tuple};
pub use version::text as version;
