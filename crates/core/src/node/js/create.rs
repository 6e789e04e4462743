//! Making JavaScript values: primitives, arrays, plain objects. Strings are in `text.rs`, memory in
//! `memory.rs`.

use napi::sys;

use super::env::{Env, Val};
use super::error::Js;
use crate::value::{Integer, Sign};

/// Calls a Node-API function whose last argument is the value that it makes.
macro_rules! make {
    ($env:expr, $function:ident $(, $argument:expr)*) => {{
        let mut result = std::ptr::null_mut();
        // SAFETY: holding an `Env` permits the call; arguments are live, `result` is a valid place.
        $env.check(unsafe { sys::$function($env.raw() $(, $argument)*, &mut result) })
            // SAFETY: made by Node-API in the current scope.
            .map(|()| unsafe { $env.val(result) })
    }};
}
pub(super) use make;

impl<'s> Env<'s> {
    pub(in crate::node) fn undefined(self) -> Js<Val<'s>> {
        make!(self, napi_get_undefined)
    }

    pub(in crate::node) fn null(self) -> Js<Val<'s>> {
        make!(self, napi_get_null)
    }

    pub(in crate::node) fn global(self) -> Js<Val<'s>> {
        make!(self, napi_get_global)
    }

    pub(in crate::node) fn boolean(self, value: bool) -> Js<Val<'s>> {
        make!(self, napi_get_boolean, value)
    }

    pub(in crate::node) fn number(self, value: f64) -> Js<Val<'s>> {
        make!(self, napi_create_double, value)
    }

    /// An integer as a `number` if that is exact for sure, else as a `bigint`.
    pub(in crate::node) fn integer(self, value: i64) -> Js<Val<'s>> {
        const SAFE: std::ops::RangeInclusive<i64> = -((1 << 53) - 1)..=(1 << 53) - 1;
        if let Ok(small) = i32::try_from(value) {
            make!(self, napi_create_int32, small)
        } else if SAFE.contains(&value) {
            self.number(value as f64)
        } else {
            make!(self, napi_create_bigint_int64, value)
        }
    }

    pub(in crate::node) fn big_integer(self, value: &Integer) -> Js<Val<'s>> {
        let negative = i32::from(value.sign == Sign::Negative);
        make!(
            self,
            napi_create_bigint_words,
            negative,
            value.words.len(),
            value.words.as_ptr()
        )
    }

    pub(in crate::node) fn symbol(self, description: &str) -> Js<Val<'s>> {
        let description = self.string(description)?;
        make!(self, napi_create_symbol, description.raw())
    }

    pub(in crate::node) fn object(self) -> Js<Val<'s>> {
        make!(self, napi_create_object)
    }

    pub(in crate::node) fn array_with_length(self, length: usize) -> Js<Val<'s>> {
        make!(self, napi_create_array_with_length, length)
    }

    /// An array of what `items` make, each in its turn.
    pub(in crate::node) fn array<I>(
        self,
        items: I,
        mut make: impl for<'a> FnMut(Env<'a>, I::Item) -> Js<Val<'a>>,
    ) -> Js<Val<'s>>
    where
        I: IntoIterator,
        I::IntoIter: ExactSizeIterator,
    {
        let mut items = items.into_iter();
        let array = self.array_with_length(items.len())?;
        let mut index = 0;
        // One handle scope for a chunk of items: a scope each costs as much as a small item.
        while items.len() > 0 {
            self.scope(|env| {
                for item in items.by_ref().take(64) {
                    env.set_element(array, index, make(env, item)?)?;
                    index += 1;
                }
                Ok::<_, super::Thrown>(())
            })?;
        }
        Ok(array)
    }

    /// Runs a script of ours and gives its value.
    pub(in crate::node) fn run_script(self, source: &str) -> Js<Val<'s>> {
        let source = self.string(source)?;
        make!(self, napi_run_script, source.raw())
    }
}
