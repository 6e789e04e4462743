//! Reading JavaScript primitives and asking what an object is. Changes nothing.

use napi::sys;

use super::env::{Env, Val};
use super::error::Js;
use crate::value::{Integer, Sign, Value};

/// A question that Node-API answers with a boolean.
macro_rules! ask {
    ($env:expr, $function:ident $(, $argument:expr)*) => {{
        let mut answer = false;
        // SAFETY: holding an `Env` permits the call; arguments are live, `answer` is a valid place.
        $env.check(unsafe { sys::$function($env.raw() $(, $argument)*, &mut answer) })
            .map(|()| answer)
    }};
}

impl<'s> Env<'s> {
    pub(in crate::node) fn get_boolean(self, value: Val<'_>) -> Js<bool> {
        ask!(self, napi_get_value_bool, value.raw())
    }

    /// The number, or `None` if it is none.
    pub(in crate::node) fn get_number(self, value: Val<'_>) -> Option<f64> {
        let mut number = 0.0;
        // SAFETY: holding an `Env` permits the call; the value is live. It only reads.
        let status = unsafe { sys::napi_get_value_double(self.raw(), value.raw(), &mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    pub(in crate::node) fn get_bigint(self, value: Val<'_>) -> Js<Value> {
        let (mut number, mut lossless) = (0, false);
        // SAFETY: holding an `Env` permits the call; the value is live, the places are valid.
        self.check(unsafe {
            sys::napi_get_value_bigint_int64(self.raw(), value.raw(), &mut number, &mut lossless)
        })?;
        if lossless {
            return Ok(Value::Int(number));
        }
        let (mut negative, mut count) = (0, 0);
        // SAFETY: as above; null for both sign and words asks for their number.
        self.check(unsafe {
            let (sign, words) = (std::ptr::null_mut(), std::ptr::null_mut());
            sys::napi_get_value_bigint_words(self.raw(), value.raw(), sign, &mut count, words)
        })?;
        let mut words = vec![0; count];
        // SAFETY: as above; `words` has room for `count` words.
        self.check(unsafe {
            let place = words.as_mut_ptr();
            sys::napi_get_value_bigint_words(
                self.raw(),
                value.raw(),
                &mut negative,
                &mut count,
                place,
            )
        })?;
        words.truncate(count);
        let sign = if negative == 0 {
            Sign::Positive
        } else {
            Sign::Negative
        };
        Ok(Value::BigInt(Box::new(Integer::new(sign, words))))
    }

    pub(in crate::node) fn is_array(self, value: Val<'_>) -> Js<bool> {
        ask!(self, napi_is_array, value.raw())
    }

    pub(in crate::node) fn is_typed_array(self, value: Val<'_>) -> Js<bool> {
        ask!(self, napi_is_typedarray, value.raw())
    }

    pub(in crate::node) fn is_array_buffer(self, value: Val<'_>) -> Js<bool> {
        ask!(self, napi_is_arraybuffer, value.raw())
    }

    pub(in crate::node) fn is_detached(self, value: Val<'_>) -> Js<bool> {
        ask!(self, napi_is_detached_arraybuffer, value.raw())
    }

    pub(in crate::node) fn same(self, left: Val<'_>, right: Val<'_>) -> Js<bool> {
        ask!(self, napi_strict_equals, left.raw(), right.raw())
    }

    pub(in crate::node) fn is_undefined(self, value: Val<'_>) -> Js<bool> {
        Ok(self.type_of(value)? == super::ValueType::Undefined)
    }
}
