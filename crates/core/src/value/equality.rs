//! Which values Python takes for the same key. Not here: comparing values for any other end.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use super::{Floats, Integer, Text, Value};

/// The index of the first of these keys (or items of a set) that equals an earlier one in Python: `1`,
/// `1.0` and `True` do, bytes and tuples by what is in them. JavaScript keeps such keys apart, and a
/// `dict` of them would lose all but one.
///
/// What has an `==` of a class's own, and sets within, are taken to differ.
pub fn first_repeated<'v>(keys: impl ExactSizeIterator<Item = &'v Value> + Clone) -> Option<usize> {
    // The most common ones: strings that differ where they come from differ everywhere.
    if keys.len() < 2 || keys.clone().all(|key| matches!(key, Value::Str(_))) {
        return None;
    }
    let capacity = keys.len();
    let mut seen =
        HashSet::with_capacity_and_hasher(capacity, BuildHasherDefault::<Mixer>::default());
    let mut keys = keys.enumerate();
    keys.find(|(_, key)| Key::of(key).is_some_and(|key| !seen.insert(key)))
        .map(|(index, _)| index)
}

/// A value as Python compares it: equal keys are equal values.
#[derive(PartialEq, Eq, Hash)]
enum Key<'v> {
    None,
    Int(i64),
    BigInt(&'v Integer),
    /// Bits of a float that is no integer.
    Float(u64),
    Complex(u64, u64),
    Str(&'v Text),
    Bytes(&'v [u8]),
    Tuple(Vec<Key<'v>>),
}

impl<'v> Key<'v> {
    /// `None`: it equals nothing but itself, or that is not known.
    fn of(value: &'v Value) -> Option<Self> {
        Some(match value {
            Value::None => Self::None,
            Value::Bool(value) => Self::Int(i64::from(*value)),
            Value::Int(value) => Self::Int(*value),
            Value::BigInt(value) => Self::BigInt(value),
            Value::Float(value) => return Self::of_float(*value),
            Value::Complex { re, im } if *im == 0.0 => return Self::of_float(*re),
            Value::Complex { re, im } if re.is_nan() || im.is_nan() => return None,
            // Adding zero makes a positive zero of a negative one.
            Value::Complex { re, im } => Self::Complex((re + 0.0).to_bits(), (im + 0.0).to_bits()),
            Value::Str(text) => Self::Str(text),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Tuple(items) => Self::Tuple(items.iter().map(Self::of).collect::<Option<_>>()?),
            Value::Floats(items) => Self::Tuple(Self::of_floats(items)?),
            _ => return None,
        })
    }

    fn of_floats(items: &Floats) -> Option<Vec<Self>> {
        items.iter().map(Self::of_float).collect()
    }

    fn of_float(value: f64) -> Option<Self> {
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        let integer = value as i64;
        if (-LIMIT..LIMIT).contains(&value) && integer as f64 == value {
            return Some(Self::Int(integer));
        }
        // A larger one would have to be compared with large integers: who sends floats that are
        // integers asked for that, one by one.
        (!value.is_nan()).then(|| Self::Float(value.to_bits()))
    }
}

/// A quick hash: whoever could choose keys that collide could as well send more of them.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_ne_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write_i64(&mut self, word: i64) {
        self.write_u64(word as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(keys: &[Value]) -> Option<usize> {
        first_repeated(keys.iter())
    }

    fn tuple(items: &[Value]) -> Value {
        Value::Tuple(items.into())
    }

    #[test]
    fn what_is_one_key_to_python_is_found() {
        let (one, yes) = (Value::Int(1), Value::Bool(true));
        let bytes = |byte| Value::Bytes(vec![byte].into());
        let complex = |re, im| Value::Complex { re, im };
        let pairs = [
            [one.clone(), yes.clone()],
            [Value::Float(1.0), one.clone()],
            [Value::Float(-0.0), Value::Bool(false)],
            [complex(1.0, -0.0), yes.clone()],
            [complex(-0.0, 2.0), complex(0.0, 2.0)],
            [bytes(1), bytes(1)],
            [
                tuple(&[one.clone(), bytes(0)]),
                tuple(&[yes.clone(), bytes(0)]),
            ],
            [Value::None, Value::None],
        ];
        for pair in &pairs {
            assert_eq!(repeated(pair), Some(1), "{pair:?}");
        }
        assert_eq!(
            repeated(&[Value::None, one.clone(), Value::from("1"), yes]),
            Some(3)
        );
    }

    #[test]
    fn what_differs_is_not() {
        let nan = Value::Float(f64::NAN);
        assert_eq!(repeated(&[nan.clone(), nan.clone()]), None);
        assert_eq!(
            repeated(&[tuple(std::slice::from_ref(&nan)), tuple(&[nan])]),
            None
        );
        assert_eq!(
            repeated(&[Value::Int(1), Value::from("1"), tuple(&[Value::Int(1)])]),
            None
        );
        assert_eq!(
            repeated(&[Value::Float(0.5), Value::Float(-0.5), Value::Int(0)]),
            None
        );
        let set = Value::FrozenSet(Box::default());
        assert_eq!(repeated(&[set.clone(), set]), None, "not known");
        let many: Vec<Value> = (0..10_000).map(Value::Int).collect();
        assert_eq!(repeated(&many), None);
        assert_eq!(repeated(&[]), None);
    }
}
