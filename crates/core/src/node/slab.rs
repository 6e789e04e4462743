//! Numbered slots with generations: what JavaScript holds instead of pointers. No Node-API here.

/// Things kept under numbers that JavaScript can hold exactly.
///
/// A key is `generation << 32 | index`: 21 bits of generation and 32 of index make 53, which a
/// double holds. The first generation is 0, so most keys are V8 small integers. A slot whose
/// generations are used up is retired: no key is ever valid for two things.
#[derive(Debug)]
pub(super) struct Slab<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    count: usize,
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    item: Option<T>,
}

/// The key of an item. Never 0, so that 0 can mean "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key(u64);

const INDEX_BITS: u32 = 32;
const LAST_GENERATION: u32 = (1 << 21) - 1;

impl Key {
    /// The key as JavaScript holds it.
    pub(super) fn to_number(self) -> f64 {
        self.0 as f64
    }

    /// The key that a number could be, whether or not anything is there.
    pub(super) fn from_number(number: f64) -> Option<Self> {
        let key = number as u64;
        (key as f64 == number && key < 1 << 53 && key != 0).then_some(Self(key))
    }

    fn new(generation: u32, index: usize) -> Self {
        Self(u64::from(generation) << INDEX_BITS | index as u64)
    }

    fn index(self) -> usize {
        self.0 as u32 as usize
    }

    fn generation(self) -> u32 {
        (self.0 >> INDEX_BITS) as u32
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        // Slot 0 is never used, which keeps key 0 free.
        Self {
            slots: vec![Slot {
                generation: 0,
                item: None,
            }],
            free: Vec::new(),
            count: 0,
        }
    }
}

impl<T> Slab<T> {
    pub(super) fn insert(&mut self, item: T) -> Key {
        let index = if let Some(index) = self.free.pop() {
            index as usize
        } else {
            assert!(
                u32::try_from(self.slots.len()).is_ok(),
                "four billion handles are open"
            );
            self.slots.push(Slot {
                generation: 0,
                item: None,
            });
            self.slots.len() - 1
        };
        let slot = &mut self.slots[index];
        slot.item = Some(item);
        self.count += 1;
        Key::new(slot.generation, index)
    }

    pub(super) fn get(&self, key: Key) -> Option<&T> {
        let slot = self.slots.get(key.index())?;
        if slot.generation == key.generation() {
            slot.item.as_ref()
        } else {
            None
        }
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.index())?;
        if slot.generation == key.generation() {
            slot.item.as_mut()
        } else {
            None
        }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<T> {
        let slot = self.slots.get_mut(key.index())?;
        if slot.generation != key.generation() {
            return None;
        }
        let item = slot.item.take()?;
        self.count -= 1;
        if slot.generation < LAST_GENERATION {
            slot.generation += 1;
            self.free.push(key.index() as u32);
        } else {
            // Out of the reach of any key.
            slot.generation = u32::MAX;
        }
        Some(item)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Everything that is there, with its key.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let item = slot.item.as_ref()?;
            Some((Key::new(slot.generation, index), item))
        })
    }

    /// Takes everything out; keys given before stay invalid.
    pub(super) fn drain(&mut self) -> Vec<T> {
        let keys: Vec<Key> = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.item.is_some())
            .map(|(index, slot)| Key::new(slot.generation, index))
            .collect();
        keys.into_iter()
            .filter_map(|key| self.remove(key))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, LAST_GENERATION, Slab};

    #[test]
    fn a_key_finds_its_item_until_it_is_removed() {
        let mut slab = Slab::default();
        let (a, b) = (slab.insert("a"), slab.insert("b"));
        assert_eq!((slab.get(a), slab.get(b)), (Some(&"a"), Some(&"b")));
        assert_eq!(slab.remove(a), Some("a"));
        assert_eq!(slab.get(a), None);
        assert_eq!(slab.remove(a), None);
        assert_eq!(slab.get(b), Some(&"b"));
    }

    #[test]
    fn a_stale_key_does_not_find_what_came_after() {
        let mut slab = Slab::default();
        let first = slab.insert(1);
        slab.remove(first);
        let second = slab.insert(2);
        assert_eq!(first.index(), second.index());
        assert_eq!(slab.get(first), None);
        assert_eq!(slab.get(second), Some(&2));
        assert_eq!(slab.remove(first), None);
    }

    #[test]
    fn keys_survive_being_javascript_numbers() {
        let mut slab = Slab::default();
        for round in 0..100 {
            let key = slab.insert(round);
            assert_eq!(Key::from_number(key.to_number()), Some(key));
            slab.remove(key);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for number in [
            0.0,
            -1.0,
            0.5,
            f64::NAN,
            f64::INFINITY,
            1e300,
            9_007_199_254_740_992.0,
        ] {
            assert_eq!(Key::from_number(number), None, "{number}");
        }
        let slab: Slab<()> = Slab::default();
        assert_eq!(slab.get(Key(1)), None);
        assert_eq!(slab.get(Key(u64::MAX >> 11)), None);
    }

    #[test]
    fn a_worn_out_slot_is_retired() {
        let mut slab = Slab::default();
        let key = slab.insert(1);
        slab.slots[key.index()].generation = LAST_GENERATION;
        let last = Key::new(LAST_GENERATION, key.index());
        assert_eq!(slab.remove(last), Some(1));
        let next = slab.insert(2);
        assert_ne!(next.index(), last.index());
        assert_eq!(slab.get(last), None);
    }

    #[test]
    fn draining_takes_everything_and_ends_every_key() {
        let mut slab = Slab::default();
        let keys = [slab.insert(1), slab.insert(2)];
        assert!(slab.iter().eq(keys.into_iter().zip(&[1, 2])));
        assert_eq!(slab.drain(), [1, 2]);
        assert!(keys.iter().all(|&key| slab.get(key).is_none()));
    }
}
