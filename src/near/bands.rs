//! Which texts are compared: those that agree in all rows of a band.

use super::minhash::check_values;
use crate::error::NearError;

/// Bands of rows of a sketch (locality-sensitive hashing, Indyk and Motwani 1998; Leskovec, Rajaraman and
/// Ullman, chapter 3): two texts are compared if they agree in all values of one band at least.
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
    /// So many bands of so many rows each, of a sketch of `values` values.
    ///
    /// # Errors
    ///
    /// The sketch has not that many values, or none of either; a sketch of a size that is not made.
    pub fn new(bands: usize, rows: usize, values: usize) -> Result<Self, NearError> {
        check_values(values)?;
        if bands == 0 || rows == 0 || bands.checked_mul(rows).is_none_or(|all| all > values) {
            return Err(NearError::Bands { bands, rows, values });
        }
        Ok(Self { bands, rows, values })
    }

    /// The bands with which the fewest texts are compared that need not be, while two that resemble each
    /// other by `threshold` or more are compared with the probability `recall` at least: as many rows as that
    /// allows, and as many bands of these as there is room for.
    ///
    /// # Errors
    ///
    /// A threshold or recall that cannot be; a recall that is out of reach; a sketch of a size that is not
    /// made.
    pub fn choose(values: usize, threshold: f64, recall: f64) -> Result<Self, NearError> {
        check_values(values)?;
        if !(threshold > 0.0 && threshold <= 1.0) {
            return Err(NearError::Threshold { threshold: "similarity", value: threshold });
        }
        if !(recall > 0.0 && recall < 1.0) {
            return Err(NearError::Recall { recall });
        }
        let with_rows = |rows: usize| Self { bands: values / rows, rows, values };
        // More than 32 rows part texts that differ in a word here and there.
        let reach = (1..=32).map(with_rows).rfind(|bands| bands.probability(threshold) >= recall);
        reach.ok_or(NearError::OutOfReach { values, threshold, recall })
    }

    /// How many bands there are.
    pub fn bands(self) -> usize {
        self.bands
    }

    /// How many values are in each.
    pub fn rows(self) -> usize {
        self.rows
    }

    /// How many values the sketch has; some of them may be in no band.
    pub fn values(self) -> usize {
        self.values
    }

    /// With which probability two texts that resemble each other by so much are compared: 1 − (1 −
    /// r^rows)^bands, an S-shaped curve.
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
