//! Arrays that hold nothing but numbers, read at once: a call of Node-API for each item costs more
//! than all else.

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Val, ValueType};
use super::super::number::number_to_value;
use crate::value::Value;

/// From this length on it is cheaper to ask JavaScript to pack the numbers.
const PACKED_LENGTH: u32 = 6;

/// The numbers of an array, or `None` if it is short or holds anything else.
pub(super) fn read(
    environment: &Environment,
    env: Env<'_>,
    array: Val<'_>,
    length: u32,
) -> Js<Option<Vec<Value>>> {
    if length < PACKED_LENGTH {
        return Ok(None);
    }
    // Looking at both ends spares most mixed arrays the attempt.
    for index in [0, length - 1] {
        if env.get_number(env.element(array, index)?).is_none() {
            return Ok(None);
        }
    }
    let use_before = environment.scratch_uses.get() + 1;
    environment.scratch_uses.set(use_before);
    let packed = environment.help(
        env,
        Helper::PackNumbers,
        &[array, env.number(f64::from(length))?],
    )?;
    if env.type_of(packed)? == ValueType::Boolean {
        // A getter among the items may have come back here, and then the scratch memory is not ours.
        let is_ours = environment.scratch_uses.get() == use_before;
        if !env.get_boolean(packed)? || !is_ours {
            return Ok(None);
        }
        let scratch = &environment.helpers.scratch;
        return Ok(Some(
            scratch.read(env, length as usize, |numbers| values(numbers)),
        ));
    }
    Ok(env.get_doubles(packed)?.map(|numbers| values(&numbers)))
}

/// Numbers by the usual rule for each.
pub(super) fn values(numbers: &[f64]) -> Vec<Value> {
    numbers
        .iter()
        .map(|&number| number_to_value(number))
        .collect()
}
