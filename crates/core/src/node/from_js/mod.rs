//! JavaScript values to [`Value`]s. This file: primitives and the order of questions; containers
//! are in `container.rs`, objects that TypeScript must explain in `described.rs`.

mod container;
mod described;
mod memory;
mod numbers;

use std::sync::Arc;

use super::environment::Environment;
use super::failure::Failed;
use super::helpers::Helper;
use super::host_call::JsFunction;
use super::js::{Env, Js, Thrown, Val, ValueType};
use super::number::number_to_value;
use crate::interpreter::Bindings;
use crate::value::{Location, MAX_DEPTH, NotShareable, Text, Value};

/// What a conversion is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A message: arrays become tuples, sets frozen sets, objects read-only mappings; functions
    /// are refused.
    Message,
    /// An argument or a binding: arrays become lists, sets sets, objects dicts; functions cross.
    Call,
    /// A key of a dict or an item of a set in a call: as a message, since Python hashes it.
    Key,
}

/// A conversion under way.
#[derive(Clone, Copy)]
struct Reader<'e> {
    environment: &'e Environment,
    mode: Mode,
    /// How many containers may still be opened.
    depth_left: usize,
}

/// Converts a value.
pub(super) fn read(
    environment: &Environment,
    env: Env<'_>,
    value: Val<'_>,
    mode: Mode,
) -> Js<Value> {
    // A channel's traffic is mostly numbers: one call settles them.
    if let Some(number) = env.get_number(value) {
        return Ok(number_to_value(number));
    }
    Reader {
        environment,
        mode,
        depth_left: MAX_DEPTH,
    }
    .read(env, value)
}

/// Converts the argument list of a call; `undefined` is an empty one.
pub(super) fn read_arguments(
    environment: &Environment,
    env: Env<'_>,
    list: Val<'_>,
) -> Js<Vec<Value>> {
    if env.is_array(list)? {
        return Reader {
            environment,
            mode: Mode::Call,
            depth_left: MAX_DEPTH,
        }
        .items(env, list);
    }
    if env.is_undefined(list)? {
        return Ok(Vec::new());
    }
    Err(Failed::invalid("the arguments of a call are an array").into())
}

/// Converts the arguments of a call, each given by itself.
pub(super) fn read_each(
    environment: &Environment,
    env: Env<'_>,
    args: &[Val<'_>],
) -> Js<Vec<Value>> {
    let mut values = Vec::with_capacity(args.len());
    for (index, &arg) in args.iter().enumerate() {
        let value = read(environment, env, arg, Mode::Call);
        values.push(value.map_err(|thrown| at(thrown, |way| way.push_index(index)))?);
    }
    Ok(values)
}

/// Converts arguments of which the last have these names.
pub(super) fn read_named(
    environment: &Environment,
    env: Env<'_>,
    args: &[Val<'_>],
    names: &[Text],
) -> Js<Vec<Value>> {
    let Some(positional) = args.len().checked_sub(names.len()) else {
        return Err(Failed::invalid("a call has fewer arguments than names").into());
    };
    let (positional, named) = args.split_at(positional);
    let mut values = read_each(environment, env, positional)?;
    for (name, &arg) in names.iter().zip(named) {
        let value = read(environment, env, arg, Mode::Call);
        values.push(value.map_err(|e| at(e, |way| way.push_field(&name.to_string_lossy())))?);
    }
    Ok(values)
}

/// Converts items that are each the only argument of a call, up to the first that cannot cross.
///
/// # Errors
/// The first of all cannot cross.
pub(super) fn read_items(environment: &Environment, env: Env<'_>, list: Val<'_>) -> Js<Vec<Value>> {
    let reader = call_reader(environment, env, list)?;
    // As the arguments of a single call, so that errors tell the same way to the culprit.
    reader.some_items(env, list, |item, env| {
        let value = reader.read(env, item);
        value.map_err(|thrown| at(thrown, |way| way.push_index(0)))
    })
}

/// Converts argument lists of calls, up to the first that cannot cross.
///
/// # Errors
/// The first of all cannot cross.
pub(super) fn read_argument_lists(
    environment: &Environment,
    env: Env<'_>,
    lists: Val<'_>,
) -> Js<Vec<Vec<Value>>> {
    let reader = call_reader(environment, env, lists)?;
    let length = env.array_length(lists)?;
    let mut calls = Vec::with_capacity(length as usize);
    for index in 0..length {
        let call = env.scope(|env| {
            let list = env.element(lists, index)?;
            if env.is_undefined(list)? {
                return Ok(Vec::new());
            }
            call_reader(environment, env, list)?;
            reader.items(env, list)
        });
        match call {
            Ok(call) => calls.push(call),
            Err(thrown) if index == 0 => return Err(thrown),
            Err(_) => {
                let _ = env.take_exception();
                break;
            }
        }
    }
    Ok(calls)
}

fn call_reader<'e>(environment: &'e Environment, env: Env<'_>, list: Val<'_>) -> Js<Reader<'e>> {
    if !env.is_array(list)? {
        return Err(Failed::invalid("the arguments of a call are an array").into());
    }
    Ok(Reader {
        environment,
        mode: Mode::Call,
        depth_left: MAX_DEPTH,
    })
}

/// Converts names and their values: own enumerable properties of an object; `undefined` is none.
pub(super) fn read_bindings(
    environment: &Environment,
    env: Env<'_>,
    object: Val<'_>,
) -> Js<Bindings> {
    match env.type_of(object)? {
        ValueType::Undefined => Ok(Vec::new()),
        ValueType::Object => Reader {
            environment,
            mode: Mode::Call,
            depth_left: MAX_DEPTH,
        }
        .properties(env, object),
        _ => Err(Failed::invalid("names and their values are given as an object").into()),
    }
}

/// Adds a step to the way to the culprit, if a conversion was refused.
fn at(thrown: Thrown, step: impl FnOnce(&mut Location)) -> Thrown {
    match thrown {
        Thrown::Failed(failed) => Thrown::Failed(Box::new(failed.at(step))),
        Thrown::Pending => Thrown::Pending,
    }
}

impl Reader<'_> {
    fn read(self, env: Env<'_>, value: Val<'_>) -> Js<Value> {
        Ok(match env.type_of(value)? {
            ValueType::Undefined | ValueType::Null => Value::None,
            ValueType::Boolean => Value::Bool(env.get_boolean(value)?),
            ValueType::Number => number_to_value(env.get_number(value).unwrap_or(f64::NAN)),
            ValueType::String => Value::Str(env.get_text(value)?),
            ValueType::BigInt => env.get_bigint(value)?,
            ValueType::Object => return self.object(env, value),
            ValueType::Function => return self.function(env, value),
            ValueType::Symbol | ValueType::External => {
                return Err(self.refused(env, value, "it has no meaning outside of JavaScript"));
            }
        })
    }

    /// A reader for what is inside of the value at hand.
    fn inside(self, env: Env<'_>, value: Val<'_>) -> Js<Self> {
        let Some(depth_left) = self.depth_left.checked_sub(1) else {
            return Err(Failed::TooDeep(self.type_name(env, value)).into());
        };
        self.environment
            .check_stack(env, MAX_DEPTH - self.depth_left)?;
        Ok(Self { depth_left, ..self })
    }

    fn function(self, env: Env<'_>, value: Val<'_>) -> Js<Value> {
        // TypeScript's own callables (a Python function's handle, a class) may be described.
        if let Some(described) = self.described(env, value)? {
            return Ok(described);
        }
        if self.mode == Mode::Message {
            let reason = "functions cross as arguments of calls and as bindings, not in messages";
            return Err(self.refused(env, value, reason));
        }
        let function = JsFunction::new(self.environment, env, value)?;
        Ok(Value::Shared(Arc::new(function)))
    }

    #[cold]
    fn refused(self, env: Env<'_>, value: Val<'_>, reason: &str) -> Thrown {
        NotShareable::new(self.type_name(env, value), reason).into()
    }

    #[cold]
    fn type_name(self, env: Env<'_>, value: Val<'_>) -> String {
        let name = self.environment.help(env, Helper::TypeName, &[value]);
        name.and_then(|name| env.get_string(name))
            .unwrap_or_else(|_| {
                let _ = env.take_exception();
                "object".to_owned()
            })
    }
}
