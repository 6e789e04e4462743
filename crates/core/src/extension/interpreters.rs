//! Interpreters as Python code sees them: what `multicore.interpreters` (PEP 734) is built on.

use std::ffi::CStr;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use pyo3::ffi as c;

use super::channel_ends::conversion_error;
use super::define::{Args, Class, make_instance, methods, state_of, value_of};
use super::process::string;
use super::state::State;
use super::waiting::duration;
use crate::interpreter::{
    Bindings, CreateError, CreateOptions, ExceptionData, Failure, Interpreter, Isolation, Outcome,
    Target, Task,
};
use crate::python::{
    Borrowed, Builtin, Mode, Object, PyErr, PyResult, Python, from_python, to_python,
};
use crate::value::{Text, Value};

const MODULE: &str = "multicore.interpreters";

/// An interpreter as Python holds it.
pub(super) struct Handle(pub(super) Interpreter);

type Returned<'py> = PyResult<'py, Object<'py>>;
type This<'a, 'py> = Borrowed<'a, 'py>;

impl Class for Handle {
    const NAME: &'static CStr = c"_multicore.InterpreterHandle";
    const DOC: &'static CStr = c"An interpreter of this process.";
    fn methods() -> *mut c::PyMethodDef {
        METHODS.as_ptr()
    }
}

methods!(METHODS, state_of::<Handle>, [
    c"_id" => id, c"_id()\n--\n\nCPython's id.";
    c"_name" => name, c"_name()\n--\n\nIts name.";
    c"_state" => running_state, c"_state()\n--\n\nidle, running, closing or closed.";
    c"_isolation" => isolation, c"_isolation()\n--\n\nown-gil, shared-gil or main.";
    c"_close" => close, c"_close(timeout=None)\n--\n\nClose; gives why it was abandoned, or None.";
    c"_exec" => exec, c"_exec(source, filename=None)\n--\n\nRun source in its __main__, on this thread.";
    c"_evaluate" => evaluate, c"_evaluate(source, filename=None)\n--\n\nEvaluate an expression there.";
    c"_call" => call, c"_call(path, args, kwargs)\n--\n\nCall a function there, on this thread.";
    c"_prepare_main" => prepare_main, c"_prepare_main(names)\n--\n\nSet names in its __main__.";
    c"_interrupt" => interrupt, c"_interrupt()\n--\n\nStop its running job.";
]);

fn of<'a>(this: This<'a, '_>) -> &'a Interpreter {
    // SAFETY: methods of a type are called on its instances alone.
    &unsafe { value_of::<Handle>(this) }.0
}

/// An interpreter as an object here: of the class that `multicore.interpreters` registered.
pub(super) fn handle<'py>(
    state: &State,
    py: Python<'py>,
    interpreter: Interpreter,
) -> Returned<'py> {
    let class = state.registered(py, "Interpreter", MODULE)?;
    // SAFETY: `process::register` accepts only a subclass of Handle under this name.
    unsafe { make_instance(state, &class, Handle(interpreter)) }
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
        Ok(interpreter) => handle(state, py, interpreter),
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
    for interpreter in Interpreter::list() {
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

fn running_state<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    Object::str(this.py(), of(this).state().as_str())
}

fn isolation<'py>(this: This<'_, 'py>, _: &State, _: Args<'_, 'py>) -> Returned<'py> {
    Object::str(this.py(), Isolation::as_str(of(this).isolation()))
}

fn close<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let py = this.py();
    args.check(&["timeout"])?;
    let timeout = args.optional(0, "timeout").map(duration).transpose()?;
    let interpreter = of(this).clone();
    if state
        .interpreter()
        .is_some_and(|current| current.id() == interpreter.id())
    {
        let message = "an interpreter cannot close itself while it runs";
        return Err(state.error(py, "InterpreterError", MODULE, message));
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

fn exec<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let (source, filename) = source_of(this.py(), &args)?;
    run(
        this,
        state,
        Task::Exec {
            source,
            filename,
            bind: Bindings::new(),
        },
    )
}

fn evaluate<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    let (source, filename) = source_of(this.py(), &args)?;
    run(
        this,
        state,
        Task::Evaluate {
            source,
            filename,
            bind: Bindings::new(),
        },
    )
}

fn source_of<'py>(py: Python<'py>, args: &Args<'_, 'py>) -> PyResult<'py, (Text, Option<Text>)> {
    args.check(&["source", "filename"])?;
    let text = |argument: Borrowed<'_, 'py>| match from_python(argument, Mode::Message) {
        Ok(Value::Str(text)) => Ok(text),
        _ => Err(PyErr::new(
            py,
            Builtin::TypeError,
            "source and filename must be str",
        )),
    };
    let source = text(args.required(0, "source")?)?;
    Ok((source, args.optional(1, "filename").map(text).transpose()?))
}

fn call<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["path", "args", "kwargs"])?;
    let target = Target::Path(string(args.required(0, "path")?)?.into());
    let convert = |object: Borrowed<'_, 'py>| {
        from_python(object, Mode::Copy).map_err(|error| conversion_error(state, this.py(), error))
    };
    let positional = match args.optional(1, "args").map(convert).transpose()? {
        Some(Value::Tuple(items) | Value::List(items)) => items.into_vec(),
        _ => Vec::new(),
    };
    let kwargs = args.optional(2, "kwargs").map(convert).transpose()?;
    run(
        this,
        state,
        Task::Call {
            target,
            args: positional,
            kwargs: names(kwargs),
        },
    )
}

fn prepare_main<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["names"])?;
    let given = from_python(args.required(0, "names")?, Mode::Copy)
        .map_err(|error| conversion_error(state, this.py(), error))?;
    run(this, state, Task::PrepareMain(names(Some(given))))
}

fn names(dict: Option<Value>) -> Bindings {
    let pairs = match dict {
        Some(Value::Dict(pairs)) => pairs.into_vec(),
        _ => Vec::new(),
    };
    let named = pairs.into_iter().filter_map(|(name, value)| match name {
        Value::Str(name) => Some((name, value)),
        _ => None,
    });
    named.collect()
}

/// Runs a task there on this thread, as PEP 734 has it.
fn run<'py>(this: This<'_, 'py>, state: &State, task: Task) -> Returned<'py> {
    let py = this.py();
    let interpreter = of(this).clone();
    if state
        .interpreter()
        .is_some_and(|current| current.id() == interpreter.id())
    {
        let message = "an interpreter cannot run code in itself this way: call it directly";
        return Err(state.error(py, "InterpreterError", MODULE, message));
    }
    returned(
        py,
        state,
        &interpreter,
        py.detach(|| interpreter.run_here(task, None::<Duration>)),
    )
}

fn returned<'py>(
    py: Python<'py>,
    state: &State,
    interpreter: &Interpreter,
    outcome: Outcome,
) -> Returned<'py> {
    let name = interpreter.name();
    let error = |message: String| state.error(py, "InterpreterError", MODULE, &message);
    Err(match outcome {
        Ok(value) => return to_python(py, &value),
        Err(Failure::Exception(data)) => execution_failed(py, state, &data),
        Err(Failure::NotShareable(refusal)) => {
            state.error(py, "NotShareableError", MODULE, &refusal.to_string())
        }
        Err(Failure::StillRunning(_)) => error(format!(
            "the code in {name} was asked to stop and still runs"
        )),
        Err(Failure::Stopped(_)) => error(format!("the code in {name} was stopped")),
        Err(Failure::Closed | Failure::Abandoned) => state.error(
            py,
            "InterpreterNotFoundError",
            MODULE,
            &format!("{name} is closed"),
        ),
        Err(Failure::Busy) => error(format!("{name} is already running")),
        Err(Failure::Internal(message)) => error(message),
    })
}

/// `multicore.interpreters.ExecutionFailed` of what was raised there.
fn execution_failed<'py>(py: Python<'py>, state: &State, data: &ExceptionData) -> PyErr<'py> {
    let made = state
        .registered(py, "make_execution_failed", MODULE)
        .and_then(|make| {
            make.call([
                &Object::str(py, &data.type_name)?,
                &to_python(py, &Value::Str(data.message.clone()))?,
                &to_python(py, &Value::Str(data.traceback.clone()))?,
            ])
        });
    match made {
        Ok(exception) => PyErr::from_object(exception),
        Err(error) => error,
    }
}
