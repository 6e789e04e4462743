//! Jobs that were submitted many at a time: their ends are told many at a time as well, since a call
//! into JavaScript for each costs more than all else about a small one. And the results of
//! `callEach`.

use super::environment::Environment;
use super::failure::Failed;
use super::hooks::Hook;
use super::js::{Env, Js, Thrown, Val};
use super::to_js;
use crate::interpreter::Each;
use crate::value::Value;

/// How many are told in one call.
const MOST_AT_ONCE: usize = 32;
/// What the hook is told of each: number, whether it is a result, result or error.
const PARTS: usize = 3;

/// The end of a job, by its number.
pub(super) type Ended = (u64, Result<Value, Failed>);

impl Environment {
    /// Notes the end of a job for the hook `jobsEnded`.
    pub(super) fn job_ended(
        &self,
        env: Env<'_>,
        number: u64,
        outcome: Result<Value, Failed>,
    ) -> Js<()> {
        let count = {
            let mut ended = self.ended.borrow_mut();
            ended.push((number, outcome));
            ended.len()
        };
        if count < MOST_AT_ONCE {
            return Ok(());
        }
        self.tell_ended(env)
    }

    /// Tells the hook what has been noted.
    pub(super) fn tell_ended(&self, env: Env<'_>) -> Js<()> {
        if self.ended.borrow().is_empty() {
            return Ok(());
        }
        let ended = self.ended.take();
        env.scope(|env| {
            let mut told = [env.undefined()?; MOST_AT_ONCE * PARTS];
            let mut count = 0;
            for (number, outcome) in ended {
                let outcome = outcome.map_err(Thrown::from);
                let outcome = outcome.and_then(|value| to_js::write(self, env, value));
                let (is_result, value) = self.result_or_error(env, outcome)?;
                told[count..count + PARTS].copy_from_slice(&[
                    env.number(number as f64)?,
                    is_result,
                    value,
                ]);
                count += PARTS;
            }
            self.call_hook(env, Hook::JobsEnded, &told[..count])
                .map(drop)
        })
    }

    /// What `callEach` resolves with.
    pub(super) fn each_ended<'s>(
        &self,
        env: Env<'s>,
        each: &Each,
        outcome: Result<Value, Failed>,
    ) -> Js<Val<'s>> {
        let results = to_js::write(self, env, Value::List(each.take().into_boxed_slice()))?;
        let outcome = outcome.map_err(Thrown::from);
        let outcome = outcome.and_then(|value| to_js::write(self, env, value));
        let (is_result, value) = self.result_or_error(env, outcome)?;
        let milliseconds = env.number(each.elapsed().as_secs_f64() * 1000.0)?;
        let parts = [
            results,
            milliseconds,
            env.boolean(each.awaits())?,
            is_result,
            value,
        ];
        let told = env.array_with_length(parts.len())?;
        for (index, part) in parts.into_iter().enumerate() {
            env.set_element(told, index as u32, part)?;
        }
        Ok(told)
    }

    /// Whether it is a result, as JavaScript's boolean, and the result or the error.
    fn result_or_error<'s>(&self, env: Env<'s>, outcome: Js<Val<'s>>) -> Js<(Val<'s>, Val<'s>)> {
        match outcome {
            Ok(value) => Ok((env.boolean(true)?, value)),
            Err(thrown) => match self.error(env, thrown) {
                Some(error) => Ok((env.boolean(false)?, error)),
                None => Err(Thrown::Pending),
            },
        }
    }
}
