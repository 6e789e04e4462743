//! Reading the arguments that many functions take.

use std::time::Duration;

use super::super::failure::Failed;
use super::super::js::{Env, Js, Val, ValueType};
use super::super::pending::time_limit;
use crate::value::Text;

/// A text, or `None` for `undefined`.
pub(super) fn optional_text(env: Env<'_>, value: Val<'_>, what: &str) -> Js<Option<Text>> {
    match env.type_of(value)? {
        ValueType::Undefined | ValueType::Null => Ok(None),
        ValueType::String => env.get_text(value).map(Some),
        _ => Err(Failed::invalid(format!("{what} is a string")).into()),
    }
}

pub(super) fn text(env: Env<'_>, value: Val<'_>, what: &str) -> Js<Text> {
    let text = optional_text(env, value, what)?;
    text.ok_or_else(|| Failed::invalid(format!("{what} is a string")).into())
}

/// A string for the operating system or a person: no lone surrogates.
pub(super) fn string(env: Env<'_>, value: Val<'_>, what: &str) -> Js<String> {
    let text = text(env, value, what)?;
    match text.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(Failed::invalid(format!("{what} holds half of a character")).into()),
    }
}

pub(super) fn optional_string(env: Env<'_>, value: Val<'_>, what: &str) -> Js<Option<String>> {
    if env.is_undefined(value)? {
        Ok(None)
    } else {
        string(env, value, what).map(Some)
    }
}

/// A list of strings, or `None` for `undefined`.
pub(super) fn strings(env: Env<'_>, list: Val<'_>, what: &str) -> Js<Option<Vec<String>>> {
    if env.is_undefined(list)? {
        return Ok(None);
    }
    if !env.is_array(list)? {
        return Err(Failed::invalid(format!("{what} is an array of strings")).into());
    }
    let length = env.array_length(list)?;
    (0..length)
        .map(|index| string(env, env.element(list, index)?, what))
        .collect::<Js<_>>()
        .map(Some)
}

/// A switch, `None` for `undefined`.
pub(super) fn switch(env: Env<'_>, value: Val<'_>, what: &str) -> Js<Option<bool>> {
    match env.type_of(value)? {
        ValueType::Undefined => Ok(None),
        ValueType::Boolean => env.get_boolean(value).map(Some),
        _ => Err(Failed::invalid(format!("{what} is true or false")).into()),
    }
}

/// A time limit in milliseconds; `Infinity` or `undefined`: none.
pub(super) fn timeout(env: Env<'_>, value: Val<'_>) -> Option<Duration> {
    time_limit(env.get_number(value))
}

/// The number that TypeScript gave to a job or an operation; 0: none.
pub(super) fn number(env: Env<'_>, value: Val<'_>) -> u64 {
    env.get_number(value).unwrap_or(0.0) as u64
}
