//! Arrays, sets, objects and maps.
//!
//! Small ones are built by a JavaScript helper that gets everything in one call: a call of Node-API
//! for each item costs more than all else, freezing most of all.

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::hooks::Hook;
use super::super::js::{Env, Js, Scratch, Thrown, Val};
use super::super::number::{Packing, packed_double, packed_integer, packing};
use super::super::stream::FEW;
use super::stream::Stream;
use super::write;
use crate::value::{Floats, Value};

/// From this length on numbers are handed over packed: one call instead of one for each.
const PACKED_LENGTH: usize = 6;

/// Up to this many values go to a helper as its arguments.
const MOST_ARGUMENTS: usize = 32;

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
    if items.len() <= MOST_ARGUMENTS {
        return helped(environment, env, Helper::MakeList, items.into_iter());
    }
    let length = items.len();
    let array = environment.help(env, Helper::MakeArray, &[env.number(length as f64)?])?;
    let mut stream = Stream::new(environment, env);
    let mut items = items.into_iter().peekable();
    let mut index = 0;
    while index < length {
        let start = index;
        while items.next_if(|item| stream.add([item])).is_some() {
            index += 1;
        }
        if index > start {
            env.scope(|env| {
                let bounds = [
                    env.number(start as f64)?,
                    env.number((index - start) as f64)?,
                ];
                stream.flush(env, Helper::UnpackItems, &[array, bounds[0], bounds[1]])?;
                Ok::<_, Thrown>(())
            })?;
        }
        if index >= start + FEW {
            continue;
        }
        env.scope(|env| {
            for item in items.by_ref().take(SCOPE_ENTRIES) {
                env.set_element(array, index as u32, write(environment, env, item)?)?;
                index += 1;
            }
            Ok::<_, Thrown>(())
        })?;
    }
    Ok(array)
}

/// A frozen array.
pub(super) fn tuple<'s>(
    environment: &Environment,
    env: Env<'s>,
    items: Box<[Value]>,
) -> Js<Val<'s>> {
    if items.len() < PACKED_LENGTH {
        return helped(environment, env, Helper::MakeTuple, items.into_iter());
    }
    let array = array(environment, env, items)?;
    environment.help(env, Helper::Freeze, &[array])
}

/// What a helper makes of a few values.
fn helped<'s>(
    environment: &Environment,
    env: Env<'s>,
    helper: Helper,
    values: impl Iterator<Item = Value>,
) -> Js<Val<'s>> {
    let mut arguments = [env.undefined()?; MOST_ARGUMENTS];
    let mut count = 0;
    for (place, value) in arguments.iter_mut().zip(values) {
        *place = write(environment, env, value)?;
        count += 1;
    }
    environment.help(env, helper, &arguments[..count])
}

/// An array of floats alone; frozen if it is for a tuple.
pub(super) fn floats<'s>(environment: &Environment, env: Env<'s>, items: &Floats) -> Js<Val<'s>> {
    let array = doubles(environment, env, items.iter())?;
    if items.is_list() {
        return Ok(array);
    }
    environment.help(env, Helper::Freeze, &[array])
}

fn packed<'s>(
    environment: &Environment,
    env: Env<'s>,
    items: &[Value],
    packing: Packing,
) -> Js<Val<'s>> {
    match packing {
        Packing::Integers => integers(environment, env, items),
        Packing::Doubles => doubles(environment, env, items.iter().map(packed_double)),
    }
}

fn integers<'s>(environment: &Environment, env: Env<'s>, items: &[Value]) -> Js<Val<'s>> {
    let (array, unpack) = (Helper::MakeArray, Helper::UnpackIntegers);
    let mut items = items.iter().map(packed_integer);
    in_chunks(environment, env, items.len(), [array, unpack], |scratch| {
        scratch.write_integers(env, &mut items);
    })
}

fn doubles<'s>(
    environment: &Environment,
    env: Env<'s>,
    mut items: impl ExactSizeIterator<Item = f64>,
) -> Js<Val<'s>> {
    let (array, unpack) = (Helper::MakeDoubles, Helper::UnpackDoubles);
    in_chunks(environment, env, items.len(), [array, unpack], |scratch| {
        scratch.write(env, &mut items);
    })
}

/// Makes an array and fills it from the scratch memory, as often as it takes.
fn in_chunks<'s>(
    environment: &Environment,
    env: Env<'s>,
    length: usize,
    [make, unpack]: [Helper; 2],
    mut fill: impl FnMut(&Scratch),
) -> Js<Val<'s>> {
    let scratch = &environment.helpers.scratch;
    let array = environment.help(env, make, &[env.number(length as f64)?])?;
    for start in (0..length).step_by(scratch.length()) {
        environment
            .scratch_uses
            .set(environment.scratch_uses.get() + 1);
        fill(scratch);
        env.scope(|env| {
            let count = scratch.length().min(length - start);
            let bounds = [env.number(start as f64)?, env.number(count as f64)?];
            environment.help(env, unpack, &[array, bounds[0], bounds[1]])?;
            Ok::<_, Thrown>(())
        })?;
    }
    Ok(array)
}

pub(super) fn set<'s>(environment: &Environment, env: Env<'s>, items: Box<[Value]>) -> Js<Val<'s>> {
    let items = array(environment, env, items)?;
    environment.help(env, Helper::MakeSet, &[items])
}

type Entries = Box<[(Value, Value)]>;

/// A plain object if all keys are strings, else a `Map`.
pub(super) fn dict<'s>(environment: &Environment, env: Env<'s>, entries: Entries) -> Js<Val<'s>> {
    if has_text_keys(&entries) {
        return object(environment, env, entries, Helper::MakeObject);
    }
    let flat = flat_array(environment, env, entries)?;
    environment.help(env, Helper::MakeMap, &[flat])
}

/// A frozen object if all keys are strings, else a read-only map.
pub(super) fn mapping<'s>(
    environment: &Environment,
    env: Env<'s>,
    entries: Entries,
) -> Js<Val<'s>> {
    if has_text_keys(&entries) {
        return object(environment, env, entries, Helper::MakeFrozenObject);
    }
    let flat = flat_array(environment, env, entries)?;
    let pairs = environment.help(env, Helper::Pairs, &[flat])?;
    environment.call_hook(env, Hook::MakeReadonlyMap, &[pairs])
}

fn has_text_keys(entries: &[(Value, Value)]) -> bool {
    entries.iter().all(|(key, _)| matches!(key, Value::Str(_)))
}

/// An object of entries that have string keys; `helper` makes small ones.
fn object<'s>(
    environment: &Environment,
    env: Env<'s>,
    entries: Entries,
    helper: Helper,
) -> Js<Val<'s>> {
    if entries.len() * 2 <= MOST_ARGUMENTS {
        return helped(environment, env, helper, flat(entries));
    }
    let object = env.object()?;
    let mut stream = Stream::new(environment, env);
    let mut entries = entries.into_iter().peekable();
    while entries.len() > 0 {
        while entries
            .next_if(|(key, value)| stream.add([key, value]))
            .is_some()
        {}
        let count = stream.count();
        if count > 0 {
            env.scope(|env| {
                let args = [object, env.number(count as f64)?];
                stream.flush(env, Helper::UnpackProperties, &args).map(drop)
            })?;
        }
        if count >= FEW {
            continue;
        }
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
    match helper {
        Helper::MakeFrozenObject => environment.help(env, Helper::Freeze, &[object]),
        _ => Ok(object),
    }
}

/// Keys and values, alternating.
fn flat(entries: Entries) -> impl Iterator<Item = Value> {
    entries.into_iter().flat_map(|(key, value)| [key, value])
}

fn flat_array<'s>(environment: &Environment, env: Env<'s>, entries: Entries) -> Js<Val<'s>> {
    array(environment, env, flat(entries).collect())
}
