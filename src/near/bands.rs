//! The bands of a MinHash sketch, which decide which texts become candidates.

use super::minhash::check_values;
use crate::error::NearError;

/// The division of a MinHash sketch into bands of rows: two texts are candidates if all rows of at
/// least one band are equal.
///
/// This is locality-sensitive hashing (Indyk and Motwani 1998, *Approximate nearest neighbors*), as
/// in Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3.
///
/// ```
/// use refrain::near::Bands;
///
/// let bands = Bands::choose(128, 0.8, 0.99)?;
/// assert_eq!((bands.bands(), bands.rows()), (21, 6));
/// assert!(bands.probability(0.8) >= 0.99 && bands.probability(0.3) < 0.02);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked", into = "Unchecked"))]
pub struct Bands {
    bands: usize,
    rows: usize,
    values: usize,
}

impl Bands {
    /// Creates `bands` bands of `rows` rows each, for MinHash sketches of `values` values.
    ///
    /// # Errors
    ///
    /// [`NearError::Bands`] if `bands` or `rows` is 0, or if their product is more than `values`;
    /// [`NearError::SketchSize`] if `values` is not from 64 to 256.
    pub fn new(bands: usize, rows: usize, values: usize) -> Result<Self, NearError> {
        check_values(values)?;
        if bands == 0 || rows == 0 || bands.checked_mul(rows).is_none_or(|all| all > values) {
            return Err(NearError::Bands { bands, rows, values });
        }
        Ok(Self { bands, rows, values })
    }

    /// Chooses bands for MinHash sketches of `values` values, so that texts with a similarity of at
    /// least `threshold` become candidates with a probability of at least `recall`.
    ///
    /// Among the divisions into bands of 1 to 32 rows that reach the recall, the one with the most
    /// rows is chosen, because it has the fewest candidates that are not near duplicates. It has as
    /// many bands as `values` allows.
    ///
    /// # Errors
    ///
    /// * [`NearError::Threshold`] if `threshold` is not in (0, 1].
    /// * [`NearError::Recall`] if `recall` is not in (0, 1).
    /// * [`NearError::OutOfReach`] if even bands of one row miss the recall.
    /// * [`NearError::SketchSize`] if `values` is not from 64 to 256.
    pub fn choose(values: usize, threshold: f64, recall: f64) -> Result<Self, NearError> {
        check_values(values)?;
        if !(threshold > 0.0 && threshold <= 1.0) {
            return Err(NearError::Threshold { threshold: "similarity", value: threshold });
        }
        if !(recall > 0.0 && recall < 1.0) {
            return Err(NearError::Recall { recall });
        }
        let with_rows = |rows: usize| Self { bands: values / rows, rows, values };
        // With more than 32 rows, a few changed words would keep texts from being candidates.
        let reach = (1..=32).map(with_rows).rfind(|bands| bands.probability(threshold) >= recall);
        reach.ok_or(NearError::OutOfReach { values, threshold, recall })
    }

    /// Returns the number of bands.
    pub fn bands(self) -> usize {
        self.bands
    }

    /// Returns the number of rows in each band.
    pub fn rows(self) -> usize {
        self.rows
    }

    /// Returns the number of values of the MinHash sketch. Values after the last whole band are not
    /// used.
    pub fn values(self) -> usize {
        self.values
    }

    /// Returns the probability that two texts with this similarity become candidates: 1 − (1 −
    /// s^rows)^bands for the similarity s, an S-shaped curve. A similarity below 0 counts as 0, and
    /// one above 1 as 1.
    pub fn probability(self, similarity: f64) -> f64 {
        let band = similarity.clamp(0.0, 1.0).powf(self.rows as f64);
        1.0 - (1.0 - band).powf(self.bands as f64)
    }
}

/// The serialized form, which is checked when it is read.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    bands: usize,
    rows: usize,
    values: usize,
}

#[cfg(feature = "serde")]
impl From<Bands> for Unchecked {
    fn from(Bands { bands, rows, values }: Bands) -> Self {
        Self { bands, rows, values }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for Bands {
    type Error = NearError;

    fn try_from(Unchecked { bands, rows, values }: Unchecked) -> Result<Self, NearError> {
        Self::new(bands, rows, values)
    }
}
