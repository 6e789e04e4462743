//! [`Value`]s to JavaScript values. This file: primitives and the order of cases; containers are
//! in `container.rs`, shared things in `shared.rs`.

mod container;
mod fits;
mod memory;
mod shared;
mod stream;

use super::environment::Environment;
use super::hooks::Hook;
use super::js::{Env, Js, Val};
use crate::value::{Record, Value};

pub(super) use shared::is_host_error;

/// Makes the JavaScript value. Takes the value, because large bytes give their memory away.
///
/// Nesting is as deep as the side that made the value allowed, which is `MAX_DEPTH`.
pub(super) fn write<'s>(environment: &Environment, env: Env<'s>, value: Value) -> Js<Val<'s>> {
    match value {
        Value::None => env.null(),
        Value::Bool(value) => env.boolean(value),
        Value::Int(value) => env.integer(value),
        Value::BigInt(value) => match value.to_i64() {
            Some(small) => env.integer(small),
            None => env.big_integer(&value),
        },
        Value::Float(value) => env.number(value),
        Value::Complex { re, im } => {
            let parts = [env.number(re)?, env.number(im)?];
            environment.call_hook(env, Hook::MakeComplex, &parts)
        }
        Value::Str(text) => env.text(&text),
        Value::Bytes(bytes) | Value::ByteArray(bytes) => env.bytes(bytes),
        Value::Shared(shared) => shared::write(environment, env, &shared),
        container => {
            if environment.is_outermost() {
                environment.check_heap(&container)?;
            }
            if let Some(whole) = stream::whole(environment, env, &container)? {
                return Ok(whole);
            }
            environment.deeper(env, || write_container(environment, env, container))
        }
    }
}

fn write_container<'s>(environment: &Environment, env: Env<'s>, value: Value) -> Js<Val<'s>> {
    match value {
        Value::Tuple(items) => container::tuple(environment, env, items),
        Value::List(items) => container::array(environment, env, items),
        Value::Floats(items) => container::floats(environment, env, &items),
        Value::FrozenSet(items) => {
            let items = container::array(environment, env, items)?;
            environment.call_hook(env, Hook::MakeReadonlySet, &[items])
        }
        Value::Set(items) => container::set(environment, env, items),
        Value::Mapping(entries) => container::mapping(environment, env, entries),
        Value::Dict(entries) => container::dict(environment, env, entries),
        Value::Record(record) => write_record(environment, env, *record),
        primitive => write(environment, env, primitive),
    }
}

fn write_record<'s>(environment: &Environment, env: Env<'s>, record: Record) -> Js<Val<'s>> {
    let object = env.object()?;
    env.set_named(object, c"kind", env.text(&record.kind)?)?;
    env.set_named(object, c"type", env.text(&record.type_name)?)?;
    let fields = env.array(record.fields, |env, (name, value)| {
        let field = env.array_with_length(2)?;
        env.set_element(field, 0, env.text(&name)?)?;
        env.set_element(field, 1, write(environment, env, value)?)?;
        Ok(field)
    })?;
    env.set_named(object, c"fields", fields)?;
    environment.call_hook(env, Hook::WrapRecord, &[object])
}
