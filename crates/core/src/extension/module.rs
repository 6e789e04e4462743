//! The built-in module `_multicore` itself: its definition (multi-phase, PEP 489, one GIL per
//! interpreter), its state, its functions' table.

use std::ffi::{c_int, c_void};
use std::sync::{Arc, Weak};

use pyo3::ffi as c;

use super::define::{guard, methods};
use super::state::{State, of_module};
use super::{
    alone, channel_ends, channels, compiled, host_function, interpreters, memory, monitoring,
    notes, once, opaque, parcel, port, process, queues, selecting, sources, sync, threads,
    transfer, variables, wait_log,
};
use crate::python::{BuiltinModule, Interp, Object, Python};

/// To register with `PyImport_AppendInittab`.
pub(super) const BUILTIN: BuiltinModule = BuiltinModule {
    name: c"_multicore",
    init,
};

methods!(FUNCTIONS, of_module, [
    c"register" => process::register, c"register(name, object)\n--\n\nTell the core of a class or function of multicore's.";
    c"sleep" => process::sleep, c"sleep(seconds)\n--\n\ntime.sleep that a stop of the job ends.";
    c"keep_main" => process::keep_main, c"keep_main(keep)\n--\n\nWhether every call leaves __main__ as it is now.";
    c"thread_body" => threads::body, c"thread_body(function)\n--\n\nWhat a thread is to run that is to run the function.";
    c"count_threads" => process::count_threads, c"count_threads(count, expected)\n--\n\nCount threads after every job from now on.";
    c"stop_threads" => process::stop_threads, c"stop_threads(idents)\n--\n\nRaise KeyboardInterrupt in these threads, and wake those that sleep.";
    c"warm" => process::warm, c"warm(name, origin)\n--\n\nLoad an extension module of the standard library in the main interpreter first.";
    c"call_alone" => alone::call_alone, c"call_alone(function, *args)\n--\n\nCall a function while no other thread of the process calls one this way.";
    c"read_variables" => variables::read_variables, c"read_variables()\n--\n\nThe environment variables of the process, as bytes.";
    c"write_variable" => variables::write_variable, c"write_variable(name, value)\n--\n\nSet an environment variable of the process, or remove it.";
    c"write" => process::write, c"write(stream, text)\n--\n\nWrite to the host's stream 1 or 2.";
    c"module_code" => sources::module_code, c"module_code(name)\n--\n\nThe code of a module of multicore.";
    c"is_package" => sources::is_package, c"is_package(name)\n--\n\nWhether a module of multicore is a package; None if there is none.";
    c"source_to_code" => compiled::source_to_code, c"source_to_code(data, path, *, _optimize=-1)\n--\n\nThe code of a module, compiled once in the process.";
    c"keep_site" => once::keep_site, c"keep_site(original, found)\n--\n\nWhat site of interpreters to come does instead; whether that can be.";
    c"freeze" => once::freeze, c"freeze(modules)\n--\n\nModules that interpreters to come take from here: (name, code, is_package).";
    c"frozen" => once::frozen, c"frozen()\n--\n\nThe names of modules that are taken from here.";
    c"found_by_site" => once::found_by_site, c"found_by_site()\n--\n\nWhat keep_site was given as found, or None.";
    c"module_source" => sources::module_source, c"module_source(name)\n--\n\nThe source of a module of multicore, or None.";
    c"create_channel" => channels::create, c"create_channel(capacity, overflow, name)\n--\n\nA pair of ends.";
    c"list_channels" => channels::list, c"list_channels()\n--\n\nBoth ends of every living channel.";
    c"find_channel" => channels::find, c"find_channel(id)\n--\n\nBoth ends of a living channel, or None.";
    c"select" => selecting::select, c"select(cases, timeout=None, fair=True)\n--\n\nOne commit among send and receive cases.";
    c"watch_waits" => monitoring::watch_waits, c"watch_waits(on)\n--\n\nOne more, or one less, who wants waits to be labelled.";
    c"list_waiters" => monitoring::list_waiters, c"list_waiters()\n--\n\nWho waits at channels.";
    c"list_ends" => monitoring::list_ends, c"list_ends()\n--\n\nWho holds ends of channels.";
    c"record_waits" => wait_log::record_waits, c"record_waits(on)\n--\n\nOne more, or one less, who wants every wait to be written down.";
    c"waits_since" => wait_log::waits_since, c"waits_since(number=None)\n--\n\nThe waits that are over, from a number on, and the next number.";
    c"is_watched" => notes::is_watched, c"is_watched()\n--\n\nWhether anybody wants waits to be labelled.";
    c"agent" => notes::agent, c"agent()\n--\n\nWhat labels of waits call this thread: id/job or id/thread-ident.";
    c"note" => notes::note, c"note(key, note, agent=None)\n--\n\nSay what an agent, this thread unless given, does for others while it waits; None takes it back.";
    c"list_notes" => notes::list, c"list_notes()\n--\n\nWhat threads say that they do while they wait: (agent, key, age, note).";
    c"create_primitive" => sync::create, c"create_primitive(kind, n)\n--\n\nA lock, semaphore, event, condition or barrier.";
    c"shared_buffer" => memory::shared_buffer, c"shared_buffer(size)\n--\n\nA writable memoryview of zeroed memory that crosses as it is.";
    c"transfer" => transfer::transfer, c"transfer(obj)\n--\n\nGive memory away to whoever receives the result.";
    c"is_shareable" => channels::is_shareable, c"is_shareable(obj)\n--\n\nWhether an object can be sent.";
    c"create_interpreter" => interpreters::create, c"create_interpreter(name=None, isolation=None, serial=False)\n--\n\nA new interpreter.";
    c"list_interpreters" => interpreters::list, c"list_interpreters()\n--\n\nAll living interpreters.";
    c"current_interpreter" => interpreters::current, c"current_interpreter()\n--\n\nThe interpreter that runs this code.";
    c"find_interpreter" => interpreters::find, c"find_interpreter(id)\n--\n\nThe living interpreter with this id, or None.";
    c"create_queue" => queues::create, c"create_queue(maxsize, unbound, syncobj=False)\n--\n\nA queue.";
    c"find_queue" => queues::find, c"find_queue(id)\n--\n\nThe living queue with this id, or None.";
    c"list_queues" => queues::list, c"list_queues()\n--\n\nAll living queues.";
    c"pack" => parcel::pack, c"pack(obj)\n--\n\nA parcel for a call: a copy, or a pickle.";
    c"deliver" => parcel::deliver, c"deliver(obj)\n--\n\nWhat is in a parcel; anything else as it is.";
    c"open_port" => port::open, c"open_port(descriptor)\n--\n\nThe port of an event loop that watches the other end of this socket.";
    c"main_interpreter" => interpreters::main, c"main_interpreter()\n--\n\nThe main interpreter.";
]);

/// The slots and the definition, as C wants them: static and mutable.
#[repr(transparent)]
struct Static<T>(std::cell::UnsafeCell<T>);

// SAFETY: CPython writes the definition's bookkeeping fields under its own import lock; nothing of
// ours touches it after it was initialised.
unsafe impl<T> Sync for Static<T> {}

static SLOTS: Static<[c::PyModuleDef_Slot; 3]> = Static(std::cell::UnsafeCell::new([
    c::PyModuleDef_Slot {
        slot: c::Py_mod_exec,
        value: exec as *mut c_void,
    },
    c::PyModuleDef_Slot {
        slot: c::Py_mod_multiple_interpreters,
        value: c::Py_MOD_PER_INTERPRETER_GIL_SUPPORTED,
    },
    c::PyModuleDef_Slot {
        slot: 0,
        value: std::ptr::null_mut(),
    },
]));

static DEFINITION: Static<c::PyModuleDef> = Static(std::cell::UnsafeCell::new(c::PyModuleDef {
    m_base: c::PyModuleDef_HEAD_INIT,
    m_name: c"_multicore".as_ptr(),
    m_doc: c"The native core of multicore. Use multicore.interpreters, .channels and .csp."
        .as_ptr(),
    m_size: size_of::<*const State>() as c::Py_ssize_t,
    m_methods: FUNCTIONS.as_ptr(),
    m_slots: SLOTS.0.get().cast(),
    m_traverse: None,
    m_clear: None,
    m_free: Some(free),
}));

unsafe extern "C" fn init() -> *mut c::PyObject {
    // SAFETY: CPython calls this attached; the definition is static.
    unsafe { c::PyModuleDef_Init(DEFINITION.0.get()) }
}

unsafe extern "C" fn exec(module: *mut c::PyObject) -> c_int {
    // SAFETY: CPython calls this attached, once for a new module, with its zeroed state.
    unsafe {
        let Some(interp) = Interp::current() else {
            c::PyErr_SetString(
                c::PyExc_ImportError,
                c"_multicore works only in interpreters that multicore created: \
                  use multicore.interpreters.create() or Interpreter.create()"
                    .as_ptr(),
            );
            return -1;
        };
        let done = guard(&interp, |py| {
            let state = Arc::new(State::new(py, Arc::clone(&interp)));
            py.interp().set_state(Arc::downgrade(&state));
            let slot = c::PyModule_GetState(module).cast::<*const State>();
            *slot = Arc::into_raw(Arc::clone(&state));
            let module = Object::from_borrowed(py, module);
            state
                .add_type::<channel_ends::SendEnd>(&module)?
                .set_on(&module, "SendEnd")?;
            state
                .add_type::<channel_ends::ReceiveEnd>(&module)?
                .set_on(&module, "ReceiveEnd")?;
            state
                .add_type::<interpreters::Handle>(&module)?
                .set_on(&module, "InterpreterHandle")?;
            state
                .add_type::<queues::Handle>(&module)?
                .set_on(&module, "QueueHandle")?;
            state
                .add_type::<parcel::Closed>(&module)?
                .set_on(&module, "Parcel")?;
            state
                .add_type::<port::Port>(&module)?
                .set_on(&module, "Port")?;
            state
                .add_type::<host_function::Callable>(&module)?
                .set_on(&module, "HostFunction")?;
            state
                .add_type::<memory::Memory>(&module)?
                .set_on(&module, "Memory")?;
            state
                .add_type::<transfer::Transferred>(&module)?
                .set_on(&module, "Transferred")?;
            state
                .add_type::<sync::Primitive>(&module)?
                .set_on(&module, "Primitive")?;
            state
                .add_type::<threads::Body>(&module)?
                .set_on(&module, "ThreadBody")?;
            state
                .add_type::<opaque::Opaque>(&module)?
                .set_on(&module, "Opaque")
        });
        if done.is_some() { 0 } else { -1 }
    }
}

unsafe extern "C" fn free(module: *mut c_void) {
    // SAFETY: CPython calls this once, when nobody holds the module: no type of ours is left, or
    // they are garbage that is being cleared, and no Python code reaches their instances
    // (`Instance::state`). The pointer is null if `exec` failed early.
    unsafe {
        let slot = c::PyModule_GetState(module.cast()).cast::<*const State>();
        if !slot.is_null() && !(*slot).is_null() {
            drop(Arc::from_raw(*slot));
            *slot = std::ptr::null();
        }
    }
}

/// The state of the interpreter that `py` is attached to; `None` before `_multicore` was imported
/// and after it was freed.
pub(super) fn state(py: Python<'_>) -> Option<Arc<State>> {
    py.interp().state::<Weak<State>>()?.upgrade()
}
