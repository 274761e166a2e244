//! Clusters of near duplicates, each around a text that is kept.

use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;

use super::batch::{BatchResult, Buckets, in_order};
use super::options::NearOptions;
use super::pairs::Pair;
use crate::error::NearError;
use crate::shingle::{Overlap, Shingles};

/// Decides which text of a cluster is kept.
///
/// `first` and `longest` are the names that `Display` writes and `FromStr` reads; `priority` has a
/// list, and cannot be parsed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Keep {
    /// The first text.
    #[default]
    First,
    /// The text with the most shingles, or the first of several.
    Longest,
    /// The text with the lowest value: `list[i]` is the priority of text `i`, and of several texts
    /// with the lowest value the first is kept. A text beyond the end of the list is ordered after
    /// all others.
    Priority(Vec<u64>),
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Longest => "longest",
            Self::Priority(_) => "priority",
        })
    }
}

impl FromStr for Keep {
    type Err = NearError;

    fn from_str(name: &str) -> Result<Self, NearError> {
        match name {
            "first" => Ok(Self::First),
            "longest" => Ok(Self::Longest),
            _ => Err(NearError::UnknownKeep { name: name.to_owned() }),
        }
    }
}

/// The decision to keep a text, or to remove it as a near duplicate of a text that is kept.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Assignment {
    duplicate_of: Option<usize>,
    similarity: f64,
    containment: f64,
}

impl Assignment {
    const KEPT: Self = Self { duplicate_of: None, similarity: 1.0, containment: 1.0 };

    /// Returns the index of the text that is kept in place of this one, from 0, or `None` if this
    /// text is kept.
    ///
    /// The two texts are themselves near duplicates: a chain of similar texts between them is not
    /// enough.
    pub fn duplicate_of(self) -> Option<usize> {
        self.duplicate_of
    }

    /// Returns whether the text is kept.
    pub fn is_kept(self) -> bool {
        self.duplicate_of.is_none()
    }

    /// Returns the similarity of the text and the one that is kept in its place, from all shingles
    /// of both; 1 if the text itself is kept.
    pub fn similarity(self) -> f64 {
        self.similarity
    }

    /// Returns the share of the text's shingles that the text kept in its place has too; 1 if the
    /// text itself is kept.
    pub fn containment(self) -> f64 {
        self.containment
    }
}

/// Divides a list of texts into clusters, and returns an assignment for each text, in the order of
/// the list.
///
/// A cluster is one text that is kept, and the texts that are dropped for it. Texts are read in the
/// order that `keep` defines: that of the list, the longest first, or by priority. A text is
/// dropped if its similarity to a text that was kept before reaches the threshold or, with a
/// containment threshold, if it is contained in such a text; it then belongs to the most similar of
/// these. A text that contains a kept text is not dropped for that. So use [`Keep::Longest`] with a
/// containment threshold; with [`Keep::First`], a short text and a longer one after it are both
/// kept, unless their similarity reaches the threshold of similarity.
///
/// ```
/// use refrain::near::{Keep, NearOptions, Shingler, cluster};
///
/// let shingler = Shingler::new().words_per_shingle(2);
/// let texts = [
///     "The ferry sails at nine.",
///     "The ferry sails at nine, says Ann.",
///     "The ferry sails at ten, says Ann.",
/// ];
/// let texts = texts.map(|text| shingler.shingle(text));
///
/// let assignments = cluster(&texts, &NearOptions::new(0.5)?, &Keep::First).into_items();
/// let kept_texts = assignments.iter().map(|assignment| assignment.duplicate_of());
/// assert!(kept_texts.eq([None, Some(0), None]));
///
/// let assignments = cluster(&texts, &NearOptions::new(0.5)?, &Keep::Longest).into_items();
/// let kept_texts = assignments.iter().map(|assignment| assignment.duplicate_of());
/// assert!(kept_texts.eq([Some(1), None, Some(1)]));
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// Time and memory are those of [`pairs`](super::pairs()), but texts are compared only with those
/// that are kept, and only these are in the buckets.
pub fn cluster(texts: &[Shingles], options: &NearOptions, keep: &Keep) -> BatchResult<Assignment> {
    cluster_while(texts, options, keep, |_| ControlFlow::Continue(()))
}

/// Divides a list of texts into clusters like [`cluster`], and calls `proceed` with the number of
/// texts that were compared so far, before each batch of 64 texts, including the first.
///
/// If `proceed` returns [`ControlFlow::Break`], the texts that were not compared count as kept. The
/// first [`BatchResult::compared`] texts in the order of `keep` have been compared.
pub fn cluster_while(
    texts: &[Shingles],
    options: &NearOptions,
    keep: &Keep,
    proceed: impl FnMut(usize) -> ControlFlow<()>,
) -> BatchResult<Assignment> {
    let order = keep.order(texts.len(), &|text| texts[text].len());
    let mut buckets = Buckets::new(texts, options);
    let mut assignments = vec![Assignment::KEPT; texts.len()];
    let compared = in_order(texts, options, &order, proceed, |text, keys| {
        match best(options, buckets.near(text, keys, false)) {
            Some(assignment) => assignments[text] = assignment,
            None => buckets.insert(text, keys),
        }
    });
    buckets.finish(assignments, compared)
}

/// Divides a list of `len` texts into clusters, from the pairs of near duplicates in it, and
/// returns an assignment for each text.
///
/// If `pairs` are all pairs of near duplicates by `options`, the result is that of [`cluster`]. So
/// another engine can find them: it groups the texts by their [keys](NearOptions::keys), and
/// [verifies](NearOptions::verify) each pair of texts with a common key. The two results differ
/// only if [`cluster`] truncates a bucket or skips a candidate.
///
/// Pairs with an index of `len` or more are ignored. A pair may occur several times.
///
/// ```
/// use refrain::near::{Keep, NearOptions, Shingler, cluster, cluster_of_pairs, pairs};
///
/// let shingler = Shingler::new().words_per_shingle(2);
/// let texts = ["The ferry sails at nine.", "A storm is near.", "The ferry sails at ten."];
/// let texts = texts.map(|text| shingler.shingle(text));
/// let options = NearOptions::new(0.5)?;
/// let pairs = pairs(&texts, &options).into_items();
/// let assignments = cluster_of_pairs(3, &pairs, &options, &Keep::First);
/// assert_eq!(assignments, cluster(&texts, &options, &Keep::First).into_items());
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// O(n log n) for n texts and pairs.
pub fn cluster_of_pairs(len: usize, pairs: &[Pair], options: &NearOptions, keep: &Keep) -> Vec<Assignment> {
    let pairs = pairs.iter().filter(|pair| pair.second() < len);
    // The near duplicates of all texts, one text after the other: the other text, and the overlap
    // with it. `ends` has the end of each text's part, and its start until the part is filled.
    let mut ends = vec![0; len];
    for pair in pairs.clone() {
        ends[pair.first()] += 1;
        ends[pair.second()] += 1;
    }
    let mut start = 0;
    for end in &mut ends {
        (*end, start) = (start, start + *end);
    }
    let mut near = vec![(0, Overlap::of(0, 0, 0)); start];
    for pair in pairs {
        let (first, second, overlap) = (pair.first(), pair.second(), pair.overlap());
        for (text, found) in [(first, (second, overlap)), (second, (first, overlap.swapped()))] {
            near[ends[text]] = found;
            ends[text] += 1;
        }
    }
    let near = |text: usize| &near[text.checked_sub(1).map_or(0, |before| ends[before])..ends[text]];
    let mut is_kept = vec![false; len];
    let mut assignments = vec![Assignment::KEPT; len];
    let shingles = |text: usize| near(text).first().map_or(0, |(_, overlap)| overlap.first_shingles());
    for text in keep.order(len, &shingles) {
        let kept = near(text).iter().filter(|(other, _)| is_kept[*other]);
        match best(options, kept.copied()) {
            Some(assignment) => assignments[text] = assignment,
            None => is_kept[text] = true,
        }
    }
    assignments
}

/// Returns the assignment of a text to the most similar of the kept texts that are near duplicates
/// of it and cover it, or to the first of several.
fn best(options: &NearOptions, near: impl IntoIterator<Item = (usize, Overlap)>) -> Option<Assignment> {
    let covers =
        |(_, overlap): &(usize, Overlap)| options.are_near(overlap.similarity(), overlap.first_containment());
    let (of, overlap) = near
        .into_iter()
        .filter(covers)
        .max_by(|(a, x), (b, y)| x.similarity().total_cmp(&y.similarity()).then(b.cmp(a)))?;
    let (similarity, containment) = (overlap.similarity(), overlap.first_containment());
    Some(Assignment { duplicate_of: Some(of), similarity, containment })
}

impl Keep {
    /// Returns the indices of `len` texts in the order in which they are read.
    fn order(&self, len: usize, shingles: &dyn Fn(usize) -> usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..len).collect();
        order.sort_by_cached_key(|text| match self {
            Self::First => (0, 0),
            Self::Longest => (0, u64::MAX - shingles(*text) as u64),
            Self::Priority(numbers) => numbers.get(*text).map_or((1, 0), |number| (0, *number)),
        });
        order
    }
}

/// Returns the connected component of each text, named by its lowest index.
///
/// The result has an item for each of `len` texts: the lowest index of a text that a chain of pairs
/// connects with this text, or the text's own index if it is in no pair.
///
/// The first and the last text of a chain may have no word in common, so transitive clusters are
/// for inspecting a corpus. To decide which texts to drop, use [`cluster`]. Pairs with an index of
/// `len` or more are ignored.
///
/// ```
/// use refrain::near::{NearOptions, Shingler, pairs, transitive_clusters};
///
/// let shingler = Shingler::new().words_per_shingle(1);
/// let texts = ["a b c d e", "b c d e f", "c d e f g", "x y z"].map(|text| shingler.shingle(text));
/// let pairs = pairs(&texts, &NearOptions::new(0.6)?).into_items();
/// // The first and the third text are not near, but both are near the second one.
/// assert_eq!(pairs.len(), 2);
/// assert_eq!(transitive_clusters(texts.len(), &pairs), [0, 0, 0, 3]);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// O(n log n) in the worst case for n texts and pairs, by union–find with path halving (Tarjan and
/// van Leeuwen 1984, *Worst-case analysis of set union algorithms*); usually linear.
pub fn transitive_clusters(len: usize, pairs: &[Pair]) -> Vec<usize> {
    let mut roots: Vec<usize> = (0..len).collect();
    fn root(roots: &mut [usize], mut text: usize) -> usize {
        while roots[text] != text {
            roots[text] = roots[roots[text]];
            text = roots[text];
        }
        text
    }
    for pair in pairs.iter().filter(|pair| pair.second() < len) {
        let (a, b) = (root(&mut roots, pair.first()), root(&mut roots, pair.second()));
        // The lower number becomes the root. Path halving keeps the trees low without ranks.
        roots[a.max(b)] = a.min(b);
    }
    (0..len).map(|text| root(&mut roots, text)).collect()
}
