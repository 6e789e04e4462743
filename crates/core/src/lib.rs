//! Runs CPython interpreters, each with a GIL and an OS thread of its own, inside a Node process.
pub mod channel;
pub mod interpreter;
pub mod python;
pub mod value;
