//! References that keep a JavaScript value between callbacks.

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use super::error::Js;

/// A strong reference to an object, function or symbol.
///
/// It has no `Drop`, because letting go needs an environment: [`Ref::delete`]. One that is merely
/// dropped lives until its environment ends, when Node frees it.
pub(in crate::node) struct Ref(sys::napi_ref);

impl Ref {
    /// Lets go of the value. The environment is the one that made the reference.
    pub(in crate::node) fn delete(self, env: Env<'_>) {
        // SAFETY: holding an `Env` permits the call; a reference is deleted once, since this takes it.
        unsafe { sys::napi_delete_reference(env.raw(), self.0) };
    }
}

impl<'s> Env<'s> {
    pub(in crate::node) fn reference(self, value: Val<'_>) -> Js<Ref> {
        let mut reference = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; the value is live.
        self.check(unsafe {
            sys::napi_create_reference(self.raw(), value.raw(), 1, &mut reference)
        })?;
        Ok(Ref(reference))
    }

    /// The value of a reference of this environment.
    pub(in crate::node) fn get(self, reference: &Ref) -> Js<Val<'s>> {
        make!(self, napi_get_reference_value, reference.0)
    }
}
