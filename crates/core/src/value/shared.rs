//! Things that exist once in the process: values refer to them instead of copying them.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// Something that is referred to, not copied, when it crosses.
///
/// `value/` knows none of them: each side recognises the ones it can show by downcasting
/// (`(&*shared as &dyn Any).downcast_ref::<T>()`).
pub trait Shared: Any + Send + Sync + Debug {
    /// What it is, for messages: `SendChannel`, `Interpreter`, …
    fn kind(&self) -> &'static str;

    /// This as something that a layer above wants to find behind a trait of its own, wrapped in an
    /// `Any`: `Arc<dyn Trait>`. Most things have a type that can be downcast to, and no such.
    fn as_interface(self: Arc<Self>) -> Option<Box<dyn Any>> {
        None
    }
}
