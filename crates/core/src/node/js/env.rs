//! `Env` and `Val`: permission to call Node-API, and a value in a handle scope. No operations but
//! scopes and type questions that every other file needs.

use std::marker::PhantomData;

use napi::sys;

use super::error::Js;

/// A Node-API environment, on its own thread, inside the handle scope `'s`.
#[derive(Clone, Copy)]
pub(in crate::node) struct Env<'s> {
    raw: sys::napi_env,
    /// Invariant in `'s`, neither `Send` nor `Sync`.
    scope: PhantomData<*mut &'s ()>,
}

/// A JavaScript value that lives as long as the handle scope `'s`. Transparent: a slice of these is
/// a slice of what Node-API takes.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(in crate::node) struct Val<'s> {
    raw: sys::napi_value,
    scope: PhantomData<*const &'s ()>,
}

/// What `typeof` answers, near enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::node) enum ValueType {
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Symbol,
    Object,
    Function,
    External,
    BigInt,
}

impl<'s> Env<'s> {
    /// # Safety
    /// - `raw` is the environment of the calling thread, and JavaScript may be called now;
    /// - a handle scope is open and stays open for `'s`.
    pub(in crate::node) unsafe fn from_raw(raw: sys::napi_env) -> Self {
        Self {
            raw,
            scope: PhantomData,
        }
    }

    /// For calls into Node-API, here and in the files beside this one.
    pub(in crate::node) fn raw(self) -> sys::napi_env {
        self.raw
    }

    /// A value that Node-API handed out in this scope.
    ///
    /// # Safety
    /// `raw` was made in the handle scope `'s` or one around it, or is null (a value that Node-API
    /// refuses with a status).
    pub(in crate::node) unsafe fn val(self, raw: sys::napi_value) -> Val<'s> {
        Val {
            raw,
            scope: PhantomData,
        }
    }

    /// Runs `body` in a handle scope of its own: the values that it makes are let go at its end.
    pub(in crate::node) fn scope<R>(self, body: impl for<'a> FnOnce(Env<'a>) -> R) -> R {
        struct Scope(sys::napi_env, sys::napi_handle_scope);
        impl Drop for Scope {
            fn drop(&mut self) {
                // SAFETY: opened below in this environment, closed once, innermost first because
                // scopes nest as Rust's own do.
                unsafe { sys::napi_close_handle_scope(self.0, self.1) };
            }
        }
        let mut scope = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; `scope` is a valid place for the result.
        let status = unsafe { sys::napi_open_handle_scope(self.raw, &mut scope) };
        let _close = (status == sys::Status::napi_ok).then(|| Scope(self.raw, scope));
        // SAFETY: the scope that was just opened (or, should that have failed, the one around it)
        // is open until `_close` is dropped, after `body`.
        body(unsafe { Env::from_raw(self.raw) })
    }

    pub(in crate::node) fn type_of(self, value: Val<'_>) -> Js<ValueType> {
        let mut kind = 0;
        // SAFETY: holding an `Env` permits the call; the value is in an open scope.
        self.check(unsafe { sys::napi_typeof(self.raw, value.raw, &mut kind) })?;
        Ok(match kind {
            sys::ValueType::napi_undefined => ValueType::Undefined,
            sys::ValueType::napi_null => ValueType::Null,
            sys::ValueType::napi_boolean => ValueType::Boolean,
            sys::ValueType::napi_number => ValueType::Number,
            sys::ValueType::napi_string => ValueType::String,
            sys::ValueType::napi_symbol => ValueType::Symbol,
            sys::ValueType::napi_function => ValueType::Function,
            sys::ValueType::napi_external => ValueType::External,
            sys::ValueType::napi_bigint => ValueType::BigInt,
            _ => ValueType::Object,
        })
    }
}

impl<'s> Val<'s> {
    pub(in crate::node) fn raw(self) -> sys::napi_value {
        self.raw
    }
}
