//! Interpreters as Python code sees them: what `multicore.interpreters` (PEP 734) is built on.
//! Their life here; what runs in them in `running.rs`.

use std::collections::HashMap;
use std::ffi::CStr;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use pyo3::ffi as c;

use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::process::{integer, string};
use super::running;
use super::state::State;
use super::waiting::duration;
use crate::interpreter::{
    CreateError, CreateOptions, Interpreter, InterpreterId, Isolation, State as Phase,
};
use crate::python::{Borrowed, Builtin, Object, PyErr, PyResult, Python, to_python};
use crate::value::Value;

pub(super) const MODULE: &str = "multicore.interpreters";

/// An interpreter as Python holds it.
pub(super) struct Handle {
    pub(super) interpreter: Interpreter,
    _owned: Option<Arc<Ownership>>,
}

type Returned<'py> = PyResult<'py, Object<'py>>;
pub(super) type This<'a, 'py> = Borrowed<'a, 'py>;

/// An interpreter that Python code created. As with CPython's own, it goes when nothing in any
/// interpreter holds it any more.
struct Ownership(Interpreter);

impl Drop for Ownership {
    fn drop(&mut self) {
        if let Some(owned) = &mut *OWNED.lock() {
            owned.remove(&self.0.id());
        }
        if !matches!(self.0.state(), Phase::Closing | Phase::Closed) {
            self.0.close(None, Box::new(drop));
        }
    }
}

static OWNED: Mutex<Option<HashMap<InterpreterId, Weak<Ownership>>>> = Mutex::new(None);

fn own(interpreter: &Interpreter) -> Arc<Ownership> {
    let ownership = Arc::new(Ownership(interpreter.clone()));
    OWNED
        .lock()
        .get_or_insert_default()
        .insert(interpreter.id(), Arc::downgrade(&ownership));
    ownership
}

fn ownership(interpreter: &Interpreter) -> Option<Arc<Ownership>> {
    OWNED.lock().as_ref()?.get(&interpreter.id())?.upgrade()
}

impl Class for Handle {
    const NAME: &'static CStr = c"_multicore.InterpreterHandle";
    const DOC: &'static CStr = c"An interpreter of this process.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Handle>, [
    c"_number" => id, c"_number($self)\n--\n\nCPython's id.";
    c"_name" => name, c"_name($self)\n--\n\nIts name.";
    c"_state" => running_state, c"_state($self)\n--\n\nidle, running, closing or closed.";
    c"_cpu" => cpu, c"_cpu($self)\n--\n\nSeconds of processor time that its thread has used.";
    c"_isolation" => isolation, c"_isolation($self)\n--\n\nown-gil, shared-gil or main.";
    c"_is_serial" => is_serial, c"_is_serial($self)\n--\n\nWhether it is in serial mode, which has no threads.";
    c"_close" => close, c"_close($self, timeout=None, wait=True)\n--\n\nClose; gives why it was abandoned, or None, which it also gives without waiting.";
    c"_exec" => running::exec, c"_exec($self, source, filename=None)\n--\n\nRun source in its __main__, on this thread.";
    c"_evaluate" => running::evaluate, c"_evaluate($self, source, filename=None)\n--\n\nEvaluate an expression there.";
    c"_call" => running::call, c"_call($self, path, args)\n--\n\nCall a function there, on this thread.";
    c"_submit" => running::submit, c"_submit($self, path, args, outcomes, token)\n--\n\nCall a function there, on its own thread; the outcome goes into a channel.";
    c"_owned" => is_owned, c"_owned($self)\n--\n\nWhether Python code created it.";
    c"_prepare_main" => running::prepare_main, c"_prepare_main($self, names)\n--\n\nSet names in its __main__.";
    c"_interrupt" => interrupt, c"_interrupt($self)\n--\n\nStop its running job.";
]);

pub(super) fn of<'a>(this: This<'a, '_>) -> &'a Interpreter {
    // SAFETY: methods of a type are called on its instances alone.
    &unsafe { value_of::<Handle>(this) }.interpreter
}

/// An interpreter as an object here: of the class that `multicore.interpreters` registered.
pub(super) fn handle<'py>(
    state: &State,
    py: Python<'py>,
    interpreter: Interpreter,
) -> Returned<'py> {
    state.known(py, ("Interpreter", interpreter.id().0), || {
        let class = state.registered(py, "Interpreter", MODULE)?;
        let handle = Handle {
            _owned: ownership(&interpreter),
            interpreter,
        };
        // SAFETY: `process::register` accepts only a subclass of Handle under this name.
        unsafe { make_instance(state, &class, handle) }
    })
}

/// Whether it can still be used: one that is being destroyed is gone for programs, as in CPython.
fn is_ready(interpreter: &Interpreter) -> bool {
    !matches!(interpreter.state(), Phase::Closing | Phase::Closed)
}

/// `find_interpreter(id)`: `None` if there is none.
pub(super) fn find<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    match Interpreter::get(InterpreterId(integer(args.required(0, "id")?)?)).filter(is_ready) {
        Some(interpreter) => handle(state, this.py(), interpreter),
        None => Ok(Object::none(this.py())),
    }
}

/// `create_interpreter(name=None, isolation='own-gil', serial=False)`
pub(super) fn create<'py>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    let py = this.py();
    args.check(&["name", "isolation", "serial"])?;
    let isolation = match args
        .optional(1, "isolation")
        .map(string)
        .transpose()?
        .as_deref()
    {
        None | Some("own-gil") => Isolation::OwnGil,
        Some("shared-gil") => Isolation::SharedGil,
        Some(_) => {
            let message = "isolation must be 'own-gil' or 'shared-gil'";
            return Err(PyErr::new(py, Builtin::ValueError, message));
        }
    };
    let options = CreateOptions {
        name: args.optional(0, "name").map(string).transpose()?,
        isolation,
        serial: args
            .optional(2, "serial")
            .is_some_and(|serial| serial.to_object().is_true()),
        ..state.create_options()
    };
    match py.detach(|| Interpreter::create(options)) {
        Ok(interpreter) => {
            let _until_it_has_a_handle = own(&interpreter);
            handle(state, py, interpreter)
        }
        Err(error) => {
            let message = match error {
                CreateError::NotStarted => "CPython was not started by multicore".to_owned(),
                CreateError::NameTaken(name) => {
                    format!("an interpreter named {name:?} lives already")
                }
                CreateError::Python(message) => message,
            };
            Err(state.error(py, "InterpreterError", MODULE, &message))
        }
    }
}

/// `list_interpreters()`
pub(super) fn list<'py>(this: This<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    let list = to_python(py, &Value::List(Box::new([])))?;
    for interpreter in Interpreter::list().into_iter().filter(is_ready) {
        list.call_method(c"append", [&handle(state, py, interpreter)?])?;
    }
    Ok(list)
}

/// `current_interpreter()`
pub(super) fn current<'py>(this: This<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    match state.interpreter() {
        Some(interpreter) => handle(state, this.py(), interpreter.clone()),
        None => Err(state.error(
            this.py(),
            "InterpreterError",
            MODULE,
            "not an interpreter of multicore",
        )),
    }
}

/// `main_interpreter()`
pub(super) fn main<'py>(this: This<'_, 'py>, state: &State, _: Args<'_, 'py>) -> Returned<'py> {
    match Interpreter::main() {
        Ok(main) => handle(state, this.py(), main),
        Err(_) => Err(state.error(
            this.py(),
            "InterpreterError",
            MODULE,
            "CPython was not started by multicore",
        )),
    }
}

fn id<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Int(of(this).id().0))
}

fn name<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    Object::str(this.py(), of(this).name())
}

fn is_owned<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    let owned = ownership(of(this)).is_some();
    to_python(this.py(), &Value::Bool(owned))
}

fn running_state<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    Object::str(this.py(), of(this).state().as_str())
}

fn cpu<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Float(of(this).cpu().as_secs_f64()))
}

fn isolation<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    Object::str(this.py(), Isolation::as_str(of(this).isolation()))
}

fn is_serial<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    to_python(this.py(), &Value::Bool(of(this).is_serial()))
}

fn close<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["timeout", "wait"])?;
    let timeout = args.optional(0, "timeout").map(duration).transpose()?;
    let wait = args
        .named(1, "wait")
        .is_none_or(|wait| wait.to_object().is_true());
    let interpreter = of(this).clone();
    if state
        .interpreter()
        .is_some_and(|current| current.id() == interpreter.id())
    {
        let message = "an interpreter cannot close itself while it runs";
        return Err(state.error(py, "InterpreterError", MODULE, message));
    }
    if !wait {
        py.detach(|| interpreter.close(timeout, Box::new(drop)));
        return Ok(Object::none(py));
    }
    let report = py.detach(|| {
        let (done, is_done) = sync_channel(1);
        interpreter.close(timeout, Box::new(move |report| drop(done.send(report))));
        is_done.recv()
    });
    let why = report.ok().and_then(|report| report.abandoned);
    to_python(py, &why.map_or(Value::None, Value::str))
}

fn interrupt<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    of(this).interrupt();
    Ok(Object::none(this.py()))
}
