//! Plain values for JavaScript, many at a time (`node/stream.rs`).

use super::super::environment::Environment;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Val};
use super::super::stream::{CONTAINER_MAX, kind};
use crate::value::{Text, Value};

/// Strings are given in parts of about so many bytes: one that somebody keeps may keep the part that it is of.
const PART_BYTES: usize = 256;

/// The most parts in a stream.
const PARTS_MAX: usize = 28;

/// The most arguments that a helper gets with them.
const ARGUMENTS_MAX: usize = PARTS_MAX + 3;

/// Longer strings have a stream for themselves alone, which is no gain.
const STRING_MAX: usize = 4096;

/// See [`is_few`].
const ITEMS_FEW: usize = 6;
const ENTRIES_FEW: usize = 4;

/// How deep values in a stream may be nested.
const LEVELS_MAX: usize = 100;

/// What one call makes of a small container that holds plain values alone; `None` for any other.
pub(super) fn whole<'s>(
    environment: &Environment,
    env: Env<'s>,
    value: &Value,
) -> Js<Option<Val<'s>>> {
    let mut stream = Stream::new(environment, env);
    if is_few(value) || !stream.put(value, LEVELS_MAX) {
        return Ok(None);
    }
    stream.flush(env, Helper::UnpackValue, &[]).map(Some)
}

/// Whether it has few items, none of which has any: these are quicker as arguments.
fn is_few(value: &Value) -> bool {
    let has_items = |item: &Value| {
        matches!(
            item,
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Mapping(_)
        )
    };
    match value {
        Value::List(items) | Value::Tuple(items) => {
            items.len() < ITEMS_FEW && !items.iter().any(has_items)
        }
        Value::Dict(entries) | Value::Mapping(entries) => {
            entries.len() < ENTRIES_FEW && !entries.iter().any(|(_, value)| has_items(value))
        }
        _ => true,
    }
}

/// Values that wait to be handed over.
pub(super) struct Stream<'e, 's> {
    env: Env<'s>,
    environment: &'e Environment,
    at: usize,
    text: String,
    /// Where each part of the text starts.
    parts: Vec<usize>,
    count: usize,
}

impl<'e, 's> Stream<'e, 's> {
    pub(super) fn new(environment: &'e Environment, env: Env<'s>) -> Self {
        Self {
            env,
            environment,
            at: 0,
            text: String::new(),
            parts: Vec::new(),
            count: 0,
        }
    }

    /// How many times something was added since it was empty.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Adds these; false, and nothing added, if one of them is not plain or there is no place.
    pub(super) fn add<const N: usize>(&mut self, values: [&Value; N]) -> bool {
        let before = (self.at, self.text.len(), self.parts.len());
        if values.into_iter().all(|value| self.put(value, LEVELS_MAX)) {
            self.count += 1;
            return true;
        }
        self.at = before.0;
        self.text.truncate(before.1);
        self.parts.truncate(before.2);
        false
    }

    /// Has a helper unpack what was added, and is empty.
    pub(super) fn flush<'a>(
        &mut self,
        env: Env<'a>,
        helper: Helper,
        args: &[Val<'_>],
    ) -> Js<Val<'a>> {
        let mut all = [env.undefined()?; ARGUMENTS_MAX];
        let mut count = args.len();
        for (place, &arg) in all.iter_mut().zip(args) {
            *place = arg;
        }
        let mut end = self.text.len();
        for &start in self.parts.iter().rev() {
            all[count] = env.string(&self.text[start..end])?;
            (end, count) = (start, count + 1);
        }
        (self.at, self.count) = (0, 0);
        self.text.clear();
        self.parts.clear();
        self.environment.help(env, helper, &all[..count])
    }

    fn put(&mut self, value: &Value, levels: usize) -> bool {
        match value {
            Value::None => self.entry(kind::NONE, 0.0),
            Value::Bool(true) => self.entry(kind::TRUE, 0.0),
            Value::Bool(false) => self.entry(kind::FALSE, 0.0),
            Value::Int(integer) => {
                integer.unsigned_abs() < 1 << 53 && self.entry(kind::NUMBER, *integer as f64)
            }
            Value::Float(number) => self.entry(kind::NUMBER, *number),
            Value::Str(Text::Utf8(text)) => self.put_text(text),
            Value::List(items) => self.put_items(kind::LIST, items, levels),
            Value::Tuple(items) => self.put_items(kind::TUPLE, items, levels),
            Value::Dict(entries) => self.put_entries(kind::OBJECT, entries, levels),
            Value::Mapping(entries) => self.put_entries(kind::FROZEN_OBJECT, entries, levels),
            _ => false,
        }
    }

    fn put_text(&mut self, text: &str) -> bool {
        if text.is_empty() {
            return self.entry(kind::TEXT, 0.0);
        }
        let has_place = (self.parts.last())
            .is_some_and(|start| self.text.len() - start + text.len() <= PART_BYTES);
        if !has_place {
            if text.len() > STRING_MAX || self.parts.len() == PARTS_MAX {
                return false;
            }
            self.parts.push(self.text.len());
        }
        let units = if text.is_ascii() {
            text.len()
        } else {
            text.encode_utf16().count()
        };
        self.text.push_str(text);
        self.entry(kind::TEXT, units as f64)
    }

    fn entry(&mut self, kind: u8, number: f64) -> bool {
        let is_written = self
            .environment
            .helpers
            .stream
            .write(self.env, self.at, kind, number);
        self.at += usize::from(is_written);
        is_written
    }

    fn put_items(&mut self, kind: u8, items: &[Value], levels: usize) -> bool {
        let Some(levels) = levels.checked_sub(1) else {
            return false;
        };
        items.len() < CONTAINER_MAX
            && self.entry(kind, items.len() as f64)
            && items.iter().all(|item| self.put(item, levels))
    }

    fn put_entries(&mut self, kind: u8, entries: &[(Value, Value)], levels: usize) -> bool {
        let Some(levels) = levels.checked_sub(1) else {
            return false;
        };
        entries.len() < CONTAINER_MAX
            && self.entry(kind, entries.len() as f64)
            && entries.iter().all(|(key, value)| {
                matches!(key, Value::Str(_)) && self.put(key, levels) && self.put(value, levels)
            })
    }
}
