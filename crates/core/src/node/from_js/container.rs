//! Arrays, sets, maps, plain objects. Typed arrays are in `memory.rs`.

use super::super::failure::Failed;
use super::super::helpers::Helper;
use super::super::js::{Env, Js, Thrown, Val, ValueType};
use super::super::stream::{CONTAINER_MAX, FEW};
use super::stream::Streamed;
use super::{Mode, Reader, at, numbers};
use crate::interpreter::Bindings;
use crate::value::{Floats, NotShareable, Value, first_repeated};

/// How many items are converted in one handle scope.
const SCOPE_ITEMS: u32 = 64;

/// Fewer primitives than that are read one by one.
const PRIMITIVES_FEW: u32 = 6;

/// What `helpers.js` says an object is that the quick questions did not recognise.
mod class {
    pub(super) const ARRAY: f64 = 1.0;
    pub(super) const MAP: f64 = 2.0;
    pub(super) const SET: f64 = 3.0;
    pub(super) const PLAIN: f64 = 4.0;
    pub(super) const MEMORY: f64 = 5.0;
}

impl Reader<'_> {
    /// An object, the most common kinds first.
    pub(super) fn object(self, env: Env<'_>, object: Val<'_>) -> Js<Value> {
        if env.is_array(object)? {
            return self.array(env, object);
        }
        let prototype = env.prototype(object)?;
        let plain = env.get(&self.environment.constants.object_prototype)?;
        if env.same(prototype, plain)? {
            return self.plain(env, object);
        }
        if env.is_typed_array(object)? {
            return self.typed_array(env, object);
        }
        if env.is_array_buffer(object)? {
            if env.is_detached(object)? {
                return Err(self.refused(env, object, "its memory was transferred away"));
            }
            let bytes = self.environment.help(env, Helper::BytesOf, &[object])?;
            return self.typed_array(env, bytes);
        }
        let class = self.environment.help(env, Helper::Classify, &[object])?;
        match env.get_number(class).unwrap_or(0.0) {
            class::ARRAY => {
                let copy = self.environment.help(env, Helper::Items, &[object])?;
                self.array(env, copy)
            }
            class::MAP => self.map(env, object),
            class::SET => self.set(env, object),
            class::PLAIN => self.plain(env, object),
            class::MEMORY => {
                let bytes = self.environment.help(env, Helper::BytesOf, &[object])?;
                self.typed_array(env, bytes)
            }
            _ => match self.described(env, object)? {
                Some(value) => Ok(value),
                None => Err(self.refused(
                    env,
                    object,
                    "instances of this class cannot cross; send plain data, or register the class",
                )),
            },
        }
    }

    fn array(self, env: Env<'_>, array: Val<'_>) -> Js<Value> {
        let length = env.array_length(array)?;
        if worth_streaming(env, array, length)?
            && let Streamed::Whole(value) = self.streamed(env, array)?
        {
            return Ok(value);
        }
        let inside = self.inside(env, array)?;
        self.count(env, array, length)?;
        let mut items = Vec::new();
        if length as usize >= Floats::SHORTEST {
            match numbers::read_floats(self.environment, env, array, length)? {
                Ok(floats) => return Ok(Floats::value(floats, self.mode == Mode::Call)),
                Err(numbers) => items = numbers,
            }
        }
        let items = inside.rest(env, array, length, items)?.into_boxed_slice();
        Ok(match self.mode {
            Mode::Call => Value::List(items),
            Mode::Message | Mode::Key => Value::Tuple(items),
        })
    }

    /// The items of a genuine array.
    pub(super) fn items(self, env: Env<'_>, array: Val<'_>) -> Js<Vec<Value>> {
        let length = env.array_length(array)?;
        self.count(env, array, length)?;
        self.rest(env, array, length, Vec::new())
    }

    /// The items, which were counted, and of which some may have been read. What a getter takes away meanwhile is `undefined`.
    fn rest(
        self,
        env: Env<'_>,
        array: Val<'_>,
        length: u32,
        mut items: Vec<Value>,
    ) -> Js<Vec<Value>> {
        let missing = (length as usize).saturating_sub(items.len());
        if items.try_reserve_exact(missing).is_err() {
            return Err(self.refused(env, array, "there is not enough memory for it"));
        }
        numbers::read_prefix(self.environment, env, array, length, &mut items)?;
        while items.len() < length as usize {
            self.many(env, array, length, &mut items)?;
            let index = items.len() as u32;
            env.scope(|env| {
                for index in index..length.min(index + SCOPE_ITEMS) {
                    let item = self.read(env, env.element(array, index)?);
                    items.push(item.map_err(|e| at(e, |way| way.push_index(index as usize)))?);
                }
                Ok::<_, Thrown>(())
            })?;
        }
        Ok(items)
    }

    /// Adds the next items of a long array, as long as there are many at a time that are plain.
    fn many(self, env: Env<'_>, array: Val<'_>, length: u32, items: &mut Vec<Value>) -> Js<()> {
        while (length as usize) >= CONTAINER_MAX && items.len() < length as usize {
            let before = items.len();
            self.streamed_items(env, array, [before as u32, length], items)?;
            if items.len() < before + FEW {
                break;
            }
        }
        Ok(())
    }

    /// The items of a genuine array, up to the first that cannot cross.
    ///
    /// # Errors
    /// The first of all cannot cross.
    pub(super) fn some_items(
        self,
        env: Env<'_>,
        array: Val<'_>,
        read: impl for<'a> Fn(Val<'a>, Env<'a>) -> Js<Value>,
    ) -> Js<Vec<Value>> {
        let length = env.array_length(array)?;
        self.count(env, array, length)?;
        let mut items = Vec::with_capacity(length as usize);
        numbers::read_prefix(self.environment, env, array, length, &mut items)?;
        for index in items.len() as u32..length {
            match env.scope(|env| read(env.element(array, index)?, env)) {
                Ok(item) => items.push(item),
                Err(thrown) if items.is_empty() => return Err(thrown),
                Err(_) => {
                    let _ = env.take_exception();
                    break;
                }
            }
        }
        Ok(items)
    }

    fn set(self, env: Env<'_>, set: Val<'_>) -> Js<Value> {
        let items = self.environment.help(env, Helper::Items, &[set])?;
        let items = self.inside(env, set)?.key_reader().items(env, items)?;
        for (index, item) in items.iter().enumerate() {
            hashable(item).map_err(|e| at(e.into(), |way| way.push_index(index)))?;
        }
        if let Some(index) = first_repeated(items.iter()) {
            let repeated = self.repeated(&items[index]);
            return Err(at(repeated, |way| way.push_index(index)));
        }
        let items = items.into_boxed_slice();
        Ok(match self.mode {
            Mode::Call => Value::Set(items),
            Mode::Message | Mode::Key => Value::FrozenSet(items),
        })
    }

    fn map(self, env: Env<'_>, map: Val<'_>) -> Js<Value> {
        let flat = self.environment.help(env, Helper::Entries, &[map])?;
        let (inside, length) = (self.inside(env, map)?, env.array_length(flat)?);
        self.count(env, map, length)?;
        let mut entries = Vec::with_capacity(length as usize / 2);
        for index in (0..length).step_by(2) {
            env.scope(|env| {
                let key = inside.key_reader().read(env, env.element(flat, index)?);
                let key = key.and_then(|key| hashable(&key).map(|()| key).map_err(Thrown::from));
                let key =
                    key.map_err(|e| at(e, |way| way.push_key(&format!("key {}", index / 2))))?;
                let value = inside.read(env, env.element(flat, index + 1)?);
                let value = value.map_err(|e| at(e, |way| way.push_key(&show(&key))))?;
                entries.push((key, value));
                Ok::<_, Thrown>(())
            })?;
        }
        if let Some(index) = first_repeated(entries.iter().map(|(key, _)| key)) {
            let repeated = self.repeated(&entries[index].0);
            return Err(at(repeated, |way| way.push_key(&format!("key {index}"))));
        }
        Ok(self.mapping(entries))
    }

    #[cold]
    fn repeated(self, value: &Value) -> Thrown {
        let reason = "Python takes it for the same as one before it, which would be lost";
        NotShareable::new(value.type_name(), reason).into()
    }

    fn plain(self, env: Env<'_>, object: Val<'_>) -> Js<Value> {
        match self.streamed(env, object)? {
            Streamed::Whole(value) => Ok(value),
            Streamed::Many(names) => {
                let inside = self.inside(env, object)?;
                Ok(self.mapping(inside.many_properties(env, object, names)?))
            }
            Streamed::Not => {
                let properties = self.inside(env, object)?.properties(env, object)?;
                let entries = properties
                    .into_iter()
                    .map(|(key, value)| (Value::Str(key), value));
                Ok(self.mapping(entries.collect()))
            }
        }
    }

    /// Properties of these names, many at a time as long as they are plain.
    fn many_properties(
        self,
        env: Env<'_>,
        object: Val<'_>,
        names: Val<'_>,
    ) -> Js<Vec<(Value, Value)>> {
        let length = env.array_length(names)?;
        self.count(env, object, length.saturating_mul(2))?;
        let mut properties = Vec::with_capacity(length as usize);
        while properties.len() < length as usize {
            let start = properties.len();
            let bounds = [start as u32, length];
            self.streamed_properties(env, [object, names], bounds, &mut properties)?;
            if properties.len() >= start + FEW {
                continue;
            }
            let index = properties.len() as u32;
            env.scope(|env| {
                for index in index..length.min(index + SCOPE_ITEMS) {
                    let key = env.element(names, index)?;
                    let name = env.get_text(key)?;
                    let value = self.read(env, env.property(object, key)?);
                    let value =
                        value.map_err(|e| at(e, |way| way.push_field(&name.to_string_lossy())))?;
                    properties.push((Value::Str(name), value));
                }
                Ok::<_, Thrown>(())
            })?;
        }
        Ok(properties)
    }

    fn mapping(self, entries: Vec<(Value, Value)>) -> Value {
        let entries = entries.into_boxed_slice();
        match self.mode {
            Mode::Call => Value::Dict(entries),
            Mode::Message | Mode::Key => Value::Mapping(entries),
        }
    }

    /// Own enumerable properties. One whose key is a symbol is refused rather than left out.
    pub(super) fn properties(self, env: Env<'_>, object: Val<'_>) -> Js<Bindings> {
        let flat = self.environment.help(env, Helper::Properties, &[object])?;
        let length = env.array_length(flat)?;
        // A lone item is a symbol.
        if length == 1 {
            let refused = self.refused(env, env.element(flat, 0)?, "keys of objects are strings");
            return Err(at(refused, |way| way.push_key("symbol")));
        }
        self.count(env, object, length)?;
        let mut properties = Vec::with_capacity(length as usize / 2);
        let mut index = 0;
        while index < length {
            env.scope(|env| {
                for index in (index..length.min(index + SCOPE_ITEMS)).step_by(2) {
                    let name = env.get_text(env.element(flat, index)?)?;
                    let value = self.read(env, env.element(flat, index + 1)?);
                    let value =
                        value.map_err(|e| at(e, |way| way.push_field(&name.to_string_lossy())))?;
                    properties.push((name, value));
                }
                Ok::<_, Thrown>(())
            })?;
            index += SCOPE_ITEMS;
        }
        Ok(properties)
    }

    fn key_reader(self) -> Self {
        let mode = if self.mode == Mode::Call {
            Mode::Key
        } else {
            self.mode
        };
        Self { mode, ..self }
    }
}

/// Whether a small array is read quicker by one call of a helper than by some of Node-API for each item: not numbers alone,
/// which are packed in another way, and not few primitives.
fn worth_streaming(env: Env<'_>, array: Val<'_>, length: u32) -> Js<bool> {
    if length == 0 || length as usize >= CONTAINER_MAX {
        return Ok(false);
    }
    let first = env.element(array, 0)?;
    if env.get_number(first).is_none() {
        return Ok(length >= PRIMITIVES_FEW || env.type_of(first)? == ValueType::Object);
    }
    Ok(length >= PRIMITIVES_FEW && env.get_number(env.element(array, length - 1)?).is_none())
}

/// Refuses what Python cannot hash, where it has to.
fn hashable(value: &Value) -> Result<(), Failed> {
    match value {
        Value::Mapping(_) | Value::Dict(_) | Value::List(_) | Value::Set(_) => {
            let reason = "Python cannot hash it, so it can be neither a key nor an item of a set";
            Err(NotShareable::new(value.type_name(), reason).into())
        }
        Value::Floats(floats) if floats.is_list() => hashable(&Value::List(Box::default())),
        Value::Tuple(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            hashable(item).map_err(|e| e.at(|way| way.push_index(index)))
        }),
        _ => Ok(()),
    }
}

/// A key for a person.
fn show(key: &Value) -> String {
    match key {
        Value::Str(text) => format!("{:?}", text.to_string_lossy()),
        Value::Int(integer) => integer.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        other => other.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{hashable, show};
    use crate::value::Value;

    #[test]
    fn mappings_are_no_keys_at_any_depth() {
        let mapping = Value::Mapping(Box::new([]));
        assert!(hashable(&mapping).is_err());
        let nested = Value::Tuple(Box::new([Value::Int(1), mapping]));
        let refusal = hashable(&nested).unwrap_err();
        assert!(format!("{refusal:?}").contains("[1]"), "{refusal:?}");
        assert!(hashable(&Value::Tuple(Box::new([Value::from("x")]))).is_ok());
    }

    #[test]
    fn keys_are_shown_as_one_would_write_them() {
        assert_eq!(show(&Value::from("a\"b")), r#""a\"b""#);
        assert_eq!(show(&Value::Int(-1)), "-1");
    }
}
