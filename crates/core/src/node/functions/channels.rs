//! Channels: what is done at once. What may wait is in `operations.rs`.

use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::Arc;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::from_js::{self, Mode};
use super::super::js::{Env, Js, Val};
use super::super::thing::{Handed, Thing};
use super::super::{info, to_js};
use super::{Returns, arguments};
use crate::channel::{
    self, Capacity, ChannelId, Options, Overflow, ReceiveError, Refusal, SendError,
};
use crate::sync;
use crate::value::Value;

pub(super) fn create<'s>(
    environment: &Environment,
    env: Env<'s>,
    [capacity, overflow, name]: [Val<'s>; 3],
) -> Returns<'s> {
    let capacity = match env.get_number(capacity) {
        Some(0.0) => Capacity::Rendezvous,
        Some(f64::INFINITY) => Capacity::Unbounded,
        Some(number) => NonZeroUsize::new(number as usize)
            .filter(|whole| whole.get() as f64 == number)
            .ok_or_else(|| Failed::invalid("a capacity is a whole number from 0, or Infinity"))
            .and_then(|whole| match whole.get() {
                ..=Capacity::MOST => Ok(Capacity::Bounded(whole)),
                _ => Err(Failed::invalid(format!(
                    "a capacity is at most {}, or Infinity: its memory is taken at once",
                    Capacity::MOST
                ))),
            })?,
        None => return Err(Failed::invalid("a capacity is a number").into()),
    };
    let overflow = match env.get_number(overflow) {
        Some(1.0) => Overflow::DropOldest,
        Some(2.0) => Overflow::DropNewest,
        _ => Overflow::Block,
    };
    let name = arguments::optional_string(env, name, "a channel's name")?.map(Arc::from);
    let (sender, receiver) = channel::channel(Options {
        capacity,
        overflow,
        name,
    });
    let pair = env.array_with_length(2)?;
    env.set_element(pair, 0, environment.handle(env, Thing::sender(sender))?)?;
    env.set_element(pair, 1, environment.handle(env, Thing::receiver(receiver))?)?;
    Ok(Some(pair))
}

pub(super) fn try_send<'s>(
    environment: &Environment,
    env: Env<'s>,
    [sender, value]: [Val<'s>; 2],
) -> Returns<'s> {
    let sender = environment.sender(env, sender)?;
    let value = from_js::read(environment, env, value, Mode::Message)?;
    match sender.try_send(value) {
        Ok(()) => {
            environment.did_not_wait(1);
            env.boolean(true).map(Some)
        }
        Err(SendError {
            reason: Refusal::Full,
            ..
        }) => env.boolean(false).map(Some),
        Err(SendError { reason, .. }) => Err(reason.into()),
    }
}

pub(super) fn try_send_many<'s>(
    environment: &Environment,
    env: Env<'s>,
    [sender, values]: [Val<'s>; 2],
) -> Returns<'s> {
    let sender = environment.sender(env, sender)?;
    let values = match from_js::read(environment, env, values, Mode::Message)? {
        Value::Tuple(values) => values,
        Value::Floats(values) => values.to_items(),
        _ => return Err(Failed::invalid("the values are an array").into()),
    };
    let mut accepted = 0;
    for value in values {
        match sender.try_send(value) {
            Ok(()) => accepted += 1,
            Err(SendError {
                reason: Refusal::Full,
                ..
            }) => break,
            // What was accepted before is what there is to tell; the next call is refused.
            Err(_) if accepted > 0 => break,
            Err(SendError { reason, .. }) => return Err(reason.into()),
        }
    }
    environment.did_not_wait(accepted);
    env.number(accepted as f64).map(Some)
}

pub(super) fn try_receive<'s>(
    environment: &Environment,
    env: Env<'s>,
    [receiver]: [Val<'s>; 1],
) -> Returns<'s> {
    let received = environment.receiver(env, receiver)?.try_receive();
    match received {
        Ok(message) => {
            environment.did_not_wait(1);
            to_js::write(environment, env, message)
        }
        Err(ReceiveError::Empty) => env.get(&environment.constants.empty),
        Err(ReceiveError::Closed) => env.get(&environment.constants.ended),
        Err(reason) => Err(reason.into()),
    }
    .map(Some)
}

pub(super) fn try_receive_many<'s>(
    environment: &Environment,
    env: Env<'s>,
    [receiver, max]: [Val<'s>; 2],
) -> Returns<'s> {
    let receiver = environment.receiver(env, receiver)?;
    let max = env.get_number(max).unwrap_or(f64::INFINITY) as usize;
    let mut messages = Vec::new();
    while messages.len() < max {
        match receiver.try_receive() {
            Ok(message) => messages.push(message),
            Err(ReceiveError::Closed) if messages.is_empty() => {
                return env.get(&environment.constants.ended).map(Some);
            }
            // Poisoned after some were taken: they are delivered, the next call throws.
            Err(ReceiveError::Poisoned(reason)) if messages.is_empty() => {
                return Err(ReceiveError::Poisoned(reason).into());
            }
            Err(_) => break,
        }
    }
    environment.did_not_wait(messages.len());
    to_js::write(environment, env, Value::List(messages.into())).map(Some)
}

/// A handle of either end.
enum End {
    Sender(Rc<Handed<channel::Sender<Value>>>),
    Receiver(Rc<Handed<channel::Receiver<Value>>>),
}

impl End {
    fn id(&self) -> ChannelId {
        match self {
            Self::Sender(sender) => sender.id(),
            Self::Receiver(receiver) => receiver.id(),
        }
    }
}

fn end(environment: &Environment, env: Env<'_>, handle: Val<'_>) -> Js<End> {
    match environment.thing(env, handle)? {
        Thing::Sender(sender) => Ok(End::Sender(sender)),
        Thing::Receiver(receiver) => Ok(End::Receiver(receiver)),
        Thing::Interpreter(_) | Thing::Shared(_) => {
            Err(Failed::invalid("this handle is of no channel end").into())
        }
    }
}

/// Closes the channel and gives the handle back. Harmless when it is gone.
pub(super) fn close<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let Ok(end) = end(environment, env, handle) else {
        return Ok(None);
    };
    match end {
        End::Sender(sender) => sender.close(),
        End::Receiver(receiver) => receiver.close(),
    }
    Ok(None)
}

pub(super) fn poison<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, reason]: [Val<'s>; 2],
) -> Returns<'s> {
    let end = end(environment, env, handle)?;
    let reason = arguments::text(env, reason, "a reason")?;
    let reason = Arc::from(reason.to_string_lossy());
    match end {
        End::Sender(sender) => sender.poison(reason),
        End::Receiver(receiver) => receiver.poison(reason),
    }
    Ok(None)
}

pub(super) fn stats<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let stats = match end(environment, env, handle)? {
        End::Sender(sender) => sender.stats(),
        End::Receiver(receiver) => receiver.stats(),
    };
    info::channel_stats(env, &stats).map(Some)
}

/// Whether the age of messages is known; costs a clock reading for each.
pub(super) fn set_monitored<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, on]: [Val<'s>; 2],
) -> Returns<'s> {
    let on = env.get_boolean(on)?;
    match end(environment, env, handle)? {
        End::Sender(sender) => sender.set_monitored(on),
        End::Receiver(receiver) => receiver.set_monitored(on),
    }
    Ok(None)
}

pub(super) fn list<'s>(_: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    let mut list = channel::all_stats();
    list.retain(|stats| !sync::is_internal(stats.name.as_deref()));
    env.array(list, |env, stats| info::channel_stats(env, &stats))
        .map(Some)
}

pub(super) fn clone_end<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let thing = match end(environment, env, handle)? {
        End::Sender(sender) => Thing::sender(channel::Sender::clone(&sender)),
        End::Receiver(receiver) => Thing::receiver(channel::Receiver::clone(&receiver)),
    };
    environment.handle(env, thing).map(Some)
}

pub(super) fn same<'s>(
    environment: &Environment,
    env: Env<'s>,
    [a, b]: [Val<'s>; 2],
) -> Returns<'s> {
    let same = end(environment, env, a)?.id() == end(environment, env, b)?.id();
    env.boolean(same).map(Some)
}
