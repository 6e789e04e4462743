//! Python objects → [`Value`]: exact or refused. Tuples, lists, sets and dicts are in `from_python/container.rs`;
//! the other way is in `to_python.rs`.

mod container;

use pyo3::ffi as c;

use super::attach::Python;
use super::block::{self, Block};
use super::bridge::{ConvertError, Reduced, bridge};
use super::error::PyErr;
use super::ffi;
use super::object::{Borrowed, Object};
use super::scalars::{integer, text};
use crate::value::{Blob, Budget, Exceeded, MAX_DEPTH, NotShareable, Record, Text, Value};

/// What a conversion is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A message: immutable all through.
    Message,
    /// An argument or result of a call: `list`, `dict`, `set` and `bytearray` are copied.
    Copy,
    /// The same between two interpreters: what pickles to itself, an `array.array`, is refused, so
    /// that it is pickled and arrives as what it was, not as its memory.
    Parcel,
}

type Converted<'py> = Result<Value, ConvertError<'py>>;

/// A conversion under way.
struct Conversion {
    mode: Mode,
    /// What may still be made.
    budget: Budget,
}

/// Converts an object. Only exact built-in types are taken as such: an instance of a subclass is
/// more than the built-in part of it, and goes by the rules for classes.
///
/// # Errors
/// The refusal with the way to the culprit, or what Python raised.
pub fn from_python<'py>(object: Borrowed<'_, 'py>, mode: Mode) -> Converted<'py> {
    let budget = Budget::new();
    convert(object, &Conversion { mode, budget }, 0)
}

/// Converts an object that the caller needs no more: large bytes that nobody else has cross without
/// a copy.
///
/// # Errors
/// As [`from_python`], and the object.
pub fn from_python_whole<'py>(
    object: Object<'py>,
    mode: Mode,
) -> Result<Value, (ConvertError<'py>, Object<'py>)> {
    match Block::of(object) {
        Ok(block) => Ok(Value::Bytes(Blob::of_block(block))),
        Err(object) => from_python((&object).into(), mode).map_err(|error| (error, object)),
    }
}

fn convert<'py>(
    object: Borrowed<'_, 'py>,
    conversion: &Conversion,
    depth: usize,
) -> Converted<'py> {
    let Conversion { mode, budget } = conversion;
    let (py, raw) = (object.py(), object.as_ptr());
    // SAFETY: `raw` is a living object of the attached interpreter; the static
    // types' addresses are exported data of libpython; each accessor and each function of `container` is
    // used on its exact type (of a proxy or `frozendict`, on a `dict` made of it).
    unsafe {
        let class = c::Py_TYPE(raw);
        if let Some(value) = leaf(raw) {
            return Ok(value);
        }
        if class == &raw mut c::PyUnicode_Type {
            let text = text(py, raw)?;
            within(object, budget.bytes(text.bytes()))?;
            return Ok(Value::Str(text));
        }
        if class == &raw mut c::PyLong_Type {
            let integer = integer(py, raw)?;
            if let Value::BigInt(large) = &integer {
                within(object, budget.bytes(large.bytes()))?;
            }
            return Ok(integer);
        }
        if class == &raw mut c::PyBytes_Type {
            let bytes = c::PyBytes_AsString(raw).cast::<u8>();
            let size = c::PyBytes_Size(raw) as usize;
            within(object, budget.bytes(size))?;
            let bytes = std::slice::from_raw_parts(bytes, size);
            return copied(py, bytes).map(Value::Bytes);
        }
        if class == &raw mut c::PyComplex_Type {
            let (re, im) = (
                c::PyComplex_RealAsDouble(raw),
                c::PyComplex_ImagAsDouble(raw),
            );
            return Ok(Value::Complex { re, im });
        }
        if depth >= MAX_DEPTH {
            return Err(too_deep(object).into());
        }
        if class == &raw mut c::PyTuple_Type {
            return container::tuple(object, conversion, depth);
        }
        if class == &raw mut c::PyFrozenSet_Type {
            return container::set_items(object, conversion, depth).map(Value::FrozenSet);
        }
        let frozen_dict = ffi::frozen_dict().map(|frozen_dict| frozen_dict.class);
        if class == &raw mut c::PyDictProxy_Type || Some(class) == frozen_dict {
            // A proxy is a view of a mapping that may change: its items as of now.
            let copy = c::PyObject_CallFunctionObjArgs(
                (&raw mut c::PyDict_Type).cast(),
                raw,
                std::ptr::null_mut::<c::PyObject>(),
            );
            let copy = Object::from_new(py, copy)?;
            return container::dict_items((&copy).into(), conversion, depth).map(Value::Mapping);
        }
        if *mode != Mode::Message {
            if class == &raw mut c::PyList_Type {
                return container::list(object, conversion, depth);
            }
            if class == &raw mut c::PyDict_Type {
                return container::dict_items(object, conversion, depth).map(Value::Dict);
            }
            if class == &raw mut c::PySet_Type {
                return container::set_items(object, conversion, depth).map(Value::Set);
            }
            if class == &raw mut c::PyByteArray_Type {
                let bytes = c::PyByteArray_AsString(raw).cast::<u8>();
                let size = c::PyByteArray_Size(raw) as usize;
                within(object, budget.bytes(size))?;
                let bytes = std::slice::from_raw_parts(bytes, size);
                return copied(py, bytes).map(Value::ByteArray);
            }
        }
    }
    other(object, conversion, depth)
}

/// A number of 64 bits, a truth value or `None`: what needs neither memory nor a result that can
/// fail. Inlined into the loops over containers, which are mostly of these.
///
/// # Safety
/// `raw` is a living object, and the thread is attached.
#[inline(always)]
unsafe fn leaf(raw: *mut c::PyObject) -> Option<Value> {
    // SAFETY: as the caller promises; each accessor is used on its exact type.
    unsafe {
        let class = c::Py_TYPE(raw);
        if class == &raw mut c::PyLong_Type {
            let mut overflow = 0;
            let value = c::PyLong_AsLongLongAndOverflow(raw, &mut overflow);
            return (overflow == 0).then_some(Value::Int(value));
        }
        if class == &raw mut c::PyFloat_Type {
            return Some(Value::Float(c::PyFloat_AsDouble(raw)));
        }
        if raw == c::Py_None() {
            return Some(Value::None);
        }
        (class == &raw mut c::PyBool_Type).then(|| Value::Bool(raw == c::Py_True()))
    }
}

/// The one copy that bytes cost on their way out.
fn copied<'py>(py: Python<'py>, bytes: &[u8]) -> Result<Blob, ConvertError<'py>> {
    block::copied(bytes).ok_or_else(|| {
        let message = "not enough memory for a copy of these bytes";
        PyErr::new(py, super::Builtin::MemoryError, message).into()
    })
}

fn other<'py>(object: Borrowed<'_, 'py>, conversion: &Conversion, depth: usize) -> Converted<'py> {
    let Conversion { mode, budget } = conversion;
    let Some(bridge) = bridge() else {
        return Err(unknown(object, *mode).into());
    };
    if let Some(shared) = bridge.shared_from(object) {
        return Ok(Value::Shared(shared));
    }
    match bridge.reduce(object, *mode)? {
        Reduced::Value(value) => Ok(value),
        Reduced::Record {
            kind,
            type_name,
            fields,
        } => {
            within(object, budget.container(fields.len()))?;
            let mut converted = Vec::with_capacity(fields.len());
            for (name, field) in fields {
                let value =
                    convert((&field).into(), conversion, depth + 1).map_err(|mut error| {
                        if let ConvertError::NotShareable(refusal) = &mut error {
                            refusal.location.push_field(&name);
                        }
                        error
                    })?;
                converted.push((Text::from(name), value));
            }
            Ok(Value::Record(Box::new(Record {
                kind: kind.into(),
                type_name: type_name.into(),
                fields: converted,
            })))
        }
        Reduced::Refused(reason) if reason.is_empty() => Err(unknown(object, *mode).into()),
        Reduced::Refused(reason) => {
            Err(NotShareable::new(object.to_object().type_name(), reason).into())
        }
    }
}

fn unknown(object: Borrowed<'_, '_>, mode: Mode) -> NotShareable {
    let type_name = object.to_object().type_name();
    let reason = match (type_name.as_str(), mode) {
        ("list", Mode::Message) => "a list is mutable: send a tuple",
        ("dict", Mode::Message) => {
            "a dict is mutable: send a types.MappingProxyType of it, or a tuple"
        }
        ("set", Mode::Message) => "a set is mutable: send a frozenset",
        ("bytearray", Mode::Message) => "a bytearray is mutable: send bytes, or transfer it",
        _ => "it belongs to its interpreter: send what it is made of, or register its class",
    };
    NotShareable::new(type_name, reason)
}

fn too_deep(object: Borrowed<'_, '_>) -> NotShareable {
    NotShareable::new(
        object.to_object().type_name(),
        format!("nested more than {MAX_DEPTH} deep, or a cycle"),
    )
}

/// Whether the object fits in what the conversion may make.
#[inline]
fn within<'py>(
    object: Borrowed<'_, 'py>,
    counted: Result<(), Exceeded>,
) -> Result<(), ConvertError<'py>> {
    #[cold]
    fn too_large<'py>(object: Borrowed<'_, 'py>, exceeded: Exceeded) -> ConvertError<'py> {
        NotShareable::new(object.to_object().type_name(), exceeded.to_string()).into()
    }
    counted.map_err(|exceeded| too_large(object, exceeded))
}
