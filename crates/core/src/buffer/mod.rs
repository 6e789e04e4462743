//! Memory that crosses without being copied: views of it, shared memory, and memory that moves.
//!
//! What lives here: what a piece of memory is ([`Buffer`]), whom it belongs to ([`Memory`]), memory
//! of Rust's own ([`Owned`]), and giving it away ([`Transfer`]). What must not: Python, Node, and
//! `unsafe`: addresses are numbers here, and only those who lend or show memory touch it.
//!
//! Architecture invariant: whoever holds a `Buffer` keeps its memory alive and in place. What
//! lends memory (`python/`, `node/`) implements `Memory` so that dropping it gives it back where
//! it belongs; nothing is ever freed under a holder.
#![forbid(unsafe_code)]

mod layout;
mod owned;
mod transfer;

pub use layout::{Element, Layout};
pub use owned::Owned;
pub use transfer::{Transfer, TransferError};

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::value::Shared;

/// A stretch of memory that stays where it is until this is dropped.
pub trait Memory: Any + Send + Sync + fmt::Debug {
    /// Where it begins; not 0 unless it is empty.
    fn address(&self) -> usize;
    /// Its length in bytes.
    fn length(&self) -> usize;
    /// Whether it belongs to nobody else, so that it can be given away whole ([`Owned`]).
    fn can_move(&self) -> bool {
        false
    }
}

/// What holders of a buffer may do with its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read. Somebody else may own the memory.
    Read,
    /// Read and write, together with others, who order their accesses by means of their own.
    Shared,
    /// Read and write alone: it crosses only by being given away.
    Exclusive,
}

/// A window of memory with a layout: what a `memoryview` or a typed array is of.
#[derive(Clone, Debug)]
pub struct Buffer {
    memory: Arc<dyn Memory>,
    /// Shared by all windows of one memory: how many there are. What only keeps memory alive, and
    /// will never touch it again, holds the memory and not this.
    holders: Arc<()>,
    /// Bytes from the beginning of the memory.
    offset: usize,
    layout: Layout,
    access: Access,
}

impl Buffer {
    /// A window that begins `offset` bytes into the memory; `None` if it does not fit there.
    pub fn new(
        memory: Arc<dyn Memory>,
        offset: usize,
        layout: Layout,
        access: Access,
    ) -> Option<Self> {
        Self::held(memory, Arc::default(), offset, layout, access)
    }

    fn held(
        memory: Arc<dyn Memory>,
        holders: Arc<()>,
        offset: usize,
        layout: Layout,
        access: Access,
    ) -> Option<Self> {
        let end = offset.checked_add(layout.bytes()?)?;
        (end <= memory.length()).then_some(Self {
            memory,
            holders,
            offset,
            layout,
            access,
        })
    }

    /// All of some memory as bytes.
    pub fn whole(memory: Arc<dyn Memory>, access: Access) -> Self {
        let layout = Layout::bytes_of(memory.length());
        Self {
            memory,
            holders: Arc::default(),
            offset: 0,
            layout,
            access,
        }
    }

    /// Where the window begins.
    pub fn address(&self) -> usize {
        self.memory.address() + self.offset
    }

    /// The window's length in bytes.
    pub fn length(&self) -> usize {
        // Checked when it was made.
        self.layout.bytes().unwrap_or(0)
    }

    /// What is in it.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What may be done with it.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Bytes from the beginning of the memory to that of the window.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whose memory it is. Whoever keeps a clone of this alone keeps the memory from being freed,
    /// and promises not to touch it.
    pub fn memory(&self) -> &Arc<dyn Memory> {
        &self.memory
    }

    /// Another window of the same memory, `offset` bytes into it.
    pub fn window(&self, offset: usize, layout: Layout, access: Access) -> Option<Self> {
        let (memory, holders) = (Arc::clone(&self.memory), Arc::clone(&self.holders));
        Self::held(memory, holders, offset, layout, access)
    }

    /// Whether this is the only holder of memory that can be given away.
    pub fn can_move(&self) -> bool {
        self.access == Access::Exclusive
            && self.memory.can_move()
            && Arc::strong_count(&self.holders) == 1
    }
}

impl Shared for Buffer {
    fn kind(&self) -> &'static str {
        "buffer"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(length: usize) -> Arc<dyn Memory> {
        Arc::new(Owned::zeroed(length).unwrap())
    }

    #[test]
    fn a_window_must_fit_its_memory() {
        let doubles = |count| Layout::new("d", 8, vec![count]);
        assert!(Buffer::new(memory(16), 0, doubles(2), Access::Read).is_some());
        assert!(Buffer::new(memory(16), 8, doubles(2), Access::Read).is_none());
        assert!(Buffer::new(memory(16), usize::MAX, doubles(1), Access::Read).is_none());
        assert!(Buffer::new(memory(16), 0, doubles(usize::MAX), Access::Read).is_none());
        let window = Buffer::new(memory(16), 8, doubles(1), Access::Read).unwrap();
        assert_eq!(window.address(), window.memory().address() + 8);
    }

    #[test]
    fn only_a_sole_holder_can_give_memory_away() {
        let buffer = Buffer::whole(memory(4), Access::Exclusive);
        assert!(buffer.can_move());
        let view = buffer.window(0, Layout::bytes_of(2), Access::Read).unwrap();
        assert!(!buffer.can_move());
        assert!(!view.can_move());
        drop(view);
        assert!(buffer.can_move());
        assert!(!Buffer::whole(memory(4), Access::Shared).can_move());
    }
}
