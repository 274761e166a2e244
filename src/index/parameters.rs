//! The options that the documents of an index have in common.
//!
//! Fingerprints can only be compared if they were computed with the same canonical form, seed and
//! kind of segments.

use std::fmt;

use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::normalize::Normalization;
use crate::options::Options;
use crate::segment::Segmentation;

/// How documents are read: what decides whether two fingerprints can be compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Parameters {
    normalization: Normalization,
    seed: u64,
    segmentation: &'static str,
}

impl Parameters {
    pub(crate) fn new(options: &Options) -> Self {
        let segmentation = options.segmentation.of_segments();
        Self { normalization: options.normalization, seed: options.seed, segmentation }
    }

    /// Whether a document was read so. Spans of the caller's own go with any segmentation.
    pub(crate) fn check(&self, doc: &Document<'_>) -> Result<(), IndexError> {
        let segmentation = doc.segmentation().map_or(self.segmentation, Segmentation::of_segments);
        let of_document = Self { normalization: doc.normalization(), seed: doc.seed(), segmentation };
        if *self == of_document {
            return Ok(());
        }
        Err(IndexError::WrongDocument { index: self.to_string(), document: of_document.to_string() })
    }

    /// One line of text that says it all, scheme apart: what a stored index begins with.
    pub(crate) fn line(&self) -> String {
        format!("{self}{}", self.borders())
    }

    /// Segments by UAX #29 move with its version, which a stored index therefore names.
    fn borders(&self) -> String {
        #[cfg(feature = "uax29")]
        if matches!(self.segmentation, "sentences" | "words") {
            let (major, minor, update) = unicode_segmentation::UNICODE_VERSION;
            return format!(" of Unicode {major}.{minor}.{update}");
        }
        String::new()
    }

    /// Whether what is stored in `what` is of this scheme and was made with these parameters.
    pub(crate) fn check_stored(&self, what: &str, scheme: u32, line: &str) -> Result<(), IndexError> {
        check_stored(what, scheme, line, &self.line())
    }
}

/// Whether what is stored in `what` is of this scheme and was made with the parameters that are asked for.
pub(crate) fn check_stored(what: &str, scheme: u32, stored: &str, asked: &str) -> Result<(), IndexError> {
    if scheme != Fingerprint::SCHEME {
        let (what, kind, known) = (what.to_owned(), "scheme", Fingerprint::SCHEME);
        return Err(IndexError::WrongVersion { what, kind, stored: scheme, known });
    }
    if stored != asked {
        let (what, stored, asked) = (what.to_owned(), stored.to_owned(), asked.to_owned());
        return Err(IndexError::WrongParameters { what, stored, asked });
    }
    Ok(())
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "form {}, seed {}, segments {}", self.normalization, self.seed, self.segmentation)
    }
}
