//! Memory of Rust's own.

use super::Memory;

/// Memory that belongs to whoever holds it.
pub struct Owned {
    /// Never touched again but to be freed: others read and write by the address.
    bytes: Vec<u8>,
    address: usize,
}

impl Owned {
    /// So many zeroed bytes; `None` if there is no memory for them.
    pub fn zeroed(length: usize) -> Option<Self> {
        // Asked for first: an allocation that fails would end the process.
        Vec::<u8>::new().try_reserve_exact(length).ok()?;
        Some(Self::from(vec![0; length]))
    }
}

impl From<Vec<u8>> for Owned {
    fn from(mut bytes: Vec<u8>) -> Self {
        let address = bytes.as_mut_ptr().expose_provenance();
        Self { bytes, address }
    }
}

impl Memory for Owned {
    fn address(&self) -> usize {
        self.address
    }

    fn length(&self) -> usize {
        self.bytes.len()
    }

    fn can_move(&self) -> bool {
        true
    }
}

impl std::fmt::Debug for Owned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Owned({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_memory_is_refused() {
        assert!(Owned::zeroed(usize::MAX / 2).is_none());
        assert_eq!(Owned::zeroed(7).unwrap().length(), 7);
    }
}
