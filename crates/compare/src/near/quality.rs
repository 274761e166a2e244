//! How much of the truth an answer has.

use std::collections::HashMap;

use super::truth::{self, Pair};

/// Pairs from this resemblance on are meant to be found.
pub const NEAR: f64 = 0.7;

/// And from this one on they are hardly to be missed.
pub const NEARER: f64 = 0.8;

/// The true pairs of a set of documents.
pub struct Truth {
    pairs: Vec<Pair>,
    similarity: HashMap<(usize, usize), f64>,
}

/// Shares of one.
pub struct Quality {
    /// Of the pairs with a resemblance of 0.7 or more, how many were found.
    pub at_seven: f64,
    /// The same from 0.8 on.
    pub at_eight: f64,
    /// Of the pairs found, how many have a resemblance of 0.7 or more.
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

    /// How many pairs are as near as `least`.
    pub fn count(&self, least: f64) -> usize {
        self.pairs.iter().filter(|pair| pair.similarity >= least).count()
    }

    /// `found` has no pair twice.
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
            "{name}: {at_seven} of the pairs with a resemblance of 0.7 or more"
        );
        assert!(
            *at_eight >= least.at_eight,
            "{name}: {at_eight} of the pairs with a resemblance of 0.8 or more"
        );
        assert!(*precision >= least.precision, "{name}: only {precision} of its answers are right");
    }
}

/// Of nothing, all.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
