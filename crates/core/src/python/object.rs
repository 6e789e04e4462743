//! Python objects that cannot leave their interpreter, while attached. To keep one for later:
//! `global.rs`.
//!
//! Conversions to and from messages are in `from_python.rs` and `to_python.rs`.

use std::ffi::CStr;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use pyo3::ffi as c;

use super::attach::Python;
use super::error::{PyErr, PyResult};

/// A strong reference to an object of the interpreter that `'py` is attached to.
pub struct Object<'py> {
    raw: NonNull<c::PyObject>,
    py: Python<'py>,
}

impl<'py> Object<'py> {
    /// Takes over a new reference that C returned; a null means that an exception is set.
    ///
    /// # Safety
    /// `raw` is null with an exception set, or a strong reference of the attached interpreter that
    /// nobody else gives back.
    pub(crate) unsafe fn from_new(py: Python<'py>, raw: *mut c::PyObject) -> PyResult<'py, Self> {
        match NonNull::new(raw) {
            Some(raw) => Ok(Self { raw, py }),
            None => Err(PyErr::fetch(py)),
        }
    }

    /// Another reference to an object that somebody else keeps alive.
    ///
    /// # Safety
    /// `raw` points to a living object of the attached interpreter.
    pub(crate) unsafe fn from_borrowed(py: Python<'py>, raw: *mut c::PyObject) -> Self {
        // SAFETY: alive and of this interpreter, as the caller promises.
        unsafe { c::Py_IncRef(raw) };
        Self {
            // SAFETY: objects have addresses.
            raw: unsafe { NonNull::new_unchecked(raw) },
            py,
        }
    }

    /// The pointer, borrowed for as long as `self` lives.
    pub(crate) fn as_ptr(&self) -> *mut c::PyObject {
        self.raw.as_ptr()
    }

    /// Gives the reference away.
    pub(crate) fn into_ptr(self) -> *mut c::PyObject {
        ManuallyDrop::new(self).raw.as_ptr()
    }

    /// The token.
    pub fn py(&self) -> Python<'py> {
        self.py
    }

    /// `None`.
    pub fn none(py: Python<'py>) -> Self {
        // SAFETY: immortal, the same for all interpreters.
        unsafe { Self::from_borrowed(py, c::Py_None()) }
    }

    /// Whether this is `None`.
    pub fn is_none(&self) -> bool {
        // SAFETY: Py_None only reads an address.
        self.as_ptr() == unsafe { c::Py_None() }
    }

    /// A `str`.
    pub fn str(py: Python<'py>, text: &str) -> PyResult<'py, Self> {
        // SAFETY: pointer and length are those of a valid UTF-8 string.
        unsafe {
            let size = text.len() as c::Py_ssize_t;
            Self::from_new(
                py,
                c::PyUnicode_FromStringAndSize(text.as_ptr().cast(), size),
            )
        }
    }

    /// A `tuple` of these objects.
    pub fn tuple<const N: usize>(py: Python<'py>, items: [Self; N]) -> PyResult<'py, Self> {
        // SAFETY: PyTuple_SetItem takes over each reference, for every index of a fresh tuple.
        unsafe {
            let tuple = Self::from_new(py, c::PyTuple_New(N as c::Py_ssize_t))?;
            for (index, item) in items.into_iter().enumerate() {
                c::PyTuple_SetItem(tuple.as_ptr(), index as c::Py_ssize_t, item.into_ptr());
            }
            Ok(tuple)
        }
    }

    /// Imports a module by its full name.
    pub fn import(py: Python<'py>, name: &str) -> PyResult<'py, Self> {
        let name = Self::str(py, name)?;
        // SAFETY: `name` is a living str.
        unsafe { Self::from_new(py, c::PyImport_Import(name.as_ptr())) }
    }

    /// An attribute.
    pub fn getattr(&self, name: &CStr) -> PyResult<'py, Self> {
        // SAFETY: a living object and a NUL-terminated name.
        unsafe {
            Self::from_new(
                self.py,
                c::PyObject_GetAttrString(self.as_ptr(), name.as_ptr()),
            )
        }
    }

    /// An attribute with a name that is not known in advance.
    pub fn getattr_str(&self, name: &str) -> PyResult<'py, Self> {
        let name = Self::str(self.py, name)?;
        // SAFETY: both are living objects of this interpreter (same brand).
        unsafe { Self::from_new(self.py, c::PyObject_GetAttr(self.as_ptr(), name.as_ptr())) }
    }

    /// Calls this with positional arguments.
    pub fn call<const N: usize>(&self, args: [&Self; N]) -> PyResult<'py, Self> {
        let pointers = args.map(Self::as_ptr);
        // SAFETY: a callable and N living arguments of the same interpreter (same brand).
        unsafe {
            let result =
                c::PyObject_Vectorcall(self.as_ptr(), pointers.as_ptr(), N, std::ptr::null_mut());
            Self::from_new(self.py, result)
        }
    }

    /// Calls this with a tuple and, if there is one, a dict.
    pub fn call_tuple(&self, args: &Self, kwargs: Option<&Self>) -> PyResult<'py, Self> {
        let kwargs = kwargs.map_or(std::ptr::null_mut(), Self::as_ptr);
        // SAFETY: living objects of this interpreter; a wrong type raises.
        unsafe {
            Self::from_new(
                self.py,
                c::PyObject_Call(self.as_ptr(), args.as_ptr(), kwargs),
            )
        }
    }

    /// Calls a method with positional arguments.
    pub fn call_method<const N: usize>(
        &self,
        name: &CStr,
        args: [&Self; N],
    ) -> PyResult<'py, Self> {
        self.getattr(name)?.call(args)
    }

    /// Sets an item: `self[key] = value`.
    pub fn set_item(&self, key: &Self, value: &Self) -> PyResult<'py, ()> {
        // SAFETY: living objects of this interpreter.
        let failed =
            unsafe { c::PyObject_SetItem(self.as_ptr(), key.as_ptr(), value.as_ptr()) } != 0;
        if failed {
            Err(PyErr::fetch(self.py))
        } else {
            Ok(())
        }
    }

    /// An item: `self[key]`.
    pub fn get_item(&self, key: &Self) -> PyResult<'py, Self> {
        // SAFETY: living objects of this interpreter.
        unsafe { Self::from_new(self.py, c::PyObject_GetItem(self.as_ptr(), key.as_ptr())) }
    }

    /// Sets an attribute.
    pub fn setattr(&self, name: &CStr, value: &Self) -> PyResult<'py, ()> {
        // SAFETY: living objects of this interpreter and a NUL-terminated name.
        let failed =
            unsafe { c::PyObject_SetAttrString(self.as_ptr(), name.as_ptr(), value.as_ptr()) } != 0;
        if failed {
            Err(PyErr::fetch(self.py))
        } else {
            Ok(())
        }
    }

    /// Sets an attribute with a name that is not a C string; consumes `self`, for building.
    pub fn set_on(self, target: &Self, name: &str) -> PyResult<'py, ()> {
        let name = Self::str(self.py, name)?;
        // SAFETY: living objects of this interpreter.
        let failed =
            unsafe { c::PyObject_SetAttr(target.as_ptr(), name.as_ptr(), self.as_ptr()) } != 0;
        if failed {
            Err(PyErr::fetch(self.py))
        } else {
            Ok(())
        }
    }

    /// The items of an iterable.
    pub fn iterate(&self) -> PyResult<'py, impl Iterator<Item = PyResult<'py, Self>> + use<'py>> {
        let py = self.py;
        // SAFETY: a living object.
        let iterator = unsafe { Self::from_new(py, c::PyObject_GetIter(self.as_ptr()))? };
        Ok(std::iter::from_fn(move || {
            // SAFETY: a living iterator; null comes with or without an exception.
            unsafe {
                let next = c::PyIter_Next(iterator.as_ptr());
                if next.is_null() && c::PyErr_Occurred().is_null() {
                    return None;
                }
                Some(Self::from_new(py, next))
            }
        }))
    }

    /// This as a number, by `__float__` or `__index__`; `None` if it is none.
    pub fn to_f64(&self) -> Option<f64> {
        // SAFETY: a living object; an exception is cleared.
        unsafe {
            let number = c::PyFloat_AsDouble(self.as_ptr());
            if number == -1.0 && !c::PyErr_Occurred().is_null() {
                c::PyErr_Clear();
                return None;
            }
            Some(number)
        }
    }

    /// Its type.
    pub fn class(&self) -> Self {
        // SAFETY: Py_TYPE of a living object is a living type.
        unsafe { Self::from_borrowed(self.py, c::Py_TYPE(self.as_ptr()).cast()) }
    }

    /// Whether both are the very same object.
    pub fn is(&self, other: &Self) -> bool {
        self.raw == other.raw
    }

    /// Its type's name, qualified with the module unless that is `builtins`.
    pub fn type_name(&self) -> String {
        self.class().qualified_name()
    }

    /// The name of a class, qualified with the module unless that is `builtins`.
    pub fn qualified_name(&self) -> String {
        let text = |name| self.getattr(name).ok().and_then(|name| name.to_str());
        match (text(c"__module__"), text(c"__qualname__")) {
            (Some(module), Some(name)) if module != "builtins" => format!("{module}.{name}"),
            (_, Some(name)) => name,
            _ => "object".to_owned(),
        }
    }

    /// The text of a `str` that UTF-8 can express.
    pub fn to_str(&self) -> Option<String> {
        let mut size = 0;
        // SAFETY: PyUnicode_AsUTF8AndSize checks the type; the buffer lives as long as `self`.
        unsafe {
            let data = c::PyUnicode_AsUTF8AndSize(self.as_ptr(), &mut size);
            if data.is_null() {
                c::PyErr_Clear();
                return None;
            }
            let bytes = std::slice::from_raw_parts(data.cast::<u8>(), size as usize);
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        }
    }

    /// The text of a `str`, exactly (no instance of a subclass), that UTF-8 can express.
    pub fn to_exact_str(&self) -> Option<String> {
        // SAFETY: Py_TYPE only reads a living object.
        let is_str = unsafe { c::Py_TYPE(self.as_ptr()) == &raw mut c::PyUnicode_Type };
        is_str.then(|| self.to_str()).flatten()
    }

    /// Whether this is true, as `if` sees it; false if asking raises.
    pub fn is_true(&self) -> bool {
        // SAFETY: a living object; an exception is cleared.
        unsafe {
            match c::PyObject_IsTrue(self.as_ptr()) {
                1 => true,
                0 => false,
                _ => {
                    c::PyErr_Clear();
                    false
                }
            }
        }
    }

    /// `repr`, cut to 40 characters, for messages.
    pub fn short_repr(&self) -> String {
        // SAFETY: a living object; a failing `__repr__` is swallowed on purpose.
        let text = unsafe { Self::from_new(self.py, c::PyObject_Repr(self.as_ptr())) }
            .ok()
            .and_then(|text| text.to_str())
            .unwrap_or_else(|| format!("<{}>", self.type_name()));
        if text.chars().count() <= 40 {
            text
        } else {
            text.chars().take(39).chain(['…']).collect()
        }
    }
}

impl Clone for Object<'_> {
    fn clone(&self) -> Self {
        // SAFETY: `self` keeps it alive.
        unsafe { Self::from_borrowed(self.py, self.as_ptr()) }
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        // SAFETY: a strong reference of ours; `py` proves the attachment.
        unsafe { c::Py_DecRef(self.raw.as_ptr()) }
    }
}

impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} object>", self.type_name())
    }
}

/// A borrowed object: alive because somebody holds it for `'a`.
#[derive(Clone, Copy)]
pub struct Borrowed<'a, 'py> {
    raw: NonNull<c::PyObject>,
    py: Python<'py>,
    _holder: PhantomData<&'a ()>,
}

impl<'a, 'py> Borrowed<'a, 'py> {
    /// Borrows an argument that C code passed.
    ///
    /// # Safety
    /// `raw` is a living object of the attached interpreter, and stays alive for `'a`.
    pub(crate) unsafe fn new(py: Python<'py>, raw: *mut c::PyObject) -> Self {
        Self {
            // SAFETY: objects have addresses.
            raw: unsafe { NonNull::new_unchecked(raw) },
            py,
            _holder: PhantomData,
        }
    }

    /// A reference of our own.
    pub fn to_object(self) -> Object<'py> {
        // SAFETY: alive for 'a.
        unsafe { Object::from_borrowed(self.py, self.raw.as_ptr()) }
    }

    /// The pointer.
    pub(crate) fn as_ptr(self) -> *mut c::PyObject {
        self.raw.as_ptr()
    }

    /// The token.
    pub fn py(self) -> Python<'py> {
        self.py
    }
}

impl<'a, 'py> From<&'a Object<'py>> for Borrowed<'a, 'py> {
    fn from(object: &'a Object<'py>) -> Self {
        Self {
            raw: object.raw,
            py: object.py,
            _holder: PhantomData,
        }
    }
}
