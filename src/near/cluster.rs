//! Clusters around what is kept.

use std::fmt;
use std::str::FromStr;

use super::batch::{BatchResult, Buckets, in_order};
use super::options::NearOptions;
use super::pairs::Pair;
use crate::error::NearError;
use crate::shingle::Shingles;

/// The choice of the text of a cluster that is kept.
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
    /// The text with the lowest number in this list, or the first of several. A text beyond the end
    /// of the list comes after all others.
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

/// What becomes of a text: it is kept, or it is a duplicate of one that is kept.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Assignment {
    duplicate_of: Option<usize>,
    similarity: f64,
    containment: f64,
}

impl Assignment {
    /// The text that is kept in its place, and was compared with it; `None` if it is kept itself.
    pub fn duplicate_of(self) -> Option<usize> {
        self.duplicate_of
    }

    /// Whether it is kept.
    pub fn is_kept(self) -> bool {
        self.duplicate_of.is_none()
    }

    /// How much it resembles the one that is kept in its place, over all shingles of both; 1 if it is kept.
    pub fn similarity(self) -> f64 {
        self.similarity
    }

    /// How much of it is in the one that is kept in its place; 1 if it is kept.
    pub fn containment(self) -> f64 {
        self.containment
    }
}

/// Clusters of texts, each a star: one is kept, and every other is near that one, compared with it over all
/// shingles. A member for every text.
///
/// Texts are taken in the order in which they are to be kept; one that is near none of those that are kept so
/// far is kept. Of several it is near, it is a duplicate of the one it resembles most. Where containment
/// counts, a text goes if it is in the one that is kept, never the other way round.
///
/// ```
/// use refrain::near::{NearOptions, Keep, Shingler, cluster};
///
/// let shingler = Shingler::new().words_per_shingle(2);
/// let texts = ["The ferry sails at nine.", "The ferry sails at nine, says Ann.", "The ferry sails at ten, says Ann."];
/// let texts = texts.map(|text| shingler.shingle(text));
/// let members = cluster(&texts, &NearOptions::new(0.5)?, &Keep::First).into_items();
/// assert_eq!(members.iter().map(|member| member.duplicate_of()).collect::<Vec<_>>(), [None, Some(0), None]);
/// let members = cluster(&texts, &NearOptions::new(0.4)?, &Keep::Longest).into_items();
/// assert_eq!(members.iter().map(|member| member.duplicate_of()).collect::<Vec<_>>(), [Some(1), None, Some(1)]);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// That of [`pairs`](super::pairs()); only texts that are kept are compared with.
pub fn cluster(texts: &[Shingles], options: &NearOptions, keep: &Keep) -> BatchResult<Assignment> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    match keep {
        Keep::First => {}
        Keep::Longest => order.sort_by_key(|text| usize::MAX - texts[*text].len()),
        Keep::Priority(numbers) => {
            order.sort_by_key(|text| numbers.get(*text).map_or((1, 0), |number| (0, *number)));
        }
    }
    let mut buckets = Buckets::new(texts, options);
    let kept = Assignment { duplicate_of: None, similarity: 1.0, containment: 1.0 };
    let mut members = vec![kept; texts.len()];
    in_order(texts, options, &order, |text, keys| {
        let near = buckets.near(text, keys, false).into_iter();
        let goes =
            near.filter(|(_, overlap)| options.are_near(overlap.similarity(), overlap.first_containment()));
        // Of those that it resembles as much, the one that was kept first: candidates are in no order.
        let best = goes.max_by(|(a, x), (b, y)| x.similarity().total_cmp(&y.similarity()).then(b.cmp(a)));
        match best {
            Some((of, overlap)) => {
                members[text] = Assignment {
                    duplicate_of: Some(of),
                    similarity: overlap.similarity(),
                    containment: overlap.first_containment(),
                };
            }
            None => buckets.insert(text, keys),
        }
    });
    buckets.outcome(members)
}

/// Transitive clusters: for each of `len` texts the first one that it is connected with by a chain of pairs,
/// itself if it is in none.
///
/// Chains join what is not alike: the first and the last text of one need not share a word. Use [`cluster`] to
/// decide what goes; this is for looking at what hangs together.
///
/// # Complexity
///
/// O(n log n) in the texts and pairs at the worst, and near linear on any that are met.
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
        // The smaller number is the root. Halving paths alone keeps this near linear.
        roots[a.max(b)] = a.min(b);
    }
    (0..len).map(|text| root(&mut roots, text)).collect()
}
