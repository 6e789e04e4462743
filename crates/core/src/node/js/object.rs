//! Properties and elements of JavaScript objects.

use std::ffi::CStr;

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use super::error::Js;

impl<'s> Env<'s> {
    pub(in crate::node) fn prototype(self, object: Val<'_>) -> Js<Val<'s>> {
        make!(self, napi_get_prototype, object.raw())
    }

    pub(in crate::node) fn array_length(self, array: Val<'_>) -> Js<u32> {
        let mut length = 0;
        // SAFETY: holding an `Env` permits the call; the value is live.
        self.check(unsafe { sys::napi_get_array_length(self.raw(), array.raw(), &mut length) })?;
        Ok(length)
    }

    pub(in crate::node) fn element(self, object: Val<'_>, index: u32) -> Js<Val<'s>> {
        make!(self, napi_get_element, object.raw(), index)
    }

    pub(in crate::node) fn set_element(
        self,
        object: Val<'_>,
        index: u32,
        value: Val<'_>,
    ) -> Js<()> {
        // SAFETY: holding an `Env` permits the call; the values are live.
        self.check(unsafe { sys::napi_set_element(self.raw(), object.raw(), index, value.raw()) })
    }

    pub(in crate::node) fn property(self, object: Val<'_>, key: Val<'_>) -> Js<Val<'s>> {
        make!(self, napi_get_property, object.raw(), key.raw())
    }

    pub(in crate::node) fn named(self, object: Val<'_>, name: &CStr) -> Js<Val<'s>> {
        make!(self, napi_get_named_property, object.raw(), name.as_ptr())
    }

    pub(in crate::node) fn set_named(self, object: Val<'_>, name: &CStr, value: Val<'_>) -> Js<()> {
        // SAFETY: holding an `Env` permits the call; the values are live, the name ends with NUL.
        self.check(unsafe {
            sys::napi_set_named_property(self.raw(), object.raw(), name.as_ptr(), value.raw())
        })
    }

    /// Sets an ordinary property. `__proto__` would set the prototype: see [`Env::define`].
    pub(in crate::node) fn set_property(
        self,
        object: Val<'_>,
        key: Val<'_>,
        value: Val<'_>,
    ) -> Js<()> {
        // SAFETY: holding an `Env` permits the call; the values are live.
        self.check(unsafe {
            sys::napi_set_property(self.raw(), object.raw(), key.raw(), value.raw())
        })
    }

    /// Defines an own property whatever its name is.
    pub(in crate::node) fn define(self, object: Val<'_>, key: Val<'_>, value: Val<'_>) -> Js<()> {
        use sys::PropertyAttributes::{configurable, enumerable, writable};
        let property = sys::napi_property_descriptor {
            utf8name: std::ptr::null(),
            name: key.raw(),
            method: None,
            getter: None,
            setter: None,
            value: value.raw(),
            attributes: writable | enumerable | configurable,
            data: std::ptr::null_mut(),
        };
        // SAFETY: holding an `Env` permits the call; one descriptor, of live values.
        self.check(unsafe {
            sys::napi_define_properties(self.raw(), object.raw(), 1, &raw const property)
        })
    }

    /// Defines an own property that nothing lists and nobody changes.
    pub(in crate::node) fn define_hidden(
        self,
        object: Val<'_>,
        name: &CStr,
        value: Val<'_>,
    ) -> Js<()> {
        let property = sys::napi_property_descriptor {
            utf8name: name.as_ptr(),
            name: std::ptr::null_mut(),
            method: None,
            getter: None,
            setter: None,
            value: value.raw(),
            attributes: sys::PropertyAttributes::default,
            data: std::ptr::null_mut(),
        };
        // SAFETY: holding an `Env` permits the call; one descriptor, of a live value.
        self.check(unsafe {
            sys::napi_define_properties(self.raw(), object.raw(), 1, &raw const property)
        })
    }

    /// The object's own enumerable keys, symbols included, numbers as strings.
    pub(in crate::node) fn own_keys(self, object: Val<'_>) -> Js<Val<'s>> {
        make!(
            self,
            napi_get_all_property_names,
            object.raw(),
            sys::KeyCollectionMode::own_only,
            sys::KeyFilter::enumerable,
            sys::KeyConversion::numbers_to_strings
        )
    }
}
