//! Strings, both ways, exact: lone surrogates are kept.

use std::mem::MaybeUninit;

use napi::sys;

use super::create::make;
use super::env::{Env, Val};
use super::error::Js;
use crate::node::failure::Failed;
use crate::value::{NotShareable, Text};

/// V8's limit on 64-bit systems.
const LONGEST_TEXT_UNITS: usize = (1 << 29) - 24;

/// Strings of up to about this many UTF-8 bytes are read in one call, through the stack.
const STACK_BYTES: usize = 512;

/// How Node-API writes a lone surrogate as UTF-8. A string that holds it is read again as UTF-16.
const REPLACEMENT: &str = "\u{FFFD}";

/// A string of which parts are wanted that are counted as JavaScript counts.
pub(in crate::node) enum Units {
    /// All of it is ASCII: a byte for each unit.
    Ascii(String),
    /// UTF-16.
    Wide(Vec<u16>),
}

impl<'s> Env<'s> {
    pub(in crate::node) fn string(self, text: &str) -> Js<Val<'s>> {
        let length = text.len() as isize;
        if text.is_ascii() {
            make!(
                self,
                napi_create_string_latin1,
                text.as_ptr().cast(),
                length
            )
        } else {
            make!(self, napi_create_string_utf8, text.as_ptr().cast(), length)
        }
    }

    /// Makes a string; refuses one that is longer than JavaScript's may be.
    pub(in crate::node) fn text(self, text: &Text) -> Js<Val<'s>> {
        let bytes = match text {
            Text::Utf8(text) => text.len(),
            Text::Wide(points) => points.len(),
        };
        if bytes > LONGEST_TEXT_UNITS && text.to_utf16().len() > LONGEST_TEXT_UNITS {
            let reason = "it is longer than a string of JavaScript may be (2**29 - 24 units): \
                          send it as bytes, or in pieces";
            return Err(Failed::from(NotShareable::new("str", reason)).into());
        }
        match text {
            Text::Utf8(text) => self.string(text),
            Text::Wide(_) => {
                let units = text.to_utf16();
                make!(
                    self,
                    napi_create_string_utf16,
                    units.as_ptr(),
                    units.len() as isize
                )
            }
        }
    }

    /// The string; an error that [`Env::type_of`] would have foretold if it is none.
    pub(in crate::node) fn get_text(self, value: Val<'_>) -> Js<Text> {
        let mut stack = [MaybeUninit::uninit(); STACK_BYTES];
        let written = self.write_utf8(value, &mut stack)?;
        if written + 4 < STACK_BYTES {
            // SAFETY: Node-API wrote that many bytes.
            let bytes = unsafe { std::slice::from_raw_parts(stack.as_ptr().cast(), written) };
            // It fitted whole: had it been cut, it would be within a character of the end.
            return self.checked(value, std::str::from_utf8(bytes).ok());
        }
        let units = self.utf16_length(value)?;
        // ASCII fits exactly; anything else is measured first, which costs a walk.
        let mut bytes = Vec::with_capacity(units + units / 8 + 16);
        let mut written = self.write_utf8(value, bytes.spare_capacity_mut())?;
        if written + 4 >= bytes.capacity() {
            bytes = Vec::with_capacity(self.utf8_length(value)? + 1);
            written = self.write_utf8(value, bytes.spare_capacity_mut())?;
        }
        // SAFETY: Node-API wrote that many bytes.
        unsafe { bytes.set_len(written) };
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains(REPLACEMENT) => Ok(Text::from(text)),
            _ => self.get_utf16(value),
        }
    }

    /// The string for a person.
    pub(in crate::node) fn get_string(self, value: Val<'_>) -> Js<String> {
        Ok(match self.get_text(value)? {
            Text::Utf8(text) => text.into(),
            wide @ Text::Wide(_) => wide.to_string_lossy().into_owned(),
        })
    }

    fn checked(self, value: Val<'_>, text: Option<&str>) -> Js<Text> {
        match text {
            Some(text) if text.is_ascii() || !text.contains(REPLACEMENT) => Ok(Text::from(text)),
            _ => self.get_utf16(value),
        }
    }

    /// A string of so many UTF-16 units.
    pub(in crate::node) fn get_units(self, value: Val<'_>, length: usize) -> Js<Units> {
        if length == 0 {
            return Ok(Units::Ascii(String::new()));
        }
        let mut bytes = Vec::with_capacity(length + 1);
        let written = self.write_utf8(value, bytes.spare_capacity_mut())?;
        // SAFETY: Node-API wrote that many bytes.
        unsafe { bytes.set_len(written) };
        // As many bytes as units, each of them ASCII: nothing was cut, and nothing replaced.
        match String::from_utf8(bytes) {
            Ok(text) if text.len() == length && text.is_ascii() => Ok(Units::Ascii(text)),
            _ => Ok(Units::Wide(self.get_utf16_units(value, length)?)),
        }
    }

    fn get_utf16(self, value: Val<'_>) -> Js<Text> {
        let length = self.utf16_length(value)?;
        Ok(Text::from_utf16(&self.get_utf16_units(value, length)?))
    }

    fn get_utf16_units(self, value: Val<'_>, length: usize) -> Js<Vec<u16>> {
        let mut units = vec![0u16; length + 1];
        let (mut written, place) = (0, units.as_mut_ptr());
        // SAFETY: holding an `Env` permits the call; `units` has room for that many units.
        self.check(unsafe {
            sys::napi_get_value_string_utf16(
                self.raw(),
                value.raw(),
                place,
                units.len(),
                &mut written,
            )
        })?;
        units.truncate(written);
        Ok(units)
    }

    /// Writes as many whole characters as fit, and a NUL; how many bytes without it.
    fn write_utf8(self, value: Val<'_>, bytes: &mut [MaybeUninit<u8>]) -> Js<usize> {
        let mut written = 0;
        // SAFETY: holding an `Env` permits the call; the buffer is as long as it is said to be.
        self.check(unsafe {
            let place = bytes.as_mut_ptr().cast();
            sys::napi_get_value_string_utf8(
                self.raw(),
                value.raw(),
                place,
                bytes.len(),
                &mut written,
            )
        })?;
        Ok(written)
    }

    fn utf8_length(self, value: Val<'_>) -> Js<usize> {
        let mut length = 0;
        // SAFETY: holding an `Env` permits the call; null for the buffer asks for the length.
        self.check(unsafe {
            let null = std::ptr::null_mut();
            sys::napi_get_value_string_utf8(self.raw(), value.raw(), null, 0, &mut length)
        })?;
        Ok(length)
    }

    fn utf16_length(self, value: Val<'_>) -> Js<usize> {
        let mut length = 0;
        // SAFETY: holding an `Env` permits the call; null for the buffer asks for the length.
        self.check(unsafe {
            let null = std::ptr::null_mut();
            sys::napi_get_value_string_utf16(self.raw(), value.raw(), null, 0, &mut length)
        })?;
        Ok(length)
    }
}
