//! What monitoring asks about: who waits at a channel and where, who holds which ends.
//!
//! Waits are labelled only while somebody watches; the ends are counted always, which costs a lock
//! each time an end becomes a Python object or a handle. Not here: what is made of it (`csp`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::define::Args;
use super::state::State;
use crate::channel::{self, ChannelId, Direction};
use crate::interpreter::InterpreterId;
use crate::python::{Borrowed, Object, PyResult, running_at, thread_here, to_python};
use crate::value::Value;

static WATCHERS: AtomicUsize = AtomicUsize::new(0);

/// One more, or one less, who wants waits to be labelled.
pub fn watch(on: bool) {
    count(&WATCHERS, on);
}

/// One more, or one less, of those who are counted.
pub(super) fn count(counter: &AtomicUsize, on: bool) {
    // A watcher too few is a mistake of the caller, and must not wrap around.
    let change = |watchers: usize| match on {
        true => watchers.checked_add(1),
        false => watchers.checked_sub(1),
    };
    let _ = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
}

pub(super) fn is_on() -> bool {
    WATCHERS.load(Ordering::Relaxed) != 0
}

/// The agent that the calling thread is: `id/job` for what runs a job of its interpreter, or
/// `id/thread-<ident>` for a thread that Python code started.
pub(super) fn agent(state: &State, interpreter: InterpreterId, runs_job: bool) -> String {
    if runs_job {
        return format!("{}/job", interpreter.0);
    }
    let ident = thread_here(state.interp()).unwrap_or_default();
    format!("{}/thread-{ident}", interpreter.0)
}

/// The agent, then `/file:line:function`: who is about to wait, and where.
pub(super) fn place(state: &State, interpreter: InterpreterId, runs_job: bool) -> String {
    let place = running_at(state.interp(), "<multicore").unwrap_or_default();
    format!("{}/{place}", agent(state, interpreter, runs_job))
}

/// The label of a wait: `python/forever/…` or `python/deadline/…`, then the place.
pub(super) fn label(place: &str, has_deadline: bool) -> Arc<str> {
    let until = if has_deadline { "deadline" } else { "forever" };
    format!("python/{until}/{place}").into()
}

/// Who holds an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// Python code of an interpreter.
    Interpreter(InterpreterId),
    /// The host: a handle of JavaScript's.
    Host,
}

type Key = (Holder, ChannelId, bool);

static HELD: Mutex<BTreeMap<Key, usize>> = Mutex::new(BTreeMap::new());

/// Somebody holds an end, for as long as this lives.
#[derive(Debug)]
pub struct Held(Option<Key>);

impl Held {
    /// Python code of an interpreter does.
    pub(super) fn new(state: &State, channel: ChannelId, direction: Direction) -> Self {
        let holder = state.interpreter();
        Self::count(
            holder.map(|it| Holder::Interpreter(it.id())),
            channel,
            direction,
        )
    }

    /// The host does.
    pub fn by_host(channel: ChannelId, direction: Direction) -> Self {
        Self::count(Some(Holder::Host), channel, direction)
    }

    fn count(holder: Option<Holder>, channel: ChannelId, direction: Direction) -> Self {
        Self(holder.map(|holder| {
            let key = (holder, channel, direction == Direction::Send);
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

/// Ends that somebody holds, and how many objects or handles of them.
pub fn held_ends() -> Vec<(Holder, ChannelId, Direction, usize)> {
    let held = HELD.lock();
    held.iter()
        .map(|(&(holder, channel, sends), &count)| {
            let direction = if sends {
                Direction::Send
            } else {
                Direction::Receive
            };
            (holder, channel, direction, count)
        })
        .collect()
}

fn named(direction: Direction) -> Value {
    Value::from(match direction {
        Direction::Send => "send",
        Direction::Receive => "receive",
    })
}

/// `watch_waits(on)`
pub(super) fn watch_waits<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&["on"])?;
    watch(args.required(0, "on")?.to_object().is_true());
    Ok(Object::none(this.py()))
}

/// `list_waiters()`: `(channel, direction, seconds, label)` of everybody who waits at a channel.
pub(super) fn list_waiters<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&[])?;
    let waiters = channel::all_waiters().into_iter().flat_map(|(id, all)| {
        all.into_iter().map(move |waiter| {
            let label = waiter.label.as_deref().map_or(Value::None, Value::from);
            let waited = Value::Float(waiter.since.elapsed().as_secs_f64());
            row([number(id.get()), named(waiter.direction), waited, label])
        })
    });
    to_python(this.py(), &Value::List(waiters.collect()))
}

/// `list_ends()`: `(interpreter or None for the host, channel, direction, count)`.
pub(super) fn list_ends<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> PyResult<'py, Object<'py>> {
    args.check(&[])?;
    let ends = held_ends();
    let rows = ends.into_iter().map(|(holder, id, direction, count)| {
        let holder = match holder {
            Holder::Interpreter(interpreter) => Value::Int(interpreter.0),
            Holder::Host => Value::None,
        };
        row([
            holder,
            number(id.get()),
            named(direction),
            number(count as u64),
        ])
    });
    to_python(this.py(), &Value::List(rows.collect()))
}

fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn row<const N: usize>(items: [Value; N]) -> Value {
    Value::Tuple(Box::new(items))
}
