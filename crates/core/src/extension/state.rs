//! What `_multicore` keeps per interpreter: its types, the Python classes built on them, the
//! interpreter that it is.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use pyo3::ffi as c;

use super::define::{Class, make_type};
use crate::interpreter::{CreateOptions, Interpreter, Output};
use crate::python::{Borrowed, Builtin, GilCell, Global, Interp, Object, PyErr, PyResult, Python};
use crate::sync::Permit;

/// The state of one `_multicore` module, owned by it.
pub(crate) struct State {
    interp: Arc<Interp>,
    interpreter: OnceLock<(Interpreter, CreateOptions)>,
    objects: GilCell<Option<Objects>>,
    /// Permits that this interpreter holds, by the number of their lock. Dropped with this: then
    /// their holder has died.
    permits: Mutex<HashMap<u64, Vec<Arc<Permit>>>>,
}

#[derive(Default)]
struct Objects {
    /// Our own types, by the address of their NAME.
    types: HashMap<usize, Global>,
    /// What `multicore` registered: classes, exceptions, functions, by name.
    registered: HashMap<Box<str>, Global>,
    /// Weak references to the objects that stand for shared things, by kind and number.
    known: HashMap<(&'static str, i64), Global>,
    /// When to look for dead ones among them.
    known_limit: usize,
}

impl State {
    pub(super) fn new(py: Python<'_>, interp: Arc<Interp>) -> Self {
        Self {
            interp,
            interpreter: OnceLock::new(),
            objects: GilCell::new(py, Some(Objects::default())),
            permits: Mutex::default(),
        }
    }

    /// The interpreter.
    pub(super) fn interp(&self) -> &Interp {
        &self.interp
    }

    /// The interpreter as the host sees it; `None` in one that user code made behind our back.
    pub(super) fn interpreter(&self) -> Option<&Interpreter> {
        self.interpreter.get().map(|(interpreter, _)| interpreter)
    }

    pub(super) fn set_interpreter(&self, interpreter: Interpreter, options: &CreateOptions) {
        let _ = self.interpreter.set((interpreter, options.clone()));
    }

    /// What an interpreter that this one creates inherits: the search path, and where output goes.
    pub(super) fn create_options(&self) -> CreateOptions {
        let own = self
            .interpreter
            .get()
            .map(|(_, options)| options.clone())
            .unwrap_or_default();
        CreateOptions { name: None, ..own }
    }

    /// Where this interpreter's stream 1 or 2 goes.
    pub(super) fn output(&self, stream: i64) -> Option<&Output> {
        let (_, options) = self.interpreter.get()?;
        match stream {
            1 => Some(&options.stdout),
            2 => Some(&options.stderr),
            _ => None,
        }
    }

    /// Adds a type of ours.
    pub(super) fn add_type<'py, T: Class>(
        &self,
        module: &Object<'py>,
    ) -> PyResult<'py, Object<'py>> {
        let class = make_type::<T>(module)?;
        let kept = class.clone().into_global();
        self.objects.with(module.py(), |objects| {
            objects
                .get_or_insert_default()
                .types
                .insert(T::NAME.as_ptr() as usize, kept)
        });
        Ok(class)
    }

    /// A type of ours.
    pub(super) fn class<'py, T: Class>(&self, py: Python<'py>) -> PyResult<'py, Object<'py>> {
        self.pick(py, |objects| {
            objects.types.get(&(T::NAME.as_ptr() as usize))
        })
        .ok_or_else(|| PyErr::new(py, Builtin::RuntimeError, "the interpreter is closing"))
    }

    /// Whether `object` is an instance of our type for `T`, or of a subclass.
    pub(super) fn is_instance<T: Class>(&self, object: Borrowed<'_, '_>) -> bool {
        let Ok(class) = self.class::<T>(object.py()) else {
            return false;
        };
        // SAFETY: a living object and a type of the same interpreter; this call runs no Python code.
        unsafe { c::PyType_IsSubtype(c::Py_TYPE(object.as_ptr()), class.as_ptr().cast()) != 0 }
    }

    /// Whether `object` is our type for `T`, or a subclass of it.
    pub(super) fn is_subclass<T: Class>(&self, object: Borrowed<'_, '_>) -> bool {
        let Ok(class) = self.class::<T>(object.py()) else {
            return false;
        };
        // SAFETY: a living object; what is a type by its flags is passed as one.
        unsafe {
            c::PyType_Check(object.as_ptr()) != 0
                && c::PyType_IsSubtype(object.as_ptr().cast(), class.as_ptr().cast()) != 0
        }
    }

    /// Registers something that `multicore` made.
    pub(super) fn register(&self, name: &str, object: Object<'_>) {
        let (py, kept) = (object.py(), object.into_global());
        let before = self.objects.with(py, |objects| {
            objects
                .get_or_insert_default()
                .registered
                .insert(name.into(), kept)
        });
        drop(before);
    }

    /// What `multicore` registered as `name`, importing `module` first if that is what it takes.
    pub(super) fn registered<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        module: &str,
    ) -> PyResult<'py, Object<'py>> {
        if let Some(found) = self.pick(py, |objects| objects.registered.get(name)) {
            return Ok(found);
        }
        drop(Object::import(py, module)?);
        self.pick(py, |objects| objects.registered.get(name))
            .ok_or_else(|| {
                let message = format!("{module} did not register {name}");
                PyErr::new(py, Builtin::RuntimeError, &message)
            })
    }

    /// An exception of a class that `multicore` registered.
    pub(super) fn error<'py>(
        &self,
        py: Python<'py>,
        class: &str,
        module: &str,
        message: &str,
    ) -> PyErr<'py> {
        match self.registered(py, class, module) {
            Ok(class) => PyErr::of_class(&class, message),
            Err(error) => error,
        }
    }

    /// The object that stands for a shared thing: the same one as long as it lives.
    pub(super) fn known<'py>(
        &self,
        py: Python<'py>,
        key: (&'static str, i64),
        make: impl FnOnce() -> PyResult<'py, Object<'py>>,
    ) -> PyResult<'py, Object<'py>> {
        if let Some(weak) = self.pick(py, |objects| objects.known.get(&key)) {
            let object = weak.call([])?;
            if !object.is_none() {
                return Ok(object);
            }
        }
        let object = make()?;
        // SAFETY: attached, a living object; a class without weak references raises.
        let weak = unsafe {
            Object::from_new(
                py,
                c::PyWeakref_NewRef(object.as_ptr(), std::ptr::null_mut()),
            )?
        };
        let weak = weak.into_global();
        let mut dead = Vec::new();
        self.objects.with(py, |objects| {
            let objects = objects.get_or_insert_default();
            dead.extend(objects.known.insert(key, weak));
            if objects.known.len() > objects.known_limit {
                let is_dead = |weak: &Global| {
                    weak.get(py)
                        .is_none_or(|weak| !weak.call([]).is_ok_and(|object| !object.is_none()))
                };
                dead.extend(
                    objects
                        .known
                        .extract_if(|_, weak| is_dead(weak))
                        .map(|(_, weak)| weak),
                );
                objects.known_limit = objects.known.len() * 2 + 64;
            }
        });
        drop(dead);
        Ok(object)
    }

    fn pick<'py>(
        &self,
        py: Python<'py>,
        pick: impl FnOnce(&Objects) -> Option<&Global>,
    ) -> Option<Object<'py>> {
        self.objects
            .with(py, |objects| pick(objects.as_ref()?)?.get(py))
            .flatten()
    }

    /// Keeps a permit that this interpreter took.
    pub(super) fn hold(&self, lock: u64, permit: Arc<Permit>) {
        self.permits.lock().entry(lock).or_default().push(permit);
    }

    /// A permit of this lock that this interpreter holds; it is the caller's then.
    pub(super) fn let_go(&self, lock: u64) -> Option<Arc<Permit>> {
        let mut permits = self.permits.lock();
        let held = permits.get_mut(&lock)?;
        let permit = held.pop();
        if held.is_empty() {
            permits.remove(&lock);
        }
        permit
    }

    /// Whether this interpreter holds a permit of this lock.
    pub(super) fn holds(&self, lock: u64) -> bool {
        self.permits.lock().contains_key(&lock)
    }

    /// Lets go of every object, and of what this interpreter holds.
    pub(super) fn clear(&self, py: Python<'_>) {
        let permits = std::mem::take(&mut *self.permits.lock());
        drop(permits);
        drop(self.objects.with(py, Option::take));
    }
}

/// The state behind a module of ours.
///
/// # Safety
/// `module` is a living `_multicore` module; attached.
pub(super) unsafe fn of_module<'a>(module: *mut c::PyObject) -> Option<&'a State> {
    // SAFETY: the module's state holds one pointer, an Arc that `module::exec` gave it and `module::free` takes back.
    unsafe {
        let slot = c::PyModule_GetState(module).cast::<*const State>();
        if slot.is_null() || (*slot).is_null() {
            c::PyErr_SetString(
                c::PyExc_RuntimeError,
                c"_multicore is not initialised".as_ptr(),
            );
            return None;
        }
        Some(&**slot)
    }
}
