//! Long tuples and lists of nothing but floats, which scientific programs exchange by the hundred
//! thousand: eight bytes an item instead of the 24 of a [`Value`], and nothing to look at item by item.

use super::{Blob, Value};

/// The items of a tuple or a list, all of them `float`.
#[derive(Clone, Debug)]
pub struct Floats {
    /// Doubles as this machine has them; bytes, because the memory of large ones is used again.
    bytes: Blob,
    is_list: bool,
}

impl Floats {
    /// Shorter ones are not worth a way of their own.
    pub const SHORTEST: usize = 64;

    /// Room for so many, to be filled by [`Floats::push`] and finished by [`Floats::value`]; `None` if there is no
    /// memory for it.
    pub fn room_for(length: usize) -> Option<Vec<u8>> {
        Blob::room_for(length.checked_mul(size_of::<f64>())?)
    }

    /// Adds an item.
    #[inline]
    pub fn push(bytes: &mut Vec<u8>, item: f64) {
        bytes.extend_from_slice(&item.to_ne_bytes());
    }

    /// Adds items.
    pub fn push_all(bytes: &mut Vec<u8>, items: &[f64]) {
        let start = bytes.len();
        bytes.resize(start + size_of_val(items), 0);
        let places = bytes[start..].chunks_exact_mut(size_of::<f64>());
        for (place, item) in places.zip(items) {
            place.copy_from_slice(&item.to_ne_bytes());
        }
    }

    /// What was pushed.
    pub fn pushed(bytes: &[u8]) -> impl ExactSizeIterator<Item = f64> + '_ {
        bytes
            .chunks_exact(size_of::<f64>())
            .map(|item| f64::from_ne_bytes(item.try_into().unwrap_or_default()))
    }

    /// A value of what was pushed: a `list`, or a `tuple`.
    pub fn value(bytes: Vec<u8>, is_list: bool) -> Value {
        Value::Floats(Box::new(Self {
            bytes: Blob::from(bytes),
            is_list,
        }))
    }

    /// How many.
    pub fn length(&self) -> usize {
        self.bytes.len() / size_of::<f64>()
    }

    /// Whether it is a `list` and not a `tuple`.
    pub fn is_list(&self) -> bool {
        self.is_list
    }

    /// The items.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        Self::pushed(&self.bytes)
    }

    /// The items as values of their own.
    pub fn to_items(&self) -> Box<[Value]> {
        self.iter().map(Value::Float).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Floats;
    use crate::value::Value;

    #[test]
    fn floats_are_what_they_were_to_the_last_bit() {
        let numbers = [
            0.5,
            -0.0,
            f64::INFINITY,
            f64::from_bits(0x7ff8_0000_0000_0001),
        ];
        for is_list in [false, true] {
            let mut bytes = Floats::room_for(numbers.len()).unwrap();
            Floats::push(&mut bytes, numbers[0]);
            Floats::push_all(&mut bytes, &numbers[1..]);
            let value = Floats::value(bytes, is_list);
            assert_eq!(value.is_message(), !is_list);
            assert_eq!(value.type_name(), if is_list { "list" } else { "tuple" });
            let Value::Floats(floats) = value else {
                panic!("not floats")
            };
            assert_eq!(floats.length(), numbers.len());
            assert!(
                floats
                    .iter()
                    .map(f64::to_bits)
                    .eq(numbers.map(f64::to_bits))
            );
            assert!(matches!(floats.to_items()[1], Value::Float(zero) if zero.is_sign_negative()));
        }
    }
}
