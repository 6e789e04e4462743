//! The functions of the addon, as `binding.ts` declares them. Each is flat and thin: it reads its
//! arguments, calls the layer below and converts the result.

mod arguments;
mod channels;
mod general;
mod held;
mod interpreters;
mod jobs;
mod memory;
mod monitoring;
mod operations;
mod sync;
mod sync_jobs;

use super::environment::Environment;
use super::js::{self, Env, Js, Val};
use super::{backstop, host_call, polling, tick};

/// What every function returns: `None` is `undefined`.
type Returns<'s> = Js<Option<Val<'s>>>;

/// Puts the functions and constants on `exports`.
///
/// # Safety
/// `environment` stays where it is until no JavaScript of its environment can run any more.
pub(super) unsafe fn export(
    env: Env<'_>,
    environment: *const Environment,
    exports: Val<'_>,
) -> Js<()> {
    macro_rules! functions {
        ($($name:literal: $function:path,)*) => {
            $({
                // SAFETY: the caller's promise.
                let function = unsafe { js::define(env, environment, $name, $function) }?;
                let name = env.string($name)?;
                env.set_property(exports, name, function)?;
            })*
        };
    }
    functions! {
        "setHooks": general::set_hooks,
        "setMemory": general::set_memory,
        "release": general::release,
        "exceptionDetails": general::exception_details,
        "pythonVersion": general::python_version,
        "start": interpreters::start,
        "startSync": interpreters::start_sync,
        "createInterpreter": interpreters::create,
        "createInterpreterSync": interpreters::create_sync,
        "mainInterpreter": interpreters::main,
        "listInterpreters": interpreters::list,
        "interpreterInfo": interpreters::info,
        "interpreterState": interpreters::state,
        "strayThreads": interpreters::stray_threads,
        "interpreterStats": interpreters::stats,
        "closeInterpreter": interpreters::close,
        "interrupt": interpreters::interrupt,
        "exec": jobs::exec,
        "evaluate": jobs::evaluate,
        "call": jobs::call,
        "callMany": jobs::call_many,
        "callEach": jobs::call_each,
        "prepareMain": jobs::prepare_main,
        "internFunction": jobs::intern,
        "internNames": jobs::intern_names_of,
        "cancelJob": jobs::cancel,
        "withdrawJob": jobs::withdraw,
        "execSync": sync_jobs::exec,
        "evaluateSync": sync_jobs::evaluate,
        "callSync": sync_jobs::call,
        "createChannel": channels::create,
        "trySend": channels::try_send,
        "trySendMany": channels::try_send_many,
        "tryReceive": channels::try_receive,
        "tryReceiveMany": channels::try_receive_many,
        "closeEnd": channels::close,
        "poison": channels::poison,
        "channelStats": channels::stats,
        "listChannels": channels::list,
        "setMonitored": channels::set_monitored,
        "cloneEnd": channels::clone_end,
        "sameChannel": channels::same,
        "transferMemory": memory::transfer,
        "takeTransfer": memory::take,
        "releaseView": memory::release,
        "createPrimitive": sync::create,
        "primitiveWait": sync::wait,
        "primitiveDo": sync::act,
        "primitiveState": sync::state,
        "releasePermit": sync::release,
        "send": operations::send,
        "receive": operations::receive,
        "receiveHeld": held::receive,
        "takeHeld": held::take,
        "putBackHeld": held::put_back,
        "select": operations::select,
        "cancelOperation": operations::cancel,
        "watchWaits": monitoring::watch,
        "watchEvents": monitoring::watch_events,
        "listWaiters": monitoring::waiters,
        "listEnds": monitoring::ends,
        "recordWaits": monitoring::record_waits,
        "waitsSince": monitoring::waits_since,
        "listNotes": monitoring::notes,
        "setNote": monitoring::set_note,
    }
    macro_rules! variadic_functions {
        ($($name:literal: $function:path,)*) => {
            $({
                // SAFETY: the caller's promise.
                let function = unsafe { js::define_variadic(env, environment, $name, $function) }?;
                let name = env.string($name)?;
                env.set_property(exports, name, function)?;
            })*
        };
    }
    variadic_functions! {
        "invoke": jobs::invoke,
        "invokeSync": sync_jobs::invoke,
        "invokeNamed": jobs::invoke_named,
        "invokeNamedSync": sync_jobs::invoke_named,
    }
    env.set_named(
        exports,
        c"MOST_ARGUMENTS",
        env.number(jobs::MOST_ARGUMENTS as f64)?,
    )?;
    // SAFETY: the caller's promise.
    let (settled, drain, run_out, look) = unsafe {
        (
            js::define(env, environment, "settled", host_call::settled)?,
            js::define(env, environment, "drain", tick::drain)?,
            js::define(env, environment, "runOut", backstop::run_out)?,
            js::define(env, environment, "look", polling::look)?,
        )
    };
    // SAFETY: the caller's promise includes that it is alive now.
    let constants = unsafe { &(*environment).constants };
    constants.settled.replace(Some(env.reference(settled)?));
    constants.drain.replace(Some(env.reference(drain)?));
    constants.run_out.replace(Some(env.reference(run_out)?));
    constants.look.replace(Some(env.reference(look)?));
    env.set_named(exports, c"EMPTY", env.get(&constants.empty)?)?;
    env.set_named(exports, c"ENDED", env.get(&constants.ended)?)
}
