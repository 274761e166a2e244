//! All pairs among a list of texts, and clusters of them.

use std::hint::black_box;

use super::buckets::{Bucketed, keys, verify};
use super::criteria::Criteria;
use super::shingles::{Overlap, Shingles};
use super::sketch::Sketcher;
use super::table::Table;
use crate::fingerprint::Fingerprint;

/// How many texts are sketched at a time, side by side if the feature `rayon` is on.
const AT_A_TIME: usize = 1024;

/// Two texts that are near each other.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair {
    a: usize,
    b: usize,
    resemblance: f64,
    containment: f64,
}

impl Pair {
    /// The number of the one that comes first.
    pub fn a(self) -> usize {
        self.a
    }

    /// The number of the other.
    pub fn b(self) -> usize {
        self.b
    }

    /// Their resemblance, over all shingles of both.
    pub fn resemblance(self) -> f64 {
        self.resemblance
    }

    /// How much of the shorter one is in the longer, counted in shingles.
    pub fn containment(self) -> f64 {
        self.containment
    }
}

/// What was found among a list of texts, and what was not looked at.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Found<T> {
    found: Vec<T>,
    crowded: usize,
    left_out: usize,
}

impl<T> Found<T> {
    /// What was found.
    pub fn found(&self) -> &[T] {
        &self.found
    }

    /// The same, by value.
    pub fn into_found(self) -> Vec<T> {
        self.found
    }

    /// How often a bucket held more texts than are listed: see
    /// [`Neighbours::crowded`](super::Neighbours::crowded).
    pub fn crowded(&self) -> usize {
        self.crowded
    }

    /// How many candidates were not compared: see [`Neighbours::left_out`](super::Neighbours::left_out).
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

/// Buckets in memory of texts that the caller has.
struct Buckets<'a> {
    texts: &'a [Shingles],
    criteria: &'a Criteria,
    table: Table,
    bucketed: Bucketed,
    crowded: usize,
    left_out: usize,
}

impl<'a> Buckets<'a> {
    fn new(texts: &'a [Shingles], criteria: &'a Criteria) -> Self {
        let table = Table::new(criteria.most_candidates());
        Self { texts, criteria, table, bucketed: Bucketed::default(), crowded: 0, left_out: 0 }
    }

    /// The texts that were learnt and are near the one with number `text`, whose keys these are, in no order;
    /// `learns` says whether it is then learnt.
    fn near(&mut self, text: usize, keys: &[Fingerprint], learns: bool) -> Vec<(usize, Overlap)> {
        self.table.warm(keys);
        self.bucketed.clear();
        // Texts are numbered in 32 bits: that many, each of them with a shingle, take more memory than there
        // is.
        let number = u32::try_from(text + 1).ok().filter(|_| learns);
        for key in keys {
            let push = |texts: &[u32], is_crowded| self.bucketed.push(texts.iter().copied(), is_crowded);
            match number {
                Some(number) => self.table.find_and_add(*key, number - 1, push),
                None => self.table.find(*key, push),
            }
        }
        let here = &self.texts[text];
        let candidates = self.bucketed.candidates(self.criteria.most_candidates());
        self.crowded += candidates.crowded;
        self.left_out += candidates.left_out;
        let there = |text: u32| &self.texts[text as usize];
        black_box(candidates.texts.iter().fold(0, |read, text| read ^ there(*text).touch()));
        let overlap = |text: u32| Some((text as usize, verify(self.criteria, here, there(text))?));
        candidates.texts.into_iter().filter_map(overlap).filter(|(there, _)| *there != text).collect()
    }

    fn learn(&mut self, text: usize, keys: &[Fingerprint]) {
        let Ok(number) = u32::try_from(text + 1) else { return };
        for key in keys {
            self.table.find_and_add(*key, number - 1, |_, _| {});
        }
    }

    fn found<T>(self, found: Vec<T>) -> Found<T> {
        Found { found, crowded: self.crowded, left_out: self.left_out }
    }
}

/// Hands `each` the texts in an order, with their keys.
fn in_order(
    texts: &[Shingles],
    criteria: &Criteria,
    order: &[usize],
    mut each: impl FnMut(usize, &[Fingerprint]),
) {
    for some in order.chunks(AT_A_TIME) {
        let of_text = |sketcher: &mut Sketcher, text: &usize| {
            let mut all = Vec::new();
            keys(criteria, sketcher, &texts[*text], &mut all);
            all
        };
        #[cfg(feature = "rayon")]
        let all: Vec<Vec<Fingerprint>> = {
            use rayon::prelude::*;
            some.par_iter().map_init(Sketcher::default, of_text).collect()
        };
        #[cfg(not(feature = "rayon"))]
        let all = {
            let mut sketcher = Sketcher::default();
            some.iter().map(|text| of_text(&mut sketcher, text)).collect::<Vec<_>>()
        };
        for (text, keys) in some.iter().zip(&all) {
            each(*text, keys);
        }
    }
}

/// All pairs of texts that are near each other, each compared over all shingles; in the order of the later
/// text, then of the earlier one.
///
/// ```
/// use refrain::near::{Criteria, Shingler, pairs};
///
/// let mut shingler = Shingler::new().size(2);
/// let texts = ["The ferry sails at nine.", "A storm is near.", "The ferry sails at ten."];
/// let texts = texts.map(|text| shingler.read(text));
/// let pairs = pairs(&texts, &Criteria::new(0.5)?).into_found();
/// assert_eq!((pairs.len(), pairs[0].a(), pairs[0].b()), (1, 0, 2));
/// assert_eq!(pairs[0].resemblance(), 3.0 / 5.0);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// That of [`LshIndex::look`](super::LshIndex::look) for each text: linear in the number of texts, as long as
/// few are near each other. The answer does not depend on the number of threads.
pub fn pairs(texts: &[Shingles], criteria: &Criteria) -> Found<Pair> {
    let mut buckets = Buckets::new(texts, criteria);
    let mut found = Vec::new();
    let order: Vec<usize> = (0..texts.len()).collect();
    in_order(texts, criteria, &order, |b, keys| {
        let first = found.len();
        let near = buckets.near(b, keys, true).into_iter();
        found.extend(near.map(|(a, overlap)| Pair {
            a,
            b,
            resemblance: overlap.resemblance(),
            containment: overlap.containment().max(overlap.contained()),
        }));
        found[first..].sort_unstable_by_key(|pair: &Pair| pair.a);
    });
    buckets.found(found)
}

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

/// What becomes of a text.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Verdict {
    duplicate_of: Option<usize>,
    resemblance: f64,
    containment: f64,
}

impl Verdict {
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
/// shingles. A verdict for every text.
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
/// let verdicts = stars(&texts, &Criteria::new(0.5)?, &Keep::First).into_found();
/// assert_eq!(verdicts.iter().map(|verdict| verdict.duplicate_of()).collect::<Vec<_>>(), [None, Some(0), None]);
/// let verdicts = stars(&texts, &Criteria::new(0.4)?, &Keep::Longest).into_found();
/// assert_eq!(verdicts.iter().map(|verdict| verdict.duplicate_of()).collect::<Vec<_>>(), [Some(1), None, Some(1)]);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// # Complexity
///
/// That of [`pairs`]; only texts that are kept are compared with.
pub fn stars(texts: &[Shingles], criteria: &Criteria, keep: &Keep) -> Found<Verdict> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    match keep {
        Keep::First => {}
        Keep::Longest => order.sort_by_key(|text| usize::MAX - texts[*text].len()),
        Keep::Priority(numbers) => {
            order.sort_by_key(|text| numbers.get(*text).map_or((1, 0), |number| (0, *number)));
        }
    }
    let mut buckets = Buckets::new(texts, criteria);
    let kept = Verdict { duplicate_of: None, resemblance: 1.0, containment: 1.0 };
    let mut verdicts = vec![kept; texts.len()];
    in_order(texts, criteria, &order, |text, keys| {
        let near = buckets.near(text, keys, false).into_iter();
        let goes =
            near.filter(|(_, overlap)| criteria.are_near(overlap.resemblance(), overlap.containment()));
        // Of those that it resembles as much, the one that was kept first: candidates are in no order.
        let best = goes.max_by(|(a, x), (b, y)| x.resemblance().total_cmp(&y.resemblance()).then(b.cmp(a)));
        match best {
            Some((of, overlap)) => {
                verdicts[text] = Verdict {
                    duplicate_of: Some(of),
                    resemblance: overlap.resemblance(),
                    containment: overlap.containment(),
                };
            }
            None => buckets.learn(text, keys),
        }
    });
    buckets.found(verdicts)
}

/// Transitive clusters: for each of `len` texts the first one that it is connected with by a chain of pairs,
/// itself if it is in none.
///
/// Chains join what is not alike: the first and the last text of one need not share a word. Use [`stars`] to
/// decide what goes; this is for looking at what hangs together.
///
/// # Complexity
///
/// Linear in the texts and pairs, but for a factor that is never more than 4.
pub fn transitive_clusters(len: usize, pairs: &[Pair]) -> Vec<usize> {
    let mut roots: Vec<usize> = (0..len).collect();
    fn root(roots: &mut [usize], mut text: usize) -> usize {
        while roots[text] != text {
            roots[text] = roots[roots[text]];
            text = roots[text];
        }
        text
    }
    for pair in pairs.iter().filter(|pair| pair.a < len && pair.b < len) {
        let (a, b) = (root(&mut roots, pair.a), root(&mut roots, pair.b));
        // The smaller number is the root. Halving paths alone keeps this near linear.
        roots[a.max(b)] = a.min(b);
    }
    (0..len).map(|text| root(&mut roots, text)).collect()
}
