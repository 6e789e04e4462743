//! Values that JavaScript packed many at a time (`node/stream.rs`). Refuses nothing: what does not fit is read again, item by item.

use super::super::helpers::Helper;
use super::super::js::{Env, Js, StreamMemory, Thrown, Units, Val};
use super::super::number::number_to_value;
use super::super::stream::kind;
use super::{Mode, Reader};
use crate::value::{Budget, Text, Value};

impl Reader<'_> {
    /// A small array or plain object that holds plain values alone.
    pub(super) fn streamed<'s>(self, env: Env<'s>, container: Val<'_>) -> Js<Streamed<'s>> {
        let mut value = None;
        let answer = self.unpack(env, Helper::PackValue, &[container], |stream, _| {
            value = stream.value(self.depth_left);
            value.is_some()
        })?;
        Ok(match (value, answer) {
            (Some(value), _) => Streamed::Whole(value),
            (None, Some(names)) if env.is_array(names)? => Streamed::Many(names),
            (None, _) => Streamed::Not,
        })
    }

    /// Adds plain items of a genuine array to `items`, from the `start`th on, as many as are plain and fit. This is a reader
    /// for what is inside of the array.
    pub(super) fn streamed_items(
        self,
        env: Env<'_>,
        array: Val<'_>,
        [start, end]: [u32; 2],
        items: &mut Vec<Value>,
    ) -> Js<()> {
        let before = items.len();
        env.scope(|env| {
            let bounds = [env.number(start.into())?, env.number(end.into())?];
            let args = [array, bounds[0], bounds[1]];
            self.unpack(env, Helper::PackItems, &args, |stream, count| {
                for _ in 0..count {
                    match stream.value(self.depth_left) {
                        Some(value) => items.push(value),
                        None => {
                            items.truncate(before);
                            return false;
                        }
                    }
                }
                true
            })
            .map(drop)
        })
    }

    /// The same for properties of an object, whose names these are.
    pub(super) fn streamed_properties(
        self,
        env: Env<'_>,
        [object, names]: [Val<'_>; 2],
        [start, end]: [u32; 2],
        properties: &mut Vec<(Value, Value)>,
    ) -> Js<()> {
        let before = properties.len();
        env.scope(|env| {
            let bounds = [env.number(start.into())?, env.number(end.into())?];
            let args = [object, names, bounds[0], bounds[1]];
            self.unpack(env, Helper::PackProperties, &args, |stream, count| {
                for _ in 0..count {
                    let pair = stream.value(self.depth_left);
                    match pair.zip(stream.value(self.depth_left)) {
                        Some(pair) => properties.push(pair),
                        None => {
                            properties.truncate(before);
                            return false;
                        }
                    }
                }
                true
            })
            .map(drop)
        })
    }

    /// Has a helper pack, and gives what it packed to `take`, if that is anything: with the number of values, and
    /// none of it counted if it says that it could not take it.
    ///
    /// What the helper answered, unless it failed.
    fn unpack<'s>(
        self,
        env: Env<'s>,
        helper: Helper,
        args: &[Val<'_>],
        take: impl FnOnce(&mut Stream<'_>, usize) -> bool,
    ) -> Js<Option<Val<'s>>> {
        let memory = &self.environment.helpers.stream;
        let text = match self.environment.help(env, helper, args) {
            Ok(text) => text,
            Err(Thrown::Pending) => {
                // A getter has thrown, or there is no stack left: so will the other way, with the place.
                let _ = env.take_exception();
                return Ok(None);
            }
            Err(failed) => return Err(failed),
        };
        let [count, units] = memory.read(env, |numbers, _| {
            [StreamMemory::LENGTH, StreamMemory::LENGTH + 1].map(|index| numbers[index] as usize)
        });
        if count == 0 {
            return Ok(Some(text));
        }
        let units = env.get_units(text, units)?;
        let budget = self.budget.clone();
        let is_taken = memory.read(env, |numbers, kinds| {
            let mut stream = Stream {
                numbers,
                kinds,
                text: &units,
                place: 0,
                at: 0,
                mode: self.mode,
                budget: self.budget,
            };
            take(&mut stream, count)
        });
        if !is_taken {
            self.budget.restore(&budget);
        }
        Ok(Some(text))
    }
}

/// What became of a container.
pub(super) enum Streamed<'s> {
    /// It was small and plain.
    Whole(Value),
    /// It is a plain object that has many properties: their names.
    Many(Val<'s>),
    /// Anything else.
    Not,
}

/// A stream that is being read.
struct Stream<'a> {
    numbers: &'a [f64],
    kinds: &'a [u8],
    at: usize,
    text: &'a Units,
    /// Where in the text.
    place: usize,
    mode: Mode,
    budget: &'a Budget,
}

impl Stream<'_> {
    /// The next value, if so deep a one may be made and there is budget for it.
    fn value(&mut self, depth_left: usize) -> Option<Value> {
        let (kind, number) = self.next()?;
        Some(match kind {
            kind::NUMBER => number_to_value(number),
            kind::TEXT => Value::Str(self.text(number)?),
            kind::NONE => Value::None,
            kind::TRUE => Value::Bool(true),
            kind::FALSE => Value::Bool(false),
            kind::LIST => {
                let depth_left = depth_left.checked_sub(1)?;
                let length = self.container(number, 1)?;
                let items: Option<Box<[Value]>> =
                    (0..length).map(|_| self.value(depth_left)).collect();
                match self.mode {
                    Mode::Call => Value::List(items?),
                    Mode::Message | Mode::Key => Value::Tuple(items?),
                }
            }
            kind::OBJECT => {
                let depth_left = depth_left.checked_sub(1)?;
                let length = self.container(number, 2)?;
                let entries: Option<Box<[(Value, Value)]>> = (0..length)
                    .map(|_| Some((self.value(depth_left)?, self.value(depth_left)?)))
                    .collect();
                match self.mode {
                    Mode::Call => Value::Dict(entries?),
                    Mode::Message | Mode::Key => Value::Mapping(entries?),
                }
            }
            _ => return None,
        })
    }

    fn next(&mut self) -> Option<(u8, f64)> {
        let next = (*self.kinds.get(self.at)?, *self.numbers.get(self.at)?);
        self.at += 1;
        Some(next)
    }

    /// Counts a container before its items are made.
    fn container(&self, length: f64, values: usize) -> Option<usize> {
        let length = length as usize;
        self.budget.container(length * values).ok()?;
        Some(length)
    }

    fn text(&mut self, units: f64) -> Option<Text> {
        let part = self.place..self.place + units as usize;
        self.place = part.end;
        let text = match self.text {
            Units::Ascii(text) => Text::from(text.get(part)?),
            Units::Wide(units) => Text::from_utf16(units.get(part)?),
        };
        self.budget.bytes(text.bytes()).ok()?;
        Some(text)
    }
}
