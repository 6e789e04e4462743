//! The Node addon: what `binding.ts` declares, by Node-API.
//!
//! - `register`, `environment`, `ending`: one state for each JavaScript environment;
//! - `mailbox`, `inbox`, `tick`: what other threads tell it, and its one wake-up; `backstop`, `polling`:
//!   when that is put off, or not needed;
//! - `functions`: what TypeScript calls; `hooks`, `helpers`: what native code calls there;
//! - `from_js`, `to_js`, `number`, `stream`: values, both ways; `thing`, `slab`, `info`: handles;
//! - `pending`: promises that wait; `host_call`, `sink`: functions that Python calls; `failure`:
//!   errors;
//! - `js`: the safe layer over Node-API that all of these use; `pin`: staying loaded.
//!
//! Architecture invariants: Node-API is called only in here, with `unsafe` only in `js/`, `register`
//! and `pin`; nothing of the C API of Python; a panic never unwinds into Node.

#![cfg_attr(
    test,
    allow(
        dead_code,
        reason = "napi-rs leaves the registration out of tests, and all hangs on it"
    )
)]

mod backstop;
mod ended;
mod ending;
mod environment;
mod failure;
mod from_js;
mod functions;
mod heard;
mod helpers;
mod hooks;
mod host_call;
mod inbox;
mod info;
mod js;
mod lent;
mod mailbox;
mod number;
mod pending;
mod pin;
mod polling;
mod register;
mod sink;
mod slab;
mod stream;
mod thing;
mod tick;
mod to_js;
