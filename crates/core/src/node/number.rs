//! Which Python number a JavaScript number is. Pure arithmetic, no Node-API.

use crate::value::{Integer, Sign, Value};

/// An integer-valued number is an `int`, exactly, however large; -0 and all others are a `float`.
pub(super) fn number_to_value(number: f64) -> Value {
    /// 2⁶³: the first number above that does not fit an `i64`.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) {
        let integer = number as i64;
        let is_integer = integer as f64 == number && (integer != 0 || number.is_sign_positive());
        return if is_integer {
            Value::Int(integer)
        } else {
            Value::Float(number)
        };
    }
    if number.is_finite() {
        Value::BigInt(Box::new(large_integer(number)))
    } else {
        Value::Float(number)
    }
}

/// Whether [`number_to_value`] makes a `float` of it.
#[inline]
pub(super) fn is_float(number: f64) -> bool {
    /// 2⁵³: from here on there are integers and the infinities alone.
    const INTEGERS: f64 = 9_007_199_254_740_992.0;
    if number.abs() < INTEGERS {
        // No call of `trunc`, which is one of the C library's where the processor may be an old one.
        let integer = number as i64;
        return integer as f64 != number || number.to_bits() == (-0.0_f64).to_bits();
    }
    !number.is_finite()
}

/// The integer that a finite number of at least 2⁵³ is.
fn large_integer(number: f64) -> Integer {
    let bits = number.to_bits();
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    let shift = (bits >> 52 & 0x7FF) as usize - 1075;
    let (word, bit) = (shift / 64, shift % 64);
    let mut words = vec![0; word + 2];
    words[word] = mantissa << bit;
    words[word + 1] = if bit == 0 { 0 } else { mantissa >> (64 - bit) };
    let sign = if number < 0.0 {
        Sign::Negative
    } else {
        Sign::Positive
    };
    Integer::new(sign, words)
}

/// What a list of values packs into, if they all are numbers that JavaScript holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// 32-bit integers.
    Integers,
    /// Doubles.
    Doubles,
}

/// Whether `items` pack.
pub(super) fn packing(items: &[Value]) -> Option<Packing> {
    let mut packing = Packing::Integers;
    for item in items {
        match item {
            Value::Int(integer) if i32::try_from(*integer).is_ok() => {}
            Value::Int(integer) if integer.unsigned_abs() < 1 << 53 => packing = Packing::Doubles,
            Value::Float(_) => packing = Packing::Doubles,
            _ => return None,
        }
    }
    Some(packing)
}

/// The double of an item that [`packing`] found to pack.
pub(super) fn packed_double(item: &Value) -> f64 {
    match item {
        Value::Int(integer) => *integer as f64,
        Value::Float(number) => *number,
        _ => f64::NAN,
    }
}

/// The 32-bit integer of an item that [`packing`] found to pack into such.
pub(super) fn packed_integer(item: &Value) -> i32 {
    if let Value::Int(integer) = item {
        *integer as i32
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::{Packing, is_float, number_to_value, packed_double, packing};
    use crate::value::{Integer, Sign, Value};

    fn int(number: f64) -> Option<i64> {
        match number_to_value(number) {
            Value::Int(integer) => Some(integer),
            _ => None,
        }
    }

    fn big(number: f64) -> Integer {
        match number_to_value(number) {
            Value::BigInt(integer) => *integer,
            other => panic!("{number} became {other:?}"),
        }
    }

    #[test]
    fn integer_valued_numbers_are_ints() {
        for number in [
            0.0,
            1.0,
            -1.0,
            9_007_199_254_740_993.0,
            -9_223_372_036_854_775_808.0,
        ] {
            assert_eq!(int(number), Some(number as i64), "{number}");
        }
    }

    #[test]
    fn what_is_a_float_is_known_beforehand() {
        for number in [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -2.5,
            1e300,
            -1e300,
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            9.007_199_254_740_993e15,
            4_503_599_627_370_495.5,
        ] {
            let is_value_float = matches!(number_to_value(number), Value::Float(_));
            assert_eq!(is_float(number), is_value_float, "{number}");
        }
    }

    #[test]
    fn other_numbers_are_floats() {
        for number in [
            0.5,
            -0.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            5e-324,
        ] {
            let Value::Float(float) = number_to_value(number) else {
                panic!("{number} is no float");
            };
            assert_eq!(float.to_bits(), number.to_bits());
        }
    }

    #[test]
    fn huge_ones_are_exact() {
        assert_eq!(
            big(2f64.powi(63)),
            Integer::new(Sign::Positive, vec![1 << 63])
        );
        assert_eq!(
            big(-(2f64.powi(64))),
            Integer::new(Sign::Negative, vec![0, 1])
        );
        assert_eq!(big(2f64.powi(1023)).words.len(), 16);
        let words = big(f64::MAX).words;
        let back = words
            .iter()
            .rev()
            .fold(0.0, |sum, &word| sum * 2f64.powi(64) + word as f64);
        assert_eq!(back, f64::MAX);
        assert_eq!(big(1e20).words, [7_766_279_631_452_241_920, 5]);
    }

    #[test]
    fn what_packs_and_into_what() {
        let (int, float) = (Value::Int(7), Value::Float(0.5));
        assert_eq!(
            packing(&[int.clone(), Value::Int(-3)]),
            Some(Packing::Integers)
        );
        assert_eq!(
            packing(&[int.clone(), float.clone()]),
            Some(Packing::Doubles)
        );
        assert_eq!(
            packing(&[int.clone(), Value::Int(1 << 40)]),
            Some(Packing::Doubles)
        );
        assert_eq!(packing(&[int.clone(), Value::Int(1 << 53)]), None);
        assert_eq!(packing(&[float, Value::None]), None);
        assert_eq!(packed_double(&int), 7.0);
    }
}
