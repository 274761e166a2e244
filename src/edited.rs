//! Edited segments: alike, not equal.
//!
//! Candidates are found by the smallest shingles of each segment (a bottom sketch, Broder 1997), and compared
//! by all of them. Both have bounds, so the time does too.

use std::collections::HashMap;

use crate::document::Document;
use crate::normalize::Normalizer;
use crate::repeats::{Hole, Occurrence};
use crate::steps;
use crate::words::words;

/// Words, or letters of a script without spaces, in one shingle.
const SHINGLE: usize = 3;

/// A segment of less weight is compared with none: what is alike in it is chance.
const LEAST_WEIGHT: u32 = 60;

/// The lowest threshold: with it, one comparison takes at most eleven times as long as the shorter segment
/// is.
const LOWEST: f64 = 0.1;

/// How many of the smallest shingles of a segment bring it together with others.
const SKETCH: usize = 8;

/// How many segments that came before are compared with one, for each of these.
const CANDIDATES: usize = 8;

/// Two segments that are alike, the one an edit of the other.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Edited {
    original: Occurrence,
    copy: Occurrence,
    similarity: f64,
}

impl Edited {
    /// The one that stands first.
    pub fn original(&self) -> Occurrence {
        self.original
    }

    /// The one that stands later.
    pub fn copy(&self) -> Occurrence {
        self.copy
    }

    /// Their resemblance, from the threshold to 1, which does not mean that they are equal: of all different
    /// shingles of three words (of letters, where a script has no spaces) in both, the part that is in each.
    pub fn similarity(&self) -> f64 {
        self.similarity
    }
}

impl Document<'_> {
    /// Segments that are alike and not equal: for each the most similar one before it whose resemblance is at
    /// least `threshold`, the first of these if they are several. In the order of the text.
    ///
    /// A threshold below 0.1 counts as 0.1. Segments that weigh less than 60 are left out, and so are later
    /// occurrences of equal ones. No policy removes a segment for being
    /// alike.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let text = "The harbour ferry sails again on Monday at nine, and tickets cost as much as they did before.\n\
    ///     A line in between.\n\
    ///     The harbour ferry sails again on Tuesday at nine, and tickets cost as much as they did before.\n";
    /// let doc = Document::new(text);
    /// let edited = doc.edited(0.5);
    /// assert_eq!(edited.len(), 1);
    /// assert_eq!((edited[0].original().segments(), edited[0].copy().segments()), (0..1, 2..3));
    /// assert!(edited[0].similarity() > 0.6 && edited[0].similarity() < 0.7);
    /// ```
    ///
    /// # Complexity
    ///
    /// O(n log n) in the text: a segment is compared with 64 others at most, those that share one of its
    /// eight smallest shingles. One that shares none of these with an edit of it is missed; where they
    /// resemble each other by 0.7, that is less than one in a thousand.
    pub fn edited(&self, threshold: f64) -> Vec<Edited> {
        self.edited_among(self.ids().len(), |i| i, threshold)
    }

    /// The same among some of the segments: those with the numbers `number(0)`, `number(1)` and so on.
    pub(crate) fn edited_among(
        &self,
        len: usize,
        number: impl Fn(usize) -> usize,
        threshold: f64,
    ) -> Vec<Edited> {
        let threshold = threshold.max(LOWEST);
        let sets = Sets::new(self, (0..len).map(number));
        let mut buckets: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut found = Vec::new();
        for (later, segment) in (0..).zip(&sets.segments) {
            let set = sets.of(later);
            let mut candidates: Vec<u32> = Vec::new();
            for shingle in set.iter().take(SKETCH) {
                let bucket = buckets.entry(*shingle).or_default();
                candidates.extend(bucket.iter());
                if bucket.len() < CANDIDATES {
                    bucket.push(later);
                }
            }
            candidates.sort_unstable();
            candidates.dedup();
            let mut best: Option<(u32, f64)> = None;
            for earlier in candidates {
                let similarity = resemblance(set, sets.of(earlier), threshold);
                if similarity >= threshold && best.is_none_or(|(_, known)| similarity > known) {
                    best = Some((earlier, similarity));
                }
            }
            if let Some((earlier, similarity)) = best {
                let occurrence = |i: u32| Occurrence::new(self.spans(), i, i + 1);
                let original = occurrence(sets.segments[earlier as usize]);
                found.push(Edited { original, copy: occurrence(*segment), similarity });
            }
        }
        found
    }
}

/// The shingles of all segments that are compared.
struct Sets {
    /// The segments.
    segments: Vec<u32>,
    /// Where the shingles of each end.
    ends: Vec<usize>,
    /// Sorted, those of one segment; none twice.
    shingles: Vec<u64>,
}

impl Sets {
    fn new(doc: &Document<'_>, among: impl Iterator<Item = usize>) -> Self {
        let mut sets = Self { segments: Vec::new(), ends: Vec::new(), shingles: Vec::new() };
        let mut normalizer = Normalizer::default();
        let mut known = vec![false; doc.distinct_segments()];
        for number in among {
            let id = doc.ids()[number] as usize;
            if std::mem::replace(&mut known[id], true) || doc.weights()[number] < LEAST_WEIGHT {
                continue;
            }
            let form = normalizer.canonical(&doc.text()[doc.spans()[number]], doc.normalization());
            shingle_set(form, doc.seed(), &mut sets.shingles);
            sets.segments.push(u32::try_from(number).unwrap_or(u32::MAX));
            sets.ends.push(sets.shingles.len());
        }
        sets
    }

    fn of(&self, i: u32) -> &[u64] {
        let i = i as usize;
        let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.shingles[start..self.ends[i]]
    }
}

/// Adds the hashes of every three words in a row of a canonical form, or of all of it if it has fewer,
/// sorted, none twice.
fn shingle_set(form: &[u8], seed: u64, set: &mut Vec<u64>) {
    let mut tokens: Vec<u64> = Vec::new();
    words(form, seed, &mut tokens);
    let first = set.len();
    let join = |sum: u64, token: &u64| sum.rotate_left(23).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ token;
    let hash = |window: &[u64]| window.iter().fold(0, join);
    if tokens.len() < SHINGLE {
        set.push(hash(&tokens));
    } else {
        set.extend(tokens.windows(SHINGLE).map(hash));
    }
    set[first..].sort_unstable();
    let mut kept = first;
    for i in first..set.len() {
        if i == first || set[i] != set[kept - 1] {
            set[kept] = set[i];
            kept += 1;
        }
    }
    set.truncate(kept);
}

/// Of all that is in one of two sorted sets, the part that is in both; 0 where their sizes alone keep it
/// below `least`.
fn resemblance(a: &[u64], b: &[u64], least: f64) -> f64 {
    let part = |part: usize, whole: usize| {
        let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        if whole == 0 { 0.0 } else { number(part) / number(whole) }
    };
    if part(a.len().min(b.len()), a.len().max(b.len())) < least {
        return 0.0;
    }
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let order = a[i].cmp(&b[j]);
        both += usize::from(order.is_eq());
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
    }
    steps::count(i + j);
    part(both, a.len() + b.len() - both)
}

impl Hole {
    /// Which segments of the copy are edits of segments of the original, in order: those that resemble each
    /// other by at least `threshold`. `doc` is the document that the block is of.
    ///
    /// # Complexity
    ///
    /// A hole has seven segments on either side at most; every two of them are compared.
    pub fn edited(&self, doc: &Document<'_>, threshold: f64) -> Vec<Edited> {
        let set = |i: usize| {
            let mut set = Vec::new();
            let form = doc.spans().get(i).map(|span| doc.normalization().canonical(&doc.text()[*span]));
            shingle_set(form.unwrap_or_default().as_bytes(), doc.seed(), &mut set);
            set
        };
        let originals: Vec<_> = self.original().map(|i| (i, set(i))).collect();
        let mut next = 0;
        let mut found = Vec::new();
        for copy in self.copy().filter(|i| *i < doc.len()) {
            let here = set(copy);
            let alike = |(_, there): &(usize, Vec<u64>)| resemblance(there, &here, threshold);
            let best = (next..originals.len()).map(|i| (i, alike(&originals[i]))).fold(None, better);
            if let Some((i, similarity)) = best.filter(|(_, similarity)| *similarity >= threshold) {
                let occurrence = |i: usize| {
                    let i = u32::try_from(i).unwrap_or(u32::MAX);
                    Occurrence::new(doc.spans(), i, i + 1)
                };
                let (original, copy) = (occurrence(originals[i].0), occurrence(copy));
                found.push(Edited { original, copy, similarity });
                next = i + 1;
            }
        }
        found
    }
}

/// The more similar of two, the first if they are as similar.
fn better(best: Option<(usize, f64)>, next: (usize, f64)) -> Option<(usize, f64)> {
    best.filter(|best| best.1 >= next.1).or(Some(next))
}

#[cfg(test)]
mod tests;
