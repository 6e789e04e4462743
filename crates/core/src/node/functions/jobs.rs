//! Jobs through an interpreter's own thread: a promise each.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::from_js;
use super::super::js::{Env, Js, Val, ValueType};
use super::super::mailbox::Message;
use super::super::pending::Job;
use super::{Returns, arguments};
use crate::interpreter::{FunctionId, Interpreter, JobId, Stop, Target, Task, intern_function};

/// Submits a task and gives the promise of its outcome.
fn submit<'s>(
    environment: &Environment,
    env: Env<'s>,
    interpreter: &Interpreter,
    task: Task,
    timeout: Option<Duration>,
    number: u64,
) -> Js<Option<Val<'s>>> {
    let (deferred, promise) = env.promise()?;
    let is_void = matches!(task, Task::Exec { .. } | Task::PrepareMain(_));
    let job = Job {
        deferred,
        interpreter: interpreter.clone(),
        id: None,
        number,
        is_void,
    };
    let ticket = environment.jobs.borrow_mut().insert(job);
    environment.hold(env);
    let mailbox = Arc::clone(&environment.mailbox);
    let done = Box::new(move |outcome| mailbox.post(Message::JobDone { ticket, outcome }));
    let id = interpreter.submit(task, timeout, done);
    if let Some(job) = environment.jobs.borrow_mut().get_mut(ticket) {
        job.id = Some(id);
    }
    if number != 0 {
        environment.job_numbers.borrow_mut().insert(number, ticket);
    }
    Ok(Some(promise))
}

pub(super) fn exec_task(
    environment: &Environment,
    env: Env<'_>,
    [source, filename, bind]: [Val<'_>; 3],
) -> Js<Task> {
    Ok(Task::Exec {
        source: arguments::text(env, source, "a source")?,
        filename: arguments::optional_text(env, filename, "a file name")?,
        bind: from_js::read_bindings(environment, env, bind)?,
    })
}

pub(super) fn evaluate_task(
    environment: &Environment,
    env: Env<'_>,
    [source, filename, bind]: [Val<'_>; 3],
) -> Js<Task> {
    Ok(Task::Evaluate {
        source: arguments::text(env, source, "a source")?,
        filename: arguments::optional_text(env, filename, "a file name")?,
        bind: from_js::read_bindings(environment, env, bind)?,
    })
}

pub(super) fn call_task(
    environment: &Environment,
    env: Env<'_>,
    [target, args, kwargs]: [Val<'_>; 3],
) -> Js<Task> {
    Ok(Task::Call {
        target: target_of(environment, env, target)?,
        args: from_js::read_arguments(environment, env, args)?,
        kwargs: from_js::read_bindings(environment, env, kwargs)?,
    })
}

fn target_of(environment: &Environment, env: Env<'_>, target: Val<'_>) -> Js<Target> {
    Ok(match env.get_number(target) {
        Some(number) => Target::Function(environment.function(number)?),
        None => Target::Path(arguments::text(env, target, "a function's path")?),
    })
}

pub(super) fn exec<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, source, filename, bind, timeout, number]: [Val<'s>; 6],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = exec_task(environment, env, [source, filename, bind])?;
    let (timeout, number) = (
        arguments::timeout(env, timeout),
        arguments::number(env, number),
    );
    submit(environment, env, &interpreter, task, timeout, number)
}

pub(super) fn evaluate<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, source, filename, bind, timeout, number]: [Val<'s>; 6],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = evaluate_task(environment, env, [source, filename, bind])?;
    let (timeout, number) = (
        arguments::timeout(env, timeout),
        arguments::number(env, number),
    );
    submit(environment, env, &interpreter, task, timeout, number)
}

pub(super) fn call<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, target, args, kwargs, timeout, number]: [Val<'s>; 6],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = call_task(environment, env, [target, args, kwargs])?;
    let (timeout, number) = (
        arguments::timeout(env, timeout),
        arguments::number(env, number),
    );
    submit(environment, env, &interpreter, task, timeout, number)
}

/// How many arguments of Python's `invoke` takes; `call` takes any number.
pub(super) const MOST_ARGUMENTS: usize = 6;
/// The interpreter, the function, and its arguments.
pub(super) const INVOKE_ARGUMENTS: usize = 2 + MOST_ARGUMENTS;

/// The call that `invoke` asks for.
pub(super) fn invocation(
    environment: &Environment,
    env: Env<'_>,
    args: &[Val<'_>; INVOKE_ARGUMENTS],
    count: usize,
) -> Js<(Rc<Interpreter>, Task)> {
    let [handle, target, ..] = *args;
    if count > INVOKE_ARGUMENTS {
        return Err(Failed::invalid("this many arguments are given to `call`").into());
    }
    let interpreter = environment.interpreter(env, handle)?;
    let task = Task::Call {
        target: target_of(environment, env, target)?,
        args: from_js::read_each(environment, env, &args[2..count.max(2)])?,
        kwargs: Vec::new(),
    };
    Ok((interpreter, task))
}

/// `call` with nothing but positional arguments (`sync_jobs::invoke`).
pub(super) fn invoke<'s>(
    environment: &Environment,
    env: Env<'s>,
    args: [Val<'s>; INVOKE_ARGUMENTS],
    count: usize,
) -> Returns<'s> {
    let (interpreter, task) = invocation(environment, env, &args, count)?;
    submit(environment, env, &interpreter, task, None, 0)
}

pub(super) fn prepare_main<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, bind]: [Val<'s>; 2],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    if env.type_of(bind)? != ValueType::Object {
        return Err(Failed::invalid("names and their values are given as an object").into());
    }
    let task = Task::PrepareMain(from_js::read_bindings(environment, env, bind)?);
    submit(environment, env, &interpreter, task, None, 0)
}

pub(super) fn intern<'s>(
    environment: &Environment,
    env: Env<'s>,
    [path]: [Val<'s>; 1],
) -> Returns<'s> {
    let FunctionId(id) = intern_function(&arguments::string(env, path, "a function's path")?);
    environment
        .interned
        .set(environment.interned.get().max(id + 1));
    env.number(f64::from(id)).map(Some)
}

impl Environment {
    /// The function that a number stands for, if `internFunction` has given it out here.
    fn function(&self, number: f64) -> Js<FunctionId> {
        let id = number as u32;
        if f64::from(id) == number && id < self.interned.get() {
            return Ok(FunctionId(id));
        }
        Err(Failed::invalid("no function was interned under this number").into())
    }
}

pub(super) fn cancel<'s>(
    environment: &Environment,
    env: Env<'s>,
    [number]: [Val<'s>; 1],
) -> Returns<'s> {
    if let Some((interpreter, id)) = environment.numbered_job(arguments::number(env, number)) {
        interpreter.stop(id, Stop::Cancelled);
    }
    Ok(None)
}

pub(super) fn withdraw<'s>(
    environment: &Environment,
    env: Env<'s>,
    [number]: [Val<'s>; 1],
) -> Returns<'s> {
    let found = environment.numbered_job(arguments::number(env, number));
    let withdrawn = found.is_some_and(|(interpreter, id)| interpreter.withdraw(id));
    env.boolean(withdrawn).map(Some)
}

impl Environment {
    /// The job that was submitted here under this number, as long as its end was not told.
    fn numbered_job(&self, number: u64) -> Option<(Interpreter, JobId)> {
        let numbers = self.job_numbers.borrow();
        let jobs = self.jobs.borrow();
        let job = numbers.get(&number).and_then(|&ticket| jobs.get(ticket))?;
        Some((job.interpreter.clone(), job.id?))
    }
}
