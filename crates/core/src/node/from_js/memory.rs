//! Typed arrays and array buffers: lent, taken for what they show, or copied.

use std::sync::Arc;

use super::super::js::{Array, Env, Js, Val};
use super::{Mode, Reader};
use crate::buffer::{Access, Buffer, Layout, Owned};
use crate::value::Value;

impl Reader<'_> {
    /// A typed array. Memory of ours and shared memory cross as they are; anything else is
    /// JavaScript's alone, which could transfer it away under Python: it is copied.
    pub(super) fn typed_array(self, env: Env<'_>, value: Val<'_>) -> Js<Value> {
        let array = env.locate(value)?;
        let Some(element) = array.element else {
            // TypeScript may know better.
            return match self.described(env, value)? {
                Some(described) => Ok(described),
                None => Err(self.refused(env, value, "Python has no format for its items")),
            };
        };
        let layout = Layout::of(element, array.length);
        if !env.is_array_buffer(array.buffer)? {
            return self.shared_memory(env, value, &array, layout);
        }
        if array.length == 0 && env.is_detached(array.buffer)? {
            return Err(self.refused(env, value, "its memory was transferred away"));
        }
        let shown = env.shown(array.buffer, |shown| {
            let buffer = shown.buffer.borrow();
            buffer
                .as_ref()
                .map(|buffer| window(buffer, &array, &layout))
        });
        match shown {
            Some(Some(Some(buffer))) => return Ok(Value::Shared(Arc::new(buffer))),
            Some(None) => return Err(self.refused(env, value, "its memory was transferred away")),
            // Exclusive memory is as JavaScript's own; so is what is no memory of ours.
            Some(Some(None)) | None => {}
        }
        let bytes = layout.bytes().unwrap_or(usize::MAX);
        self.within(env, value, self.budget.bytes(bytes))?;
        let no_memory = || self.refused(env, value, "there is not enough memory for a copy");
        if layout.format() == "B" {
            let copy = env.copy_bytes_out(&array);
            return copy.map(Value::Bytes).ok_or_else(no_memory);
        }
        let copy = env.copy_out(&array, bytes).ok_or_else(no_memory)?;
        // A copy for a call is the callee's own; a message stays what it is.
        let access = match self.mode {
            Mode::Call => Access::Exclusive,
            Mode::Message | Mode::Key => Access::Read,
        };
        let buffer = Buffer::new(Arc::new(Owned::from(copy)), 0, layout, access);
        match buffer {
            Some(buffer) => Ok(Value::Shared(Arc::new(buffer))),
            None => Err(self.refused(env, value, "its length changed while it was copied")),
        }
    }

    /// A typed array of a `SharedArrayBuffer`.
    fn shared_memory(
        self,
        env: Env<'_>,
        value: Val<'_>,
        array: &Array<'_>,
        layout: Layout,
    ) -> Js<Value> {
        let length = layout.bytes().unwrap_or(0);
        // Lent from the array's beginning on: how long the whole is does not matter.
        let place = (array.address, length);
        // SAFETY: what a typed array is of, if not an ArrayBuffer, is a SharedArrayBuffer, which cannot be detached;
        // Node-API says where the array is and how long.
        let lent = unsafe { self.environment.lend(env, array.buffer, place, true) }?;
        let buffer = lent.and_then(|lent| Buffer::new(lent, 0, layout, Access::Shared));
        match buffer {
            Some(buffer) => Ok(Value::Shared(Arc::new(buffer))),
            None => Err(self.refused(
                env,
                value,
                "memory of a Worker cannot be shared on this platform: make it in the main thread",
            )),
        }
    }
}

/// The window of a buffer of ours that a typed array of it is; `None` if it may not cross as it is.
fn window(buffer: &Buffer, array: &Array<'_>, layout: &Layout) -> Option<Buffer> {
    if buffer.access() == Access::Exclusive {
        return None;
    }
    let is_whole = array.offset == 0 && layout.bytes() == Some(buffer.length());
    if is_whole && layout.element() == buffer.layout().element() {
        // The format and the shape that it came with.
        return Some(buffer.clone());
    }
    buffer.window(
        buffer.offset() + array.offset,
        layout.clone(),
        buffer.access(),
    )
}
