//! Clusters around what is kept.

use super::criteria::Criteria;
use super::listed::{Buckets, Outcome, in_order};
use super::pairs::Pair;
use super::shingles::Shingles;

/// Which of several texts that are near each other is kept.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Keep {
    /// The one that comes first.
    #[default]
    First,
    /// The one with most shingles, the first of these.
    Longest,
    /// The one with the lowest number here, the first of these; a text without a number comes after all
    /// others.
    Priority(Vec<u64>),
}

/// What becomes of a text: it is kept, or it is a duplicate of one that is kept.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Member {
    duplicate_of: Option<usize>,
    resemblance: f64,
    containment: f64,
}

impl Member {
    /// The text that is kept in its place, and was compared with it; `None` if it is kept itself.
    pub fn duplicate_of(self) -> Option<usize> {
        self.duplicate_of
    }

    /// Whether it is kept.
    pub fn is_kept(self) -> bool {
        self.duplicate_of.is_none()
    }

    /// How much it resembles the one that is kept in its place, over all shingles of both; 1 if it is kept.
    pub fn resemblance(self) -> f64 {
        self.resemblance
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
/// use refrain::near::{Criteria, Keep, Shingler, stars};
///
/// let mut shingler = Shingler::new().size(2);
/// let texts = ["The ferry sails at nine.", "The ferry sails at nine, says Ann.", "The ferry sails at ten, says Ann."];
/// let texts = texts.map(|text| shingler.read(text));
/// let members = stars(&texts, &Criteria::new(0.5)?, &Keep::First).into_items();
/// assert_eq!(members.iter().map(|member| member.duplicate_of()).collect::<Vec<_>>(), [None, Some(0), None]);
/// let members = stars(&texts, &Criteria::new(0.4)?, &Keep::Longest).into_items();
/// assert_eq!(members.iter().map(|member| member.duplicate_of()).collect::<Vec<_>>(), [Some(1), None, Some(1)]);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// That of [`pairs`](super::pairs()); only texts that are kept are compared with.
pub fn stars(texts: &[Shingles], criteria: &Criteria, keep: &Keep) -> Outcome<Member> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    match keep {
        Keep::First => {}
        Keep::Longest => order.sort_by_key(|text| usize::MAX - texts[*text].len()),
        Keep::Priority(numbers) => {
            order.sort_by_key(|text| numbers.get(*text).map_or((1, 0), |number| (0, *number)));
        }
    }
    let mut buckets = Buckets::new(texts, criteria);
    let kept = Member { duplicate_of: None, resemblance: 1.0, containment: 1.0 };
    let mut members = vec![kept; texts.len()];
    in_order(texts, criteria, &order, |text, keys| {
        let near = buckets.near(text, keys, false).into_iter();
        let goes =
            near.filter(|(_, overlap)| criteria.are_near(overlap.resemblance(), overlap.containment()));
        // Of those that it resembles as much, the one that was kept first: candidates are in no order.
        let best = goes.max_by(|(a, x), (b, y)| x.resemblance().total_cmp(&y.resemblance()).then(b.cmp(a)));
        match best {
            Some((of, overlap)) => {
                members[text] = Member {
                    duplicate_of: Some(of),
                    resemblance: overlap.resemblance(),
                    containment: overlap.containment(),
                };
            }
            None => buckets.learn(text, keys),
        }
    });
    buckets.outcome(members)
}

/// Transitive clusters: for each of `len` texts the first one that it is connected with by a chain of pairs,
/// itself if it is in none.
///
/// Chains join what is not alike: the first and the last text of one need not share a word. Use [`stars`] to
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
    for pair in pairs.iter().filter(|pair| pair.b() < len) {
        let (a, b) = (root(&mut roots, pair.a()), root(&mut roots, pair.b()));
        // The smaller number is the root. Halving paths alone keeps this near linear.
        roots[a.max(b)] = a.min(b);
    }
    (0..len).map(|text| root(&mut roots, text)).collect()
}
