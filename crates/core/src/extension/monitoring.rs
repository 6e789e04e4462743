//! What monitoring asks about Python code: who waits at a channel and where, who holds which ends.
//!
//! Waits are labelled only while somebody watches; the ends are counted always, which costs a lock
//! each time an end becomes a Python object. Not here: what is made of it (`csp`, in TypeScript).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::state::State;
use crate::channel::{ChannelId, Direction};
use crate::interpreter::InterpreterId;
use crate::python::running_at;

static WATCHERS: AtomicUsize = AtomicUsize::new(0);

/// One more, or one less, who wants waits to be labelled.
pub fn watch(on: bool) {
    // A watcher too few is a mistake of the caller, and must not wrap around.
    let change = |watchers: usize| match on {
        true => watchers.checked_add(1),
        false => watchers.checked_sub(1),
    };
    let _ = WATCHERS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
}

pub(super) fn is_on() -> bool {
    WATCHERS.load(Ordering::Relaxed) != 0
}

/// `id/job` or `id/thread`, then `/file:line:function`: who is about to wait, and where.
pub(super) fn place(state: &State, interpreter: InterpreterId, runs_job: bool) -> String {
    let kind = if runs_job { "job" } else { "thread" };
    let place = running_at(state.interp(), "<multicore").unwrap_or_default();
    format!("{}/{kind}/{place}", interpreter.0)
}

/// The label of a wait: `python/forever/…` or `python/deadline/…`, then the place.
pub(super) fn label(place: &str, has_deadline: bool) -> Arc<str> {
    let until = if has_deadline { "deadline" } else { "forever" };
    format!("python/{until}/{place}").into()
}

type Key = (InterpreterId, ChannelId, bool);

static HELD: Mutex<BTreeMap<Key, usize>> = Mutex::new(BTreeMap::new());

/// An interpreter's Python code holds an end, for as long as this lives.
pub(super) struct Held(Option<Key>);

impl Held {
    pub(super) fn new(state: &State, channel: ChannelId, direction: Direction) -> Self {
        Self(state.interpreter().map(|interpreter| {
            let key = (interpreter.id(), channel, direction == Direction::Send);
            *HELD.lock().entry(key).or_default() += 1;
            key
        }))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(key) = self.0 else { return };
        let mut held = HELD.lock();
        if let Some(count) = held.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                held.remove(&key);
            }
        }
    }
}

/// Ends that Python code of every interpreter holds.
pub fn held_ends() -> Vec<(InterpreterId, ChannelId, Direction)> {
    let held = HELD.lock();
    held.keys()
        .map(|&(interpreter, channel, sends)| {
            let direction = if sends {
                Direction::Send
            } else {
                Direction::Receive
            };
            (interpreter, channel, direction)
        })
        .collect()
}
