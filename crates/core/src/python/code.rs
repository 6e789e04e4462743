//! Compiling and running Python source, and `__main__`.

use std::ffi::CString;

use pyo3::ffi as c;

use super::attach::Python;
use super::error::{Builtin, PyErr, PyResult};
use super::ffi;
use super::object::Object;
use super::version;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Statements: runs, gives `None`.
    Exec,
    /// One expression: gives its value.
    Eval,
}

/// Compiles a source to a code object.
///
/// # Errors
/// `SyntaxError`; `ValueError` for a NUL.
pub fn compile<'py>(
    py: Python<'py>,
    source: &str,
    filename: &str,
    kind: SourceKind,
) -> PyResult<'py, Object<'py>> {
    let c_string = |text: &str| {
        CString::new(text).map_err(|_| {
            PyErr::new(
                py,
                Builtin::ValueError,
                "source code cannot contain null bytes",
            )
        })
    };
    let (source, filename) = (c_string(source)?, c_string(filename)?);
    let start = match kind {
        SourceKind::Exec => c::Py_file_input,
        SourceKind::Eval => c::Py_eval_input,
    };
    // SAFETY: attached; both strings are NUL-terminated UTF-8.
    unsafe {
        Object::from_new(
            py,
            c::Py_CompileString(source.as_ptr(), filename.as_ptr(), start),
        )
    }
}

/// The magic number of bytecode, as it is at the beginning of `.pyc` files; `None` if it cannot be had.
pub fn bytecode_magic(py: Python<'_>) -> Option<[u8; 4]> {
    // SAFETY: attached: on 3.13 it looks into `importlib` of the thread's interpreter.
    let magic = unsafe { c::PyImport_GetMagicNumber() };
    if magic == -1 {
        drop(PyErr::fetch(py));
        return None;
    }
    Some((magic as u32).to_le_bytes())
}

/// A code object as bytes that any interpreter of this process can load.
///
/// # Errors
/// `ValueError` for a constant that this version of CPython cannot write; out of memory.
pub fn dump_code<'py>(code: &Object<'py>) -> PyResult<'py, Vec<u8>> {
    let py = code.py();
    // SAFETY: attached, a living object; the result is bytes, copied before anybody can touch them.
    unsafe {
        let dumped = ffi::PyMarshal_WriteObjectToString(code.as_ptr(), version::marshal_format());
        let dumped = Object::from_new(py, dumped)?;
        let data = c::PyBytes_AsString(dumped.as_ptr()).cast::<u8>();
        let size = c::PyBytes_Size(dumped.as_ptr()) as usize;
        Ok(std::slice::from_raw_parts(data, size).to_vec())
    }
}

/// The code object that [`dump_code`] made bytes of.
///
/// # Errors
/// Out of memory.
///
/// # Safety
/// The bytes are of [`dump_code`] in this process, or of a CPython with the same [`bytecode_magic`]: CPython runs whatever
/// code it is given, and bytecode that no compiler made may do anything.
pub unsafe fn load_code<'py>(py: Python<'py>, dumped: &[u8]) -> PyResult<'py, Object<'py>> {
    let size = dumped.len() as c::Py_ssize_t;
    // SAFETY: attached; as many bytes as said, which are only read during the call, and sound as the caller promises.
    unsafe {
        Object::from_new(
            py,
            ffi::PyMarshal_ReadObjectFromString(dumped.as_ptr().cast(), size),
        )
    }
}

/// Runs a code object with these globals (a dict), which are the locals as well.
///
/// # Errors
/// What the code raises; `TypeError` if these are no code object and no dict.
pub fn run<'py>(code: &Object<'py>, globals: &Object<'py>) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached, living objects of this interpreter. CPython reads the fields of both without looking what
    // they are, so that is looked at here. Code objects have no subclasses.
    unsafe {
        if c::Py_TYPE(code.as_ptr()) != code_type() || c::PyDict_Check(globals.as_ptr()) == 0 {
            let message = "only a code object can be run, and its names are in a dict";
            return Err(PyErr::new(code.py(), Builtin::TypeError, message));
        }
        let result = c::PyEval_EvalCode(code.as_ptr(), globals.as_ptr(), globals.as_ptr());
        Object::from_new(code.py(), result)
    }
}

/// The dict of a module's names, `__main__` for example; made if it does not exist.
///
/// # Errors
/// Out of memory.
pub fn module_dict<'py>(py: Python<'py>, name: &std::ffi::CStr) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached; the first gives a new reference to a module object, whatever `sys.modules` has, or null with
    // an exception; the second a borrowed one to its dict, which every module has.
    unsafe {
        let module = Object::from_new(py, c::PyImport_AddModuleRef(name.as_ptr()))?;
        Ok(Object::from_borrowed(
            py,
            c::PyModule_GetDict(module.as_ptr()),
        ))
    }
}

/// A shallow copy of a dict.
///
/// # Errors
/// Out of memory.
pub fn copy_dict<'py>(dict: &Object<'py>) -> PyResult<'py, Object<'py>> {
    // SAFETY: attached; a wrong type raises.
    unsafe { Object::from_new(dict.py(), c::PyDict_Copy(dict.as_ptr())) }
}

/// Makes a dict what its copy is: names that are not in the copy go, the others get its values.
/// Costs next to nothing if nothing has changed.
///
/// # Errors
/// Out of memory, or a key whose comparison raises; `TypeError` if they are no dicts.
pub fn restore_dict<'py>(dict: &Object<'py>, copy: &Object<'py>) -> PyResult<'py, ()> {
    let py = dict.py();
    // SAFETY: living objects, of which the types' flags are read.
    let are_dicts =
        unsafe { c::PyDict_Check(dict.as_ptr()) != 0 && c::PyDict_Check(copy.as_ptr()) != 0 };
    if !are_dicts {
        return Err(PyErr::new(py, Builtin::TypeError, "names are in a dict"));
    }
    if same_items(dict, copy) {
        return Ok(());
    }
    // SAFETY: attached; dicts, as checked, and objects of this interpreter. The keys are a
    // list of their own: what a value's destructor does to the dict does not disturb the loop.
    unsafe {
        let keys = Object::from_new(py, c::PyDict_Keys(dict.as_ptr()))?;
        for key in keys.iterate()? {
            let key = key?;
            match c::PyDict_Contains(copy.as_ptr(), key.as_ptr()) {
                0 => {
                    if c::PyDict_DelItem(dict.as_ptr(), key.as_ptr()) != 0 {
                        c::PyErr_Clear();
                    }
                }
                1 => {}
                _ => return Err(PyErr::fetch(py)),
            }
        }
        if c::PyDict_Update(dict.as_ptr(), copy.as_ptr()) != 0 {
            return Err(PyErr::fetch(py));
        }
    }
    Ok(())
}

/// Whether both have the same names for the very same objects, in the same order.
fn same_items(a: &Object<'_>, b: &Object<'_>) -> bool {
    // SAFETY: attached, dicts; PyDict_Next gives borrowed references, of which only the addresses are
    // compared, and nothing here runs Python code that could change either dict.
    unsafe {
        if c::PyDict_Size(a.as_ptr()) != c::PyDict_Size(b.as_ptr()) {
            return false;
        }
        let (mut at_a, mut at_b) = (0, 0);
        loop {
            let (mut key_a, mut value_a) = (std::ptr::null_mut(), std::ptr::null_mut());
            let (mut key_b, mut value_b) = (std::ptr::null_mut(), std::ptr::null_mut());
            let more_a = c::PyDict_Next(a.as_ptr(), &mut at_a, &mut key_a, &mut value_a) != 0;
            let more_b = c::PyDict_Next(b.as_ptr(), &mut at_b, &mut key_b, &mut value_b) != 0;
            if !more_a || !more_b {
                return more_a == more_b;
            }
            if key_a != key_b || value_a != value_b {
                return false;
            }
        }
    }
}

/// Whether this is a coroutine, as an `async def` function returns.
pub fn is_coroutine(object: &Object<'_>) -> bool {
    // SAFETY: Py_TYPE only reads a living object.
    unsafe { c::Py_TYPE(object.as_ptr()) == coroutine_type() }
}

/// The type of code objects: static, the same for all interpreters.
fn code_type() -> *mut c::PyTypeObject {
    static TYPE: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *TYPE.get_or_init(|| ffi::symbol(c"PyCode_Type").map_or(0, |found| found as usize))
        as *mut c::PyTypeObject
}

/// The type of coroutines: static, the same for all interpreters.
fn coroutine_type() -> *mut c::PyTypeObject {
    static TYPE: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *TYPE.get_or_init(|| ffi::symbol(c"PyCoro_Type").map_or(0, |found| found as usize))
        as *mut c::PyTypeObject
}

/// Calls a function with arguments already converted; the hot path of `Task::Call`. `names`: a tuple of the
/// names of the last arguments, which are keyword arguments.
///
/// # Errors
/// What it raises.
pub fn call_vector<'py>(
    function: &Object<'py>,
    args: &[Object<'py>],
    names: Option<&Object<'py>>,
) -> PyResult<'py, Object<'py>> {
    const INLINE: usize = 8;
    let py = function.py();
    let names = names.map_or(std::ptr::null_mut(), Object::as_ptr);
    let named = if names.is_null() {
        0
    } else {
        // SAFETY: a living object; of anything but a tuple the size is -1, with an exception.
        let size = unsafe { c::PyTuple_Size(names) };
        usize::try_from(size).map_err(|_| PyErr::fetch(py))?
    };
    let Some(positional) = args.len().checked_sub(named) else {
        let message = "a call has fewer arguments than names";
        return Err(PyErr::new(py, Builtin::RuntimeError, message));
    };
    let result = if args.len() <= INLINE {
        let mut pointers = [std::ptr::null_mut(); INLINE];
        for (pointer, arg) in pointers.iter_mut().zip(args) {
            *pointer = arg.as_ptr();
        }
        // SAFETY: living objects of this interpreter (same brand), as many as said; the last of them
        // are the values of as many names.
        unsafe { c::PyObject_Vectorcall(function.as_ptr(), pointers.as_ptr(), positional, names) }
    } else {
        let pointers: Vec<_> = args.iter().map(Object::as_ptr).collect();
        // SAFETY: as above.
        unsafe { c::PyObject_Vectorcall(function.as_ptr(), pointers.as_ptr(), positional, names) }
    };
    // SAFETY: a new reference or null with an exception.
    unsafe { Object::from_new(py, result) }
}
