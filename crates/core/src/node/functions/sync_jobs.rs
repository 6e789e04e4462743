//! Jobs on the calling thread: they block JavaScript, and are the fastest way.

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
    timeout: Val<'_>,
) -> Js<Value> {
    environment.keep_thread_states();
    let outcome = interpreter.run_here(task, arguments::timeout(env, timeout));
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
    let value = run(environment, env, &interpreter, task, timeout)?;
    to_js::write(environment, env, value).map(Some)
}

pub(super) fn call<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, target, args, kwargs, timeout]: [Val<'s>; 5],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = jobs::call_task(environment, env, [target, args, kwargs])?;
    let value = run(environment, env, &interpreter, task, timeout)?;
    to_js::write(environment, env, value).map(Some)
}
