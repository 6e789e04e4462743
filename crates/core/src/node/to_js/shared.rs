//! Shared things: recognised by downcast, shown through `hooks.wrapShared`.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use super::super::environment::Environment;
use super::super::hooks::Hook;
use super::super::host_call::{JsFunction, ThrownByHost};
use super::super::info;
use super::super::js::{Env, Js, Val};
use super::super::thing::Thing;
use super::memory;
use crate::buffer::{Buffer, Transfer};
use crate::channel::{Receiver, Sender};
use crate::interpreter::Interpreter;
use crate::sync::Permit;
use crate::value::{NotShareable, Shared, Value};

pub(super) fn write<'s>(
    environment: &Environment,
    env: Env<'s>,
    shared: &Arc<dyn Shared>,
) -> Js<Val<'s>> {
    let any = &**shared as &dyn Any;
    if let Some(buffer) = any.downcast_ref::<Buffer>() {
        return memory::write(environment, env, buffer);
    }
    if let Some(transfer) = any.downcast_ref::<Transfer>() {
        return memory::receive(environment, env, transfer);
    }
    // A permit that arrived is held from now on, by whoever holds the handle.
    if let Some(permit) = Permit::from_message(&Value::Shared(Arc::clone(shared))) {
        return environment.handle(env, Thing::Shared(Rc::new(permit)));
    }
    let (kind, thing, info) = if let Some(sender) = any.downcast_ref::<Sender<Value>>() {
        let info = info::end(env, sender.id(), sender.name(), sender.capacity())?;
        ("sender", Thing::sender(sender.clone()), info)
    } else if let Some(receiver) = any.downcast_ref::<Receiver<Value>>() {
        let info = info::end(env, receiver.id(), receiver.name(), receiver.capacity())?;
        ("receiver", Thing::receiver(receiver.clone()), info)
    } else if let Some(interpreter) = any.downcast_ref::<Interpreter>() {
        let info = info::interpreter(env, interpreter)?;
        (
            "interpreter",
            Thing::Interpreter(Rc::new(interpreter.clone())),
            info,
        )
    } else if let Some(function) = any.downcast_ref::<JsFunction>() {
        return own(env, environment.local(env, &function.function)?, "function");
    } else if let Some(error) = any.downcast_ref::<ThrownByHost>() {
        return own(env, environment.local(env, &error.error)?, "Error");
    } else {
        (
            shared.kind(),
            Thing::Shared(Rc::new(Arc::clone(shared))),
            env.undefined()?,
        )
    };
    let handle = environment.handle(env, thing)?;
    environment.call_hook(env, Hook::WrapShared, &[env.string(kind)?, handle, info])
}

/// What came back to where it was made; elsewhere it means nothing.
fn own<'s>(_env: Env<'s>, value: Option<Val<'s>>, kind: &str) -> Js<Val<'s>> {
    let reason = "it belongs to another JavaScript thread";
    value.ok_or_else(|| NotShareable::new(kind, reason).into())
}

/// Whether a value is an error that was thrown in JavaScript.
pub(in crate::node) fn is_host_error(value: &Value) -> bool {
    matches!(value, Value::Shared(shared) if (&**shared as &dyn Any).is::<ThrownByHost>())
}
