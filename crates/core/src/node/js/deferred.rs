//! Promises that native code settles.

use napi::sys;

use super::env::{Env, Val};
use super::error::Js;

/// The settling side of a promise. One that is dropped leaves its promise pending for ever, and Node keeps a few bytes for
/// it: an environment that ends takes no answers any more.
pub(in crate::node) struct Deferred(sys::napi_deferred);

impl<'s> Env<'s> {
    pub(in crate::node) fn promise(self) -> Js<(Deferred, Val<'s>)> {
        let (mut deferred, mut promise) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: holding an `Env` permits the call; both places are valid.
        self.check(unsafe { sys::napi_create_promise(self.raw(), &mut deferred, &mut promise) })?;
        // SAFETY: made by Node-API in the current scope.
        Ok((Deferred(deferred), unsafe { self.val(promise) }))
    }
}

impl Deferred {
    /// `env` is of the environment that made the promise.
    pub(in crate::node) fn resolve(self, env: Env<'_>, value: Val<'_>) -> Js<()> {
        // SAFETY: holding an `Env` permits the call; the deferred never leaves its thread (it is a raw pointer), and
        // is used once, since this takes it: also if Node refuses, it is not used again.
        env.check(unsafe { sys::napi_resolve_deferred(env.raw(), self.0, value.raw()) })
    }

    /// `env` is of the environment that made the promise.
    pub(in crate::node) fn reject(self, env: Env<'_>, reason: Val<'_>) -> Js<()> {
        // SAFETY: as above.
        env.check(unsafe { sys::napi_reject_deferred(env.raw(), self.0, reason.raw()) })
    }
}
