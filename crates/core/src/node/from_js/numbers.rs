//! Arrays that hold nothing but numbers, read at once: a call of Node-API for each item costs more
//! than all else.

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Thrown, Val};
use super::super::number::number_to_value;
use crate::value::Value;

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
    if length < PACKED_LENGTH {
        return Ok(());
    }
    // Looking at both ends spares most mixed arrays the attempt.
    for index in [0, length - 1] {
        if env.get_number(env.element(array, index)?).is_none() {
            return Ok(());
        }
    }
    let scratch = &environment.helpers.scratch;
    let end = env.number(f64::from(length))?;
    while items.len() < length as usize {
        let this_use = environment.scratch_uses.get() + 1;
        environment.scratch_uses.set(this_use);
        let wanted = scratch.length().min(length as usize - items.len());
        let packed = env.scope(|env| {
            let start = env.number(items.len() as f64)?;
            let packed = environment.help(env, Helper::PackNumbers, &[array, start, end])?;
            Ok::<_, Thrown>(env.get_number(packed).unwrap_or(0.0) as usize)
        })?;
        // A getter among the items may have come back here, and then the scratch memory is not ours.
        if environment.scratch_uses.get() != this_use {
            break;
        }
        scratch.read(env, packed, |numbers| {
            items.extend(numbers.iter().map(|&number| number_to_value(number)));
        });
        if packed < wanted {
            break;
        }
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
