//! Starting CPython; creating, asking and closing interpreters.

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use super::super::environment::Environment;
use super::super::failure::Failed;
use super::super::info;
use super::super::js::{Env, Js, Thrown, Val, ValueType};
use super::super::mailbox::Message;
use super::super::pending::settle;
use super::super::thing::Thing;
use super::{Returns, arguments};
use crate::extension::BOOTSTRAP;
use crate::interpreter::{
    self, CloseReport, CreateOptions, Interpreter, Isolation, Output, StartOptions,
};

/// Runs `work` on a thread of its own and settles a promise with what `show` makes of its result.
fn in_background<'s, T: Send + 'static>(
    environment: &Environment,
    env: Env<'s>,
    work: impl FnOnce(Box<dyn FnOnce(T) + Send>) + Send + 'static,
    show: impl for<'a> FnOnce(&Environment, Env<'a>, T) -> Js<Val<'a>> + Send + 'static,
) -> Js<Val<'s>> {
    let (deferred, promise) = env.promise()?;
    // Deferreds stay on this thread; the number of this one's place goes around.
    let ticket = environment.deferreds.borrow_mut().insert(deferred);
    let mailbox = Arc::clone(&environment.mailbox);
    environment.hold(env);
    let settling = move |environment: &Environment, env: Env<'_>, result: Option<T>| {
        let Some(deferred) = environment.deferreds.borrow_mut().remove(ticket) else {
            return;
        };
        environment.let_go(env);
        let result = match result {
            Some(result) => show(environment, env, result),
            None => Err(Failed::Internal("a thread panicked: see stderr".to_owned()).into()),
        };
        if let Err(thrown) = settle(environment, env, deferred, result) {
            environment.uncaught(env, thrown);
        }
    };
    let mut answer = Answer(
        Some(move |result: Option<T>| {
            mailbox.post(Message::Run(Box::new(move |environment, env| {
                settling(environment, env, result);
            })));
        }),
        PhantomData,
    );
    let done = Box::new(move |result: T| {
        if let Some(post) = answer.0.take() {
            post(Some(result));
        }
    });
    let thread = std::thread::Builder::new().name("multicore-helper".into());
    if let Err(error) = thread.spawn(move || work(done)) {
        environment.let_go(env);
        let deferred = environment.deferreds.borrow_mut().remove(ticket);
        let failed = Err(Failed::Internal(format!("no thread could be started: {error}")).into());
        if let Some(deferred) = deferred {
            settle(environment, env, deferred, failed)?;
        }
    }
    Ok(promise)
}

/// Posts a result once; `None` when it is dropped without one, because `work` panicked. The promise
/// would never settle otherwise, and the process never end.
struct Answer<T, F: FnOnce(Option<T>)>(Option<F>, PhantomData<T>);

impl<T, F: FnOnce(Option<T>)> Drop for Answer<T, F> {
    fn drop(&mut self) {
        if let Some(post) = self.0.take() {
            post(None);
        }
    }
}

fn start_options(env: Env<'_>, options: Val<'_>) -> Js<StartOptions> {
    let path = arguments::strings(env, env.named(options, c"path")?, "path")?;
    let variables = env.named(options, c"env")?;
    let names = env.own_keys(variables)?;
    let length = env.array_length(names)?;
    let pairs = (0..length).map(|index| {
        let name = env.element(names, index)?;
        let value = arguments::string(env, env.property(variables, name)?, "a variable of env")?;
        Ok((
            arguments::string(env, name, "the name of a variable of env")?,
            value,
        ))
    });
    Ok(StartOptions {
        executable: arguments::string(env, env.named(options, c"executable")?, "executable")?,
        path: path.unwrap_or_default(),
        env: pairs.collect::<Js<_>>()?,
    })
}

pub(super) fn start<'s>(
    environment: &Environment,
    env: Env<'s>,
    [options]: [Val<'s>; 1],
) -> Returns<'s> {
    let options = start_options(env, options)?;
    in_background(
        environment,
        env,
        move |done| done(interpreter::start(options, &BOOTSTRAP)),
        |_, env, started| {
            started?;
            env.undefined()
        },
    )
    .map(Some)
}

pub(super) fn start_sync<'s>(
    _: &Environment,
    env: Env<'s>,
    [options]: [Val<'s>; 1],
) -> Returns<'s> {
    interpreter::start(start_options(env, options)?, &BOOTSTRAP)?;
    Ok(None)
}

fn create_options(environment: &Environment, env: Env<'_>, options: Val<'_>) -> Js<CreateOptions> {
    let isolation = env.named(options, c"isolation")?;
    let isolation = match arguments::optional_string(env, isolation, "isolation")?.as_deref() {
        None | Some("own-gil") => Isolation::OwnGil,
        Some("shared-gil") => Isolation::SharedGil,
        Some(other) => {
            return Err(Failed::invalid(format!("there is no isolation {other:?}")).into());
        }
    };
    let serial = env.named(options, c"serial")?;
    let output = |name: &std::ffi::CStr| -> Js<Output> {
        let output = env.named(options, name)?;
        if env.type_of(output)? == ValueType::Function {
            return environment.sink(env, output);
        }
        match arguments::optional_string(env, output, "an output")?.as_deref() {
            None | Some("inherit") => Ok(Output::Inherit),
            Some("ignore") => Ok(Output::Ignore),
            Some(other) => Err(Failed::invalid(format!("there is no output {other:?}")).into()),
        }
    };
    Ok(CreateOptions {
        name: arguments::optional_string(env, env.named(options, c"name")?, "a name")?,
        isolation,
        serial: arguments::switch(env, serial, "serial")?.unwrap_or(false),
        path: arguments::strings(env, env.named(options, c"path")?, "path")?.unwrap_or_default(),
        argv: arguments::strings(env, env.named(options, c"argv")?, "argv")?,
        stdout: output(c"stdout")?,
        stderr: output(c"stderr")?,
    })
}

fn own<'s>(environment: &Environment, env: Env<'s>, interpreter: Interpreter) -> Js<Val<'s>> {
    environment.own(interpreter.clone());
    environment.handle(env, Thing::Interpreter(Rc::new(interpreter)))
}

pub(super) fn create<'s>(
    environment: &Environment,
    env: Env<'s>,
    [options]: [Val<'s>; 1],
) -> Returns<'s> {
    let options = create_options(environment, env, options)?;
    let mailbox = Arc::clone(&environment.mailbox);
    in_background(
        environment,
        env,
        move |done| {
            let created = Interpreter::create(options).map(|created| Orphan::new(created, mailbox));
            done(created);
        },
        |environment, env, created| own(environment, env, created?.adopt()),
    )
    .map(Some)
}

/// An interpreter that was created for an environment and has not got there. If the environment has
/// ended meanwhile, nobody would ever close it.
struct Orphan {
    interpreter: Option<Interpreter>,
    /// The environment that is to have it.
    _of: Arc<super::super::mailbox::Mailbox>,
}

impl Orphan {
    fn new(interpreter: Interpreter, of: Arc<super::super::mailbox::Mailbox>) -> Self {
        Self {
            interpreter: Some(interpreter),
            _of: of,
        }
    }

    fn adopt(mut self) -> Interpreter {
        match self.interpreter.take() {
            Some(interpreter) => interpreter,
            None => unreachable!("only `adopt` takes it, and it takes the orphan with it"),
        }
    }
}

impl Drop for Orphan {
    fn drop(&mut self) {
        if let Some(interpreter) = self.interpreter.take() {
            interpreter.close(Some(std::time::Duration::ZERO), Box::new(|_| ()));
        }
    }
}

pub(super) fn create_sync<'s>(
    environment: &Environment,
    env: Env<'s>,
    [options]: [Val<'s>; 1],
) -> Returns<'s> {
    let created = Interpreter::create(create_options(environment, env, options)?)?;
    own(environment, env, created).map(Some)
}

pub(super) fn main<'s>(environment: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    environment.keep_thread_states();
    let main = Interpreter::main()?;
    environment
        .handle(env, Thing::Interpreter(Rc::new(main)))
        .map(Some)
}

pub(super) fn list<'s>(environment: &Environment, env: Env<'s>, []: [Val<'s>; 0]) -> Returns<'s> {
    let list = Interpreter::list();
    env.array(list, |env, interpreter| {
        environment.handle(env, Thing::Interpreter(Rc::new(interpreter)))
    })
    .map(Some)
}

pub(super) fn info<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    info::interpreter(env, &*environment.interpreter(env, handle)?).map(Some)
}

pub(super) fn state<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    env.string(info::state(environment.interpreter(env, handle)?.state()))
        .map(Some)
}

pub(super) fn stray_threads<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let stray = environment.interpreter(env, handle)?.stray_threads();
    env.number(stray.into()).map(Some)
}

pub(super) fn stats<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    let stats = environment.interpreter(env, handle)?.stats();
    info::interpreter_stats(env, &stats).map(Some)
}

pub(super) fn interrupt<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle]: [Val<'s>; 1],
) -> Returns<'s> {
    environment.interpreter(env, handle)?.interrupt();
    Ok(None)
}

pub(super) fn close<'s>(
    environment: &Environment,
    env: Env<'s>,
    [handle, timeout]: [Val<'s>; 2],
) -> Returns<'s> {
    let interpreter = Interpreter::clone(&*environment.interpreter(env, handle)?);
    let timeout = arguments::timeout(env, timeout);
    // This thread's own state must go, and only this thread can see to that.
    environment.disown(&interpreter);
    in_background(
        environment,
        env,
        move |done| interpreter.close(timeout, done),
        |_, env, report: CloseReport| {
            let object = env.object()?;
            let abandoned = info::optional(env, report.abandoned.as_deref())?;
            env.set_named(object, c"abandoned", abandoned)?;
            if let Some(kept) = &report.kept {
                env.set_named(object, c"kept", env.string(kept)?)?;
            }
            Ok::<_, Thrown>(object)
        },
    )
    .map(Some)
}
