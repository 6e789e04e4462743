//! What TypeScript gives to native code: `Hooks` in `binding.ts`.

use super::failure::Failed;
use super::js::{Env, Js, Ref, Val, ValueType};

/// Which hook; the order is that of [`NAMES`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Hook {
    MakeError,
    Describe,
    WrapShared,
    WrapRecord,
    MakeComplex,
    MakeReadonlyMap,
    MakeReadonlySet,
    JobsEnded,
    HostCalled,
    Soon,
    After,
}

const NAMES: [&std::ffi::CStr; 11] = [
    c"makeError",
    c"describe",
    c"wrapShared",
    c"wrapRecord",
    c"makeComplex",
    c"makeReadonlyMap",
    c"makeReadonlySet",
    c"jobsEnded",
    c"hostCalled",
    c"soon",
    c"after",
];

/// The hooks of one environment.
pub(super) struct Hooks {
    /// `this` for each of them.
    object: Ref,
    functions: Vec<Ref>,
}

impl Hooks {
    pub(super) fn read(env: Env<'_>, object: Val<'_>) -> Js<Self> {
        if env.type_of(object)? != ValueType::Object {
            return Err(Failed::Internal("setHooks takes an object".into()).into());
        }
        let functions = NAMES.iter().map(|name| {
            let function = env.named(object, name)?;
            if env.type_of(function)? == ValueType::Function {
                return env.reference(function);
            }
            let name = name.to_string_lossy();
            Err(Failed::Internal(format!("setHooks: {name} is no function")).into())
        });
        let functions = functions.collect::<Js<_>>()?;
        Ok(Self {
            object: env.reference(object)?,
            functions,
        })
    }

    /// The hook, to be called when nothing of the environment is borrowed.
    pub(super) fn get<'s>(&self, env: Env<'s>, which: Hook) -> Js<BoundHook<'s>> {
        Ok(BoundHook {
            this: env.get(&self.object)?,
            function: env.get(&self.functions[which as usize])?,
        })
    }
}

/// A hook with its `this`.
#[derive(Clone, Copy)]
pub(super) struct BoundHook<'s> {
    this: Val<'s>,
    function: Val<'s>,
}

impl BoundHook<'_> {
    pub(super) fn call<'s>(self, env: Env<'s>, args: &[Val<'_>]) -> Js<Val<'s>> {
        env.call_method(self.this, self.function, args)
    }
}
