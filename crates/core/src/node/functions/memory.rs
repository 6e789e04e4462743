//! Giving memory away.

use std::rc::Rc;
use std::sync::Arc;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Shown, Val};
use super::super::thing::Thing;
use super::super::to_js;
use super::Returns;
use crate::buffer::{Access, Buffer, Layout, Transfer};
use crate::value::{Shared, Value};

/// `transferMemory(typedArray)`: a handle of its memory, which JavaScript has lost then.
pub(super) fn transfer<'s>(
    environment: &Environment,
    env: Env<'s>,
    [array]: [Val<'s>; 1],
) -> Returns<'s> {
    let buffer = give_up(environment, env, array)?;
    let transfer: Arc<dyn Shared> = Transfer::new(buffer);
    environment
        .handle(env, Thing::Shared(Rc::new(transfer)))
        .map(Some)
}

fn give_up(environment: &Environment, env: Env<'_>, array: Val<'_>) -> Js<Buffer> {
    if !env.is_typed_array(array)? {
        return Err(
            Failed::invalid("only a typed array or an ArrayBuffer can be transferred").into(),
        );
    }
    let located = env.locate(array)?;
    let Some(element) = located.element else {
        return Err(Failed::invalid("Python has no format for the items of this array").into());
    };
    let layout = Layout::of(element, located.length);
    if !env.is_array_buffer(located.buffer)? {
        let reason = "shared memory is not given away: send the typed array itself";
        return Err(Failed::invalid(reason).into());
    }
    if env.is_detached(located.buffer)? {
        return Err(Failed::invalid("this memory was transferred away").into());
    }
    let ours = env.shown(located.buffer, |shown| {
        let mut slot = shown.buffer.borrow_mut();
        match slot.take() {
            Some(buffer) if buffer.can_move() => Ok(buffer),
            kept => {
                let was = kept.as_ref().map(Buffer::access);
                *slot = kept;
                Err(match was {
                    Some(Access::Exclusive) => "other views of this memory are in use",
                    Some(_) => "this is a view of memory that others own: send the view itself",
                    None => "this memory was transferred away",
                })
            }
        }
    });
    match ours {
        Some(Ok(buffer)) => {
            env.detach(located.buffer)?;
            let offset = buffer.offset() + located.offset;
            let window = buffer.window(offset, layout, Access::Exclusive);
            Ok(window.unwrap_or(buffer))
        }
        Some(Err(reason)) => Err(Failed::invalid(reason).into()),
        None => {
            let moved = environment.help(env, Helper::MoveBuffer, &[located.buffer])?;
            if env.is_undefined(moved)? {
                let reason = "this memory cannot leave its array buffer (a pooled Buffer, memory of \
                              WebAssembly): transfer a copy of it";
                return Err(Failed::invalid(reason).into());
            }
            let place = env.locate_buffer(moved)?;
            // SAFETY: the ArrayBuffer that `MoveBuffer` made, of which nobody else knows, and where Node-API says that it is.
            let lent = unsafe { environment.lend(env, moved, place, false) }?;
            let window =
                lent.and_then(|lent| Buffer::new(lent, located.offset, layout, Access::Exclusive));
            window.ok_or_else(|| {
                let reason = "memory of a Worker cannot be transferred on this platform";
                Failed::invalid(reason).into()
            })
        }
    }
}

/// `takeTransfer(handle)`: the memory, back as a typed array.
pub(super) fn take<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let Thing::Shared(shared) = environment.thing(env, handle)? else {
        return Err(Failed::invalid("this handle is of no memory").into());
    };
    to_js::write(environment, env, Value::Shared(Arc::clone(&shared))).map(Some)
}

/// `releaseView(typedArray)`: lets go of memory that others own, before it is collected. The array
/// is empty then. False if it is no such array.
pub(super) fn release<'s>(_: &Environment, env: Env<'s>, [array]: [Val<'s>; 1]) -> Returns<'s> {
    if !env.is_typed_array(array)? {
        return Err(Failed::invalid("only a typed array can be released").into());
    }
    let buffer = env.locate(array)?.buffer;
    // Detached by somebody else, its memory may have gone on to another array buffer.
    if !env.is_array_buffer(buffer)? || env.is_detached(buffer)? {
        return env.boolean(false).map(Some);
    }
    let taken = env.shown(buffer, |shown| shown.buffer.borrow_mut().take());
    let taken = taken.flatten();
    if taken.is_some() {
        env.detach(buffer)?;
        env.shown(buffer, Shown::let_go);
    }
    env.boolean(taken.is_some()).map(Some)
}
