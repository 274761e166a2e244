//! The true pairs: all pairs of similar documents, computed exactly.

use std::collections::{HashMap, HashSet};

use refrain_testkit::frozen::Mmix;

use super::tokens::tokens;

/// The number of words in a shingle. A document with fewer words has one shingle.
pub const WORDS: usize = 5;

/// Two documents whose sets of shingles have a similarity of at least 0.5.
pub struct Pair {
    pub documents: (usize, usize),
    pub similarity: f64,
}

/// The numbers of the words of a shingle; `u32::MAX` for a missing word.
type Shingle = [u32; WORDS];

/// Returns all pairs with a similarity of at least 0.5, in order.
///
/// This is prefix filtering (Chaudhuri, Ganti and Kaushik 2006, *A primitive operator for
/// similarity joins in data cleaning*): each of two such sets has at most twice as many members as
/// they have in common. If all sets are sorted in the same order, their first common member is
/// therefore among the first n / 2 + 1 of the n members of each. With rare members first, few sets
/// share one of these, and those that do are compared as a whole.
pub fn pairs(texts: &[&str]) -> Vec<Pair> {
    let (sizes, sets) = sets(texts);
    let mut with: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut compared = vec![usize::MAX; texts.len()];
    let mut pairs = Vec::new();
    for (b, set) in sets.iter().enumerate() {
        // Members that no other set has are the first.
        let own = sizes[b] - set.len();
        let front = (sizes[b] / 2 + 1).saturating_sub(own).min(set.len());
        for shingle in &set[..front] {
            let earlier = with.entry(*shingle).or_default();
            for &a in &*earlier {
                if std::mem::replace(&mut compared[a], b) != b {
                    let common = common(&sets[a], set);
                    let all = sizes[a] + sizes[b] - common;
                    if 2 * common >= all {
                        pairs.push(Pair { documents: (a, b), similarity: common as f64 / all as f64 });
                    }
                }
            }
            earlier.push(b);
        }
    }
    pairs.sort_unstable_by_key(|pair| pair.documents);
    pairs
}

/// Returns the number of different shingles of each document, and the numbers of those that other
/// documents have too, rare ones first.
fn sets(texts: &[&str]) -> (Vec<usize>, Vec<Vec<u32>>) {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut places: Vec<(Shingle, usize)> = Vec::new();
    for (document, text) in texts.iter().enumerate() {
        let mut words = Vec::new();
        for token in tokens(text) {
            let next = u32::try_from(numbers.len()).expect("there are fewer words than numbers");
            words.push(*numbers.entry(token).or_insert(next));
        }
        if !words.is_empty() {
            words.resize(words.len().max(WORDS), u32::MAX);
        }
        let shingles = words
            .windows(WORDS)
            .map(|run| Shingle::try_from(run).expect("a window has the length of a shingle"));
        places.extend(shingles.map(|shingle| (shingle, document)));
    }
    places.sort_unstable();
    places.dedup();

    let mut sizes = vec![0; texts.len()];
    for (_, document) in &places {
        sizes[*document] += 1;
    }
    let mut shared: Vec<_> =
        places.chunk_by(|one, next| one.0 == next.0).filter(|group| group.len() > 1).collect();
    shared.sort_by_key(|group| group.len());
    let mut sets = vec![Vec::new(); texts.len()];
    for (number, group) in (0..).zip(shared) {
        for (_, document) in group {
            sets[*document].push(number);
        }
    }
    (sizes, sets)
}

/// Returns the number of common members of two sorted sets.
fn common(mut a: &[u32], mut b: &[u32]) -> usize {
    let mut common = 0;
    while let ([first, rest @ ..], [other, others @ ..]) = (a, b) {
        common += usize::from(first == other);
        if first <= other {
            a = rest;
        }
        if other <= first {
            b = others;
        }
    }
    common
}

/// Checks that a comparison of all documents with each other, word by word, has the same result:
/// for `texts`, and for short texts in which few shingles are rare, some occur twice, and many
/// similarities are exactly 0.5.
pub fn check(texts: &[&str]) {
    let mut numbers = Mmix::new(3);
    let mut short =
        || (0..numbers.below(16)).map(|_| ["a ", "B, ", "c! "][numbers.below(3)]).collect::<String>();
    let short: Vec<String> = (0..300).map(|_| short()).collect();
    let texts: Vec<&str> = texts.iter().copied().chain(short.iter().map(String::as_str)).collect();
    let tokens: Vec<_> = texts.iter().map(|text| tokens(text)).collect();
    let sets: Vec<HashSet<&[String]>> = tokens
        .iter()
        .map(|tokens| match tokens.len() {
            0 => HashSet::new(),
            words => tokens.windows(WORDS.min(words)).collect(),
        })
        .collect();
    let mut expected = Vec::new();
    for a in 0..sets.len() {
        for b in a + 1..sets.len() {
            let (common, all) = (sets[a].intersection(&sets[b]).count(), sets[a].union(&sets[b]).count());
            if all > 0 && 2 * common >= all {
                expected.push(((a, b), common as f64 / all as f64));
            }
        }
    }
    let found: Vec<_> = pairs(&texts).iter().map(|pair| (pair.documents, pair.similarity)).collect();
    assert_eq!(found, expected);
}
