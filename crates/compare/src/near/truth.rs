//! Which documents are nearly the same: found by what they share, computed exactly, guessed nowhere.

use std::collections::{HashMap, HashSet};

use super::tokens::tokens;
use crate::common::Numbers;

/// Words in a shingle. A document of fewer is one shingle by itself.
pub const WORDS: usize = 5;

/// Two documents and the resemblance of their sets of shingles, which is a half or more.
pub struct Pair {
    pub documents: (usize, usize),
    pub similarity: f64,
}

/// Numbers of words, and `u32::MAX` where there is none.
type Shingle = [u32; WORDS];

/// All pairs with a resemblance of a half or more, in order.
///
/// Of two such sets, the smaller has at most twice as many members as they share, and so has the larger. Put
/// the members in one order for all sets: then the first that two of them share is among the first half, and
/// one more, of either. With the rare members in front, few sets meet that way, and those that do are
/// compared as wholes.
pub fn pairs(texts: &[&str]) -> Vec<Pair> {
    let (sizes, sets) = sets(texts);
    let mut with: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut met = vec![usize::MAX; texts.len()];
    let mut pairs = Vec::new();
    for (b, set) in sets.iter().enumerate() {
        // What is in no other document comes first.
        let own = sizes[b] - set.len();
        let front = (sizes[b] / 2 + 1).saturating_sub(own).min(set.len());
        for shingle in &set[..front] {
            let earlier = with.entry(*shingle).or_default();
            for &a in &*earlier {
                if std::mem::replace(&mut met[a], b) != b {
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

/// For every document how many different shingles it has, and those that are in others too, by number: rare
/// ones first.
fn sets(texts: &[&str]) -> (Vec<usize>, Vec<Vec<u32>>) {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut places: Vec<(Shingle, usize)> = Vec::new();
    for (document, text) in texts.iter().enumerate() {
        let mut words = Vec::new();
        for token in tokens(text) {
            let next = u32::try_from(numbers.len()).expect("fewer words than that");
            words.push(*numbers.entry(token).or_insert(next));
        }
        if !words.is_empty() {
            words.resize(words.len().max(WORDS), u32::MAX);
        }
        let shingles = words.windows(WORDS).map(|run| Shingle::try_from(run).expect("as long as a shingle"));
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

/// How many members two sets in ascending order share.
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

/// Comparing each with each, word by word, comes to the same: for `texts`, and for a crowd of short ones
/// where hardly a shingle is rare, some stand in a text twice, and many a resemblance is a half and no more.
pub fn check(texts: &[&str]) {
    let mut numbers = Numbers(3);
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
