//! Who waits at channels and who holds their ends: what deadlock detection and pictures of networks
//! are made of. Facts only; TypeScript draws the conclusions.

use super::super::environment::Environment;
use super::super::from_js::{self, Mode};
use super::super::info;
use super::super::js::{Env, Val};
use super::super::slab::Key;
use super::super::thing::Thing;
use super::super::to_js;
use super::Returns;
use crate::channel::{self, ChannelId, Direction};
use crate::extension;
use crate::value::Value;

pub(super) fn watch<'s>(_: &Environment, env: Env<'s>, [on]: [Val<'s>; 1]) -> Returns<'s> {
    extension::watch(env.get_boolean(on)?);
    Ok(None)
}

/// `watchEvents(classes, tell)`
pub(super) fn watch_events<'s>(
    environment: &Environment,
    env: Env<'s>,
    [classes, tell]: [Val<'s>; 2],
) -> Returns<'s> {
    let classes = env.get_number(classes).unwrap_or(0.0) as u32;
    environment.hear(env, classes, tell)?;
    Ok(None)
}

fn named(direction: Direction) -> &'static str {
    match direction {
        Direction::Send => "send",
        Direction::Receive => "receive",
    }
}

pub(super) fn waiters<'s>(_: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    let all = channel::all_waiters().into_iter();
    let all = all.flat_map(|(id, waiters)| waiters.into_iter().map(move |waiter| (id, waiter)));
    env.array(all.collect::<Vec<_>>(), |env, (id, waiter)| {
        let object = env.object()?;
        env.set_named(object, c"channel", env.number(id.get() as f64)?)?;
        env.set_named(object, c"direction", env.string(named(waiter.direction))?)?;
        let waited = waiter.since.elapsed().as_secs_f64() * 1000.0;
        env.set_named(object, c"waited", env.number(waited)?)?;
        env.set_named(
            object,
            c"label",
            info::optional(env, waiter.label.as_deref())?,
        )?;
        Ok(object)
    })
    .map(Some)
}

/// An end, and whose it is.
struct HeldEnd {
    channel: ChannelId,
    direction: Direction,
    owner: Owner,
}

enum Owner {
    Handle(Key),
    Interpreter(i64),
}

pub(super) fn ends<'s>(environment: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    let mut ends: Vec<HeldEnd> = environment
        .things
        .borrow()
        .iter()
        .filter_map(|(key, thing)| {
            let (channel, direction) = match thing {
                Thing::Sender(sender) => (sender.id(), Direction::Send),
                Thing::Receiver(receiver) => (receiver.id(), Direction::Receive),
                Thing::Interpreter(_) | Thing::Shared(_) => return None,
            };
            let owner = Owner::Handle(key);
            Some(HeldEnd {
                channel,
                direction,
                owner,
            })
        })
        .collect();
    ends.extend(extension::held_ends().into_iter().filter_map(
        |(holder, channel, direction, _)| {
            // The handles of this environment are listed one by one above.
            let extension::Holder::Interpreter(interpreter) = holder else {
                return None;
            };
            let owner = Owner::Interpreter(interpreter.0);
            Some(HeldEnd {
                channel,
                direction,
                owner,
            })
        },
    ));
    env.array(ends, |env, end| {
        let object = env.object()?;
        env.set_named(object, c"channel", env.number(end.channel.get() as f64)?)?;
        env.set_named(object, c"direction", env.string(named(end.direction))?)?;
        match end.owner {
            Owner::Handle(key) => {
                env.set_named(object, c"handle", env.number(key.to_number())?)?;
            }
            Owner::Interpreter(id) => {
                env.set_named(object, c"interpreter", env.number(id as f64)?)?;
            }
        }
        Ok(object)
    })
    .map(Some)
}

/// `setNote(agent, key, note)`: what waits for something else, and for what; `null` takes it back.
pub(super) fn set_note<'s>(
    environment: &Environment,
    env: Env<'s>,
    [agent, key, note]: [Val<'s>; 3],
) -> Returns<'s> {
    let note = match from_js::read(environment, env, note, Mode::Message)? {
        Value::None => None,
        note => Some(note),
    };
    let key = env.get_number(key).unwrap_or_default().max(0.0) as u64;
    extension::set_note(env.get_string(agent)?, key, note);
    Ok(None)
}

/// `listNotes()`: `{ agent, key, age, note }` each; the age in milliseconds.
pub(super) fn notes<'s>(environment: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    env.array(extension::notes(), |env, each| {
        let object = env.object()?;
        env.set_named(object, c"agent", env.string(&each.agent)?)?;
        env.set_named(object, c"key", env.number(each.key as f64)?)?;
        let age = each.age.as_secs_f64() * 1000.0;
        env.set_named(object, c"age", env.number(age)?)?;
        env.set_named(object, c"note", to_js::write(environment, env, each.note)?)?;
        Ok(object)
    })
    .map(Some)
}

/// `recordWaits(on)`: whether every wait of Python's is written down; counted.
pub(super) fn record_waits<'s>(_: &Environment, env: Env<'s>, [on]: [Val<'s>; 1]) -> Returns<'s> {
    extension::record(env.get_boolean(on)?);
    Ok(None)
}

/// `waitsSince(number)`: `[next, waits]`; each `{ place, operation, channels, began, ended }`, the times
/// in milliseconds ago. From the next one on without a number.
pub(super) fn waits_since<'s>(
    _: &Environment,
    env: Env<'s>,
    [number]: [Val<'s>; 1],
) -> Returns<'s> {
    let number = env.get_number(number).map(|number| number.max(0.0) as u64);
    let (next, waits) = extension::since(number);
    let waits = env.array(waits, |env, each| {
        let object = env.object()?;
        env.set_named(object, c"place", env.string(&each.place)?)?;
        env.set_named(object, c"operation", env.string(each.operation())?)?;
        let channels = env.array(each.channels.clone(), |env, (id, _)| {
            env.number(id.get() as f64)
        })?;
        env.set_named(object, c"channels", channels)?;
        let (began, ended) = each.ago();
        env.set_named(object, c"began", env.number(began.as_secs_f64() * 1000.0)?)?;
        env.set_named(object, c"ended", env.number(ended.as_secs_f64() * 1000.0)?)?;
        Ok(object)
    })?;
    let pair = env.array_with_length(2)?;
    env.set_element(pair, 0, env.number(next as f64)?)?;
    env.set_element(pair, 1, waits)?;
    Ok(Some(pair))
}
