//! Immutable bytes. Not here: typed or shared memory (`Shared`).

use std::any::Any;
use std::ops::Deref;

use super::spare::Spare;

/// Bytes that nobody changes.
pub struct Blob(Repr);

/// Memory that somebody else made for a blob, so that who receives it can take it as it is.
pub trait Block: Any + Send + Sync {
    /// What is in it.
    fn bytes(&self) -> &[u8];
    /// Where it is, for whoever becomes its only user.
    fn place(&mut self) -> *mut u8;
}

/// Two words, so that a `Value` stays three.
enum Repr {
    Small(Box<[u8]>),
    Large(Box<Large>),
}

enum Large {
    Own(Kept),
    Foreign(Box<dyn Block>),
}

/// Of a size that is kept when it is dropped.
struct Kept(Vec<u8>);

impl Drop for Kept {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0);
        bytes.clear();
        SPARE.keep(bytes);
    }
}

static SPARE: Spare<Vec<u8>> = Spare::new();

impl Blob {
    /// A vector with room for so many bytes, to be filled and made into a blob; `None` if there is
    /// no memory for it. Large ones are taken from memory that an earlier blob left, if there is any.
    pub fn room_for(length: usize) -> Option<Vec<u8>> {
        if let Some(used) = SPARE.take(length) {
            return Some(used);
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).ok()?;
        Some(bytes)
    }

    /// The bytes of a block.
    pub fn of_block(block: impl Block) -> Self {
        Self(Repr::Large(Box::new(Large::Foreign(Box::new(block)))))
    }

    /// The block that this is of.
    ///
    /// # Errors
    /// The blob itself: it is of no block, or of one of another kind.
    pub fn into_block<T: Block>(self) -> Result<T, Self> {
        match self.0 {
            Repr::Large(large) => match *large {
                Large::Foreign(block) if (&*block as &dyn Any).is::<T>() => {
                    match (block as Box<dyn Any>).downcast::<T>() {
                        Ok(block) => Ok(*block),
                        Err(_) => unreachable!("its type was asked for"),
                    }
                }
                other => Err(Self(Repr::Large(Box::new(other)))),
            },
            small => Err(Self(small)),
        }
    }

    /// Where the bytes are, for whoever keeps the blob and is the only one to touch them from now on.
    pub fn place(&mut self) -> *mut u8 {
        match &mut self.0 {
            Repr::Small(bytes) => bytes.as_mut_ptr(),
            Repr::Large(large) => match &mut **large {
                Large::Own(Kept(bytes)) => bytes.as_mut_ptr(),
                Large::Foreign(block) => block.place(),
            },
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
            Repr::Large(large) => match &**large {
                Large::Own(Kept(bytes)) => bytes,
                Large::Foreign(block) => block.bytes(),
            },
        }
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(if Spare::<Vec<u8>>::is_kept(bytes.capacity()) {
            Repr::Large(Box::new(Large::Own(Kept(bytes))))
        } else {
            Repr::Small(bytes.into_boxed_slice())
        })
    }
}

impl From<&[u8]> for Blob {
    fn from(bytes: &[u8]) -> Self {
        let mut copy = SPARE
            .take(bytes.len())
            .unwrap_or_else(|| Vec::with_capacity(bytes.len()));
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
    use super::{Blob, Block};

    #[test]
    fn bytes_are_what_they_were_made_of_whatever_the_memory_held_before() {
        for length in [0, 1, 100_000, 1_000_000, 100_000] {
            let bytes: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let mut blob = Blob::from(&bytes[..]);
            assert_eq!(&*blob, &bytes[..]);
            assert_eq!(blob.clone(), blob);
            assert_eq!(blob.place().cast_const(), blob.as_ptr());
            let mut room = Blob::room_for(length).unwrap();
            assert!(room.is_empty() && room.capacity() >= length);
            room.resize(length, 7);
            drop(Blob::from(room));
            assert_eq!(&*blob, &bytes[..]);
        }
    }

    #[derive(Debug)]
    struct Here(Vec<u8>);

    impl Block for Here {
        fn bytes(&self) -> &[u8] {
            &self.0
        }
        fn place(&mut self) -> *mut u8 {
            self.0.as_mut_ptr()
        }
    }

    #[derive(Debug)]
    struct There;

    impl Block for There {
        fn bytes(&self) -> &[u8] {
            &[]
        }
        fn place(&mut self) -> *mut u8 {
            std::ptr::null_mut()
        }
    }

    #[test]
    fn a_block_is_taken_by_who_knows_its_kind() {
        let mut blob = Blob::of_block(Here(vec![1, 2, 3]));
        let place = blob.place();
        let blob = blob.into_block::<There>().unwrap_err();
        assert_eq!(&*blob, [1, 2, 3]);
        assert_eq!(blob.clone(), blob);
        assert!(
            blob.clone().into_block::<Here>().is_err(),
            "a copy is our own"
        );
        let mut block = blob.into_block::<Here>().unwrap();
        assert_eq!(block.place(), place);
        assert!(Blob::from(&[1_u8][..]).into_block::<Here>().is_err());
        assert!(Blob::from(vec![0; 1 << 20]).into_block::<Here>().is_err());
    }
}
