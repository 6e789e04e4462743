//! Running one task in an interpreter that the thread is attached to.

use std::time::{Duration, Instant};

use super::control::JobId;
use super::coroutines;
use super::each::Each;
use super::support::Support;
use super::task::{Bindings, Failure, Outcome, Target, Task};
use crate::python::{
    Borrowed, Builtin, ConvertError, Mode, Object, PyErr, PyResult, Python, SourceKind,
    call_vector, copy_dict, from_python, from_python_whole, into_python, is_coroutine, named, run,
    text, to_python,
};
use crate::value::{Record, Text, Value};

/// Runs the task; never panics over what Python code does.
///
/// A coroutine that comes of it is made a task of the loop on behalf of `job`, and there is no
/// outcome yet (`None`); without a `job` it is run to its end here.
pub(super) fn run_task(py: Python<'_>, task: Task, job: Option<JobId>) -> Option<Outcome> {
    let Some(support) = Support::of(py) else {
        return Some(Err(Failure::Closed));
    };
    if let Task::CallEach {
        target,
        items,
        kwargs,
        budget,
        each,
    } = task
    {
        let function = match function_of(py, support, target) {
            Ok(function) => function,
            Err(error) => return Some(Err(failure(support, &error))),
        };
        return call_each(support, &function, items, &kwargs, budget, &each, job);
    }
    let is_call = matches!(task, Task::Call { .. } | Task::CallNamed { .. });
    let result = match perform(py, support, task) {
        Ok(result) if is_coroutine(&result) => result,
        ended => {
            let outcome = match ended {
                Ok(result) => convert_result(support, result),
                Err(error) => Err(failure(support, &error)),
            };
            if is_call {
                support.restore_main(py);
            }
            return Some(outcome);
        }
    };
    await_coroutine(support, &result, job)
}

/// A job that came to a coroutine: no outcome yet, unless it is run to its end here.
fn await_coroutine(
    support: &Support,
    coroutine: &Object<'_>,
    job: Option<JobId>,
) -> Option<Outcome> {
    let begun = match job {
        Some(job) => coroutines::begin(support, coroutine, job).map(|()| None),
        None => coroutines::run_to_end(support, coroutine).map(Some),
    };
    match begun {
        Ok(None) => None,
        Ok(Some(result)) => Some(convert_result(support, result)),
        Err(error) => Some(Err(failure(support, &error))),
    }
}

/// Calls the function for each item, until one fails, one comes to a coroutine, or the time is over.
/// Each call is one of its own: what it leaves in `__main__` is gone before the next.
fn call_each(
    support: &Support,
    function: &Object<'_>,
    items: Vec<Value>,
    kwargs: &Bindings,
    budget: Option<Duration>,
    each: &Each,
    job: Option<JobId>,
) -> Option<Outcome> {
    let started = Instant::now();
    for item in items {
        let result = match call(function, vec![item], kwargs) {
            Ok(result) if is_coroutine(&result) => {
                each.set_awaits();
                return await_coroutine(support, &result, job);
            }
            Ok(result) => convert_result(support, result),
            Err(error) => Err(failure(support, &error)),
        };
        support.restore_main(function.py());
        let elapsed = started.elapsed();
        each.set_elapsed(elapsed);
        match result {
            Ok(value) => each.push(value),
            Err(failure) => return Some(Err(failure)),
        }
        if budget.is_some_and(|budget| elapsed >= budget) {
            break;
        }
    }
    Some(Ok(Value::None))
}

fn perform<'py>(py: Python<'py>, support: &Support, task: Task) -> PyResult<'py, Object<'py>> {
    match task {
        Task::Call {
            target,
            args,
            kwargs,
        } => {
            let function = function_of(py, support, target)?;
            call(&function, args, &kwargs)
        }
        Task::CallNamed {
            target,
            args,
            names,
        } => {
            let function = function_of(py, support, target)?;
            let names = support.names(py, names)?;
            call_vector(&function, &objects(py, args)?, Some(&names))
        }
        // `run_task` has taken it: it has many results.
        Task::CallEach { .. } => Ok(Object::none(py)),
        Task::Exec {
            source,
            filename,
            bind,
        } => {
            let main = support.main(py)?;
            set_names(&main, &bind)?;
            let code = code(py, support, &source, filename.as_ref(), SourceKind::Exec)?;
            run(&code, &main)
        }
        Task::Evaluate {
            source,
            filename,
            bind,
        } => {
            let code = code(py, support, &source, filename.as_ref(), SourceKind::Eval)?;
            let main = support.main(py)?;
            if bind.is_empty() {
                return run(&code, &main);
            }
            // Names that only this expression sees, also inside its lambdas and generators: these
            // look at globals alone, so the expression gets globals of its own.
            let globals = copy_dict(&main)?;
            set_names(&globals, &bind)?;
            run(&code, &globals)
        }
        Task::PrepareMain(bind) => {
            set_names(&support.main(py)?, &bind)?;
            Ok(Object::none(py))
        }
    }
}

fn function_of<'py>(
    py: Python<'py>,
    support: &Support,
    target: Target,
) -> PyResult<'py, Object<'py>> {
    match target {
        Target::Function(id) => support.function(py, id),
        Target::Path(path) => support.resolve(&text(py, &path)?),
    }
}

fn call<'py>(
    function: &Object<'py>,
    args: Vec<Value>,
    kwargs: &Bindings,
) -> PyResult<'py, Object<'py>> {
    let py = function.py();
    if kwargs.is_empty() {
        return call_vector(function, &objects(py, args)?, None);
    }
    let args = crate::python::tuple(py, &args)?;
    function.call_tuple(&args, Some(&named(py, kwargs)?))
}

fn objects(py: Python<'_>, values: Vec<Value>) -> PyResult<'_, Vec<Object<'_>>> {
    values
        .into_iter()
        .map(|value| into_python(py, value))
        .collect()
}

fn set_names<'py>(dict: &Object<'py>, bind: &Bindings) -> PyResult<'py, ()> {
    let py = dict.py();
    bind.iter()
        .try_for_each(|(name, value)| dict.set_item(&text(py, name)?, &to_python(py, value)?))
}

fn code<'py>(
    py: Python<'py>,
    support: &Support,
    source: &Text,
    filename: Option<&Text>,
    kind: SourceKind,
) -> PyResult<'py, Object<'py>> {
    let utf8 = |text: &'_ Text| {
        text.as_str().map(str::to_owned).ok_or_else(|| {
            PyErr::new(
                py,
                Builtin::ValueError,
                "source code cannot contain lone surrogates",
            )
        })
    };
    let filename = filename.map(utf8).transpose()?;
    support.code(py, &utf8(source)?, filename.as_deref(), kind)
}

/// The result as a value; what is none by itself may become one (`Support::adopt`).
pub(super) fn convert_result(support: &Support, result: Object<'_>) -> Outcome {
    match from_python_whole(result, Mode::Copy) {
        Ok(value) => Ok(value),
        Err((ConvertError::Raised(error), _)) => Err(failure(support, &error)),
        Err((ConvertError::NotShareable(refusal), result)) => {
            let adopted = match support.adopt(&result) {
                Ok(adopted) if adopted.is_none() => return Err(Failure::NotShareable(*refusal)),
                Ok(adopted) => adopted,
                Err(error) => return Err(failure(support, &error)),
            };
            match from_python(Borrowed::from(&adopted), Mode::Copy) {
                Ok(value) => {
                    adopted_value(value, result.py()).ok_or(Failure::NotShareable(*refusal))
                }
                Err(ConvertError::Raised(error)) => Err(failure(support, &error)),
                Err(ConvertError::NotShareable(refusal)) => Err(Failure::NotShareable(*refusal)),
            }
        }
    }
}

/// What `multicore._support.adopt` gave, as the record that the host knows: a generator, by its
/// number in this interpreter.
fn adopted_value(value: Value, py: Python<'_>) -> Option<Value> {
    let Value::Tuple(parts) = value else {
        return None;
    };
    let [Value::Str(kind), number, asynchronous] = <[Value; 3]>::try_from(parts.into_vec()).ok()?
    else {
        return None;
    };
    Some(Value::Record(Box::new(Record {
        kind,
        type_name: Text::from("types:GeneratorType"),
        fields: vec![
            (Text::from("interpreter"), Value::Int(py.interp().id())),
            (Text::from("number"), number),
            (Text::from("asynchronous"), asynchronous),
        ],
    })))
}

pub(super) fn failure(support: &Support, error: &PyErr<'_>) -> Failure {
    Failure::Exception(Box::new(support.describe(error)))
}
