//! Memory of V8's that the rest of the process uses: what is lent, and what becomes of it when its
//! environment ends. No conversions (`from_js/memory.rs`, `to_js/memory.rs`).

use std::sync::{Arc, Weak};

use super::environment::Environment;
use super::js::{self, Env, Js, Val};
use super::mailbox::RemoteRef;
use crate::buffer::Memory;

/// Memory of a `SharedArrayBuffer`, or of an `ArrayBuffer` that JavaScript gave up.
#[derive(Debug)]
pub(super) struct Lent {
    /// The array buffer.
    pub(super) buffer: RemoteRef,
    address: usize,
    length: usize,
    /// Whether it is a `SharedArrayBuffer`.
    pub(super) is_shared: bool,
}

impl Memory for Lent {
    fn address(&self) -> usize {
        self.address
    }

    fn length(&self) -> usize {
        self.length
    }

    fn can_move(&self) -> bool {
        !self.is_shared
    }
}

/// What an environment has lent.
pub(super) type LentList = Vec<Weak<Lent>>;

impl Environment {
    /// Lends the memory of an array buffer; `None` where nothing could keep it beyond the end of
    /// this environment.
    ///
    /// # Safety
    /// `buffer` is a `SharedArrayBuffer` if `is_shared`, else an `ArrayBuffer`, and its memory is at that address, and so
    /// long. Nobody detaches it.
    pub(super) unsafe fn lend(
        &self,
        env: Env<'_>,
        buffer: Val<'_>,
        (address, length): (usize, usize),
        is_shared: bool,
    ) -> Js<Option<Arc<Lent>>> {
        if !self.is_main_thread && !js::can_keep_memory() {
            return Ok(None);
        }
        let lent = Arc::new(Lent {
            buffer: self.remote(env, buffer)?,
            address,
            length,
            is_shared,
        });
        let mut list = self.lent.borrow_mut();
        if list.len() == list.capacity() {
            list.retain(|lent| lent.strong_count() > 0);
        }
        list.push(Arc::downgrade(&lent));
        Ok(Some(lent))
    }

    /// Keeps what is still in use elsewhere, for the rest of the process: the environment ends, and
    /// with it everything else that kept this memory.
    pub(super) fn keep_lent(&self) {
        let lent: Vec<_> = self.lent.take().iter().filter_map(Weak::upgrade).collect();
        if lent.is_empty() {
            return;
        }
        js::with_local(self.mailbox.id, |environment, env| {
            for lent in lent {
                // What fails here has no handle any more, and nothing to keep.
                if let Ok(Some(buffer)) = environment.local(env, &lent.buffer) {
                    // SAFETY: what `lend` was given, as its callers say.
                    unsafe { env.keep_memory(buffer, lent.is_shared) };
                }
            }
        });
    }
}
