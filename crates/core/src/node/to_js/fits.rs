//! Whether a value fits in JavaScript's heap at all: V8 ends the process when its heap is full, and nobody can catch that.
//! Not here: whether there is room just now, which only a collection of garbage could tell.

use super::super::environment::Environment;
use super::super::failure::Failed;
use crate::value::{NotShareable, Text, Value};

/// What V8 takes for an array, an object or a map beside its items, and for an item: 64-bit words, no compression.
const CONTAINER: usize = 40;
const SLOT: usize = 8;

impl Environment {
    /// Refuses a value that certainly does not fit: what is counted is the least that it takes.
    pub(super) fn check_heap(&self, value: &Value) -> Result<(), Failed> {
        let limit = self.heap_limit.get();
        match least(value, limit) {
            Some(_) => Ok(()),
            None => Err(refusal(value, limit).into()),
        }
    }
}

#[cold]
fn refusal(value: &Value, limit: usize) -> NotShareable {
    let reason = format!(
        "it takes more than JavaScript's heap has ({} MB): give it in parts, or as bytes or a view, or start Node with a \
         larger --max-old-space-size",
        limit >> 20
    );
    NotShareable::new(value.type_name(), reason)
}

/// What is left of `left` bytes after a value; `None` if it takes more.
fn least(value: &Value, left: usize) -> Option<usize> {
    match value {
        Value::Tuple(items) | Value::List(items) | Value::Set(items) | Value::FrozenSet(items) => {
            items
                .iter()
                .try_fold(container(items.len(), left)?, |left, item| {
                    least(item, left)
                })
        }
        Value::Dict(entries) | Value::Mapping(entries) => {
            // Strings that are keys of objects are there once.
            let left = container(entries.len(), left)?;
            entries
                .iter()
                .try_fold(left, |left, (_, value)| least(value, left))
        }
        Value::Record(record) => {
            let left = container(record.fields.len(), left)?;
            (record.fields.iter()).try_fold(left, |left, (_, value)| least(value, left))
        }
        Value::Floats(floats) => container(floats.length(), left),
        Value::Str(text) => left.checked_sub(text_bytes(text)),
        _ => Some(left),
    }
}

fn container(items: usize, left: usize) -> Option<usize> {
    left.checked_sub(CONTAINER)?
        .checked_sub(items.checked_mul(SLOT)?)
}

/// One byte a character, if all are of Latin-1, which have two bytes at most in UTF-8.
fn text_bytes(text: &Text) -> usize {
    match text {
        Text::Utf8(text) => text.len() / 2,
        Text::Wide(points) => points.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTAINER, SLOT, least};
    use crate::value::Value;

    #[test]
    fn all_of_a_tree_is_counted() {
        let pair = |a: &Value| Value::Tuple(Box::new([a.clone(), a.clone()]));
        let inner = pair(&Value::Int(1));
        let value = pair(&inner);
        let needed = 3 * (CONTAINER + 2 * SLOT);
        assert_eq!(least(&value, needed), Some(0));
        assert_eq!(least(&value, needed - 1), None);
        let text = Value::Dict(Box::new([(
            Value::Int(1),
            Value::from("x".repeat(100).as_str()),
        )]));
        assert_eq!(least(&text, 1000), Some(1000 - CONTAINER - SLOT - 50));
        assert_eq!(least(&Value::Bytes(vec![0; 100].into()), 0), Some(0));
    }
}
