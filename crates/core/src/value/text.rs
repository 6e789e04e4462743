//! Text as Python and JavaScript have it: Unicode that may hold lone surrogates.

use compact_str::CompactString;

/// A string. Valid Unicode is UTF-8; a string with surrogates, which UTF-8 cannot express, is
/// kept as code points.
///
/// Code points and not UTF-16 units, because Python tells `'\ud83d\ude00'` (two surrogates) from
/// `'\U0001f600'` (one character), and a string that goes from Python to Python must stay what it
/// was. JavaScript cannot tell them apart: there the two are one character.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// Valid Unicode: up to 24 bytes of it without memory of their own, as most keys and many strings are.
    Utf8(CompactString),
    /// Code points, at least one of them a surrogate.
    Wide(Box<[u32]>),
}

impl Text {
    /// The text of UTF-16 code units; lone surrogates are kept.
    pub fn from_utf16(units: &[u16]) -> Self {
        String::from_utf16(units).map_or_else(
            |_| {
                let code_points = char::decode_utf16(units.iter().copied())
                    .map(|unit| unit.map_or_else(|e| u32::from(e.unpaired_surrogate()), u32::from));
                Self::Wide(code_points.collect())
            },
            Self::from,
        )
    }

    /// How much memory it takes.
    #[inline]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Utf8(text) => text.len(),
            Self::Wide(points) => size_of_val(&**points),
        }
    }

    /// The text of code points; surrogates are kept.
    ///
    /// # Errors
    /// The first number that is no code point.
    pub fn from_code_points(code_points: Vec<u32>) -> Result<Self, u32> {
        if let Some(&bad) = code_points
            .iter()
            .find(|&&point| point > u32::from(char::MAX))
        {
            return Err(bad);
        }
        let text: Option<String> = code_points
            .iter()
            .map(|&point| char::from_u32(point))
            .collect();
        Ok(text.map_or_else(|| Self::Wide(code_points.into()), Self::from))
    }

    /// The UTF-16 code units, as JavaScript has them.
    pub fn to_utf16(&self) -> Vec<u16> {
        match self {
            Self::Utf8(text) => text.encode_utf16().collect(),
            Self::Wide(points) => points
                .iter()
                .flat_map(|&point| match char::from_u32(point) {
                    Some(c) => c.encode_utf16(&mut [0; 2]).to_vec(),
                    None => vec![point as u16],
                })
                .collect(),
        }
    }

    /// The text as UTF-8, or `None` if it holds lone surrogates.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Utf8(text) => Some(text),
            Self::Wide(_) => None,
        }
    }

    /// The text for a person: lone surrogates are shown as U+FFFD.
    pub fn to_string_lossy(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Utf8(text) => text.as_str().into(),
            Self::Wide(points) => points
                .iter()
                .map(|&point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect::<String>()
                .into(),
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::Utf8(CompactString::const_new(""))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Utf8(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Utf8(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn valid_utf16_becomes_utf8() {
        let units: Vec<u16> = "naïve 😀".encode_utf16().collect();
        assert_eq!(Text::from_utf16(&units), Text::from("naïve 😀"));
    }

    #[test]
    fn lone_surrogates_are_kept() {
        let text = Text::from_utf16(&[0x61, 0xD800, 0x62]);
        assert_eq!(text, Text::Wide([0x61, 0xD800, 0x62].into()));
        assert_eq!(text.as_str(), None);
        assert_eq!(text.to_string_lossy(), "a\u{FFFD}b");
        assert_eq!(text.to_utf16(), [0x61, 0xD800, 0x62]);
    }

    #[test]
    fn pythons_two_surrogates_stay_two() {
        let text = Text::from_code_points(vec![0xD83D, 0xDE00]).unwrap();
        assert_eq!(text, Text::Wide([0xD83D, 0xDE00].into()));
        assert_eq!(Text::from_utf16(&text.to_utf16()), Text::from("😀"));
        assert_eq!(Text::from_code_points(vec![0x11_0000]), Err(0x11_0000));
    }
}
