//! Functions of `_multicore` about this process: sleeping, output, warming extension modules,
//! the embedded sources.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use parking_lot::Mutex;

use super::channel_ends::{ReceiveEnd, SendEnd};
use super::define::Args;
use super::state::State;
use super::waiting::Waiting;
use super::{interpreters, queues};
use crate::interpreter::{Interpreter, Output};
use crate::python::{
    Borrowed, Builtin, Mode, Object, PyErr, PyResult, ThreadIdent, ThreadState, from_python,
    is_safe_to_raise_in, raise_in,
};
use crate::value::Value;

type Returned<'py> = PyResult<'py, Object<'py>>;

/// `register(name, object)`
pub(super) fn register<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let name = string(args.required(0, "name")?)?;
    let object = args.required(1, "object")?;
    // Instances of these are made by allocating them: they must have room for what is inside.
    let fits = match name.as_str() {
        "SendChannel" => state.is_subclass::<SendEnd>(object),
        "RecvChannel" => state.is_subclass::<ReceiveEnd>(object),
        "Interpreter" => state.is_subclass::<interpreters::Handle>(object),
        "Queue" => state.is_subclass::<queues::Handle>(object),
        _ => true,
    };
    if !fits {
        let message = format!("{name} must be a subclass of its type in _multicore");
        return Err(PyErr::new(this.py(), Builtin::TypeError, &message));
    }
    state.register(&name, object.to_object());
    Ok(Object::none(this.py()))
}

/// `keep_main(keep)`
pub(super) fn keep_main<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let keep = args.required(0, "keep")?.to_object().is_true();
    crate::interpreter::keep_main(this.py(), keep)?;
    Ok(Object::none(this.py()))
}

/// `count_threads(count, expected)`
pub(super) fn count_threads<'py>(
    this: Borrowed<'_, 'py>,
    _: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let count = args.required(0, "count")?.to_object();
    let expected = integer(args.required(1, "expected")?)?;
    crate::interpreter::count_threads(this.py(), count, expected);
    Ok(Object::none(this.py()))
}

/// `sleep(seconds)`
pub(super) fn sleep<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let seconds = args.required(0, "seconds")?;
    let duration = super::waiting::duration(seconds)?;
    let waiting = Waiting::patient(state);
    let interrupted = py.detach(|| waiting.sleep(duration));
    if interrupted {
        Err(waiting.interrupted(py))
    } else {
        Ok(Object::none(py))
    }
}

/// How long a thread that is about to be interrupted may go on importing, in milliseconds.
const LOOKS_AT_AN_IMPORT: u32 = 100;

/// `stop_threads(idents)`: their time is over. Wakes those that sleep or wait in the core, and raises
/// `KeyboardInterrupt` in each.
pub(super) fn stop_threads<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    if let Some(interpreter) = state.interpreter() {
        interpreter.thread_interrupt().raise();
    }
    for ident in args.required(0, "idents")?.to_object().iterate()? {
        let ident = ThreadIdent::of(&ident?);
        for _ in 0..LOOKS_AT_AN_IMPORT {
            if is_safe_to_raise_in(py, ident) {
                break;
            }
            py.detach(|| std::thread::sleep(Duration::from_millis(1)));
        }
        raise_in(py, ident);
    }
    Ok(Object::none(py))
}

/// `write(stream, text)`
pub(super) fn write<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let stream = integer(args.required(0, "stream")?)?;
    let text = match from_python(args.required(1, "text")?, Mode::Message) {
        Ok(Value::Str(text)) => text,
        _ => {
            return Err(PyErr::new(
                py,
                Builtin::TypeError,
                "write() argument must be str",
            ));
        }
    };
    if let Some(output) = state.output(stream) {
        match output {
            Output::Ignore => {}
            Output::Sink(sink) => sink(&text.to_string_lossy()),
            Output::Inherit => py.detach(|| inherit(stream, text.to_string_lossy().as_bytes())),
        }
    }
    Ok(Object::none(py))
}

/// Writes to the process's own descriptor, whole pieces at a time. A closed descriptor swallows.
fn inherit(stream: i64, bytes: &[u8]) {
    use std::io::Write;
    let _ = if stream == 2 {
        std::io::stderr().lock().write_all(bytes)
    } else {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    };
}

/// Extension modules of the standard library that the main interpreter has loaded for others.
static WARMED: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// `warm(name, origin)`: on CPython 3.13, C modules that several own-GIL interpreters load, or use, for
/// the first time at once corrupt memory (static types are readied twice, tables are read half
/// written). The main interpreter does each first, one at a time (`multicore._warm`).
pub(super) fn warm<'py>(
    this: Borrowed<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    let name = string(args.required(0, "name")?)?;
    if state.interp().id() != 0 {
        py.detach(|| {
            let mut warmed = WARMED.lock();
            if !warmed.contains(&name) {
                // Whether it works there or not: this interpreter will see for itself.
                if let Ok(main) = Interpreter::main() {
                    load_in_main(&main, &name);
                }
                warmed.insert(name);
            }
        });
    }
    Ok(Object::none(py))
}

fn load_in_main(main: &Interpreter, name: &str) {
    let Some(thread_state) = ThreadState::new(main.interp()) else {
        return;
    };
    thread_state.attach(|py| {
        let load = || {
            let warm = Object::import(py, "multicore._warm")?;
            warm.call_method(c"load", [&Object::str(py, name)?])
        };
        drop(load());
    });
}

/// A `str` argument.
pub(super) fn string<'py>(argument: Borrowed<'_, 'py>) -> PyResult<'py, String> {
    argument.to_object().to_str().ok_or_else(|| {
        PyErr::new(
            argument.py(),
            Builtin::TypeError,
            "expected a str without surrogates",
        )
    })
}

/// An `int` argument of 64 bits.
pub(super) fn integer<'py>(argument: Borrowed<'_, 'py>) -> PyResult<'py, i64> {
    match from_python(argument, Mode::Message) {
        Ok(Value::Int(value)) => Ok(value),
        Ok(Value::Bool(value)) => Ok(value.into()),
        _ => Err(PyErr::new(
            argument.py(),
            Builtin::TypeError,
            "expected an int of 64 bits",
        )),
    }
}
