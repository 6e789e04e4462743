//! Jobs through an interpreter's own thread: one at a time with a promise each, or many at a time.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::from_js::{self, Mode};
use super::super::js::{Env, Js, Val, ValueType};
use super::super::mailbox::Message;
use super::super::pending::{Job, Tells};
use super::super::polling::{Awaited, Begun};
use super::super::slab::Key;
use super::{Returns, arguments};
use crate::interpreter::{
    Bindings, Completion, Each, Follows, FunctionId, Interpreter, JobId, NamesId, Stop, Target,
    Task, intern_function, intern_names,
};
use crate::value::Value;

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
    let tells = match &task {
        Task::Exec { .. } | Task::PrepareMain(_) => Tells::End(deferred),
        Task::CallEach { each, .. } => Tells::Each(deferred, Arc::clone(each)),
        Task::Call { .. } | Task::CallNamed { .. } | Task::Evaluate { .. } => {
            Tells::Result(deferred)
        }
    };
    let begun = environment.wait_begins(env, Awaited::Job, 0);
    let (ticket, done) = environment.keep_job(env, interpreter, number, tells, &begun);
    let id = interpreter.submit(task, timeout, done, begun.follows());
    environment.submitted(ticket, id);
    Ok(Some(promise))
}

impl Environment {
    /// Keeps what is to be told at the end of a job: its key, and what the job calls then.
    fn keep_job(
        &self,
        env: Env<'_>,
        interpreter: &Interpreter,
        number: u64,
        tells: Tells,
        begun: &Begun,
    ) -> (Key, Completion) {
        let ticket = self.jobs.borrow_mut().insert(Job {
            tells,
            interpreter: interpreter.clone(),
            id: None,
            number,
        });
        self.wait_kept(begun, ticket);
        if number != 0 {
            self.job_numbers.borrow_mut().insert(number, ticket);
        }
        self.hold(env);
        let mailbox = Arc::clone(&self.mailbox);
        let done = Box::new(move |outcome| mailbox.post(Message::JobDone { ticket, outcome }));
        (ticket, done)
    }

    /// The job has an id now.
    fn submitted(&self, ticket: Key, id: JobId) {
        if let Some(job) = self.jobs.borrow_mut().get_mut(ticket) {
            job.id = Some(id);
        }
    }
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
        target: environment.target(env, target)?,
        args: from_js::read_arguments(environment, env, args)?,
        kwargs: from_js::read_bindings(environment, env, kwargs)?,
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

/// The interpreter, the function, the number of the names, and the arguments.
pub(super) const INVOKE_NAMED_ARGUMENTS: usize = 3 + MOST_ARGUMENTS;

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
        target: environment.target(env, target)?,
        args: from_js::read_each(environment, env, &args[2..count.max(2)])?,
        kwargs: Vec::new(),
    };
    Ok((interpreter, task))
}

/// As [`invocation`], with the number of names before the arguments, of which the last are named.
pub(super) fn named_invocation(
    environment: &Environment,
    env: Env<'_>,
    args: &[Val<'_>; INVOKE_NAMED_ARGUMENTS],
    count: usize,
) -> Js<(Rc<Interpreter>, Task)> {
    let [handle, target, number, ..] = *args;
    let interpreter = environment.interpreter(env, handle)?;
    let names = NamesId::from_number(env.get_number(number).unwrap_or(f64::NAN));
    let names = names.ok_or_else(|| Failed::invalid("no names were interned under this number"))?;
    let args = &args[3..count.clamp(3, INVOKE_NAMED_ARGUMENTS)];
    let task = Task::CallNamed {
        target: environment.target(env, target)?,
        args: from_js::read_named(environment, env, args, &names.names())?,
        names,
    };
    Ok((interpreter, task))
}

/// `invoke` with keyword arguments.
pub(super) fn invoke_named<'s>(
    environment: &Environment,
    env: Env<'s>,
    args: [Val<'s>; INVOKE_NAMED_ARGUMENTS],
    count: usize,
) -> Returns<'s> {
    let (interpreter, task) = named_invocation(environment, env, &args, count)?;
    submit(environment, env, &interpreter, task, None, 0)
}

pub(super) fn intern_names_of<'s>(
    environment: &Environment,
    env: Env<'s>,
    [names]: [Val<'s>; 1],
) -> Returns<'s> {
    let names = match from_js::read(environment, env, names, Mode::Message)? {
        Value::Tuple(names) => names.into_iter().map(|name| match name {
            Value::Str(name) => Some(name),
            _ => None,
        }),
        _ => return Err(Failed::invalid("names are an array of strings").into()),
    };
    let names: Option<Vec<_>> = names.collect();
    let names = names.ok_or_else(|| Failed::invalid("names are an array of strings"))?;
    env.number(f64::from(intern_names(names).number()))
        .map(Some)
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

/// Calls of one function, one job each. Gives how many were submitted: those before the first whose
/// arguments cannot cross, which is an error only if it is the first of all.
pub(super) fn call_many<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, target, calls, takes_item, number]: [Val<'s>; 5],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let function = environment.function(env.get_number(target).unwrap_or(f64::NAN))?;
    let first = arguments::number(env, number);
    let calls: Vec<Vec<Value>> = if env.get_boolean(takes_item)? {
        let items = from_js::read_items(environment, env, calls)?;
        items.into_iter().map(|item| vec![item]).collect()
    } else {
        from_js::read_argument_lists(environment, env, calls)?
    };
    let count = calls.len();
    let mut tickets = Vec::with_capacity(count);
    let mut follows = Follows::Later;
    let jobs: Vec<(Task, Completion)> = calls
        .into_iter()
        .zip(first..)
        .map(|(args, number)| {
            let begun = environment.wait_begins(env, Awaited::Job, count - 1 - tickets.len());
            follows = begun.follows();
            let (ticket, done) =
                environment.keep_job(env, &interpreter, number, Tells::Hook, &begun);
            tickets.push(ticket);
            let task = Task::Call {
                target: Target::Function(function),
                args,
                kwargs: Bindings::new(),
            };
            (task, done)
        })
        .collect();
    let ids = interpreter.submit_all(jobs, follows);
    for (ticket, id) in tickets.into_iter().zip(ids) {
        environment.submitted(ticket, id);
    }
    env.number(count as f64).map(Some)
}

/// A function called for one item after the other, as one job.
pub(super) fn call_each<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, target, items, kwargs, budget, number]: [Val<'s>; 6],
) -> Returns<'s> {
    let interpreter = environment.interpreter(env, handle)?;
    let task = Task::CallEach {
        target: environment.target(env, target)?,
        items: from_js::read_items(environment, env, items)?,
        kwargs: from_js::read_bindings(environment, env, kwargs)?,
        budget: arguments::timeout(env, budget),
        each: Arc::new(Each::default()),
    };
    let number = arguments::number(env, number);
    submit(environment, env, &interpreter, task, None, number)
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
    fn target(&self, env: Env<'_>, target: Val<'_>) -> Js<Target> {
        match env.get_number(target) {
            Some(number) => self.function(number).map(Target::Function),
            None => arguments::text(env, target, "a function's path").map(Target::Path),
        }
    }

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
    let number = arguments::number(env, number);
    let found = environment.numbered_job(number);
    let withdrawn = found.is_some_and(|(interpreter, id)| interpreter.withdraw(id));
    if withdrawn {
        environment.forget_withdrawn(env, number);
    }
    env.boolean(withdrawn).map(Some)
}

impl Environment {
    /// A job that the hook would be told of was withdrawn: nobody needs to be told.
    fn forget_withdrawn(&self, env: Env<'_>, number: u64) {
        let Some(&ticket) = self.job_numbers.borrow().get(&number) else {
            return;
        };
        let is_hooks = |job: &Job| matches!(job.tells, Tells::Hook);
        if !self.jobs.borrow().get(ticket).is_some_and(is_hooks) {
            return;
        }
        let job = self.jobs.borrow_mut().remove(ticket);
        drop(job);
        self.job_numbers.borrow_mut().remove(&number);
        self.let_go(env);
    }

    /// The job that was submitted here under this number, as long as its end was not told.
    fn numbered_job(&self, number: u64) -> Option<(Interpreter, JobId)> {
        let numbers = self.job_numbers.borrow();
        let jobs = self.jobs.borrow();
        let job = numbers.get(&number).and_then(|&ticket| jobs.get(ticket))?;
        Some((job.interpreter.clone(), job.id?))
    }
}
