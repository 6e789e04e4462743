//! How plain values cross many at a time: what one call of a helper of ours packs or unpacks in JavaScript, where each
//! step costs a nanosecond or two instead of a call of Node-API or several.
//!
//! A stream is a kind and a number for each value, in the memory of `js/stream_memory.rs`; what is in a container follows
//! it. The text of all strings is one string on the way in (`from_js/stream.rs`). On the way out (`to_js/stream.rs`) it is
//! in parts, because V8 keeps the whole string of which a program keeps a part. What is not plain, or is too large or too deep, does
//! not go this way: nothing is refused here, whoever finds that it does not fit takes the way for everything, and tells what is wrong.

/// What a value in a stream is; the numbers are those of `helpers.js`.
pub(super) mod kind {
    /// The number itself.
    pub(in crate::node) const NUMBER: u8 = 0;
    /// How many UTF-16 units.
    pub(in crate::node) const TEXT: u8 = 1;
    pub(in crate::node) const NONE: u8 = 2;
    pub(in crate::node) const TRUE: u8 = 3;
    pub(in crate::node) const FALSE: u8 = 4;
    /// How many items.
    pub(in crate::node) const LIST: u8 = 5;
    /// The same, frozen.
    pub(in crate::node) const TUPLE: u8 = 6;
    /// How many properties: a text and a value for each.
    pub(in crate::node) const OBJECT: u8 = 7;
    /// The same, frozen.
    pub(in crate::node) const FROZEN_OBJECT: u8 = 8;
}

/// Containers in a stream are shorter than that; long ones have ways of their own.
pub(super) const CONTAINER_MAX: usize = 64;

/// Fewer at a time are not worth trying again soon.
pub(super) const FEW: usize = 4;
