//! The segments that are compared across documents.

use std::fmt;

use clap::ValueEnum;
use refrain::Segmentation;

/// The segments that are compared across documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Granularity {
    Lines,
    Paragraphs,
    Sentences,
    Documents,
}

impl Granularity {
    /// Returns the way in which documents are split, or `None` if they are compared as a whole.
    pub fn segmentation(self) -> Option<Segmentation> {
        match self {
            Self::Lines => Some(Segmentation::Lines),
            Self::Paragraphs => Some(Segmentation::Paragraphs),
            Self::Sentences => Some(Segmentation::Sentences),
            Self::Documents => None,
        }
    }
}

impl fmt::Display for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.segmentation() {
            Some(segmentation) => segmentation.fmt(f),
            None => f.write_str("documents"),
        }
    }
}
