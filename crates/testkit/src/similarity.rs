//! Shingles of words, their similarity and containment, by definition.

use std::collections::HashMap;

/// Returns the words of ASCII letters and digits, in lower case.
pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns the number of occurrences of every run of `size` words. A shorter text is one run.
pub fn bag(text: &str, size: usize) -> HashMap<Vec<String>, usize> {
    let words = words(text);
    let mut bag = HashMap::new();
    if words.len() < size {
        bag.insert(words, 1);
    } else {
        words.windows(size).for_each(|run| *bag.entry(run.to_vec()).or_default() += 1);
    }
    bag
}

/// Returns the number of runs that both texts have, that `a` has, and that `b` has.
pub fn overlap(a: &str, b: &str, size: usize) -> (usize, usize, usize) {
    let (a, b) = (bag(a, size), bag(b, size));
    let both = a.iter().map(|(run, count)| *count.min(b.get(run).unwrap_or(&0))).sum();
    (both, a.values().sum(), b.values().sum())
}

/// Returns the Jaccard similarity of the multisets of runs.
pub fn similarity(a: &str, b: &str, size: usize) -> f64 {
    let (both, a, b) = overlap(a, b, size);
    both as f64 / (a + b - both) as f64
}

/// Returns the share of the runs of `a` that `b` has.
pub fn containment(a: &str, b: &str, size: usize) -> f64 {
    let (both, a, _) = overlap(a, b, size);
    both as f64 / a as f64
}
