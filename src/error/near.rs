//! What can go wrong where near duplicates are looked for.

use thiserror::Error;

/// Criteria or sketches that cannot be.
#[derive(Clone, PartialEq, Debug, Error)]
#[non_exhaustive]
pub enum NearError {
    /// A sketch of a size that is not made.
    #[error("a sketch cannot have {values} values: it has 64 to 256")]
    SketchSize {
        /// How many were asked for.
        values: usize,
    },
    /// Bands that are not in a sketch.
    #[error(
        "a sketch of {values} values has no {bands} bands of {rows}: each of them takes a value for each of its rows"
    )]
    Bands {
        /// How many bands were asked for.
        bands: usize,
        /// How many rows each was to have.
        rows: usize,
        /// How many values the sketch has.
        values: usize,
    },
    /// A threshold that says nothing.
    #[error("{what} of {value} is no threshold: it is more than 0 and at most 1")]
    Threshold {
        /// What it is for: `a resemblance`, `a containment`.
        what: &'static str,
        /// What was asked for.
        value: f64,
    },
    /// A recall that cannot be promised.
    #[error("a recall of {recall} cannot be promised: it is more than 0 and less than 1")]
    Recall {
        /// What was asked for.
        recall: f64,
    },
    /// A recall that no bands of so many values reach.
    #[error(
        "{values} values reach a recall of {recall} at no resemblance as low as {threshold}: give them more, or ask for less"
    )]
    OutOfReach {
        /// Values of a sketch.
        values: usize,
        /// The resemblance from which on texts are looked for.
        threshold: f64,
        /// What was asked for.
        recall: f64,
    },
}
