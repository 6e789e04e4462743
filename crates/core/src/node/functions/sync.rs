//! Locks, semaphores, events, conditions and barriers.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::js::{Env, Js, Val};
use super::super::pending::Answers;
use super::super::thing::Thing;
use super::super::to_js;
use super::operations::{Begun, begin_at};
use super::{Returns, arguments};
use crate::channel::{Order, Selection};
use crate::message::ValueReceiver;
use crate::sync::{Arrival, Barrier, Broken, Condition, Event, Kind, Lock, Permit, Place};
use crate::value::{Shared, Value};

/// A primitive behind a handle.
enum Primitive {
    Lock(Arc<Lock>),
    Event(Arc<Event>),
    Condition(Arc<Condition>),
    Barrier(Arc<Barrier>),
}

fn shared(
    environment: &Environment,
    env: Env<'_>,
    handle: Val<'_>,
) -> Js<Arc<dyn Any + Send + Sync>> {
    match environment.thing(env, handle)? {
        Thing::Shared(shared) => Ok(Arc::clone(&*shared) as _),
        _ => Err(Failed::invalid("this handle is of no lock, event, condition or barrier").into()),
    }
}

fn primitive(environment: &Environment, env: Env<'_>, handle: Val<'_>) -> Js<Primitive> {
    let any = shared(environment, env, handle)?;
    let lock = any.downcast().map(Primitive::Lock);
    lock.or_else(|any| any.downcast().map(Primitive::Event))
        .or_else(|any| any.downcast().map(Primitive::Condition))
        .or_else(|any| any.downcast().map(Primitive::Barrier))
        .map_err(|_| {
            Failed::invalid("this handle is of no lock, event, condition or barrier").into()
        })
}

/// `createPrimitive(kind, n)`; for a condition `n` is the handle of its lock.
pub(super) fn create<'s>(
    environment: &Environment,
    env: Env<'s>,
    [kind, n]: [Val<'s>; 2],
) -> Returns<'s> {
    let kind = arguments::string(env, kind, "a kind")?;
    let number = || env.get_number(n).unwrap_or(0.0) as usize;
    let made: Arc<dyn Shared> = match kind.as_str() {
        "lock" => Lock::new(Kind::Lock, 1),
        "semaphore" => Lock::new(Kind::Semaphore, number()),
        "event" => Event::new(),
        "barrier" => Barrier::new(number().max(1)),
        "condition" => match primitive(environment, env, n)? {
            Primitive::Lock(lock) if lock.kind_of() != Kind::Semaphore => Condition::new(lock),
            _ => return Err(Failed::invalid("a condition belongs to a lock").into()),
        },
        other => return Err(Failed::invalid(format!("there is no primitive {other:?}")).into()),
    };
    let thing = Thing::Shared(Rc::new(made));
    environment.handle(env, thing).map(Some)
}

/// `primitiveWait(handle, timeout, op)`: for a lock or a semaphore the handle of a permit, or a
/// promise of it; for an event true, or a promise; for a condition a promise; for a barrier
/// `[index, promise or undefined]`.
pub(super) fn wait<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, timeout, number]: [Val<'s>; 3],
) -> Returns<'s> {
    let limits = [timeout, number];
    match primitive(environment, env, handle)? {
        Primitive::Lock(lock) => match lock.try_acquire().map_err(broken)? {
            Some(permit) => permit_handle(environment, env, permit).map(Some),
            None => promise(environment, env, lock.permits(), limits, None).map(Some),
        },
        Primitive::Event(event) if event.is_set() => env.boolean(true).map(Some),
        Primitive::Event(event) => {
            promise(environment, env, &event.until_set(), limits, None).map(Some)
        }
        Primitive::Condition(condition) => {
            promise(environment, env, &condition.enqueue(), limits, None).map(Some)
        }
        Primitive::Barrier(barrier) => {
            let (index, waits) = match barrier.arrive().map_err(broken)? {
                Arrival::Last(index) => (index, env.undefined()?),
                Arrival::Waits(place) => {
                    let (index, receiver) = (place.index, place.until_all().clone());
                    (
                        index,
                        promise(environment, env, &receiver, limits, Some(place))?,
                    )
                }
            };
            let pair = env.array_with_length(2)?;
            env.set_element(pair, 0, env.number(index as f64)?)?;
            env.set_element(pair, 1, waits)?;
            Ok(Some(pair))
        }
    }
}

fn broken(Broken(reason): Broken) -> Failed {
    Failed::Channel("poisoned", Some(reason))
}

fn permit_handle<'s>(environment: &Environment, env: Env<'s>, permit: Arc<Permit>) -> Js<Val<'s>> {
    environment.handle(env, Thing::Shared(Rc::new(permit)))
}

/// Waits for a message or the end of a channel.
fn promise<'s>(
    environment: &Environment,
    env: Env<'s>,
    receiver: &ValueReceiver,
    limits: [Val<'s>; 2],
    place: Option<Place>,
) -> Js<Val<'s>> {
    let mut selection = Selection::new(Order::Prioritized);
    selection.receive(receiver.clone());
    match begin_at(environment, env, selection, Answers::Message, limits, place)? {
        Begun::Waits(promise) => Ok(promise),
        Begun::Done(completed) => environment.completed(env, completed, Answers::Message),
    }
}

/// `primitiveDo(handle, what, n)`
pub(super) fn act<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, what, n]: [Val<'s>; 3],
) -> Returns<'s> {
    let what = arguments::string(env, what, "an action")?;
    let number = env.get_number(n).unwrap_or(0.0) as usize;
    match (primitive(environment, env, handle)?, what.as_str()) {
        (Primitive::Lock(lock), "try") => {
            return match lock.try_acquire().map_err(broken)? {
                Some(permit) => permit_handle(environment, env, permit).map(Some),
                None => Ok(None),
            };
        }
        (Primitive::Lock(lock), "add") if lock.kind_of() == Kind::Semaphore => lock.add(number),
        (Primitive::Event(event), "set") => event.set(),
        (Primitive::Event(event), "clear") => event.clear(),
        (Primitive::Condition(condition), "notify") => {
            return env.number(condition.notify(number) as f64).map(Some);
        }
        (Primitive::Condition(condition), "lock") => {
            let lock = Value::Shared(Arc::clone(condition.lock()) as _);
            return to_js::write(environment, env, lock).map(Some);
        }
        (Primitive::Barrier(barrier), "reset") => barrier.reset(),
        (Primitive::Barrier(barrier), "abort") => barrier.abort("the barrier was aborted".into()),
        (_, what) => {
            return Err(Failed::invalid(format!("this primitive has no {what:?}")).into());
        }
    }
    Ok(None)
}

/// `primitiveState(handle)`: `[id, count, total, reason why it is broken or null]`; the count is of
/// permits that nobody holds, of parties that wait, or 1 for an event that is set.
pub(super) fn state<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let (id, count, total, broken) = match primitive(environment, env, handle)? {
        Primitive::Lock(lock) => (lock.id(), lock.available(), 0, lock.broken()),
        Primitive::Event(event) => (event.id(), usize::from(event.is_set()), 0, None),
        Primitive::Condition(condition) => {
            let broken = condition.lock().broken();
            (condition.id(), condition.waiting(), 0, broken)
        }
        Primitive::Barrier(barrier) => (
            barrier.id(),
            barrier.waiting(),
            barrier.parties(),
            barrier.broken(),
        ),
    };
    let list = env.array_with_length(4)?;
    for (index, number) in [id as f64, count as f64, total as f64]
        .into_iter()
        .enumerate()
    {
        env.set_element(list, index as u32, env.number(number)?)?;
    }
    let reason = match broken {
        Some(Broken(reason)) => env.string(&reason)?,
        None => env.null()?,
    };
    env.set_element(list, 3, reason)?;
    Ok(Some(list))
}

/// `releasePermit(handle)`: gives a permit back, and its handle. False if that was done before.
pub(super) fn release<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let key = super::super::thing::key(env, handle);
    let thing = key.and_then(|key| environment.things.borrow_mut().remove(key));
    let Some(Thing::Shared(shared)) = thing else {
        return env.boolean(false).map(Some);
    };
    let any = Arc::clone(&*shared) as Arc<dyn Any + Send + Sync>;
    let released = any
        .downcast::<Permit>()
        .is_ok_and(|permit| permit.release());
    env.boolean(released).map(Some)
}
