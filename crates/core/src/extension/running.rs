//! Running code in another interpreter: on the calling thread (PEP 734), or on the interpreter's
//! own, with the outcome sent to a channel. What an outcome is to Python.

use super::channel_ends::{SendEnd, message};
use super::define::{Args, value_of};
use super::interpreters::{MODULE, This, of};
use super::parcel::{carried, delivered};
use super::process::{integer, string};
use super::state::State;
use super::waiting::Waiting;
use crate::interpreter::{
    Bindings, ExceptionData, Failure, Follows, Interpreter, Outcome, Target, Task, intern_function,
    runs_job_of,
};
use crate::python::{
    Borrowed, Builtin, Exported, Mode, Object, PyErr, PyResult, Python, from_python, to_python,
};
use crate::value::{Text, Value};

type Returned<'py> = PyResult<'py, Object<'py>>;

pub(super) fn exec<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
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

pub(super) fn evaluate<'py>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
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

/// A call of `path`, a function that its interpreter imports, with arguments that may be parcels.
fn call_of<'py>(state: &State, args: &Args<'_, 'py>) -> PyResult<'py, Task> {
    let path = string(args.required(0, "path")?)?;
    let target = if path.contains(':') {
        Target::Function(intern_function(&path))
    } else {
        Target::Path(path.into())
    };
    let mut positional = Vec::new();
    for argument in args.required(1, "args")?.to_object().iterate()? {
        positional.push(carried(state, (&argument?).into(), Mode::Parcel)?);
    }
    Ok(Task::Call {
        target,
        args: positional,
        kwargs: Bindings::new(),
    })
}

pub(super) fn call<'py>(this: This<'_, 'py>, state: &State, args: Args<'_, 'py>) -> Returned<'py> {
    args.check(&["path", "args"])?;
    let task = call_of(state, &args)?;
    run(this, state, task)
}

/// `_submit(path, args, outcomes, token)`: queues a call for the interpreter's own thread. Its
/// outcome goes into the channel as `(token, kind, content)`: kind 0 is a result, 1 an exception
/// as `(type, message, traceback)`, 2 a refusal of the interpreter as a message.
pub(super) fn submit<'py>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&["path", "args", "outcomes", "token"])?;
    let py = this.py();
    let outcomes = args.required(2, "outcomes")?;
    if !state.is_instance::<SendEnd>(outcomes) {
        return Err(PyErr::new(
            py,
            Builtin::TypeError,
            "outcomes must be a SendChannel",
        ));
    }
    // SAFETY: checked just now.
    let outcomes = (*unsafe { value_of::<SendEnd>(outcomes) }.get(state, py)?).clone();
    let token = integer(args.required(3, "token")?)?;
    let task = call_of(state, &args)?;
    let interpreter = of(this);
    let name = interpreter.name().to_owned();
    let completion = move |outcome: Outcome| {
        let (kind, content) = content(outcome, &name);
        let message = Value::Tuple(Box::new([Value::Int(token), Value::Int(kind), content]));
        // Who does not listen any more does not want it.
        let _ = outcomes.try_send(message);
    };
    interpreter.submit(task, None, Box::new(completion), Follows::Later);
    Ok(Object::none(py))
}

fn content(outcome: Outcome, name: &str) -> (i64, Value) {
    match outcome {
        Ok(value) => (0, value),
        Err(Failure::Exception(data)) => {
            let ExceptionData {
                type_name,
                message,
                traceback,
                ..
            } = *data;
            let parts = [
                Value::from(&*type_name),
                Value::Str(message),
                Value::Str(traceback),
            ];
            (1, Value::Tuple(Box::new(parts)))
        }
        Err(Failure::NotShareable(refusal)) => (2, Value::str(refusal.to_string())),
        Err(Failure::StillRunning(_)) => (2, Value::str(still_running(name))),
        Err(Failure::Stopped(_)) => (2, Value::str(format!("the code in {name} was stopped"))),
        Err(Failure::Closed | Failure::Abandoned) => (2, Value::str(format!("{name} is closed"))),
        Err(Failure::Busy) => (2, Value::str(format!("{name} is already running"))),
        Err(Failure::Internal(message)) => (2, Value::str(message)),
    }
}

fn still_running(name: &str) -> String {
    format!("the code in {name} was asked to stop and still runs")
}

pub(super) fn prepare_main<'py>(
    this: This<'_, 'py>,
    state: &State,
    args: Args<'_, 'py>,
) -> Returned<'py> {
    args.check(&["names"])?;
    let mut bindings = Bindings::new();
    let names = args.required(0, "names")?.to_object();
    for name in names.iterate()? {
        let name = name?;
        let object = names.get_item(&name)?;
        let value = if Exported::is_view((&object).into()) {
            carried(state, (&object).into(), Mode::Share)?
        } else {
            message(state, (&object).into())?
        };
        bindings.push((Text::from(string((&name).into())?.as_str()), value));
    }
    run(this, state, Task::PrepareMain(bindings))
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
    let outcome = py.detach(|| match state.interpreter() {
        Some(outer) if runs_job_of(outer.id()) => outer.run_within(&interpreter, task),
        _ => interpreter.run_here(task, None),
    });
    if let Err(Failure::Stopped(_)) = outcome {
        let waiting = Waiting::new(state);
        if waiting.is_interrupted() {
            return Err(waiting.interrupted(py));
        }
    }
    returned(py, state, &interpreter, outcome)
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
        Ok(value) => return delivered(state, py, &value),
        Err(Failure::Exception(data)) => execution_failed(py, state, &data),
        Err(Failure::NotShareable(refusal)) => {
            state.error(py, "NotShareableError", MODULE, &refusal.to_string())
        }
        Err(Failure::StillRunning(_)) => error(still_running(name)),
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
pub(super) fn execution_failed<'py>(
    py: Python<'py>,
    state: &State,
    data: &ExceptionData,
) -> PyErr<'py> {
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
