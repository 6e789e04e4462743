//! The immutable message: what can cross between interpreters, threads and Node.
//!
//! A [`Value`] is owned by Rust. Nothing in it belongs to an interpreter or to a JavaScript
//! environment, so it may be moved to any thread and dropped there.
//!
//! Architecture invariant: this module knows neither Python, nor Node, nor channels, and has no
//! `unsafe`. Conversions live with the side that they read or write (`python/`, `node/`).

mod blob;
mod budget;
mod equality;
mod floats;
mod integer;
mod location;
mod record;
mod shared;
mod spare;
mod text;

pub use blob::{Blob, Block};
pub use budget::{Budget, Exceeded, MAX_VALUES, set_memory};
pub use equality::first_repeated;
pub use floats::Floats;
pub use integer::{Integer, Sign};
pub use location::{Location, NotShareable};
pub use record::Record;
pub use shared::Shared;
pub use spare::{Room, Spare};
pub use text::Text;

use std::sync::Arc;

/// How deep containers may be nested in one value.
///
/// A bound keeps conversions from exhausting a thread's stack; a cycle runs into it as well. It is
/// below the recursion limit of CPython (1,000), which a receiver needs to compare or print it.
pub const MAX_DEPTH: usize = 512;

/// A value that crosses.
///
/// The variants up to [`Value::Mapping`] are immutable in Python and may be messages. `List`,
/// `Dict`, `Set` and `ByteArray` are mutable there: they are copied, and allowed only as arguments
/// and results of calls ([`Value::is_message`]).
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `None`; `null` or `undefined` in JavaScript.
    #[default]
    None,
    /// `bool`.
    Bool(bool),
    /// An `int` that fits 64 bits.
    Int(i64),
    /// An `int` that does not fit 64 bits.
    BigInt(Box<Integer>),
    /// `float`.
    Float(f64),
    /// `complex`.
    Complex {
        /// The real part.
        re: f64,
        /// The imaginary part.
        im: f64,
    },
    /// `str`.
    Str(Text),
    /// `bytes`.
    Bytes(Blob),
    /// `tuple`.
    Tuple(Box<[Value]>),
    /// `frozenset`.
    FrozenSet(Box<[Value]>),
    /// A read-only mapping: `types.MappingProxyType`, `frozendict` on 3.15 and later.
    Mapping(Box<[(Value, Value)]>),
    /// `list`: calls only.
    List(Box<[Value]>),
    /// A `tuple`, or in calls a `list`, that is long and holds floats alone. Whoever looks into tuples
    /// and lists must expect it.
    Floats(Box<Floats>),
    /// `dict`: calls only.
    Dict(Box<[(Value, Value)]>),
    /// `set`: calls only.
    Set(Box<[Value]>),
    /// `bytearray`: calls only.
    ByteArray(Blob),
    /// An instance of a class that opted in, taken apart.
    Record(Box<Record>),
    /// Something that exists once in the process and is referred to: a channel end, an
    /// interpreter, a shared buffer, a lock, a function of the host.
    Shared(Arc<dyn Shared>),
}

impl Value {
    /// Shorthand for a string value.
    pub fn str(text: impl Into<Text>) -> Self {
        Self::Str(text.into())
    }

    /// Whether this may be sent as a message: it holds no mutable container, at any depth.
    pub fn is_message(&self) -> bool {
        match self {
            Self::List(_) | Self::Dict(_) | Self::Set(_) | Self::ByteArray(_) => false,
            Self::Tuple(items) | Self::FrozenSet(items) => items.iter().all(Self::is_message),
            Self::Mapping(items) => items.iter().all(|(k, v)| k.is_message() && v.is_message()),
            Self::Record(record) => record.fields.iter().all(|(_, v)| v.is_message()),
            Self::Floats(floats) => !floats.is_list(),
            _ => true,
        }
    }

    /// The Python name of this value's type, for messages.
    pub fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::BigInt(_) => "int",
            Self::Float(_) => "float",
            Self::Complex { .. } => "complex",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::Tuple(_) => "tuple",
            Self::FrozenSet(_) => "frozenset",
            Self::Mapping(_) => "mappingproxy",
            Self::List(_) => "list",
            Self::Floats(floats) if floats.is_list() => "list",
            Self::Floats(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::ByteArray(_) => "bytearray",
            Self::Record(record) => record.type_name.as_str().unwrap_or("object"),
            Self::Shared(shared) => shared.kind(),
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::str(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Value>(), 24);
    }

    #[test]
    fn mutable_containers_are_no_messages_at_any_depth() {
        let list = Value::List(Box::new([]));
        assert!(!list.is_message());
        assert!(!Value::Tuple(Box::new([Value::None, list.clone()])).is_message());
        assert!(!Value::Mapping(Box::new([(Value::Int(1), list)])).is_message());
        assert!(Value::Tuple(Box::new([Value::None, Value::from("x")])).is_message());
    }
}
