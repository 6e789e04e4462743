//! Jobs on the calling thread: they block JavaScript, and are the fastest way.

use std::time::Duration;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::js::{Env, Js, Val};
use super::super::to_js;
use super::{Returns, arguments, jobs};
use crate::interpreter::{Interpreter, Task};
use crate::value::Value;

fn run(
    environment: &Environment,
    env: Env<'_>,
    interpreter: &Interpreter,
    task: Task,
    timeout: Option<Duration>,
) -> Js<Value> {
    environment.keep_thread_states();
    let outcome = interpreter.run_here(task, timeout);
    // What it wrote comes before what it returns.
    environment.flush_sinks(env);
    outcome.map_err(|failure| Failed::Job(failure, interpreter.name().to_owned()).into())
}

pub(super) fn exec<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, source, filename, bind, timeout]: [Val<'s>; 5],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = jobs::exec_task(environment, env, [source, filename, bind])?;
    let timeout = arguments::timeout(env, timeout);
    run(environment, env, &interpreter, task, timeout)?;
    Ok(None)
}

pub(super) fn evaluate<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, source, filename, bind, timeout]: [Val<'s>; 5],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = jobs::evaluate_task(environment, env, [source, filename, bind])?;
    let timeout = arguments::timeout(env, timeout);
    let value = run(environment, env, &interpreter, task, timeout)?;
    to_js::write(environment, env, value).map(Some)
}

/// `call` without keyword arguments and timeout, with the positional ones as arguments of its own:
/// taking an array apart costs as much as the rest of the call.
pub(super) fn invoke<'s>(
    environment: &Environment,
    env: Env<'s>,
    args: [Val<'s>; jobs::INVOKE_ARGUMENTS],
    count: usize,
) -> Returns<'s> {
    let (interpreter, task) = jobs::invocation(environment, env, &args, count)?;
    let value = run(environment, env, &interpreter, task, None)?;
    to_js::write(environment, env, value).map(Some)
}

/// `invoke` with keyword arguments.
pub(super) fn invoke_named<'s>(
    environment: &Environment,
    env: Env<'s>,
    args: [Val<'s>; jobs::INVOKE_NAMED_ARGUMENTS],
    count: usize,
) -> Returns<'s> {
    let (interpreter, task) = jobs::named_invocation(environment, env, &args, count)?;
    let value = run(environment, env, &interpreter, task, None)?;
    to_js::write(environment, env, value).map(Some)
}

pub(super) fn call<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, target, args, kwargs, timeout]: [Val<'s>; 5],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = jobs::call_task(environment, env, [target, args, kwargs])?;
    let timeout = arguments::timeout(env, timeout);
    let value = run(environment, env, &interpreter, task, timeout)?;
    to_js::write(environment, env, value).map(Some)
}
