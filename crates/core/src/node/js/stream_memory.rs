//! The memory in which plain values cross many at a time. What is in it: `node/stream.rs`.

use super::env::{Env, Val};
use super::error::Js;
use super::reference::Ref;

/// A number and a kind for each value, which Rust and our own JavaScript helpers both see, and two numbers more.
pub(in crate::node) struct StreamMemory {
    numbers: *mut f64,
    kinds: *mut u8,
    /// Keeps the memory. It is never handed to user code, so nobody can detach it.
    _owner: Ref,
}

impl StreamMemory {
    /// For so many values.
    pub(in crate::node) const LENGTH: usize = 1024;
    /// Numbers behind theirs.
    pub(in crate::node) const MORE: usize = 2;

    /// Looks at the numbers, of which the last [`StreamMemory::MORE`] belong to no value, and at the kinds.
    pub(in crate::node) fn read<R>(
        &self,
        _env: Env<'_>,
        body: impl FnOnce(&[f64], &[u8]) -> R,
    ) -> R {
        // SAFETY: the memory is alive (`_owner`), that long and zeroed at first; nothing writes to it meanwhile:
        // JavaScript runs on this thread only (`_env`), and `body` has no way to call it on this memory: who
        // does calls a helper, and what `body` was given is gone by then.
        let (numbers, kinds) = unsafe {
            (
                std::slice::from_raw_parts(self.numbers, Self::LENGTH + Self::MORE),
                std::slice::from_raw_parts(self.kinds, Self::LENGTH),
            )
        };
        body(numbers, kinds)
    }

    /// Writes what there is of a value; false if there is no place for it.
    #[inline]
    pub(in crate::node) fn write(
        &self,
        _env: Env<'_>,
        index: usize,
        kind: u8,
        number: f64,
    ) -> bool {
        if index >= Self::LENGTH {
            return false;
        }
        // SAFETY: within the memory, which is alive, on the thread that owns it.
        unsafe {
            self.numbers.add(index).write(number);
            self.kinds.add(index).write(kind);
        }
        true
    }
}

impl<'s> Env<'s> {
    /// Memory for a stream, and its array buffer.
    pub(in crate::node) fn stream_memory(self) -> Js<(StreamMemory, Val<'s>)> {
        let doubles = (StreamMemory::LENGTH + StreamMemory::MORE) * size_of::<f64>();
        let (buffer, place) = self.array_buffer(doubles + StreamMemory::LENGTH)?;
        let memory = StreamMemory {
            numbers: place.cast(),
            // SAFETY: within the buffer, which is that much longer.
            kinds: unsafe { place.cast::<u8>().add(doubles) },
            _owner: self.reference(buffer)?,
        };
        Ok((memory, buffer))
    }
}
