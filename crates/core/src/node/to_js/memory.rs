//! Buffers as typed arrays over the same memory.

use std::any::Any;

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Val};
use super::super::lent::Lent;
use crate::buffer::{Access, Buffer, Element, Transfer};
use crate::value::NotShareable;

/// The typed array of a buffer. One with another number of dimensions than one has a property `shape`.
pub(super) fn write<'s>(environment: &Environment, env: Env<'s>, buffer: &Buffer) -> Js<Val<'s>> {
    let layout = buffer.layout();
    let Some(element) = layout.element() else {
        let reason = format!(
            "no typed array has items of the format {:?}: send a view of its bytes, `view.cast('B')`",
            layout.format()
        );
        return Err(NotShareable::new("memoryview", reason).into());
    };
    let length = buffer.length() / element.size();
    let array = typed_array(environment, env, buffer, element, length)?;
    if layout.shape().len() != 1 {
        let shape = env.array(layout.shape().to_vec(), |env, count| {
            env.number(count as f64)
        })?;
        let shape = environment.help(env, Helper::Freeze, &[shape])?;
        env.define_hidden(array, c"shape", shape)?;
    }
    Ok(array)
}

fn typed_array<'s>(
    environment: &Environment,
    env: Env<'s>,
    buffer: &Buffer,
    element: Element,
    length: usize,
) -> Js<Val<'s>> {
    if let Some(lent) = (&**buffer.memory() as &dyn Any).downcast_ref::<Lent>()
        && let Some(own) = environment.local(env, &lent.buffer)?
    {
        // It came from here: the very array buffer.
        let base = environment.help(env, Helper::BytesOf, &[own])?;
        let base = env.locate(base)?.address;
        let offset = buffer.address().wrapping_sub(base);
        let parts = [element as usize, length, offset].map(|part| env.number(part as f64));
        let [element, length, offset] = parts;
        return environment.help(env, Helper::ArrayOf, &[element?, length?, own, offset?]);
    }
    let is_aligned = buffer.address().is_multiple_of(element.size());
    let external = if length == 0 || !is_aligned {
        None
    } else {
        env.external(buffer)?
    };
    match external {
        Some(external) => env.array_of(element, length, external, 0),
        None if buffer.access() == Access::Shared && length > 0 => {
            let reason = "this runtime shows no memory of others: make the SharedArrayBuffer in \
                          JavaScript and send that";
            Err(NotShareable::new("memoryview", reason).into())
        }
        None => env.array_of(element, length, env.copied(buffer)?, 0),
    }
}

/// Memory that arrives for good.
pub(super) fn receive<'s>(
    environment: &Environment,
    env: Env<'s>,
    transfer: &Transfer,
) -> Js<Val<'s>> {
    let taken = transfer.take();
    let buffer = taken.map_err(|error| NotShareable::new("transfer", error.to_string()))?;
    let written = write(environment, env, &buffer);
    if written.is_err() {
        transfer.put_back(buffer);
    }
    written
}
