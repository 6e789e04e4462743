//! Starting CPython, creating interpreters, ending them. Not here: the threads that they run on and
//! when to end them (`interpreter/`).

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::ffi as c;

use super::arena;
use super::attach::{Python, ThreadState};
use super::block;
use super::encoding;
use super::exit_handlers;
use super::extensions;
use super::ffi::{self, PyInterpreterConfig, PyStatus, symbol};
use super::interp::Interp;
use super::{radix, site, start_3_13};

/// What an interpreter may do: the fields of CPython's `PyInterpreterConfig` that vary here.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// A GIL of its own, or the main interpreter's.
    pub own_gil: bool,
    /// Whether Python code inside may start threads.
    pub threads: bool,
}

/// A built-in module to register before CPython starts.
#[derive(Debug)]
pub struct BuiltinModule {
    /// Its name.
    pub name: &'static CStr,
    /// Its init function (multi-phase, PEP 489).
    pub init: unsafe extern "C" fn() -> *mut c::PyObject,
}

static STARTED: AtomicBool = AtomicBool::new(false);

/// Starts CPython on the calling thread, which becomes Python's main thread and stays it.
///
/// Installs no signal handlers. `executable` is the program name from which Python computes its
/// prefix: a venv's own, so that `site` finds its packages. Returns the main interpreter's thread
/// state, detached.
///
/// # Errors
/// What CPython says. Starting can be tried once in a process: Python keeps half of what a failed
/// start did.
pub fn start(executable: &str, modules: &[BuiltinModule]) -> Result<ThreadState, String> {
    if STARTED.swap(true, Ordering::AcqRel) {
        return Err("CPython was started in this process before".to_owned());
    }
    // SAFETY: callable before initialisation (it only asks).
    if unsafe { c::Py_IsInitialized() } != 0 {
        return Err(
            "another addon of this process has started CPython already; \
                    only one can own it: remove the other, or run it in a child process"
                .to_owned(),
        );
    }
    for module in modules {
        // SAFETY: before initialisation, as required; name and function are 'static.
        if unsafe { c::PyImport_AppendInittab(module.name.as_ptr(), Some(module.init)) } != 0 {
            return Err("out of memory".to_owned());
        }
    }
    let utf8 = encoding::utf8_mode()?;
    arena::install();
    match InitConfigApi::look_up() {
        Some(api) => api.initialize(executable, utf8),
        None => start_3_13::initialize(executable, utf8),
    }
    .map_err(with_variables)?;
    // SAFETY: initialised on this thread, whose thread state is attached; the main interpreter
    // lives until the process ends (it is never finalised), so registering it once is sound.
    unsafe {
        let raw = NonNull::new(c::PyEval_SaveThread()).ok_or("no thread state after starting")?;
        let main = NonNull::new(ffi::PyInterpreterState_Main()).ok_or("no main interpreter")?;
        let started = ThreadState::from_raw(raw, Interp::register(main, true, 1));
        started.attach(block::enable);
        Ok(started)
    }
}

/// Adds to CPython's words the variables that decide how it starts: they are the usual culprits.
fn with_variables(message: String) -> String {
    let set: Vec<_> = std::env::vars_os()
        .filter(|(name, _)| name.to_string_lossy().starts_with("PYTHON"))
        .map(|(name, value)| format!("{}={}", name.to_string_lossy(), value.to_string_lossy()))
        .collect();
    if set.is_empty() {
        return message;
    }
    format!(
        "{message}. Try without these environment variables: {}",
        set.join(", ")
    )
}

/// A function of libpython by its name; `None` if this version does not have it.
///
/// # Safety
/// `F` is the type of a pointer to a function, with the signature that the function has.
pub(super) unsafe fn function<F: Copy>(name: &CStr) -> Option<F> {
    const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
    let address = symbol(name)?;
    // SAFETY: both are pointers of the same size (checked above), and the signature is right, as
    // the caller promises.
    Some(unsafe { std::mem::transmute_copy(&address) })
}

/// PEP 741, CPython 3.14 and later: `PyInitConfig_*`, looked up by name.
struct InitConfigApi {
    create: unsafe extern "C" fn() -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
    set_int: unsafe extern "C" fn(*mut c_void, *const c_char, i64) -> c_int,
    set_str: unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> c_int,
    get_error: unsafe extern "C" fn(*mut c_void, *mut *const c_char) -> c_int,
    initialize: unsafe extern "C" fn(*mut c_void) -> c_int,
}

impl InitConfigApi {
    fn look_up() -> Option<Self> {
        // SAFETY: the signatures are those that PEP 741 gives these names.
        unsafe {
            Some(Self {
                create: function(c"PyInitConfig_Create")?,
                free: function(c"PyInitConfig_Free")?,
                set_int: function(c"PyInitConfig_SetInt")?,
                set_str: function(c"PyInitConfig_SetStr")?,
                get_error: function(c"PyInitConfig_GetError")?,
                initialize: function(c"Py_InitializeFromInitConfig")?,
            })
        }
    }

    fn initialize(&self, executable: &str, utf8: Option<bool>) -> Result<(), String> {
        let executable = CString::new(executable).map_err(|_| encoding::HOLDS_NUL)?;
        // PyInitConfig_Create gives the isolated configuration; these make it the one that
        // `python` itself starts with, but for signals.
        let switches = [
            (c"isolated", 0),
            (c"use_environment", 1),
            (c"user_site_directory", 1),
            (c"configure_locale", 1),
            (c"install_signal_handlers", 0),
            (c"faulthandler", 0),
            (c"tracemalloc", 0),
            (c"parse_argv", 0),
            (c"safe_path", 1),
        ];
        // SAFETY: the handle is alive until `free`; strings are NUL-terminated and copied.
        unsafe {
            let config = (self.create)();
            if config.is_null() {
                return Err("out of memory".to_owned());
            }
            let utf8 = utf8.map(|on| (c"utf8_mode", i64::from(on)));
            let done = switches
                .iter()
                .chain(&utf8)
                .all(|(name, value)| (self.set_int)(config, name.as_ptr(), *value) == 0)
                && (self.set_str)(config, c"program_name".as_ptr(), executable.as_ptr()) == 0
                && (self.initialize)(config) == 0;
            let result = if done {
                Ok(())
            } else {
                let mut message = std::ptr::null();
                (self.get_error)(config, &mut message);
                Err(if message.is_null() {
                    "CPython did not say why".to_owned()
                } else {
                    CStr::from_ptr(message).to_string_lossy().into_owned()
                })
            };
            (self.free)(config);
            result
        }
    }
}

/// Creates an interpreter on the calling thread; returns its first thread state, detached.
///
/// The thread must not be attached to any interpreter.
///
/// # Errors
/// What CPython says.
pub fn create(config: Config) -> Result<ThreadState, String> {
    let raw_config = PyInterpreterConfig {
        // Single-phase modules need the main allocator (CPython checks that).
        use_main_obmalloc: c_int::from(!config.own_gil),
        // fork() in a thread of Node would leave a child without its event loop; and exec replaces
        // Node. Neither is ever allowed (subprocess does not need them).
        allow_fork: 0,
        allow_exec: 0,
        allow_threads: c_int::from(config.threads),
        allow_daemon_threads: 0,
        check_multi_interp_extensions: c_int::from(config.own_gil),
        gil: if config.own_gil {
            ffi::OWN_GIL
        } else {
            ffi::SHARED_GIL
        },
    };
    let mut tstate = std::ptr::null_mut();
    // SAFETY: the runtime is started; CPython allows this call on a thread that has no thread
    // state (measured on 3.13–3.15); both pointers are valid.
    let mut create =
        || site::without(|| unsafe { ffi::Py_NewInterpreterFromConfig(&mut tstate, &raw_config) });
    let status = if config.own_gil {
        radix::creating(create)
    } else {
        create()
    };
    check(status)?;
    let tstate = NonNull::new(tstate).ok_or("CPython gave no thread state")?;
    // SAFETY: CPython left the new thread state attached; its interpreter was made just now and
    // is ended only by `end` below.
    unsafe {
        let raw = NonNull::new(c::PyInterpreterState_Get()).ok_or("no interpreter")?;
        c::PyEval_SaveThread();
        Ok(ThreadState::from_raw(
            tstate,
            Interp::register(raw, config.own_gil, 1),
        ))
    }
}

/// Why an interpreter could not be ended. It stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StillInUse {
    /// Thread states that other threads of ours hold.
    Visitors(usize),
    /// Thread states of threads that Python code left running.
    Threads(usize),
    /// Pieces of its objects' memory that are in use outside of it.
    Lent(usize),
    /// Finalizers that register exit handlers again and again.
    ExitHandlers,
}

/// How an interpreter ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is gone.
    Ended,
    /// Its objects stay allocated until the process ends: the named extension module may still use
    /// them. No code runs in it any more.
    Kept(String),
}

/// Ends the interpreter of `thread_state`, which must be the last thread state in it.
///
/// `Py_EndInterpreter` aborts the process if any other is left, so they are counted first, under
/// the GIL and with the door shut: none can come in between. Exit handlers and `threading`'s own
/// shutdown must have run before (`multicore._shutdown`), so that no user code runs in here but
/// finalizers.
///
/// One that loaded a module which is bound to it ([`Ending::Kept`]) is left as it is.
///
/// # Errors
/// Hands the thread state back if another exists.
pub fn end(thread_state: ThreadState) -> Result<Ending, (ThreadState, StillInUse)> {
    let interp = Arc::clone(thread_state.interp());
    if !interp.shut(1) {
        let why = match interp.inside().saturating_sub(1) {
            0 => StillInUse::Lent(interp.lent()),
            visitors => StillInUse::Visitors(visitors),
        };
        return Err((thread_state, why));
    }
    let raw = thread_state.into_raw();
    // SAFETY:
    // - `raw` is a detached thread state of this thread (ThreadState is not Send);
    // - after `shut(1)`, no thread of ours can make another one;
    // - the list of thread states is read while attached: threads of Python code can only be
    //   made by a running thread of this interpreter, and this is the only one if the count is 1.
    unsafe {
        c::PyEval_RestoreThread(raw.as_ptr());
        // Both run finalizers, which may start threads: before counting.
        interp.release_pending();
        let interpreter = NonNull::new_unchecked(c::PyInterpreterState_Get());
        let is_quiet = count_threads(interpreter) == 1
            && exit_handlers::forget(Python::assume_attached(&interp));
        let why = match count_threads(interpreter) {
            1 if is_quiet => None,
            1 => Some(StillInUse::ExitHandlers),
            threads => Some(StillInUse::Threads(threads - 1)),
        };
        if let Some(why) = why {
            c::PyEval_SaveThread();
            interp.reopen(interpreter);
            let back = ThreadState::from_raw(raw, interp);
            return Err((back, why));
        }
        // With a GIL of its own, CPython has refused to load what would need this.
        if !interp.has_own_gil()
            && let Some(module) = extensions::bound_to_first_interpreter()
        {
            // The door stays shut and the thread state is never used again.
            c::PyEval_SaveThread();
            return Ok(Ending::Kept(module));
        }
        let address = interpreter.as_ptr() as usize;
        c::Py_EndInterpreter(raw.as_ptr());
        arena::reclaim(address, interp.has_own_gil());
    }
    Ok(Ending::Ended)
}

/// Counts an interpreter's thread states.
///
/// # Safety
/// The calling thread is attached to it.
unsafe fn count_threads(interpreter: NonNull<c::PyInterpreterState>) -> usize {
    // SAFETY: attached; the list is only changed by threads of this interpreter or under its GIL,
    // and a thread that is being deleted is still linked while we look (worst case: one too many,
    // which is the safe side).
    unsafe {
        let mut count = 0;
        let mut tstate = ffi::PyInterpreterState_ThreadHead(interpreter.as_ptr());
        while !tstate.is_null() {
            count += 1;
            tstate = ffi::PyThreadState_Next(tstate);
        }
        count
    }
}

/// Bytes of object memory that the interpreter that `py` is attached to holds; 0 where arenas are
/// not watched.
pub fn allocated_bytes(_py: super::Python<'_>) -> usize {
    // SAFETY: attached, as the token proves.
    arena::bytes_of(unsafe { c::PyInterpreterState_Get() } as usize)
}

/// Counts the thread states of the interpreter that `py` is attached to.
pub fn threads(_py: super::Python<'_>) -> usize {
    // SAFETY: attached, as the token proves.
    unsafe { count_threads(NonNull::new_unchecked(c::PyInterpreterState_Get())) }
}

pub(super) fn check(status: PyStatus) -> Result<(), String> {
    if status.kind == 0 {
        return Ok(());
    }
    // SAFETY: CPython's messages are static C strings or null.
    let text = |pointer: *const c_char| unsafe {
        (!pointer.is_null()).then(|| CStr::from_ptr(pointer).to_string_lossy().into_owned())
    };
    Err(text(status.err_msg).unwrap_or_else(|| "CPython did not say why".to_owned()))
}
