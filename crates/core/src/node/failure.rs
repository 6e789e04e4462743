//! Why something that JavaScript asked for failed, and how that becomes a JavaScript error:
//! `NativeFailure` in `binding.ts`.

use std::sync::Arc;

use super::environment::Environment;
use super::hooks::Hook;
use super::js::{Env, Js, Tag, Val};
use super::to_js;
use crate::channel::{ReceiveError, Refusal};
use crate::interpreter::{CreateError, ExceptionData, Failure, Frame, StartError, Stop};
use crate::value::{Location, NotShareable};

/// A failure that has no JavaScript error yet.
#[derive(Debug)]
pub(super) enum Failed {
    /// A job has no result; of which interpreter.
    Job(Failure, String),
    /// A value cannot cross.
    NotShareable(NotShareable),
    /// A value is nested too deeply, or contains itself: the class of the outermost one refused.
    TooDeep(String),
    /// A channel refused: why, and the reason of a poisoned one.
    Channel(&'static str, Option<Arc<str>>),
    /// CPython did not start.
    Start(StartError),
    /// An interpreter was not created.
    Create(CreateError),
    /// The binding was misused: a stale handle, a wrong argument.
    Invalid(String),
    /// A defect of ours.
    Internal(String),
}

impl Failed {
    /// A wrong use of the binding.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// Adds a step to the way to the culprit, if this is about one.
    pub(super) fn at(mut self, step: impl FnOnce(&mut Location)) -> Self {
        if let Self::NotShareable(refusal) = &mut self {
            step(&mut refusal.location);
        }
        self
    }
}

impl From<NotShareable> for Failed {
    fn from(refusal: NotShareable) -> Self {
        Self::NotShareable(refusal)
    }
}

impl From<StartError> for Failed {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}

impl From<CreateError> for Failed {
    fn from(error: CreateError) -> Self {
        Self::Create(error)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self::Channel("full", None),
            Refusal::Closed => Self::Channel("closed", None),
            Refusal::Poisoned(reason) => Self::Channel("poisoned", Some(reason)),
            Refusal::TimedOut => Self::Channel("timeout", None),
            Refusal::Interrupted => Self::Channel("cancelled", None),
        }
    }
}

impl From<ReceiveError> for Failed {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Empty => Self::Channel("empty", None),
            ReceiveError::Closed => Self::Channel("closed", None),
            ReceiveError::Poisoned(reason) => Self::Channel("poisoned", Some(reason)),
            ReceiveError::TimedOut => Self::Channel("timeout", None),
            ReceiveError::Interrupted => Self::Channel("cancelled", None),
        }
    }
}

// SAFETY: a random number that nobody else has.
pub(super) static EXCEPTION: Tag<Arc<ExceptionData>> =
    unsafe { Tag::new(0x7c1f_93d2_5be0_4a86_b1d4_e26f_0837_c95a) };

/// The JavaScript error for a failure, as `hooks.makeError` makes it.
pub(super) fn error<'s>(environment: &Environment, env: Env<'s>, failed: Failed) -> Js<Val<'s>> {
    if let Failed::Internal(message) = &failed {
        return env.plain_error("ERR_INTERNAL", message);
    }
    let Some(hook) = environment.hook(env, Hook::MakeError)? else {
        let message = format!("setHooks was not called, and this failed: {failed:?}");
        return env.plain_error("ERR_INTERNAL", &message);
    };
    let record = describe(environment, env, &failed)?;
    let error = hook.call(env, &[record])?;
    if let Failed::Job(Failure::Exception(exception), _) = failed
        && !is_hosts(&exception)
    {
        EXCEPTION.put(env, error, exception.into());
    }
    Ok(error)
}

/// Whether an error of the user's own came back through Python: it is left as it is.
fn is_hosts(exception: &ExceptionData) -> bool {
    exception
        .attributes
        .iter()
        .any(|(_, value)| to_js::is_host_error(value))
}

/// Whether an error can be made of the type, message and notes alone: most are never asked for more. An error has
/// its causes and members from the start, and what an import that failed says decides what error is made.
fn is_read_later(exception: &ExceptionData) -> bool {
    !is_hosts(exception)
        && exception.cause.is_none()
        && exception.errors.is_empty()
        && !matches!(&*exception.type_name, "ImportError" | "ModuleNotFoundError")
}

/// The whole record of the exception that an error of ours stands for; nothing for any other object.
pub(super) fn details<'s>(
    environment: &Environment,
    env: Env<'s>,
    error: Val<'_>,
) -> Js<Option<Val<'s>>> {
    let Some(exception) = EXCEPTION.with(env, error, Arc::clone) else {
        return Ok(None);
    };
    describe_exception(environment, env, &exception).map(Some)
}

fn describe<'s>(environment: &Environment, env: Env<'s>, failed: &Failed) -> Js<Val<'s>> {
    let object = env.object()?;
    let set = |name: &std::ffi::CStr, text: &str| env.set_named(object, name, env.string(text)?);
    match failed {
        Failed::Job(failure, interpreter) => {
            let name = |kind| {
                set(c"kind", kind)?;
                set(c"interpreter", interpreter)
            };
            let is_still_running = matches!(failure, Failure::StillRunning(_));
            match failure {
                Failure::Exception(exception) if is_read_later(exception) => {
                    name("plain-exception")?;
                    set(c"type", &exception.type_name)?;
                    env.set_named(object, c"message", env.text(&exception.message)?)?;
                    if !exception.notes.is_empty() {
                        let notes = env.array(&exception.notes, |env, note| env.text(note))?;
                        env.set_named(object, c"notes", notes)?;
                    }
                }
                Failure::Exception(exception) => {
                    name("exception")?;
                    let record = describe_exception(environment, env, exception)?;
                    env.set_named(object, c"exception", record)?;
                }
                Failure::NotShareable(refusal) => {
                    return describe(environment, env, &refusal.clone().into());
                }
                Failure::Stopped(stop) | Failure::StillRunning(stop) => {
                    if is_still_running {
                        env.set_named(object, c"stillRunning", env.boolean(true)?)?;
                    }
                    set(c"kind", "stopped")?;
                    set(c"why", why(*stop))?;
                    if let Stop::TimedOut(timeout) = stop {
                        let milliseconds = env.number(timeout.as_secs_f64() * 1000.0)?;
                        env.set_named(object, c"timeout", milliseconds)?;
                    }
                }
                Failure::Closed => name("closed")?,
                Failure::Abandoned => name("abandoned")?,
                Failure::Busy => name("busy")?,
                // Of no kind in the contract: the caller gets the message itself.
                Failure::Internal(message) => {
                    return Err(Failed::Internal(message.clone()).into());
                }
            }
        }
        Failed::NotShareable(refusal) => {
            set(c"kind", "not-shareable")?;
            set(c"path", &refusal.location.to_string())?;
            set(c"type", &refusal.type_name)?;
            set(c"reason", &refusal.reason)?;
        }
        Failed::TooDeep(type_name) => {
            set(c"kind", "not-shareable")?;
            set(c"path", "$")?;
            set(c"type", type_name)?;
            let depth = crate::value::MAX_DEPTH;
            set(
                c"reason",
                &format!("it contains itself, or is nested more than {depth} deep"),
            )?;
        }
        Failed::Channel(why, reason) => {
            set(c"kind", "channel")?;
            set(c"why", why)?;
            if let Some(reason) = reason {
                set(c"reason", reason)?;
            }
        }
        Failed::Start(error) => {
            set(c"kind", "start")?;
            let (why, message) = match error {
                StartError::AlreadyStarted => ("already-started", ""),
                StartError::Python(message) => ("python", message.as_str()),
            };
            set(c"why", why)?;
            set(c"message", message)?;
        }
        Failed::Create(error) => {
            set(c"kind", "create")?;
            let (why, message) = match error {
                CreateError::NotStarted => ("not-started", ""),
                CreateError::NameTaken(name) => ("name-taken", name.as_str()),
                CreateError::Python(message) => ("python", message.as_str()),
            };
            set(c"why", why)?;
            set(c"message", message)?;
        }
        Failed::Invalid(message) | Failed::Internal(message) => {
            set(c"kind", "invalid")?;
            set(c"message", message)?;
        }
    }
    Ok(object)
}

fn why(stop: Stop) -> &'static str {
    match stop {
        Stop::Interrupted => "interrupted",
        Stop::TimedOut(_) => "timeout",
        Stop::Cancelled => "cancelled",
        Stop::Closing => "closing",
    }
}

/// `NativeException`. Causes and members of a group are as deep as Python made them, which the
/// side that took them out of Python bounds.
fn describe_exception<'s>(
    environment: &Environment,
    env: Env<'s>,
    exception: &ExceptionData,
) -> Js<Val<'s>> {
    let object = env.object()?;
    env.set_named(object, c"type", env.string(&exception.type_name)?)?;
    env.set_named(object, c"message", env.text(&exception.message)?)?;
    env.set_named(object, c"traceback", env.text(&exception.traceback)?)?;
    let frames = env.array(&exception.frames, |env, frame| describe_frame(env, frame))?;
    env.set_named(object, c"frames", frames)?;
    let notes = env.array(&exception.notes, |env, note| env.text(note))?;
    env.set_named(object, c"notes", notes)?;
    let cause = match &exception.cause {
        Some(cause) => describe_exception(environment, env, cause)?,
        None => env.null()?,
    };
    env.set_named(object, c"cause", cause)?;
    let errors = env.array(&exception.errors, |env, error| {
        describe_exception(environment, env, error)
    })?;
    env.set_named(object, c"errors", errors)?;
    let attributes = env.object()?;
    for (name, value) in &exception.attributes {
        // One that cannot be shown is left out: the error itself matters more.
        if let Ok(value) = to_js::write(environment, env, value.clone()) {
            env.define(attributes, env.text(name)?, value)?;
        } else {
            let _ = env.take_exception();
        }
    }
    env.set_named(object, c"attributes", attributes)?;
    Ok(object)
}

fn describe_frame<'s>(env: Env<'s>, frame: &Frame) -> Js<Val<'s>> {
    let object = env.object()?;
    env.set_named(object, c"filename", env.text(&frame.filename)?)?;
    env.set_named(object, c"function", env.text(&frame.function)?)?;
    env.set_named(object, c"line", env.number(f64::from(frame.line))?)?;
    env.set_named(object, c"column", env.number(f64::from(frame.column))?)?;
    env.set_named(object, c"source", env.text(&frame.source)?)?;
    Ok(object)
}
