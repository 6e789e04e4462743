//! A safe layer over Node-API: environments, values, references, promises, calls.
//!
//! What lives here: every `unsafe` that talks to Node-API, behind types whose lifetimes are handle
//! scopes. What must not: anything of Python, channels, or this addon's own state.
//!
//! Architecture invariants:
//! - an [`Env`] exists only on its environment's thread while JavaScript may be called there (in
//!   a native callback, or under one), so holding one is the permission to call Node-API;
//! - a [`Val`] cannot outlive the handle scope that it was made in.

mod backing;
mod call;
mod create;
mod deferred;
mod env;
mod error;
mod external;
mod finalize;
mod inspect;
mod local;
mod memory;
mod object;
mod reference;
mod stream_memory;
mod text;
mod trampoline;
mod wake;

pub(in crate::node) use backing::can_keep_memory;
pub(in crate::node) use deferred::Deferred;
pub(in crate::node) use env::{Env, Val, ValueType};
pub(in crate::node) use error::{Js, Thrown};
pub(in crate::node) use external::{Array, Shown};
pub(in crate::node) use finalize::Tag;
pub(in crate::node) use local::{enter, is_local, leave, with_local};
pub(in crate::node) use memory::Scratch;
pub(in crate::node) use reference::Ref;
pub(in crate::node) use stream_memory::StreamMemory;
pub(in crate::node) use text::Units;
pub(in crate::node) use trampoline::{define, define_variadic};
pub(in crate::node) use wake::Waker;
