//! What a call into Node-API can end with, and how its statuses become that.

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use crate::node::failure::Failed;

/// Why a callback returns to JavaScript without a result.
pub(in crate::node) enum Thrown {
    /// A JavaScript exception is pending in the environment already.
    Pending,
    /// A failure that has no JavaScript error yet.
    Failed(Box<Failed>),
}

/// The result of anything that may call JavaScript.
pub(in crate::node) type Js<T> = Result<T, Thrown>;

impl<F: Into<Failed>> From<F> for Thrown {
    fn from(failed: F) -> Self {
        Self::Failed(Box::new(failed.into()))
    }
}

impl<'s> Env<'s> {
    /// Turns a status into a result.
    #[inline]
    pub(super) fn check(self, status: sys::napi_status) -> Js<()> {
        if status == sys::Status::napi_ok {
            Ok(())
        } else {
            Err(self.refused(status))
        }
    }

    #[cold]
    fn refused(self, status: sys::napi_status) -> Thrown {
        let mut pending = false;
        // SAFETY: holding an `Env` permits the call, also with an exception pending.
        unsafe { sys::napi_is_exception_pending(self.raw(), &mut pending) };
        // With no exception pending, these mean that the environment is going away: whatever is
        // returned, no JavaScript sees it.
        let going = matches!(
            status,
            sys::Status::napi_pending_exception | sys::Status::napi_closing
        );
        if pending || going {
            Thrown::Pending
        } else {
            Failed::Internal(format!("Node-API refused a call with status {status}")).into()
        }
    }

    /// A plain `Error` with a code; for when `hooks.makeError` cannot be had.
    pub(in crate::node) fn plain_error(self, code: &str, message: &str) -> Js<Val<'s>> {
        let (code, message) = (self.string(code)?, self.string(message)?);
        make!(self, napi_create_error, code.raw(), message.raw())
    }

    /// Throws a plain `Error` with a code; for when `hooks.makeError` cannot be had.
    pub(in crate::node) fn throw_plain(self, code: &str, message: &str) {
        let text = |text: &str| std::ffi::CString::new(text.replace('\0', "?")).unwrap_or_default();
        let (code, message) = (text(code), text(message));
        // SAFETY: holding an `Env` permits the call; both strings end with NUL and outlive it.
        unsafe { sys::napi_throw_error(self.raw(), code.as_ptr(), message.as_ptr()) };
    }
}
