//! What the items of a buffer are: Python's `struct` codes, JavaScript's kinds of typed arrays.

use std::borrow::Cow;

/// A kind of typed array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the typed array of that name")]
pub enum Element {
    Int8,
    Uint8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Float32,
    Float64,
    BigInt64,
    BigUint64,
}

impl Element {
    /// Bytes of one item.
    pub fn size(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 => 1,
            Self::Int16 | Self::Uint16 => 2,
            Self::Int32 | Self::Uint32 | Self::Float32 => 4,
            Self::Float64 | Self::BigInt64 | Self::BigUint64 => 8,
        }
    }

    /// The code that Python's `struct`, `array` and `memoryview` know it by.
    pub fn format(self) -> &'static str {
        match self {
            Self::Int8 => "b",
            Self::Uint8 => "B",
            Self::Int16 => "h",
            Self::Uint16 => "H",
            Self::Int32 => "i",
            Self::Uint32 => "I",
            Self::Float32 => "f",
            Self::Float64 => "d",
            Self::BigInt64 => "q",
            Self::BigUint64 => "Q",
        }
    }
}

/// What a buffer holds: items of one kind, in C order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Python's `struct` code of an item.
    format: Cow<'static, str>,
    /// Bytes of an item.
    item_size: usize,
    /// How many items there are in each dimension; none: a single item.
    shape: Vec<usize>,
}

impl Layout {
    /// A layout.
    pub fn new(format: impl Into<Cow<'static, str>>, item_size: usize, shape: Vec<usize>) -> Self {
        Self {
            format: format.into(),
            item_size,
            shape,
        }
    }

    /// So many bytes.
    pub fn bytes_of(length: usize) -> Self {
        Self::new("B", 1, vec![length])
    }

    /// So many items of a typed array.
    pub fn of(element: Element, length: usize) -> Self {
        Self::new(element.format(), element.size(), vec![length])
    }

    /// Python's `struct` code of an item.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// Bytes of an item.
    pub fn item_size(&self) -> usize {
        self.item_size
    }

    /// How many items there are in each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The length of all in bytes; `None` if that is more than there are addresses.
    pub fn bytes(&self) -> Option<usize> {
        self.shape
            .iter()
            .try_fold(self.item_size, |bytes, &count| bytes.checked_mul(count))
    }

    /// The kind of typed array that shows it; `None` if there is none.
    pub fn element(&self) -> Option<Element> {
        let code = match self.format.as_bytes() {
            // One byte has no order; other formats must have this machine's.
            [b'@' | b'=', code] => *code,
            [b'<', code] if cfg!(target_endian = "little") || self.item_size == 1 => *code,
            [b'>' | b'!', code] if cfg!(target_endian = "big") || self.item_size == 1 => *code,
            [code] => *code,
            _ => return None,
        };
        // `l` and `n` differ from platform to platform: the size decides.
        Some(match (code, self.item_size) {
            (b'b', 1) => Element::Int8,
            (b'B' | b'c' | b'?', 1) => Element::Uint8,
            (b'h', 2) => Element::Int16,
            (b'H', 2) => Element::Uint16,
            (b'i' | b'l' | b'n', 4) => Element::Int32,
            (b'I' | b'L' | b'N' | b'w' | b'u', 4) => Element::Uint32,
            (b'f', 4) => Element::Float32,
            (b'd', 8) => Element::Float64,
            (b'l' | b'q' | b'n' | b'i', 8) => Element::BigInt64,
            (b'L' | b'Q' | b'N' | b'I', 8) => Element::BigUint64,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_typed_array_come_back() {
        for element in [
            Element::Int8,
            Element::Uint8,
            Element::Int16,
            Element::Uint16,
            Element::Int32,
            Element::Uint32,
            Element::Float32,
            Element::Float64,
            Element::BigInt64,
            Element::BigUint64,
        ] {
            assert_eq!(Layout::of(element, 3).element(), Some(element));
            assert_eq!(Layout::of(element, 3).bytes(), Some(3 * element.size()));
        }
    }

    #[test]
    fn a_code_counts_only_with_its_size_and_order() {
        let element = |format: &'static str, size| Layout::new(format, size, vec![1]).element();
        assert_eq!(element("l", 8), Some(Element::BigInt64));
        assert_eq!(element("l", 4), Some(Element::Int32));
        assert_eq!(element("d", 4), None);
        assert_eq!(element("e", 2), None);
        assert_eq!(element("O", 8), None);
        assert_eq!(element("T{d:x:}", 8), None);
        let (native, foreign) = if cfg!(target_endian = "little") {
            ("<d", ">d")
        } else {
            (">d", "<d")
        };
        assert_eq!(element(native, 8), Some(Element::Float64));
        assert_eq!(element(foreign, 8), None);
    }

    #[test]
    fn a_shape_may_be_empty_or_hold_nothing() {
        assert_eq!(Layout::new("d", 8, vec![]).bytes(), Some(8));
        assert_eq!(Layout::new("d", 8, vec![3, 0]).bytes(), Some(0));
        assert_eq!(Layout::new("d", 8, vec![usize::MAX, 2]).bytes(), None);
    }
}
