//! Arrays, sets, objects and maps.

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::hooks::Hook;
use super::super::js::{Env, Js, Thrown, Val};
use super::super::number::{Packing, packed_double, packed_integer, packing};
use super::write;
use crate::value::Value;

/// From this length on numbers are handed over packed: one call instead of two for each.
const PACKED_LENGTH: usize = 6;

/// How many entries are made in one handle scope.
const SCOPE_ENTRIES: usize = 32;

/// An array that is not frozen.
pub(super) fn array<'s>(
    environment: &Environment,
    env: Env<'s>,
    items: Box<[Value]>,
) -> Js<Val<'s>> {
    if items.len() >= PACKED_LENGTH
        && let Some(packing) = packing(&items)
    {
        return packed(environment, env, &items, packing);
    }
    env.array(items, |env, item| write(environment, env, item))
}

fn packed<'s>(
    environment: &Environment,
    env: Env<'s>,
    items: &[Value],
    packing: Packing,
) -> Js<Val<'s>> {
    let scratch = &environment.helpers.scratch;
    if items.len() > scratch.length() {
        let numbers = match packing {
            Packing::Integers => env.integers(items.iter().map(packed_integer))?,
            Packing::Doubles => env.doubles(items.iter().map(packed_double))?,
        };
        return environment.help(env, Helper::UnpackArray, &[numbers]);
    }
    environment
        .scratch_uses
        .set(environment.scratch_uses.get() + 1);
    let length = env.number(items.len() as f64)?;
    let unpack = match packing {
        Packing::Integers => {
            scratch.write_integers(env, items.iter().map(packed_integer));
            Helper::UnpackIntegers
        }
        Packing::Doubles => {
            scratch.write(env, items.iter().map(packed_double));
            Helper::UnpackDoubles
        }
    };
    environment.help(env, unpack, &[length])
}

pub(super) fn set<'s>(environment: &Environment, env: Env<'s>, items: Box<[Value]>) -> Js<Val<'s>> {
    let items = array(environment, env, items)?;
    environment.help(env, Helper::MakeSet, &[items])
}

type Entries = Box<[(Value, Value)]>;

/// A plain object if all keys are strings, else a `Map`.
pub(super) fn dict<'s>(environment: &Environment, env: Env<'s>, entries: Entries) -> Js<Val<'s>> {
    if has_text_keys(&entries) {
        return object(environment, env, entries);
    }
    let flat = flat(environment, env, entries)?;
    environment.help(env, Helper::MakeMap, &[flat])
}

/// A frozen object if all keys are strings, else a read-only map.
pub(super) fn mapping<'s>(
    environment: &Environment,
    env: Env<'s>,
    entries: Entries,
) -> Js<Val<'s>> {
    if has_text_keys(&entries) {
        let object = object(environment, env, entries)?;
        env.freeze(object)?;
        return Ok(object);
    }
    let flat = flat(environment, env, entries)?;
    let pairs = environment.help(env, Helper::Pairs, &[flat])?;
    environment.call_hook(env, Hook::MakeReadonlyMap, &[pairs])
}

fn has_text_keys(entries: &[(Value, Value)]) -> bool {
    entries.iter().all(|(key, _)| matches!(key, Value::Str(_)))
}

fn object<'s>(environment: &Environment, env: Env<'s>, entries: Entries) -> Js<Val<'s>> {
    let object = env.object()?;
    let mut entries = entries.into_iter();
    while entries.len() > 0 {
        env.scope(|env| {
            for (key, value) in entries.by_ref().take(SCOPE_ENTRIES) {
                let Value::Str(key) = key else { continue };
                let name = env.text(&key)?;
                let value = write(environment, env, value)?;
                // Setting this one would set the object's prototype.
                if key.as_str() == Some("__proto__") {
                    env.define(object, name, value)?;
                } else {
                    env.set_property(object, name, value)?;
                }
            }
            Ok::<_, Thrown>(())
        })?;
    }
    Ok(object)
}

/// Keys and values, alternating. Keys are immutable in Python, so they are what a message is.
fn flat<'s>(environment: &Environment, env: Env<'s>, entries: Entries) -> Js<Val<'s>> {
    let items: Vec<Value> = entries
        .into_iter()
        .flat_map(|(key, value)| [key, value])
        .collect();
    env.array(items, |env, item| write(environment, env, item))
}
