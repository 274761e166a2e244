//! The n-grams of an evaluation set.

use hashbrown::HashTable;

use super::units::Extent;
use crate::shingle::mix;
use crate::work;

/// The base of the polynomial that hashes n-grams.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The number of bits of the filter for each n-gram, at least.
const BITS: usize = 16;

/// An item: its words and its n-grams.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) words: Vec<u32>,
    pub(super) extents: Vec<Extent>,
    /// The number of words in its n-grams: that of all others, or fewer if the item is shorter.
    pub(super) size: usize,
    /// The numbers of its n-grams, in order.
    pub(super) grams: Vec<u32>,
}

/// An n-gram of one or more items.
#[derive(Clone, Debug)]
pub(super) struct Gram {
    /// The items that have it, in order, and its first place in each.
    pub(super) items: Vec<(u32, u32)>,
}

/// The n-grams of all items.
#[derive(Clone, Debug, Default)]
pub(super) struct Grams {
    pub(super) items: Vec<Item>,
    pub(super) grams: Vec<Gram>,
    /// The key and the number of each n-gram.
    numbers: HashTable<(u64, u32)>,
    /// Two bits for the key of each n-gram. Most keys of a corpus lack one of theirs, and need no
    /// lookup.
    filter: Vec<u64>,
    /// The sizes of n-grams that occur.
    sizes: Vec<usize>,
    seed: u64,
}

impl Grams {
    pub(super) fn new(seed: u64) -> Self {
        Self { filter: vec![0; 1 << 14], seed: mix(seed), ..Self::default() }
    }

    /// Adds an item, whose n-grams have `size` words, or all words if there are fewer.
    pub(super) fn add(&mut self, words: &[u32], extents: &[Extent], size: usize) {
        let number = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let size = size.min(words.len());
        let mut item = Item { words: words.to_vec(), extents: extents.to_vec(), size, grams: Vec::new() };
        if size > 0 {
            if !self.sizes.contains(&size) {
                self.sizes.push(size);
            }
            let mut keys = Vec::new();
            self.roll(words, size, |at, key| keys.push((at, key)));
            for (at, key) in keys {
                let gram = self.number(&item, &words[at..at + size], key);
                let items = &mut self.grams[gram as usize].items;
                if items.last().is_none_or(|(last, _)| *last != number) {
                    items.push((number, u32::try_from(at).unwrap_or(u32::MAX)));
                }
                item.grams.push(gram);
            }
        }
        self.items.push(item);
    }

    /// Returns the number of an n-gram of a new item, which is added if it is new.
    fn number(&mut self, item: &Item, words: &[u32], mut key: u64) -> u32 {
        loop {
            match self.of_key(key) {
                Some(number) if self.words(number, Some(item)) == words => return number,
                // Another n-gram with the same hash.
                Some(_) => key = key.wrapping_add(1),
                None => break,
            }
        }
        let number = u32::try_from(self.grams.len()).unwrap_or(u32::MAX);
        self.numbers.insert_unique(spread(key), (key, number), |(key, _)| spread(*key));
        self.grams.push(Gram { items: Vec::new() });
        if self.grams.len() * BITS > self.filter.len() * 64 {
            self.filter = vec![0; self.filter.len() * 2];
            let keys: Vec<u64> = self.numbers.iter().map(|(key, _)| *key).collect();
            keys.into_iter().for_each(|key| self.mark(key));
        }
        self.mark(key);
        number
    }

    fn of_key(&self, key: u64) -> Option<u32> {
        self.numbers.find(spread(key), |(other, _)| *other == key).map(|(_, number)| *number)
    }

    fn mark(&mut self, key: u64) {
        let (word, bits) = self.bits(key);
        self.filter[word] |= bits;
    }

    /// Returns a word of the filter and two of its bits.
    #[inline(always)]
    fn bits(&self, key: u64) -> (usize, u64) {
        let word = (key >> 32) as usize & (self.filter.len() - 1);
        (word, 1 << (key >> 58) | 1 << (key >> 52 & 63))
    }

    /// Returns the words of an n-gram. `new` is an item that is not in the list yet.
    fn words<'a>(&'a self, gram: u32, new: Option<&'a Item>) -> &'a [u32] {
        let Some((item, at)) = self.grams[gram as usize].items.first() else { return &[] };
        let Some(item) = self.items.get(*item as usize).or(new) else { return &[] };
        &item.words[*at as usize..*at as usize + item.size]
    }

    /// Calls `each` with the place and the key of every `size` words in a row (Karp and Rabin
    /// 1987).
    #[inline(always)]
    fn roll(&self, words: &[u32], size: usize, mut each: impl FnMut(usize, u64)) {
        if words.len() < size {
            return;
        }
        // The word that leaves is subtracted after the multiplication, which need not wait for it.
        let power = (0..size).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let push = |sum: u64, word: u32| sum.wrapping_mul(BASE).wrapping_add(u64::from(word));
        let mut sum = words[..size].iter().fold(0, |sum, word| push(sum, *word));
        let salt = self.seed ^ size as u64;
        // One multiplication: only the high bits are used before all words are compared.
        let key = |sum: u64| (sum ^ salt).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        each(0, key(sum));
        for (at, (new, old)) in (1..).zip(words[size..].iter().zip(words)) {
            let change = u64::from(*new).wrapping_sub(u64::from(*old).wrapping_mul(power));
            sum = sum.wrapping_mul(BASE).wrapping_add(change);
            each(at, key(sum));
        }
    }

    /// Appends the n-grams of items that occur in `words` to `found`: the place and the number of
    /// each, those of one size in order.
    pub(super) fn find(&self, words: &[u32], found: &mut Vec<(usize, u32)>) {
        for size in &self.sizes {
            work::count(words.len());
            self.roll(words, *size, |at, key| {
                let (word, bits) = self.bits(key);
                if self.filter[word] & bits == bits {
                    self.find_one(&words[at..at + size], key, at, found);
                }
            });
        }
    }

    // The loop above is faster without this code in it.
    #[inline(never)]
    fn find_one(&self, words: &[u32], mut key: u64, at: usize, found: &mut Vec<(usize, u32)>) {
        while let Some(number) = self.of_key(key) {
            work::count(words.len());
            if self.words(number, None) == words {
                return found.push((at, number));
            }
            key = key.wrapping_add(1);
        }
    }
}

/// Returns the hash of a key, of which the high bits are mixed best, for a table that uses the low
/// bits most.
#[inline(always)]
fn spread(key: u64) -> u64 {
    key.rotate_left(u64::BITS / 2)
}
