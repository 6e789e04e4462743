//! JavaScript values to [`Value`]s. This file: primitives and the order of questions; containers
//! are in `container.rs`, objects that TypeScript must explain in `described.rs`.

mod container;
mod described;
mod memory;
mod numbers;
mod stream;

use std::sync::Arc;

use super::environment::Environment;
use super::failure::Failed;
use super::helpers::Helper;
use super::host_call::JsFunction;
use super::js::{Env, Js, Thrown, Val, ValueType};
use super::number::number_to_value;
use crate::interpreter::Bindings;
use crate::value::{Budget, Exceeded, Location, MAX_DEPTH, MAX_VALUES, NotShareable, Text, Value};

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
    /// What may still be made.
    budget: &'e Budget,
}

/// Converts a value.
pub(super) fn read(
    environment: &Environment,
    env: Env<'_>,
    value: Val<'_>,
    mode: Mode,
) -> Js<Value> {
    Reader::new(environment, mode, &Budget::new()).read_whole(env, value)
}

/// Converts the argument list of a call; `undefined` is an empty one.
pub(super) fn read_arguments(
    environment: &Environment,
    env: Env<'_>,
    list: Val<'_>,
) -> Js<Vec<Value>> {
    if env.is_array(list)? {
        return Reader::new(environment, Mode::Call, &Budget::new()).items(env, list);
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
    let budget = Budget::new();
    let reader = Reader::new(environment, Mode::Call, &budget);
    for (index, &arg) in args.iter().enumerate() {
        let value = reader.read_whole(env, arg);
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
    let mut values = Vec::with_capacity(args.len());
    let budget = Budget::new();
    let reader = Reader::new(environment, Mode::Call, &budget);
    for (index, &arg) in args.iter().enumerate() {
        let value = reader.read_whole(env, arg).map_err(|thrown| {
            at(thrown, |way| match index.checked_sub(positional) {
                None => way.push_index(index),
                Some(named) => way.push_field(&names[named].to_string_lossy()),
            })
        });
        values.push(value?);
    }
    Ok(values)
}

/// Converts items that are each the only argument of a call, up to the first that cannot cross.
///
/// # Errors
/// The first of all cannot cross.
pub(super) fn read_items(environment: &Environment, env: Env<'_>, list: Val<'_>) -> Js<Vec<Value>> {
    check_list(env, list)?;
    let budget = Budget::new();
    let reader = Reader::new(environment, Mode::Call, &budget);
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
    check_list(env, lists)?;
    let budget = Budget::new();
    let reader = Reader::new(environment, Mode::Call, &budget);
    let length = env.array_length(lists)?;
    let mut calls = Vec::with_capacity(length as usize);
    for index in 0..length {
        let call = env.scope(|env| {
            let list = env.element(lists, index)?;
            if env.is_undefined(list)? {
                return Ok(Vec::new());
            }
            check_list(env, list)?;
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

fn check_list(env: Env<'_>, list: Val<'_>) -> Js<()> {
    if env.is_array(list)? {
        return Ok(());
    }
    Err(Failed::invalid("the arguments of a call are an array").into())
}

/// Converts names and their values: own enumerable properties of an object; `undefined` is none.
pub(super) fn read_bindings(
    environment: &Environment,
    env: Env<'_>,
    object: Val<'_>,
) -> Js<Bindings> {
    match env.type_of(object)? {
        ValueType::Undefined => Ok(Vec::new()),
        ValueType::Object => {
            Reader::new(environment, Mode::Call, &Budget::new()).properties(env, object)
        }
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

impl<'e> Reader<'e> {
    fn new(environment: &'e Environment, mode: Mode, budget: &'e Budget) -> Self {
        Self {
            environment,
            mode,
            depth_left: MAX_DEPTH,
            budget,
        }
    }

    /// A message or an argument: mostly numbers, which one call settles.
    #[inline]
    fn read_whole(self, env: Env<'_>, value: Val<'_>) -> Js<Value> {
        match env.get_number(value) {
            Some(number) => Ok(number_to_value(number)),
            None => self.read(env, value),
        }
    }

    fn read(self, env: Env<'_>, value: Val<'_>) -> Js<Value> {
        Ok(match env.type_of(value)? {
            ValueType::Undefined | ValueType::Null => Value::None,
            ValueType::Boolean => Value::Bool(env.get_boolean(value)?),
            ValueType::Number => number_to_value(env.get_number(value).unwrap_or(f64::NAN)),
            ValueType::String => {
                let text = env.get_text(value)?;
                self.within(env, value, self.budget.bytes(text.bytes()))?;
                Value::Str(text)
            }
            ValueType::BigInt => {
                let integer = env.get_bigint(value)?;
                if let Value::BigInt(large) = &integer {
                    self.within(env, value, self.budget.bytes(large.bytes()))?;
                }
                integer
            }
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

    /// Counts a container before its items are made.
    fn count(self, env: Env<'_>, container: Val<'_>, items: u32) -> Js<()> {
        if items as usize > MAX_VALUES {
            return Err(self.refused(env, container, "it is too long"));
        }
        self.within(env, container, self.budget.container(items as usize))
    }

    /// Whether the value fits in what the conversion may make.
    #[inline]
    fn within(self, env: Env<'_>, value: Val<'_>, counted: Result<(), Exceeded>) -> Js<()> {
        counted.map_err(|exceeded| self.refused(env, value, &exceeded.to_string()))
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
