//! Defining Python functions and types in Rust: the boundary that CPython calls through.
//!
//! A trampoline turns a C call into a safe one: it makes the token, borrows the arguments, catches
//! panics and sets exceptions. Not here: what the functions do.

use std::any::Any;
use std::ffi::{CStr, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::ffi as c;

use super::state::State;
use crate::python::{Borrowed, Builtin, Interp, Object, PyErr, PyResult, Python};

/// The arguments of a call: positional ones, then the values of keyword ones.
pub(super) struct Args<'a, 'py> {
    positional: &'a [*mut c::PyObject],
    keywords: Option<Borrowed<'a, 'py>>,
    keyword_values: &'a [*mut c::PyObject],
    py: Python<'py>,
}

impl<'a, 'py> Args<'a, 'py> {
    /// How many positional arguments there are.
    pub(super) fn len(&self) -> usize {
        self.positional.len()
    }

    /// The positional argument at `index`.
    pub(super) fn at(&self, index: usize) -> Option<Borrowed<'a, 'py>> {
        // SAFETY: the caller of the trampoline holds the arguments for the length of the call.
        self.positional
            .get(index)
            .map(|&raw| unsafe { Borrowed::new(self.py, raw) })
    }

    /// The argument at `index`, or given by keyword.
    pub(super) fn named(&self, index: usize, name: &str) -> Option<Borrowed<'a, 'py>> {
        self.at(index).or_else(|| self.keyword(name))
    }

    /// The argument at `index`, or given by keyword, `None` counting as not given.
    pub(super) fn optional(&self, index: usize, name: &str) -> Option<Borrowed<'a, 'py>> {
        self.named(index, name)
            .filter(|value| !value.to_object().is_none())
    }

    /// The keyword argument `name`.
    pub(super) fn keyword(&self, name: &str) -> Option<Borrowed<'a, 'py>> {
        let names = self.keywords?;
        self.keyword_values
            .iter()
            .enumerate()
            .find_map(|(index, &raw)| {
                // SAFETY: vectorcall passes a tuple of as many str as there are keyword values; both
                // are held for the length of the call.
                unsafe {
                    let known = c::PyTuple_GetItem(names.as_ptr(), index as c::Py_ssize_t);
                    let known = Borrowed::new(self.py, known);
                    (known.to_object().to_str().as_deref() == Some(name))
                        .then(|| Borrowed::new(self.py, raw))
                }
            })
    }

    /// The argument that must be there.
    pub(super) fn required(&self, index: usize, name: &str) -> PyResult<'py, Borrowed<'a, 'py>> {
        self.named(index, name).ok_or_else(|| {
            let message = format!("missing a required argument: '{name}'");
            PyErr::new(self.py, Builtin::TypeError, &message)
        })
    }

    /// Refuses arguments that the function does not have.
    pub(super) fn check(&self, names: &[&str]) -> PyResult<'py, ()> {
        if self.len() > names.len() {
            let message = format!(
                "takes at most {} argument(s), {} given",
                names.len(),
                self.len()
            );
            return Err(PyErr::new(self.py, Builtin::TypeError, &message));
        }
        let Some(given) = self.keywords else {
            return Ok(());
        };
        for index in 0..self.keyword_values.len() {
            // SAFETY: as in `keyword`.
            let name = unsafe {
                let raw = c::PyTuple_GetItem(given.as_ptr(), index as c::Py_ssize_t);
                Borrowed::new(self.py, raw)
                    .to_object()
                    .to_str()
                    .unwrap_or_default()
            };
            if !names.contains(&name.as_str()) {
                let message = format!("got an unexpected keyword argument '{name}'");
                return Err(PyErr::new(self.py, Builtin::TypeError, &message));
            }
        }
        Ok(())
    }
}

/// A function of the module, or a method: `this` is the module or the instance.
pub(super) type Function =
    for<'a, 's, 'py> fn(Borrowed<'a, 'py>, &'s State, Args<'a, 'py>) -> PyResult<'py, Object<'py>>;

/// Calls `f` as CPython calls a `METH_FASTCALL | METH_KEYWORDS` function.
///
/// # Safety
/// CPython called: attached, living arguments, `nargs` of them and then those that `kwnames` names.
pub(super) unsafe fn fastcall(
    state: &State,
    this: *mut c::PyObject,
    args: *const *mut c::PyObject,
    nargs: c::Py_ssize_t,
    kwnames: *mut c::PyObject,
    f: Function,
) -> *mut c::PyObject {
    // SAFETY: as the caller promises; `args` may be null only if there are none.
    unsafe {
        guard(state.interp(), |py| {
            let nargs = c::PyVectorcall_NARGS(nargs as usize) as usize;
            let named = if kwnames.is_null() {
                0
            } else {
                c::PyTuple_Size(kwnames) as usize
            };
            let all = match nargs + named {
                0 => &[][..],
                count => std::slice::from_raw_parts(args, count),
            };
            let (positional, keyword_values) = all.split_at(nargs);
            let keywords = (!kwnames.is_null()).then(|| Borrowed::new(py, kwnames));
            let args = Args {
                positional,
                keywords,
                keyword_values,
                py,
            };
            f(Borrowed::new(py, this), state, args).map(Object::into_ptr)
        })
        .unwrap_or(std::ptr::null_mut())
    }
}

/// Runs Rust code that CPython called: sets the exception if it fails or panics.
///
/// # Safety
/// Attached to `interp`.
pub(super) unsafe fn guard<R>(
    interp: &Interp,
    f: impl for<'py> FnOnce(Python<'py>) -> PyResult<'py, R>,
) -> Option<R> {
    // SAFETY: attached, as the caller promises; `f` is generic over the brand.
    let py = unsafe { Python::assume_attached(interp) };
    let result = catch_unwind(AssertUnwindSafe(|| f(py)));
    let error = match result {
        Ok(Ok(result)) => return Some(result),
        Ok(Err(error)) => error,
        Err(panic) => {
            let message = format!("a panic in multicore's core: {}", panic_text(&*panic));
            PyErr::new(py, Builtin::RuntimeError, &message)
        }
    };
    error.restore();
    None
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown")
}

/// An instance of a Python type of ours: the object header and a Rust value.
#[repr(C)]
pub(super) struct Instance<T> {
    header: c::PyObject,
    /// The state of the module that the type belongs to. An instance holds its type, the type its
    /// module, and the module owns the state; except that the garbage collector, once it clears the
    /// type with all that can reach it (at the end of an interpreter), takes the module from it.
    /// Then Python code no longer reaches instances, but C code does, through the slots that let go
    /// of something: those must not use this.
    state: *const State,
    value: T,
}

/// A Rust type that Python sees as a type of `_multicore`.
pub(super) trait Class: Sized + 'static {
    /// `_multicore.Name`.
    const NAME: &'static CStr;
    /// The docstring.
    const DOC: &'static CStr;
    /// Methods: see [`methods`]. Null: none.
    fn methods() -> *mut c::PyMethodDef {
        std::ptr::null_mut()
    }
    /// More slots than dealloc, doc and methods.
    fn slots() -> Vec<c::PyType_Slot> {
        Vec::new()
    }
}

/// Makes the type object of `T` in this interpreter.
pub(super) fn make_type<'py, T: Class>(module: &Object<'py>) -> PyResult<'py, Object<'py>> {
    let mut slots = vec![
        c::PyType_Slot {
            slot: c::Py_tp_dealloc,
            pfunc: dealloc::<T> as *mut c_void,
        },
        c::PyType_Slot {
            slot: c::Py_tp_doc,
            pfunc: T::DOC.as_ptr() as *mut c_void,
        },
    ];
    let methods = T::methods();
    if !methods.is_null() {
        slots.push(c::PyType_Slot {
            slot: c::Py_tp_methods,
            pfunc: methods.cast(),
        });
    }
    slots.extend(T::slots());
    slots.push(c::PyType_Slot {
        slot: 0,
        pfunc: std::ptr::null_mut(),
    });
    let mut spec = c::PyType_Spec {
        name: T::NAME.as_ptr(),
        basicsize: size_of::<Instance<T>>() as c_int,
        itemsize: 0,
        flags: (c::Py_TPFLAGS_DEFAULT
            | c::Py_TPFLAGS_BASETYPE
            | c::Py_TPFLAGS_DISALLOW_INSTANTIATION) as u32,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec is valid for the call, and CPython copies it; strings and method tables are
    // 'static. The slots' functions have the signatures that their slots want.
    unsafe {
        let raw = c::PyType_FromModuleAndSpec(module.as_ptr(), &mut spec, std::ptr::null_mut());
        Object::from_new(module.py(), raw)
    }
}

/// Makes an instance of `class`, which is the type of `T` or a subclass of it.
///
/// # Safety
/// `class` came from `make_type::<T>` in this interpreter, or is a subclass of that.
pub(super) unsafe fn make_instance<'py, T: Class>(
    state: &State,
    class: &Object<'py>,
    value: T,
) -> PyResult<'py, Object<'py>> {
    // SAFETY: a living type; the allocation has the basicsize of Instance<T> at least, its header
    // initialised by CPython, and `value` is written before anybody sees it.
    unsafe {
        let raw = c::PyType_GenericAlloc(class.as_ptr().cast(), 0);
        if raw.is_null() {
            return Err(PyErr::fetch(class.py()));
        }
        let instance = raw.cast::<Instance<T>>();
        (&raw mut (*instance).state).write(state);
        (&raw mut (*instance).value).write(value);
        Object::from_new(class.py(), raw)
    }
}

/// The Rust value of an instance.
///
/// # Safety
/// `object` is an instance of the type of `T` or of a subclass.
pub(super) unsafe fn value_of<'a, T: Class>(object: Borrowed<'a, '_>) -> &'a T {
    // SAFETY: as the caller promises; the instance lives for 'a, and its value is never written
    // after it was made.
    unsafe { &(*object.as_ptr().cast::<Instance<T>>()).value }
}

/// Where the Rust value of an instance is; for slots that are called without a token.
///
/// # Safety
/// `this` is a living instance of the type of `T` or of a subclass.
pub(super) unsafe fn value_at<T: Class>(this: *mut c::PyObject) -> *const T {
    // SAFETY: as the caller promises.
    unsafe { &raw const (*this.cast::<Instance<T>>()).value }
}

/// The state of the module that an instance's type belongs to.
///
/// # Safety
/// `this` is a living instance of a type of ours or of a subclass, in a slot or method that Python
/// code called: not in one by which the garbage collector lets go of it (`Instance::state`).
pub(super) unsafe fn state_of<'a, T: Class>(this: *mut c::PyObject) -> Option<&'a State> {
    // SAFETY: as the caller promises; `Instance::state` says why the state is alive.
    unsafe { (*this.cast::<Instance<T>>()).state.as_ref() }
}

unsafe extern "C" fn dealloc<T: Class>(this: *mut c::PyObject) {
    // SAFETY: CPython calls this once, attached, on an instance that nobody holds. `tp_free` is the
    // one that fits its allocation; heap types are owned by their instances.
    unsafe {
        let class = c::Py_TYPE(this);
        let value = &raw mut (*this.cast::<Instance<T>>()).value;
        // A panic must not cross into C.
        let _ = catch_unwind(AssertUnwindSafe(|| std::ptr::drop_in_place(value)));
        let free: c::freefunc = std::mem::transmute(c::PyType_GetSlot(class, c::Py_tp_free));
        free(this.cast());
        c::Py_DecRef(class.cast());
    }
}

/// A `PyMethodDef` for a `fastcall` trampoline.
pub(super) const fn method(
    name: &'static CStr,
    trampoline: unsafe extern "C" fn(
        *mut c::PyObject,
        *const *mut c::PyObject,
        c::Py_ssize_t,
        *mut c::PyObject,
    ) -> *mut c::PyObject,
    doc: &'static CStr,
) -> c::PyMethodDef {
    c::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: c::PyMethodDefPointer {
            PyCFunctionFastWithKeywords: trampoline,
        },
        ml_flags: c::METH_FASTCALL | c::METH_KEYWORDS,
        ml_doc: doc.as_ptr(),
    }
}

/// A static table of methods, as C wants it.
#[repr(transparent)]
pub(super) struct Methods<const N: usize>(pub(super) [c::PyMethodDef; N]);

// SAFETY: CPython only reads the table; it holds pointers to 'static data and functions.
unsafe impl<const N: usize> Sync for Methods<N> {}

impl<const N: usize> Methods<N> {
    /// The table's address.
    pub(super) const fn as_ptr(&'static self) -> *mut c::PyMethodDef {
        self.0.as_ptr().cast_mut()
    }
}

/// Defines a static method table: `methods!(NAME, state_of, [c"name" => function, c"doc"; …])`.
///
/// `state_of(this)` gives the state of the module that a function or an instance belongs to.
macro_rules! methods {
    ($table:ident, $state_of:expr, [$($name:literal => $function:path, $doc:literal;)*]) => {
        static $table: $crate::extension::define::Methods<{
            <[()]>::len(&[$($crate::extension::define::methods!(@unit $name)),*]) + 1
        }> = $crate::extension::define::Methods([
            $({
                unsafe extern "C" fn trampoline(
                    this: *mut ::pyo3::ffi::PyObject,
                    args: *const *mut ::pyo3::ffi::PyObject,
                    nargs: ::pyo3::ffi::Py_ssize_t,
                    kwnames: *mut ::pyo3::ffi::PyObject,
                ) -> *mut ::pyo3::ffi::PyObject {
                    // SAFETY: CPython calls this as a METH_FASTCALL | METH_KEYWORDS function, with
                    // a `this` of the kind that the table was registered for.
                    unsafe {
                        let Some(state) = $state_of(this) else { return ::std::ptr::null_mut() };
                        $crate::extension::define::fastcall(
                            state, this, args, nargs, kwnames, $function,
                        )
                    }
                }
                $crate::extension::define::method($name, trampoline, $doc)
            },)*
            ::pyo3::ffi::PyMethodDef::zeroed(),
        ]);
    };
    (@unit $name:literal) => { () };
}
pub(super) use methods;
