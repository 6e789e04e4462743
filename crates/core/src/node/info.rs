//! What `hooks.wrapShared` and the questions about things are told: plain objects of facts.

use std::sync::Arc;
use std::time::Duration;

use super::js::{Env, Js, Val};
use crate::channel::{Capacity, ChannelId, Stats};
use crate::interpreter::{self, Interpreter, Isolation, State};

/// What tells one end of a channel from another: `{id, name, capacity}`.
pub(super) fn end<'s>(
    env: Env<'s>,
    id: ChannelId,
    name: Option<Arc<str>>,
    capacity: Capacity,
) -> Js<Val<'s>> {
    let object = env.object()?;
    env.set_named(object, c"id", env.number(id.get() as f64)?)?;
    env.set_named(object, c"name", optional(env, name.as_deref())?)?;
    env.set_named(object, c"capacity", env.number(count(capacity.limit()))?)?;
    Ok(object)
}

/// `NativeInterpreterInfo`.
pub(super) fn interpreter<'s>(env: Env<'s>, interpreter: &Interpreter) -> Js<Val<'s>> {
    let isolation = match interpreter.isolation() {
        None => "main",
        Some(Isolation::OwnGil) => "own-gil",
        Some(Isolation::SharedGil) => "shared-gil",
    };
    let object = env.object()?;
    env.set_named(object, c"id", env.number(interpreter.id().0 as f64)?)?;
    env.set_named(object, c"name", env.string(interpreter.name())?)?;
    env.set_named(object, c"isolation", env.string(isolation)?)?;
    env.set_named(object, c"serial", env.boolean(interpreter.is_serial())?)?;
    Ok(object)
}

pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Idle => "idle",
        State::Running => "running",
        State::Closing => "closing",
        State::Closed => "closed",
    }
}

/// `NativeInterpreterStats`.
pub(super) fn interpreter_stats<'s>(env: Env<'s>, stats: &interpreter::Stats) -> Js<Val<'s>> {
    let object = env.object()?;
    env.set_named(object, c"jobs", env.number(stats.jobs as f64)?)?;
    env.set_named(object, c"pending", env.number(stats.pending as f64)?)?;
    env.set_named(object, c"busy", env.number(milliseconds(stats.busy))?)?;
    env.set_named(object, c"cpu", env.number(milliseconds(stats.cpu))?)?;
    env.set_named(
        object,
        c"allocatedBytes",
        env.number(stats.allocated_bytes as f64)?,
    )?;
    env.set_named(object, c"threads", env.number(f64::from(stats.threads))?)?;
    Ok(object)
}

/// `NativeChannelStats`.
pub(super) fn channel_stats<'s>(env: Env<'s>, stats: &Stats) -> Js<Val<'s>> {
    let object = env.object()?;
    let set = |name: &std::ffi::CStr, number: f64| env.set_named(object, name, env.number(number)?);
    set(c"id", stats.id.get() as f64)?;
    env.set_named(object, c"name", optional(env, stats.name.as_deref())?)?;
    set(c"length", stats.len as f64)?;
    set(c"capacity", count(stats.capacity))?;
    set(c"sent", stats.sent as f64)?;
    set(c"received", stats.received as f64)?;
    set(c"dropped", stats.dropped as f64)?;
    set(c"waitingSenders", stats.waiting_senders as f64)?;
    set(c"waitingReceivers", stats.waiting_receivers as f64)?;
    set(c"sendWait", milliseconds(stats.send_wait))?;
    set(c"receiveWait", milliseconds(stats.receive_wait))?;
    let age = match stats.oldest_age {
        Some(age) => env.number(milliseconds(age))?,
        None => env.null()?,
    };
    env.set_named(object, c"oldestAge", age)?;
    set(c"senders", stats.senders as f64)?;
    set(c"receivers", stats.receivers as f64)?;
    env.set_named(object, c"closed", env.boolean(stats.closed)?)?;
    env.set_named(
        object,
        c"poisoned",
        optional(env, stats.poisoned.as_deref())?,
    )?;
    Ok(object)
}

/// A text, or null.
pub(super) fn optional<'s>(env: Env<'s>, text: Option<&str>) -> Js<Val<'s>> {
    match text {
        Some(text) => env.string(text),
        None => env.null(),
    }
}

fn count(limit: Option<usize>) -> f64 {
    limit.map_or(f64::INFINITY, |limit| limit as f64)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
