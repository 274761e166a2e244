//! The options that the documents of an index have in common.
//!
//! Fingerprints can only be compared if they were computed with the same canonical form, seed and
//! kind of segments.

#[cfg(all(test, not(feature = "uax29")))]
mod tests;

use std::fmt;

use crate::codec::{check_description, check_scheme};
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;
use crate::segment::Segmentation;

/// The options on which the fingerprints of a document depend.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Parameters {
    pub(super) options: Options,
}

impl Parameters {
    pub(crate) fn new(options: &Options) -> Self {
        let Options { mut segmentation, normalization, seed, .. } = *options;
        // The default has the same segments.
        if segmentation == Segmentation::Lines {
            segmentation = Segmentation::Auto;
        }
        Self { options: Options { segmentation, normalization, seed, ..Options::new() } }
    }

    /// Checks that a document was read with these options, and that whole segments are compared. A
    /// document that was made of spans of the caller fits any segmentation.
    pub(crate) fn check(&self, document: &Document<'_>) -> Result<(), IndexError> {
        let segmentation = document.segmentation().unwrap_or(self.options.segmentation);
        let (normalization, seed) = (document.normalization(), document.seed());
        let of_document = Self::new(&Options { segmentation, normalization, seed, ..Options::new() });
        if *self == of_document && !document.has_keys() {
            return Ok(());
        }
        let keys = if document.has_keys() { ", with keys" } else { "" };
        let document = format!("{of_document}{keys}");
        Err(IndexError::DocumentOptions { index: self.to_string(), document })
    }

    /// Returns the line of text that describes these options in a stored index.
    pub(crate) fn line(&self) -> String {
        let line = format!("scheme {}, {self}", Fingerprint::SCHEME);
        // The version on which segments by UAX #29 depend.
        #[cfg(feature = "uax29")]
        if matches!(self.options.segmentation, Segmentation::Sentences | Segmentation::Words) {
            let (major, minor, update) = unicode_segmentation::UNICODE_VERSION;
            return format!("{line} of Unicode {major}.{minor}.{update}");
        }
        line
    }

    /// Parses the result of [`line`](Self::line), which was stored in `what`.
    pub(crate) fn parse(what: &str, line: &str) -> Result<Self, IndexError> {
        let parse = || {
            let (_, rest) = line.split_once(", form ")?;
            let (form, rest) = rest.split_once(", seed ")?;
            let (seed, segments) = rest.split_once(", segments ")?;
            let segmentation = segments.split(' ').next()?.parse().ok()?;
            let (normalization, seed) = (form.parse().ok()?, seed.parse().ok()?);
            Some(Self::new(&Options { segmentation, normalization, seed, ..Options::new() }))
        };
        check_scheme(what, line)?;
        let needs_feature = ["segments sentences", "segments words"].iter().any(|name| line.contains(name));
        if needs_feature && cfg!(not(feature = "uax29")) {
            let asked = "lines or paragraphs, because this build lacks the feature `uax29`".to_owned();
            return Err(IndexError::WrongParameters {
                what: what.to_owned(),
                stored: line.to_owned(),
                asked,
            });
        }
        let how = || format!("expected the options of an index, found `{line}`");
        let parameters = parse().ok_or_else(|| IndexError::damaged(what, how()))?;
        check_description(what, line, &parameters.line())?;
        Ok(parameters)
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { segmentation, normalization, seed, .. } = &self.options;
        write!(f, "form {normalization}, seed {seed}, segments {}", segmentation.of_segments())
    }
}
