//! Integers of any size, in the two forms that Python and JavaScript exchange them in.

/// The sign of an [`Integer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Zero or more.
    Positive,
    /// Less than zero.
    Negative,
}

/// An integer of any size: a sign and a magnitude.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    /// The sign.
    pub sign: Sign,
    /// The magnitude, 64 bits a word, least significant first, no leading zero words.
    pub words: Vec<u64>,
}

impl Integer {
    /// From a sign and magnitude words, least significant first.
    pub fn new(sign: Sign, mut words: Vec<u64>) -> Self {
        while words.last() == Some(&0) {
            words.pop();
        }
        let sign = if words.is_empty() {
            Sign::Positive
        } else {
            sign
        };
        Self { sign, words }
    }

    /// How much memory its magnitude takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.words)
    }

    /// This integer in 64 bits, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match (self.words.as_slice(), self.sign) {
            ([], _) => Some(0),
            ([word], Sign::Positive) => i64::try_from(*word).ok(),
            ([word], Sign::Negative) if *word <= 1 << 63 => Some((*word as i64).wrapping_neg()),
            _ => None,
        }
    }

    /// From two's complement, least significant byte first.
    pub fn from_twos_complement(bytes: &[u8]) -> Self {
        let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let fill = if negative { 0xFF } else { 0 };
        let mut words: Vec<u64> = bytes
            .chunks(8)
            .map(|chunk| {
                let mut word = [fill; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            })
            .collect();
        if negative {
            negate(&mut words);
        }
        Self::new(
            if negative {
                Sign::Negative
            } else {
                Sign::Positive
            },
            words,
        )
    }

    /// To two's complement, least significant byte first, with room for the sign bit.
    pub fn to_twos_complement(&self) -> Vec<u8> {
        let mut words = self.words.clone();
        words.push(0);
        if self.sign == Sign::Negative {
            negate(&mut words);
        }
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }
}

/// Two's complement negation in place.
fn negate(words: &mut [u64]) {
    let mut carry = true;
    for word in words {
        let (sum, overflow) = (!*word).overflowing_add(u64::from(carry));
        *word = sum;
        carry = overflow;
    }
}

#[cfg(test)]
mod tests {
    use super::{Integer, Sign};

    fn round_trip(sign: Sign, words: &[u64]) {
        let integer = Integer::new(sign, words.to_vec());
        assert_eq!(
            Integer::from_twos_complement(&integer.to_twos_complement()),
            integer
        );
    }

    #[test]
    fn twos_complement_round_trips_at_the_edges() {
        for sign in [Sign::Positive, Sign::Negative] {
            for words in [
                &[][..],
                &[1],
                &[1 << 63],
                &[u64::MAX],
                &[0, 1],
                &[0, 1 << 63],
                &[u64::MAX; 3],
                &[1, 0, 1],
            ] {
                round_trip(sign, words);
            }
        }
    }

    #[test]
    fn sixty_four_bits_are_recognised() {
        assert_eq!(
            Integer::new(Sign::Negative, vec![1 << 63]).to_i64(),
            Some(i64::MIN)
        );
        assert_eq!(Integer::new(Sign::Positive, vec![1 << 63]).to_i64(), None);
        assert_eq!(Integer::new(Sign::Negative, vec![5]).to_i64(), Some(-5));
        assert_eq!(Integer::new(Sign::Negative, vec![0]).to_i64(), Some(0));
    }

    #[test]
    fn short_twos_complement_is_sign_extended() {
        assert_eq!(
            Integer::from_twos_complement(&[0xFF]),
            Integer::new(Sign::Negative, vec![1])
        );
        assert_eq!(
            Integer::from_twos_complement(&[0xFF, 0x00]),
            Integer::new(Sign::Positive, vec![255])
        );
    }
}
