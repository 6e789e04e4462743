//! JavaScript functions that Python calls, and what they throw.
//!
//! A call goes through the queue of the function's environment, unless the calling Python code runs
//! on that environment's own thread (below a synchronous call): then it is made right there.

use std::any::Any;
use std::sync::Arc;

use super::environment::Environment;
use super::failure::{EXCEPTION, Failed};
use super::from_js::{self, Mode};
use super::helpers::Helper;
use super::hooks::Hook;
use super::js::{self, Env, Js, Thrown, Val, ValueType};
use super::mailbox::{Message, RemoteRef};
use super::slab::Key;
use super::to_js;
use crate::interpreter::{Bindings, HostError, HostFunction, Reply};
use crate::value::{Shared, Value};

/// A JavaScript function, as Python holds it.
#[derive(Debug)]
pub(super) struct JsFunction {
    name: String,
    pub(super) function: RemoteRef,
}

/// The very error object that JavaScript threw, on its way through Python.
#[derive(Debug)]
pub(super) struct ThrownByHost {
    pub(super) error: RemoteRef,
}

impl Shared for ThrownByHost {
    fn kind(&self) -> &'static str {
        "Error"
    }
}

impl Shared for JsFunction {
    fn kind(&self) -> &'static str {
        "function"
    }

    fn as_interface(self: Arc<Self>) -> Option<Box<dyn Any>> {
        let function: Arc<dyn HostFunction> = self;
        Some(Box::new(function))
    }
}

impl JsFunction {
    pub(super) fn new(environment: &Environment, env: Env<'_>, function: Val<'_>) -> Js<Self> {
        // A name may be anything, also a getter that throws.
        let name = env
            .named(function, c"name")
            .and_then(|name| env.get_string(name));
        let name = name.unwrap_or_else(|_| {
            let _ = env.take_exception();
            String::new()
        });
        Ok(Self {
            name,
            function: environment.remote(env, function)?,
        })
    }
}

impl HostFunction for JsFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn call(&self, caller: Option<String>, args: Vec<Value>, kwargs: Bindings, reply: Reply) {
        let mailbox = &self.function.mailbox;
        let call = HostCall {
            caller,
            function: self.function.key,
            args,
            kwargs,
            answer: Answer(Some(reply)),
        };
        if js::is_local(mailbox.id) {
            js::with_local(mailbox.id, |environment, env| {
                environment.flush_sinks(env);
                call.run(environment, env, Waits::No);
            });
        } else {
            mailbox.post(Message::HostCall(call));
        }
    }
}

/// Who waits for a host call's answer is told exactly once, whatever happens to the call.
struct Answer(Option<Reply>);

impl Answer {
    fn give(mut self, result: Result<Value, HostError>) {
        if let Some(reply) = self.0.take() {
            reply(result);
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(reply) = self.0.take() {
            reply(Err(plain(
                "Error",
                "the JavaScript environment of this function has ended",
            )));
        }
    }
}

/// A call under way.
pub(super) struct HostCall {
    /// What labels of waits call the thread that waits, while somebody watches.
    caller: Option<String>,
    function: Key,
    args: Vec<Value>,
    kwargs: Bindings,
    answer: Answer,
}

/// A call whose function returned a thenable.
pub(super) struct Waiting(Answer);

/// Whether the calling Python code can wait for a thenable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// It runs elsewhere.
    Yes,
    /// It runs on this very thread, and the thenable would never settle.
    No,
}

impl HostCall {
    /// Makes the call and answers it, now or when the thenable that it returns settles.
    pub(super) fn run(self, environment: &Environment, env: Env<'_>, waits: Waits) {
        let Self {
            caller,
            function,
            args,
            kwargs,
            answer,
        } = self;
        // A call on this very thread is no wait.
        let caller = caller.filter(|_| waits == Waits::Yes);
        let result = match invoke(environment, env, caller, function, args, kwargs) {
            Ok(result) => result,
            Err(thrown) => return answer.give(Err(host_error(environment, env, thrown))),
        };
        match settle(environment, env, result, waits) {
            Ok(Settled::Value(value)) => answer.give(Ok(value)),
            Ok(Settled::Later(thenable)) => {
                // Does not keep the event loop alive: the job that waits for it does, until it gives
                // up, and a promise by itself never does.
                let ticket = environment.waiting.borrow_mut().insert(Waiting(answer));
                if let Err(thrown) = wait(environment, env, thenable, ticket) {
                    end(environment, env, ticket, Err(thrown));
                }
            }
            Err(thrown) => answer.give(Err(host_error(environment, env, thrown))),
        }
    }
}

enum Settled<'s> {
    Value(Value),
    Later(Val<'s>),
}

fn invoke<'s>(
    environment: &Environment,
    env: Env<'s>,
    caller: Option<String>,
    function: Key,
    args: Vec<Value>,
    kwargs: Bindings,
) -> Js<Val<'s>> {
    let function = {
        let references = environment.references.borrow();
        let reference = references.get(function);
        env.get(reference.ok_or_else(|| Failed::Internal("a function was let go".into()))?)?
    };
    let mut values = Vec::with_capacity(args.len() + 1);
    for arg in args {
        values.push(to_js::write(environment, env, arg)?);
    }
    // JavaScript has no keyword arguments: by its own custom they are a last argument.
    if !kwargs.is_empty() {
        let entries = kwargs
            .into_iter()
            .map(|(name, value)| (Value::Str(name), value))
            .collect();
        values.push(to_js::write(environment, env, Value::Dict(entries))?);
    }
    match caller {
        None => env.call(function, &values),
        Some(caller) => {
            let args = env.array_with_length(values.len())?;
            for (index, value) in (0..).zip(values) {
                env.set_element(args, index, value)?;
            }
            let caller = env.string(&caller)?;
            environment.call_hook(env, Hook::HostCalled, &[caller, function, args])
        }
    }
}

fn settle<'s>(
    environment: &Environment,
    env: Env<'s>,
    result: Val<'s>,
    waits: Waits,
) -> Js<Settled<'s>> {
    let may_be = matches!(
        env.type_of(result)?,
        ValueType::Object | ValueType::Function
    );
    if !may_be || !env.get_boolean(environment.help(env, Helper::IsThenable, &[result])?)? {
        return Ok(Settled::Value(from_js::read(
            environment,
            env,
            result,
            Mode::Call,
        )?));
    }
    if waits == Waits::Yes {
        return Ok(Settled::Later(result));
    }
    environment.help(env, Helper::Swallow, &[result])?;
    Err(Failed::invalid(
        "an async function was called by Python code that runs synchronously (callSync, execSync, \
         evaluateSync): waiting for it would block the very thread that it needs. Use call, exec \
         or evaluate",
    )
    .into())
}

fn wait(environment: &Environment, env: Env<'_>, thenable: Val<'_>, ticket: Key) -> Js<()> {
    let settled = {
        let settled = environment.constants.settled.borrow();
        let missing = || Failed::Internal("the addon is not set up".into());
        env.get(settled.as_ref().ok_or_else(missing)?)?
    };
    let ticket = env.number(ticket.to_number())?;
    environment.help(env, Helper::SettleThen, &[thenable, ticket, settled])?;
    Ok(())
}

/// What `settleThen` in `helpers.js` calls when a thenable has settled.
pub(super) fn settled<'s>(
    environment: &Environment,
    env: Env<'s>,
    [ticket, fulfilled, value]: [Val<'s>; 3],
) -> Js<Option<Val<'s>>> {
    let Some(ticket) = super::thing::key(env, ticket) else {
        return Ok(None);
    };
    let result = if env.get_boolean(fulfilled)? {
        from_js::read(environment, env, value, Mode::Call)
    } else {
        Err(env.throw(value))
    };
    end(environment, env, ticket, result);
    Ok(None)
}

fn end(environment: &Environment, env: Env<'_>, ticket: Key, result: Js<Value>) {
    let waiting = environment.waiting.borrow_mut().remove(ticket);
    let result = result.map_err(|thrown| host_error(environment, env, thrown));
    if let Some(Waiting(answer)) = waiting {
        answer.give(result);
    }
}

/// What Python gets to know of something thrown in JavaScript.
fn host_error(environment: &Environment, env: Env<'_>, thrown: Thrown) -> HostError {
    let Some(error) = environment.error(env, thrown) else {
        return plain(
            "Error",
            "the JavaScript environment of this function is ending",
        );
    };
    describe(environment, env, error, MOST_CAUSES).unwrap_or_else(|_| {
        let _ = env.take_exception();
        plain("Error", "an error that cannot be read")
    })
}

/// How many causes of causes Python gets to know.
const MOST_CAUSES: usize = 16;

fn describe(
    environment: &Environment,
    env: Env<'_>,
    error: Val<'_>,
    most_causes: usize,
) -> Js<HostError> {
    let parts = environment.help(env, Helper::DescribeError, &[error])?;
    let part = |index| env.get_string(env.element(parts, index)?);
    let mut described = plain(&part(0)?, &part(1)?);
    described.stack = part(2)?;
    if matches!(env.type_of(error)?, ValueType::Object | ValueType::Function) {
        let token = ThrownByHost {
            error: environment.remote(env, error)?,
        };
        described.token = Some(Arc::new(token));
        described.python = EXCEPTION.with(env, error, |exception| Box::new((**exception).clone()));
    }
    // The causes of a Python exception are told with it.
    if described.python.is_none() && most_causes > 0 {
        let cause = env.element(parts, 3)?;
        if matches!(env.type_of(cause)?, ValueType::Object) {
            let cause = describe(environment, env, cause, most_causes - 1)?;
            described.cause = Some(Box::new(cause));
        }
    }
    Ok(described)
}

fn plain(name: &str, message: &str) -> HostError {
    HostError {
        name: name.to_owned(),
        message: message.to_owned(),
        stack: String::new(),
        token: None,
        python: None,
        cause: None,
    }
}
