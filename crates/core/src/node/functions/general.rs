//! Setting up, and giving handles back.

use super::super::environment::Environment;
use super::super::failure;
use super::super::hooks::Hooks;
use super::super::js::{Env, Val};
use super::super::thing::key;
use super::{Returns, arguments};
use crate::interpreter::Interpreter;

pub(super) fn set_hooks<'s>(
    environment: &Environment,
    env: Env<'s>,
    [hooks]: [Val<'s>; 1],
) -> Returns<'s> {
    let hooks = Hooks::read(env, hooks)?;
    environment.set_hooks(hooks);
    Ok(None)
}

pub(super) fn set_memory<'s>(
    environment: &Environment,
    env: Env<'s>,
    [bytes, heap]: [Val<'s>; 2],
) -> Returns<'s> {
    // A number that is too large for the type becomes its largest.
    crate::value::set_memory(arguments::number(env, bytes) as usize);
    (environment.heap_limit).set(arguments::number(env, heap) as usize);
    Ok(None)
}

pub(super) fn release<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let thing = key(env, handle).and_then(|key| environment.things.borrow_mut().remove(key));
    // Dropped with nothing borrowed: a last channel end wakes others.
    drop(thing);
    Ok(None)
}

pub(super) fn exception_details<'s>(
    environment: &Environment,
    env: Env<'s>,
    [error]: [Val<'s>; 1],
) -> Returns<'s> {
    failure::details(environment, env, error)
}

pub(super) fn python_version<'s>(_: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    if Interpreter::main().is_err() {
        return Ok(None);
    }
    let version = crate::python::version();
    env.string(&version).map(Some)
}
