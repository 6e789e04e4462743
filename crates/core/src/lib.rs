//! Runs CPython interpreters, each with a GIL and an OS thread of its own, inside a Node process.
pub mod buffer;
pub mod channel;
pub mod coalescing;
pub mod extension;
pub mod interpreter;
pub mod lingering;
pub mod message;
#[cfg(feature = "addon")]
mod node;
pub mod pace;
pub mod python;
pub mod sync;
pub mod value;
