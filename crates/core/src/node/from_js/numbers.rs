//! Arrays that hold nothing but numbers, read at once: a call of Node-API for each item costs more
//! than all else.

use std::ops::Range;

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Thrown, Val};
use super::super::number::{is_float, number_to_value};
use crate::value::{Floats, Value};

/// From this length on it is cheaper to ask JavaScript to pack the numbers.
const PACKED_LENGTH: u32 = 6;

/// Adds the numbers that an array begins with to `items`, as far as that is quicker.
pub(super) fn read_prefix(
    environment: &Environment,
    env: Env<'_>,
    array: Val<'_>,
    length: u32,
    items: &mut Vec<Value>,
) -> Js<()> {
    if length < PACKED_LENGTH || items.len() >= length as usize {
        return Ok(());
    }
    // Looking at both ends spares most mixed arrays the attempt.
    for index in [items.len() as u32, length - 1] {
        if env.get_number(env.element(array, index)?).is_none() {
            return Ok(());
        }
    }
    let start = items.len() as u32;
    in_chunks(environment, env, array, start..length, |numbers| {
        items.extend(numbers.iter().map(|&number| number_to_value(number)));
        true
    })
}

/// An array of floats alone; else the numbers that it begins with, as far as they were read.
pub(super) fn read_floats(
    environment: &Environment,
    env: Env<'_>,
    array: Val<'_>,
    length: u32,
) -> Js<Result<Vec<u8>, Vec<Value>>> {
    for index in [0, length - 1] {
        if !(env.get_number(env.element(array, index)?)).is_some_and(is_float) {
            return Ok(Err(Vec::new()));
        }
    }
    let Some(mut floats) = Floats::room_for(length as usize) else {
        return Ok(Err(Vec::new()));
    };
    let mut others = Vec::new();
    in_chunks(environment, env, array, 0..length, |numbers| {
        if numbers.iter().all(|&number| is_float(number)) {
            Floats::push_all(&mut floats, numbers);
        } else {
            others.extend(numbers.iter().map(|&number| number_to_value(number)));
        }
        others.is_empty()
    })?;
    if Floats::pushed(&floats).len() == length as usize {
        return Ok(Ok(floats));
    }
    let mut items: Vec<Value> = Floats::pushed(&floats).map(Value::Float).collect();
    items.append(&mut others);
    Ok(Err(items))
}

/// Gives the numbers in a part of an array to `take`, chunk by chunk, until it wants no more or
/// something is no number.
fn in_chunks(
    environment: &Environment,
    env: Env<'_>,
    array: Val<'_>,
    part: Range<u32>,
    mut take: impl FnMut(&[f64]) -> bool,
) -> Js<()> {
    let scratch = &environment.helpers.scratch;
    let end = env.number(f64::from(part.end))?;
    let mut start = part.start as usize;
    while start < part.end as usize {
        let this_use = environment.scratch_uses.get() + 1;
        environment.scratch_uses.set(this_use);
        let wanted = scratch.length().min(part.end as usize - start);
        let packed = env.scope(|env| {
            let start = env.number(start as f64)?;
            let packed = environment.help(env, Helper::PackNumbers, &[array, start, end])?;
            Ok::<_, Thrown>(env.get_number(packed).unwrap_or(0.0) as usize)
        })?;
        // A getter among the items may have come back here, and then the scratch memory is not ours.
        if environment.scratch_uses.get() != this_use {
            break;
        }
        if !scratch.read(env, packed, &mut take) || packed < wanted {
            break;
        }
        start += packed;
    }
    Ok(())
}

/// Numbers by the usual rule for each.
pub(super) fn values(numbers: &[f64]) -> Vec<Value> {
    numbers
        .iter()
        .map(|&number| number_to_value(number))
        .collect()
}
