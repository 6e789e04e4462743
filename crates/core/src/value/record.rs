//! An instance of a class, taken apart for the way.

use super::{Text, Value};

/// What crosses for an instance of a class that opted in: its type's name and its fields.
///
/// The receiving side rebuilds the instance if it knows the type, and otherwise shows the record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The kind of type (`dataclass`, `enum`, `namedtuple`, `datetime`, `registered`, …): which
    /// rule takes it apart and rebuilds it.
    pub kind: Text,
    /// `module:qualname` of the type, or the name that it was registered under.
    pub type_name: Text,
    /// The fields in the order in which the rule wants them back.
    pub fields: Vec<(Text, Value)>,
}
