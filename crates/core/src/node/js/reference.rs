//! References that keep a JavaScript value between callbacks.

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use super::error::Js;

/// A strong reference to an object, function or symbol, which lets go of it when it is dropped.
///
/// It is dropped with the [`Environment`] that keeps it, at the latest: Node forgets the value of a reference when its
/// environment ends, but frees the reference itself only if it is deleted.
///
/// [`Environment`]: crate::node::environment::Environment
pub(in crate::node) struct Ref {
    /// Of the environment that made it. Makes it neither `Send` nor `Sync`.
    env: sys::napi_env,
    raw: sys::napi_ref,
}

impl Drop for Ref {
    fn drop(&mut self) {
        // SAFETY:
        // - this is the environment's thread, since a reference never leaves it;
        // - the environment is there: references are kept by locals of its callbacks and by its `Environment` alone,
        //   which is dropped by the finaliser of its instance data (`register.rs`), and Node lets finalisers delete references;
        // - it is deleted once; that runs no JavaScript, and may be done with an exception pending.
        unsafe { sys::napi_delete_reference(self.env, self.raw) };
    }
}

impl<'s> Env<'s> {
    pub(in crate::node) fn reference(self, value: Val<'_>) -> Js<Ref> {
        let mut reference = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; the value is live.
        self.check(unsafe {
            sys::napi_create_reference(self.raw(), value.raw(), 1, &mut reference)
        })?;
        Ok(Ref {
            env: self.raw(),
            raw: reference,
        })
    }

    /// The value of a reference of this environment.
    pub(in crate::node) fn get(self, reference: &Ref) -> Js<Val<'s>> {
        make!(self, napi_get_reference_value, reference.raw)
    }
}
