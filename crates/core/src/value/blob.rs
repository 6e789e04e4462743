//! Immutable bytes. Not here: typed or shared memory (`Shared`).

use std::ops::Deref;

use super::spare;

/// Bytes that nobody changes.
pub struct Blob(Repr);

/// Two words, so that a `Value` stays three.
enum Repr {
    Small(Box<[u8]>),
    /// Of a size that is kept when it is dropped.
    #[expect(clippy::box_collection, reason = "a vector is three words")]
    Large(Box<Vec<u8>>),
}

impl Blob {
    /// The bytes themselves, without a copy.
    pub fn into_vec(mut self) -> Vec<u8> {
        self.take()
    }

    /// A vector with room for so many bytes, to be filled and made into a blob; `None` if there is
    /// no memory for it. Large ones are taken from memory that an earlier blob left, if there is any.
    pub fn room_for(length: usize) -> Option<Vec<u8>> {
        if let Some(used) = spare::take(length) {
            return Some(used);
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).ok()?;
        Some(bytes)
    }

    fn take(&mut self) -> Vec<u8> {
        match &mut self.0 {
            Repr::Small(bytes) => std::mem::take(bytes).into_vec(),
            Repr::Large(bytes) => std::mem::take(bytes),
        }
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        if matches!(self.0, Repr::Large(_)) {
            spare::keep(self.take());
        }
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Blob {}

impl std::hash::Hash for Blob {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl Clone for Blob {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Repr::Small(bytes) => bytes,
            Repr::Large(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(if spare::is_kept(bytes.capacity()) {
            Repr::Large(Box::new(bytes))
        } else {
            Repr::Small(bytes.into_boxed_slice())
        })
    }
}

impl From<&[u8]> for Blob {
    fn from(bytes: &[u8]) -> Self {
        let mut copy = spare::take(bytes.len()).unwrap_or_else(|| Vec::with_capacity(bytes.len()));
        copy.extend_from_slice(bytes);
        Self::from(copy)
    }
}

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blob({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Blob;

    #[test]
    fn bytes_are_what_they_were_made_of_whatever_the_memory_held_before() {
        for length in [0, 1, 100_000, 1_000_000, 100_000] {
            let bytes: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let blob = Blob::from(&bytes[..]);
            assert_eq!(&*blob, &bytes[..]);
            assert_eq!(blob.clone(), blob);
            let mut room = Blob::room_for(length).unwrap();
            assert!(room.is_empty() && room.capacity() >= length);
            room.resize(length, 7);
            drop(Blob::from(room));
            assert_eq!(blob.into_vec(), bytes);
        }
    }
}
