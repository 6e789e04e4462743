//! Starting CPython in this process, and creating interpreters with their threads.

use std::collections::HashSet;
use std::sync::{OnceLock, mpsc};
use std::thread::Builder;

use crossbeam_utils::sync::Parker;
use parking_lot::Mutex;

use super::instance::{CreateError, Inner, Interpreter};
use super::options::{CreateOptions, Isolation, StartOptions};
use super::support::Support;
use super::{registry, worker};
use crate::python::{self, BuiltinModule, Config, PyErr, PyResult, Python, ThreadState};

/// CPython could not be started.
#[derive(Debug)]
pub enum StartError {
    /// It is running already, with other options.
    AlreadyStarted,
    /// CPython refused: its message.
    Python(String),
}

/// What the layer above adds to every interpreter (`extension/`).
#[derive(Debug)]
pub struct Bootstrap {
    /// Built-in modules to register before CPython starts.
    pub modules: &'static [BuiltinModule],
    /// Makes `multicore` importable and prepares `sys`, in each new interpreter.
    pub prepare:
        for<'py> fn(Python<'py>, &StartOptions, &CreateOptions, &Interpreter) -> PyResult<'py, ()>,
    /// Lets go of what `prepare` kept, before an interpreter ends.
    pub release: for<'py> fn(Python<'py>),
}

struct Runtime {
    options: StartOptions,
    bootstrap: &'static Bootstrap,
    main: Interpreter,
}

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());
/// Names that are taken, those of interpreters being created included.
static NAMES: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// CPython's own recursion limits need up to 16 MiB; what does not count its recursion (`hash` of
/// nested tuples, nested iterators) gets further with more. Only what is touched takes memory.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Starts CPython in this process on a thread of its own and waits until it is up.
///
/// Does nothing if it was started with equal options before.
///
/// # Errors
/// It runs with other options, or CPython refuses.
pub fn start(options: StartOptions, bootstrap: &'static Bootstrap) -> Result<(), StartError> {
    let _one_at_a_time = STARTING.lock();
    if let Some(runtime) = RUNTIME.get() {
        let same = runtime.options == options;
        return if same {
            Ok(())
        } else {
            Err(StartError::AlreadyStarted)
        };
    }
    let create_options = CreateOptions {
        name: Some("main".to_owned()),
        ..CreateOptions::default()
    };
    let executable = options.executable.clone();
    let start_options = options.clone();
    let main = spawn(
        "multicore-main",
        None,
        create_options,
        start_options,
        bootstrap,
        move || python::start(&executable, bootstrap.modules),
    )
    .map_err(StartError::Python)?;
    let _ = RUNTIME.set(Runtime {
        options,
        bootstrap,
        main,
    });
    Ok(())
}

pub(super) fn main() -> Option<Interpreter> {
    RUNTIME.get().map(|runtime| runtime.main.clone())
}

/// What the layer above keeps in an interpreter is let go of.
pub(super) fn release(py: Python<'_>) {
    if let Some(runtime) = RUNTIME.get() {
        (runtime.bootstrap.release)(py);
    }
}

pub(super) fn create(mut options: CreateOptions) -> Result<Interpreter, CreateError> {
    let Some(runtime) = RUNTIME.get() else {
        return Err(CreateError::NotStarted);
    };
    let name = take_name(options.name.take())?;
    options.name = Some(name.clone());
    let config = Config {
        own_gil: options.isolation == Isolation::OwnGil,
        threads: !options.serial,
    };
    let (isolation, start_options) = (options.isolation, runtime.options.clone());
    let thread = format!("python:{name}");
    let created = spawn(
        &thread,
        Some(isolation),
        options,
        start_options,
        runtime.bootstrap,
        move || python::create(config),
    );
    created.map_err(|message| {
        free_name(&name);
        CreateError::Python(message)
    })
}

/// Makes the thread, makes the interpreter on it, prepares it, and leaves the thread to its jobs.
fn spawn(
    thread: &str,
    isolation: Option<Isolation>,
    options: CreateOptions,
    start_options: StartOptions,
    bootstrap: &'static Bootstrap,
    make: impl FnOnce() -> Result<ThreadState, String> + Send + 'static,
) -> Result<Interpreter, String> {
    let (ready, is_ready) = mpsc::sync_channel(1);
    let run = move || {
        let parker = Parker::new();
        let thread_state = match make() {
            Ok(thread_state) => thread_state,
            Err(message) => return drop(ready.send(Err(message))),
        };
        let name = options.name.clone().unwrap_or_default();
        let made = Inner::new(
            &thread_state,
            name.clone(),
            isolation,
            options.serial,
            &parker,
        );
        let inner = match made {
            Ok(inner) => inner,
            Err(error) => {
                // Nothing ran in it yet: it ends like any other.
                drop(python::end(thread_state));
                return drop(ready.send(Err(format!("no sockets could be made: {error}"))));
            }
        };
        let interpreter = Interpreter(inner.clone());
        registry::add(interpreter.clone());
        let _guard = guard_stack(&interpreter);
        let prepared = thread_state.attach(|py| {
            prepare(py, bootstrap, &start_options, &options, &interpreter)
                .map_err(|error| error.summary())
        });
        match prepared {
            Ok(()) => drop(ready.send(Ok(interpreter))),
            Err(message) => {
                // The worker ends it at once.
                drop(inner.control.begin_close());
                drop(ready.send(Err(message)));
            }
        }
        worker::run(&inner, thread_state, &parker);
    };
    let spawned = Builder::new()
        .name(thread.replace('\0', "\u{fffd}"))
        .stack_size(STACK_BYTES)
        .spawn(run);
    spawned.map_err(|error| format!("no thread could be started: {error}"))?;
    is_ready
        .recv()
        .unwrap_or_else(|_| Err("the interpreter's thread ended unexpectedly".to_owned()))
}

/// Guards the C stack of the calling thread, which runs code of this interpreter: if it overflows, that
/// costs the interpreter. With another's GIL the process dies of it, and says why: stopping a thread that
/// holds the main interpreter's GIL would stop all who share it.
pub fn guard_stack(interpreter: &Interpreter) -> Option<python::StackGuard> {
    if !python::watch_stacks(overflowed) {
        return None;
    }
    if interpreter.isolation() == Some(Isolation::OwnGil) {
        python::StackGuard::new(interpreter.interp())
    } else {
        python::StackGuard::explaining()
    }
}

/// Guards the C stack of a thread that must not stop (Node's): if it overflows, the process says why it dies.
pub(super) fn explain_overflow() -> Option<python::StackGuard> {
    python::watch_stacks(overflowed)
        .then(python::StackGuard::explaining)
        .flatten()
}

/// The C stack of an interpreter's thread overflowed; the thread is parked for ever.
fn overflowed(interpreter: i64) {
    if let Some(interpreter) = registry::find(|each| each.id().0 == interpreter) {
        interpreter.0.overflowed();
    }
}

fn prepare<'py>(
    py: Python<'py>,
    bootstrap: &Bootstrap,
    start_options: &StartOptions,
    options: &CreateOptions,
    interpreter: &Interpreter,
) -> Result<(), PyErr<'py>> {
    (bootstrap.prepare)(py, start_options, options, interpreter)?;
    let support = Support::new(py)?;
    py.interp().set_state(support);
    Ok(())
}

fn take_name(wanted: Option<String>) -> Result<String, CreateError> {
    let mut names = NAMES.lock();
    let names = names.get_or_insert_with(|| HashSet::from(["main".to_owned()]));
    let name = match wanted {
        Some(name) if names.contains(&name) => return Err(CreateError::NameTaken(name)),
        Some(name) => name,
        None => (1..)
            .map(|number| format!("interpreter-{number}"))
            .find(|name| !names.contains(name))
            .unwrap_or_default(),
    };
    names.insert(name.clone());
    Ok(name)
}

/// An interpreter with this name has ended, or was given up.
pub(super) fn free_name(name: &str) {
    if let Some(names) = &mut *NAMES.lock() {
        names.remove(name);
    }
}
