//! The recall and precision of a list of pairs.

use std::collections::HashMap;

use super::truth::{self, Pair};

/// The threshold: pairs with at least this similarity should be found.
pub const NEAR: f64 = 0.7;

/// The similarity from which nearly all pairs should be found.
pub const NEARER: f64 = 0.8;

/// The true pairs of a set of documents.
pub struct Truth {
    pairs: Vec<Pair>,
    similarity: HashMap<(usize, usize), f64>,
}

/// Shares of one.
pub struct Quality {
    /// The share of the pairs with a similarity of at least 0.7 that was found.
    pub at_seven: f64,
    /// The share of the pairs with a similarity of at least 0.8 that was found.
    pub at_eight: f64,
    /// The share of the found pairs that have a similarity of at least 0.7.
    pub precision: f64,
}

impl Truth {
    pub fn of(texts: &[&str]) -> Self {
        let pairs = truth::pairs(texts);
        let similarity = pairs.iter().map(|pair| (pair.documents, pair.similarity)).collect();
        Self { pairs, similarity }
    }

    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Returns the number of pairs with a similarity of at least `least`.
    pub fn count(&self, least: f64) -> usize {
        self.pairs.iter().filter(|pair| pair.similarity >= least).count()
    }

    /// Returns the recall and precision of `found`, which must have no pair twice.
    pub fn quality(&self, found: &[(usize, usize)]) -> Quality {
        let right = |least: f64| {
            found.iter().filter(|pair| self.similarity.get(pair).is_some_and(|known| *known >= least)).count()
        };
        Quality {
            at_seven: share(right(NEAR), self.count(NEAR)),
            at_eight: share(right(NEARER), self.count(NEARER)),
            precision: share(right(NEAR), found.len()),
        }
    }
}

impl Quality {
    pub fn check(&self, name: &str, least: &Self) {
        let Self { at_seven, at_eight, precision } = self;
        assert!(
            *at_seven >= least.at_seven,
            "{name}: expected recall {} at similarity 0.7, found {at_seven}",
            least.at_seven
        );
        assert!(
            *at_eight >= least.at_eight,
            "{name}: expected recall {} at similarity 0.8, found {at_eight}",
            least.at_eight
        );
        assert!(
            *precision >= least.precision,
            "{name}: expected precision {}, found {precision}",
            least.precision
        );
    }
}

/// Returns `part / whole`, or 1 if `whole` is 0.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
