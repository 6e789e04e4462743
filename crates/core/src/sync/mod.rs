//! Locks, semaphores, events, conditions and barriers that interpreters and JavaScript share.
//!
//! What lives here: the primitives themselves, as parties on any thread use them. What must not:
//! Python, Node, `unsafe`, and waiting of its own: each is built on channels, whose waiters are
//! threads, promises and futures alike and whose protocol is model-checked. A permit is a message, so
//! that it cannot be lost: a wait that is given up at the very moment at which it got a permit puts
//! it back.
//!
//! When a holder dies (its interpreter ends, its Worker is terminated, its guard is collected):
//! a lock breaks, since what it guards may be half-changed; a semaphore gets its permits back; a
//! barrier that it waited at breaks; events and conditions do not mind.
#![forbid(unsafe_code)]

mod barrier;
mod condition;
mod event;
mod lock;

pub use barrier::{Arrival, Barrier, Place};
pub use condition::Condition;
pub use event::Event;
pub use lock::{Kind, Lock, Permit};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::channel::{Capacity, Options, Overflow};
use crate::message::{ValueReceiver, ValueSender};

/// Marks the channels that these primitives are made of, which are nobody's to list.
const INTERNAL: char = '\u{1}';

/// Whether a channel of this name is a part of a primitive.
pub fn is_internal(name: Option<&str>) -> bool {
    name.is_some_and(|name| name.starts_with(INTERNAL))
}

/// A primitive is broken: why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub Arc<str>);

/// A channel of its own for a primitive. The name says what waits there, for who looks for
/// deadlocks.
fn signal(what: &str) -> (ValueSender, ValueReceiver) {
    crate::channel::channel(Options {
        capacity: Capacity::Unbounded,
        overflow: Overflow::Block,
        name: Some(format!("{INTERNAL}{what}").into()),
    })
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
