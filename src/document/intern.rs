//! Numbering of segments by their canonical forms.

use std::collections::HashMap;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::fingerprint::Fingerprint;
use crate::hash::KeyedHash;
use crate::id::id;
use crate::normalize::{Normalization, Normalizer};
use crate::work;

/// A table with room for this many times as many segments as it has is replaced when it is cleared,
/// so that a small document after a large one does not pay for the room.
const TOO_LARGE: usize = 64;

/// Assigns ids to segments in the order of their first occurrence. Equal segments have equal ids:
/// the fingerprint finds candidates, and their canonical forms are compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    ids: HashTable<u32>,
    hash: KeyedHash,
    /// The first segment with each id.
    first: Vec<u32>,
    forms: Forms,
}

/// The segments of a text before one, and the way to compare them.
#[derive(Clone, Copy)]
pub(super) struct Before<'a, F> {
    pub(super) text_of: F,
    pub(super) fingerprints: &'a [Fingerprint],
    pub(super) normalization: Normalization,
}

/// The canonical forms of first occurrences that were compared with a segment of other bytes. Each
/// form is computed once.
#[derive(Clone, Debug, Default)]
struct Forms {
    /// The range in `bytes` of the form of each id.
    place: HashMap<u32, (usize, usize)>,
    bytes: Vec<u8>,
    normalizer: Normalizer,
}

impl Interner {
    /// Removes all segments, and keeps the buffers.
    pub(super) fn clear(&mut self) {
        if self.ids.capacity() / TOO_LARGE > self.ids.len() {
            self.ids = HashTable::new();
        }
        self.ids.clear();
        self.first.clear();
        self.forms.place.clear();
        self.forms.bytes.clear();
    }

    /// Returns the number of ids.
    pub(super) fn len(&self) -> u32 {
        id(self.first.len())
    }

    /// Returns the id of the next segment, `text`, which has the canonical form `form` and this
    /// fingerprint.
    pub(super) fn id<'t>(
        &mut self,
        text: &str,
        form: &[u8],
        fingerprint: Fingerprint,
        before: Before<'_, impl Fn(usize) -> &'t str>,
    ) -> u32 {
        let next = self.len();
        let Self { ids, hash, first, forms } = self;
        let is_equal = |id: &u32| {
            work::count(1);
            let first = first[*id as usize] as usize;
            if before.fingerprints[first] != fingerprint {
                return false;
            }
            let original = (before.text_of)(first);
            work::count(text.len());
            original == text || forms.form(*id, original, before.normalization) == form
        };
        let rehash = |id: &u32| {
            work::count(1);
            hash.of(before.fingerprints[first[*id as usize] as usize])
        };
        match ids.entry(hash.of(fingerprint), is_equal, rehash) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                free.insert(next);
                // A document has fewer than 2^32 segments.
                first.push(id(before.fingerprints.len()));
                next
            }
        }
    }
}

impl Forms {
    /// Returns the canonical form of `original`, the first occurrence of `id`.
    fn form(&mut self, id: u32, original: &str, normalization: Normalization) -> &[u8] {
        let (start, end) = *self.place.entry(id).or_insert_with(|| {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(self.normalizer.canonical(original, normalization));
            (start, self.bytes.len())
        });
        &self.bytes[start..end]
    }
}
