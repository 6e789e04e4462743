//! Calling JavaScript functions, and what they throw.

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use super::error::{Js, Thrown};

impl<'s> Env<'s> {
    /// Calls `function` with `this` undefined.
    pub(in crate::node) fn call(self, function: Val<'_>, args: &[Val<'_>]) -> Js<Val<'s>> {
        let this = self.undefined()?;
        self.call_method(this, function, args)
    }

    pub(in crate::node) fn call_method(
        self,
        this: Val<'_>,
        function: Val<'_>,
        args: &[Val<'_>],
    ) -> Js<Val<'s>> {
        let argv = args.as_ptr().cast::<sys::napi_value>();
        make!(
            self,
            napi_call_function,
            this.raw(),
            function.raw(),
            args.len(),
            argv
        )
    }

    /// Takes the pending exception, if there is one that can be had: none when the environment is
    /// being torn down.
    pub(in crate::node) fn take_exception(self) -> Option<Val<'s>> {
        let mut pending = false;
        // SAFETY: holding an `Env` permits the call, also with an exception pending.
        unsafe { sys::napi_is_exception_pending(self.raw(), &mut pending) };
        if !pending {
            return None;
        }
        make!(self, napi_get_and_clear_last_exception).ok()
    }

    pub(in crate::node) fn throw(self, error: Val<'_>) -> Thrown {
        // SAFETY: holding an `Env` permits the call; the value is live.
        unsafe { sys::napi_throw(self.raw(), error.raw()) };
        Thrown::Pending
    }

    /// Raises what nobody else can catch as an uncaught exception of the process.
    pub(in crate::node) fn uncaught(self, error: Val<'_>) {
        // SAFETY: holding an `Env` permits the call; the value is live.
        unsafe { sys::napi_fatal_exception(self.raw(), error.raw()) };
    }
}
