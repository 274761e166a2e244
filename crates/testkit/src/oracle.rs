//! The definition of copies and families, implemented without regard to speed.

/// A half-open interval of segments: start and end.
pub type Interval = (usize, usize);

/// Runs of segments with equal content, and the leftmost occurrence of this content.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Family {
    /// The leftmost occurrence.
    pub original: Interval,
    /// The pieces of copies that have this content, in order.
    pub copies: Vec<Interval>,
    /// The number of occurrences in the whole sequence.
    pub count: usize,
}

/// Returns every interval whose content also begins further left, unless it lies in another such
/// interval.
pub fn copies<T: PartialEq>(ids: &[T]) -> Vec<Interval> {
    let n = ids.len();
    let all: Vec<Interval> = (0..n)
        .flat_map(|j| (j + 1..=n).map(move |q| (j, q)))
        .filter(|(j, q)| (0..*j).any(|i| ids[i..i + (q - j)] == ids[*j..*q]))
        .collect();
    let within = |a: &Interval, b: &Interval| a != b && b.0 <= a.0 && a.1 <= b.1;
    all.iter().filter(|a| !all.iter().any(|b| within(a, b))).copied().collect()
}

/// Returns the start of the first occurrence of an interval's content.
pub fn leftmost<T: PartialEq>(ids: &[T], (j, q): Interval) -> usize {
    (0..j).find(|i| ids[*i..i + (q - j)] == ids[j..q]).unwrap_or(j)
}

/// Returns the pieces of a copy: the copy itself, or parts of the length of its period if it
/// overlaps its source.
pub fn pieces<T: PartialEq>(ids: &[T], (j, q): Interval) -> Vec<Interval> {
    let period = (j - leftmost(ids, (j, q))).min(q - j);
    (j..q).step_by(period).map(|start| (start, q.min(start + period))).collect()
}

/// Returns all families, sorted by the start of the original and then by length.
pub fn families<T: PartialEq>(ids: &[T]) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    for piece in copies(ids).into_iter().flat_map(|copy| pieces(ids, copy)) {
        let start = leftmost(ids, piece);
        let len = piece.1 - piece.0;
        let original = (start, start + len);
        match families.iter_mut().find(|family| family.original == original) {
            Some(family) => family.copies.push(piece),
            None => {
                let content = &ids[start..start + len];
                let count = ids.windows(len).filter(|window| *window == content).count();
                families.push(Family { original, copies: vec![piece], count });
            }
        }
    }
    for family in &mut families {
        family.copies.sort_unstable();
    }
    families.sort_unstable();
    families
}
