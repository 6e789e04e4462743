//! What the layers above teach the conversions: shared things and records.
//!
//! `python/` knows neither channels nor `multicore`'s classes; `extension/` installs a bridge once.

use std::sync::{Arc, OnceLock};

use super::attach::Python;
use super::error::PyResult;
use super::from_python::Mode;
use super::object::{Borrowed, Object};
use crate::value::{NotShareable, Record, Shared, Value};

/// A conversion of Python objects failed.
#[derive(Debug)]
pub enum ConvertError<'py> {
    /// The object, or a part of it, cannot cross.
    NotShareable(Box<NotShareable>),
    /// Python raised on the way.
    Raised(super::PyErr<'py>),
}

impl<'py> From<super::PyErr<'py>> for ConvertError<'py> {
    fn from(error: super::PyErr<'py>) -> Self {
        Self::Raised(error)
    }
}

impl From<NotShareable> for ConvertError<'_> {
    fn from(refusal: NotShareable) -> Self {
        Self::NotShareable(Box::new(refusal))
    }
}

/// What a class that is not built in crosses as.
#[derive(Debug)]
pub enum Reduced<'py> {
    /// These fields (objects yet) under this kind and type name.
    Record {
        /// See [`Record::kind`].
        kind: String,
        /// See [`Record::type_name`].
        type_name: String,
        /// Names and objects.
        fields: Vec<(String, Object<'py>)>,
    },
    /// A value already.
    Value(Value),
    /// It does not cross: why.
    Refused(String),
}

/// How things that are not built-in objects cross.
pub trait Bridge: Send + Sync {
    /// Whether `object` stands for a shared thing.
    fn shared_from<'py>(&self, object: Borrowed<'_, 'py>) -> Option<Arc<dyn Shared>>;
    /// The object that stands for a shared thing in this interpreter.
    fn shared_to<'py>(
        &self,
        py: Python<'py>,
        shared: &Arc<dyn Shared>,
    ) -> PyResult<'py, Object<'py>>;
    /// Takes an instance of a class apart.
    fn reduce<'py>(&self, object: Borrowed<'_, 'py>, mode: Mode) -> PyResult<'py, Reduced<'py>>;
    /// Rebuilds an instance. `fields` is a tuple of `(name, object)`.
    fn rebuild<'py>(&self, record: &Record, fields: &Object<'py>) -> PyResult<'py, Object<'py>>;
}

static BRIDGE: OnceLock<Box<dyn Bridge>> = OnceLock::new();

/// Installs the bridge, once, before any interpreter converts.
pub fn set_bridge(bridge: Box<dyn Bridge>) {
    let _ = BRIDGE.set(bridge);
}

pub(super) fn bridge() -> Option<&'static dyn Bridge> {
    BRIDGE.get().map(Box::as_ref)
}
