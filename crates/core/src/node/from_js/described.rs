//! Objects that only TypeScript knows: `hooks.describe` says what they cross as.

use super::super::failure::Failed;
use super::super::hooks::Hook;
use super::super::js::{Env, Js, Val};
use super::{Mode, Reader, numbers};
use crate::value::{Record, Value};

impl Reader<'_> {
    /// What an object crosses as, or `None` if TypeScript does not know it either.
    pub(super) fn described(self, env: Env<'_>, object: Val<'_>) -> Js<Option<Value>> {
        let Some(hook) = self.environment.hook(env, Hook::Describe)? else {
            return Ok(None);
        };
        let description = hook.call(env, &[object])?;
        if env.is_undefined(description)? {
            return Ok(None);
        }
        let number = |name| {
            let number = env.get_number(env.named(description, name)?);
            number.ok_or_else(|| unusable("a number is missing"))
        };
        let kind = env.get_string(env.named(description, c"as")?)?;
        Ok(Some(match kind.as_str() {
            "shared" => {
                let handle = env.named(description, c"handle")?;
                Value::Shared(self.environment.thing(env, handle)?.to_shared())
            }
            "float" => Value::Float(number(c"value")?),
            "complex" => Value::Complex {
                re: number(c"re")?,
                im: number(c"im")?,
            },
            "record" => self.record(env, object, env.named(description, c"record")?)?,
            "numbers" => {
                let packed = env.named(description, c"values")?;
                let packed = env.get_doubles(packed)?;
                let packed = packed.ok_or_else(|| unusable("`values` is no Float64Array"))?;
                self.within(env, object, self.budget.container(packed.len()))?;
                let items = numbers::values(&packed).into_boxed_slice();
                if self.mode == Mode::Call {
                    Value::List(items)
                } else {
                    Value::Tuple(items)
                }
            }
            // It counts as a level: an object that is described as itself must end somewhere.
            "value" => {
                let value = env.named(description, c"value")?;
                self.inside(env, object)?.read(env, value)?
            }
            other => return Err(unusable(&format!("`as` is {other:?}"))),
        }))
    }

    fn record(self, env: Env<'_>, object: Val<'_>, record: Val<'_>) -> Js<Value> {
        let inside = self.inside(env, object)?;
        let kind = env.get_text(env.named(record, c"kind")?)?;
        let type_name = env.get_text(env.named(record, c"type")?)?;
        let list = env.named(record, c"fields")?;
        let length = env.array_length(list)?;
        self.count(env, object, length)?;
        let mut fields = Vec::new();
        for index in 0..length {
            env.scope(|env| {
                let field = env.element(list, index)?;
                let name = env.get_text(env.element(field, 0)?)?;
                let value = inside.read(env, env.element(field, 1)?);
                let value = value
                    .map_err(|e| super::at(e, |way| way.push_field(&name.to_string_lossy())))?;
                fields.push((name, value));
                Ok::<_, super::Thrown>(())
            })?;
        }
        Ok(Value::Record(Box::new(Record {
            kind,
            type_name,
            fields,
        })))
    }
}

fn unusable(what: &str) -> super::Thrown {
    Failed::Internal(format!("hooks.describe gave an unusable answer: {what}")).into()
}
