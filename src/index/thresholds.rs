//! The thresholds from which a segment is boilerplate.

use crate::error::IndexError;

/// The number and the share of the documents of a scope that must have a segment before it counts
/// as boilerplate. Both must be reached.
///
/// ```
/// use refrain::index::Thresholds;
///
/// let thresholds = Thresholds::new().min_documents(5).min_share(0.1)?;
/// assert_eq!(thresholds.required(20), 5);
/// assert_eq!(thresholds.required(1000), 100);
/// # Ok::<(), refrain::error::IndexError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Thresholds {
    min_documents: u32,
    #[cfg_attr(feature = "serde", serde(deserialize_with = "share"))]
    min_share: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { min_documents: 3, min_share: 0.3 }
    }
}

impl Thresholds {
    /// Creates the default thresholds: three documents, and 30 % of the documents of the scope.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the minimum number of documents, 3 by default. A number below 2 counts as 2, because a
    /// segment of one document is not boilerplate.
    #[must_use]
    pub fn min_documents(self, documents: u32) -> Self {
        Self { min_documents: documents, ..self }
    }

    /// Sets the minimum share of the documents of the scope, 0.3 by default.
    ///
    /// # Errors
    ///
    /// [`IndexError::Share`] if `share` is not in (0, 1].
    pub fn min_share(self, share: f64) -> Result<Self, IndexError> {
        let is_valid = share > 0.0 && share <= 1.0;
        if is_valid { Ok(Self { min_share: share, ..self }) } else { Err(IndexError::Share { share }) }
    }

    /// Returns how many of the `documents` documents of a scope must have a segment: the share
    /// rounded up, and at least the minimum.
    ///
    /// A scope of one or two documents has no boilerplate by default.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates"
    )]
    pub fn required(self, documents: u32) -> u32 {
        // An excess of less than a millionth of a document is a rounding error.
        let part = (f64::from(documents) * self.min_share - 1e-6).ceil() as u32;
        self.min_documents.max(part).max(2)
    }
}

/// Reads a share, which is checked.
#[cfg(feature = "serde")]
fn share<'de, D: serde::Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let share = serde::Deserialize::deserialize(from)?;
    let checked = Thresholds::new().min_share(share).map_err(serde::de::Error::custom)?;
    Ok(checked.min_share)
}
