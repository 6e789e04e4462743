//! The JavaScript helpers of `helpers.js`, loaded once per environment.

use super::js::{Env, Js, Ref, Scratch, StreamMemory, Val};

/// Which helper; the order is that of `helpers.js`, which also says what each does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Helper {
    PackNumbers,
    MakeArray,
    UnpackDoubles,
    UnpackIntegers,
    Classify,
    Items,
    Entries,
    MakeMap,
    MakeSet,
    Pairs,
    Properties,
    MakeList,
    MakeTuple,
    MakeObject,
    MakeFrozenObject,
    Freeze,
    Nothing,
    DescribeError,
    TypeName,
    IsThenable,
    SettleThen,
    Swallow,
    BytesOf,
    ArrayOf,
    MoveBuffer,
    MakeDoubles,
    PackValue,
    PackItems,
    PackProperties,
    UnpackValue,
    UnpackItems,
    UnpackProperties,
}

const COUNT: usize = Helper::UnpackProperties as usize + 1;

/// How many numbers the scratch memory holds.
const SCRATCH_LENGTH: usize = 1024;

/// The helpers of one environment.
pub(super) struct Helpers {
    functions: Vec<Ref>,
    pub(super) scratch: Scratch,
    pub(super) stream: StreamMemory,
}

impl Helpers {
    pub(super) fn load(env: Env<'_>) -> Js<Self> {
        let (scratch, scratch_buffer) = env.scratch(SCRATCH_LENGTH)?;
        let (stream, stream_buffer) = env.stream_memory()?;
        let make = env.run_script(include_str!("helpers.js"))?;
        let array = env.call(make, &[scratch_buffer, stream_buffer])?;
        let functions = (0..COUNT as u32)
            .map(|index| env.reference(env.element(array, index)?))
            .collect::<Js<_>>()?;
        Ok(Self {
            functions,
            scratch,
            stream,
        })
    }

    pub(super) fn call<'s>(&self, env: Env<'s>, which: Helper, args: &[Val<'_>]) -> Js<Val<'s>> {
        let function = env.get(&self.functions[which as usize])?;
        env.call(function, args)
    }
}
