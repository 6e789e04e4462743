//! Starting CPython 3.13, whose only configuration that a binary for many versions can use is what
//! `Py_InitializeEx` does inside. Later versions have PEP 741: `lifecycle.rs`.

use std::ffi::{c_int, c_ulong, c_void};

use super::encoding;
use super::ffi::{PyStatus, symbol};
use super::lifecycle::{check, function};

/// The beginning of 3.13's `PyConfig` (448 bytes), and room for the rest.
///
/// The struct differs between minor versions, and is frozen within one: it is used for 3.13 only.
#[repr(C)]
struct PyConfig {
    config_init: c_int,
    isolated: c_int,
    use_environment: c_int,
    dev_mode: c_int,
    install_signal_handlers: c_int,
    use_hash_seed: c_int,
    hash_seed: c_ulong,
    faulthandler: c_int,
    tracemalloc: c_int,
    rest: [u64; 256],
}

/// Does what `Py_InitializeEx(0)` does, except that
/// - a failure is an error: it would exit the process (`PYTHONHOME`, `PYTHONMALLOC`, … decide that);
/// - `PYTHONFAULTHANDLER` and `PYTHONDEVMODE` install no handlers of signals, which belong to Node;
/// - `PYTHONTRACEMALLOC` does not hook the allocators: that deadlocks where there are many interpreters.
///
/// # Errors
/// What CPython says.
pub(super) fn initialize(executable: &str, utf8: Option<bool>) -> Result<(), String> {
    let name = encoding::wide(executable, utf8 == Some(true))?;
    // SAFETY: the signatures are those of CPython 3.13. `_PyConfig_InitCompatConfig` is what
    // `Py_InitializeEx` calls; it is private, and in every build of 3.13.
    let (set_program_name, init_config, initialize, clear) = unsafe {
        (
            function::<unsafe extern "C" fn(*const c_void)>(c"Py_SetProgramName"),
            function::<unsafe extern "C" fn(*mut PyConfig)>(c"_PyConfig_InitCompatConfig"),
            function::<unsafe extern "C" fn(*const PyConfig) -> PyStatus>(
                c"Py_InitializeFromConfig",
            ),
            function::<unsafe extern "C" fn(*mut PyConfig)>(c"PyConfig_Clear"),
        )
    };
    let missing = "this CPython has neither PyInitConfig (3.14 and later) nor what 3.13 has";
    let set_program_name = set_program_name.ok_or(missing)?;
    let init_config = init_config.ok_or(missing)?;
    let initialize = initialize.ok_or(missing)?;
    let clear = clear.ok_or(missing)?;
    let mut config = Box::<PyConfig>::new_uninit();
    // SAFETY:
    // - `int Py_UTF8Mode` is read when CPython starts; nobody else uses it before;
    // - Py_SetProgramName copies the NUL-terminated name;
    // - `config` has more room than 3.13's PyConfig, all of which _PyConfig_InitCompatConfig
    //   initialises; the fields that are set are where they are in its header;
    // - PyConfig_Clear frees what the configuration got to own, on every path.
    unsafe {
        if utf8 == Some(true) {
            let mode = symbol(c"Py_UTF8Mode").ok_or(missing)?;
            mode.cast::<c_int>().write(1);
        }
        set_program_name(name.as_ptr().cast());
        let config = config.as_mut_ptr();
        config.write_bytes(0, 1);
        init_config(config);
        (*config).install_signal_handlers = 0;
        (*config).faulthandler = 0;
        (*config).tracemalloc = 0;
        let status = initialize(config);
        clear(config);
        check(status)
    }
}
