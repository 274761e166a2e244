//! Errors of the search for near duplicates.

use thiserror::Error;

/// An error in the options of [`near`](crate::near).
#[derive(Clone, PartialEq, Debug, Error)]
#[non_exhaustive]
pub enum NearError {
    /// The number of values of a MinHash sketch is out of range.
    #[error("expected 64 to 256 values in a MinHash sketch, found {values}")]
    SketchSize {
        /// The number of values.
        values: usize,
    },
    /// The bands need more values than the MinHash sketch has, or there are no bands or rows.
    #[error("{}", describe_bands(*bands, *rows, *values))]
    Bands {
        /// The number of bands.
        bands: usize,
        /// The number of rows in each band.
        rows: usize,
        /// The number of values of the MinHash sketch.
        values: usize,
    },
    /// A threshold is not in (0, 1].
    #[error("expected a {threshold} threshold above 0 and up to 1, found {value}")]
    Threshold {
        /// The name of the threshold: `similarity` or `containment`.
        threshold: &'static str,
        /// The value.
        value: f64,
    },
    /// The recall is not in (0, 1).
    #[error("expected a recall above 0 and below 1, found {recall}")]
    Recall {
        /// The recall.
        recall: f64,
    },
    /// No number of bands reaches the recall at the threshold.
    #[error(
        "a MinHash sketch of {values} values cannot reach recall {recall} at similarity {threshold}: \
         use a higher threshold, a lower recall, or more values"
    )]
    OutOfReach {
        /// The number of values of the MinHash sketch.
        values: usize,
        /// The similarity threshold.
        threshold: f64,
        /// The recall.
        recall: f64,
    },
    /// No [`Keep`](crate::near::Keep) that can be parsed has this name.
    #[error("unknown text to keep `{name}`; expected `first` or `longest`")]
    UnknownKeep {
        /// The name.
        name: String,
    },
}

fn describe_bands(bands: usize, rows: usize, values: usize) -> String {
    match bands as u128 * rows as u128 {
        0 => format!("expected at least one band and one row, found bands: {bands}, rows in each: {rows}"),
        needed => {
            format!("bands: {bands}, rows in each: {rows}, values needed: {needed}; the sketch has {values}")
        }
    }
}
