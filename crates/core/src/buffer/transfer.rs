//! Memory on its way to a new owner.

use std::sync::Arc;

use parking_lot::Mutex;

use super::Buffer;
use crate::value::Shared;

/// Memory that its owner gave up, and that the one who receives it takes.
///
/// Until then the giver holds this too: a send that was refused or given up loses nothing.
#[derive(Debug)]
pub struct Transfer(Mutex<Option<Buffer>>);

/// Memory could not be taken: somebody took it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferError;

impl std::fmt::Display for TransferError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this memory was transferred, and has been received already")
    }
}

impl std::error::Error for TransferError {}

impl Transfer {
    /// Puts memory on its way.
    pub fn new(buffer: Buffer) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(buffer))))
    }

    /// Takes the memory.
    ///
    /// # Errors
    /// It was taken before.
    pub fn take(&self) -> Result<Buffer, TransferError> {
        self.0.lock().take().ok_or(TransferError)
    }

    /// Puts memory back that could not be shown to its new owner.
    pub fn put_back(&self, buffer: Buffer) {
        *self.0.lock() = Some(buffer);
    }

    /// Bytes on the way; `None` once taken.
    pub fn length(&self) -> Option<usize> {
        self.0.lock().as_ref().map(Buffer::length)
    }
}

impl Shared for Transfer {
    fn kind(&self) -> &'static str {
        "transfer"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::{Access, Owned};

    #[test]
    fn memory_is_received_once() {
        let memory = Arc::new(Owned::from(vec![1, 2, 3]));
        let transfer = Transfer::new(Buffer::whole(memory, Access::Exclusive));
        assert_eq!(transfer.length(), Some(3));
        let buffer = transfer.take().unwrap();
        assert!(buffer.can_move());
        assert_eq!(transfer.take().unwrap_err(), TransferError);
        assert_eq!(transfer.length(), None);
        transfer.put_back(buffer);
        assert!(transfer.take().is_ok());
    }
}
