//! Aligns the sequence with itself: finds chains of pairs of equal segments, with gaps.
//!
//! A seed is a pair of a segment and an equal earlier one. A chain is a list of seeds in order on
//! both sides, with at most seven other segments between two neighbors on either side. Chains are
//! found by dynamic programming as in genome alignment (Abouelhoda and Ohlebusch, *Chaining
//! Algorithms for Multiple Genome Comparison*, Journal of Discrete Algorithms 3, 2005): a pair adds
//! its weight, and a gap costs about the weight of the segments that it skips.

use super::places::Places;
use super::records::{Node, Pair, Row, TandemRun};
use super::scratch::Scratch;
use crate::id::id;
use crate::work;

/// The greatest distance of two neighbors of a chain, on either side.
const REACH: u32 = 8;

/// An id is rare if it has at most this many earlier occurrences, which are then all seeds. The
/// seeds of a frequent id are its first occurrence, its last one, and those that continue a seed of
/// the segments before.
const RARE: usize = 4;
const FIRST: usize = 1;
const LAST: usize = 1;

/// At most this many seeds of one segment are kept.
const SEEDS: usize = 6;

/// Chains, each a list of pairs in the order of the text. A segment is in the copy of at most one
/// chain.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chains {
    pairs: Vec<Pair>,
    ends: Vec<u32>,
}

impl Chains {
    /// Returns an iterator over the chains, in the order of the first segments of their copies. No
    /// chain is empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Pair]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.pairs[start as usize..*end as usize])
    }
}

/// Aligns `ids` with itself. `sums[i]` is the weight of the first i segments. No chain pairs two
/// segments of one run of `runs` at a multiple of the period, because these repetitions are tandem
/// repeats. The original of a chain ends before its copy begins. Chains of less weight than `least`
/// may be left out.
///
/// # Complexity
///
/// Linear in the number of ids, and sorting the seeds.
pub(crate) fn align(
    ids: &[u32],
    sums: &[u64],
    places: &Places,
    runs: &[TandemRun],
    least: u64,
    scratch: &mut Scratch,
) -> Chains {
    let mut chains = Chains::default();
    let parts = promising(ids, sums, places, least, scratch);
    if !parts.is_empty() {
        // No chain reaches from one part to the next, and no seed continues a seed of another part,
        // so the chains of a part do not depend on which other parts are promising. Seeds are
        // forgotten after each part.
        let mut nodes = scratch.nodes.empty();
        let mut taken = scratch.flags.filled(false, ids.len());
        let mut pairs = Vec::new();
        let mut inner = Enclosing::new(runs);
        for part in &parts {
            nodes.clear();
            seeds(ids, sums, places, &mut inner, *part, scratch, &mut nodes);
            pairs.clear();
            extract(sums, &nodes, &mut taken, &mut pairs, scratch, &mut chains);
        }
        scratch.flags.give(taken);
        scratch.nodes.give(nodes);
    }
    scratch.pairs.give(parts);
    chains
}

fn weight(sums: &[u64], from: u32, to: u32) -> i64 {
    signed(sums[to as usize] - sums[from as usize])
}

fn signed(weight: u64) -> i64 {
    i64::try_from(weight).unwrap_or(i64::MAX)
}

/// Returns the cost of a gap: 0.9 of the weight of the heavier side, so a bridge weighs less than
/// the segments that it connects, and 2 for each segment on both sides.
fn gap_cost(skipped: i64, segments: u32) -> i64 {
    skipped * 9 / 10 + 2 * i64::from(segments)
}

/// Returns the parts of the sequence that may have the copy of a chain of weight `least` or more.
fn promising(
    ids: &[u32],
    sums: &[u64],
    places: &Places,
    least: u64,
    scratch: &mut Scratch,
) -> Vec<(u32, u32)> {
    work::count(ids.len());
    let mut found = scratch.pairs.empty();
    let repeated = (0..id(ids.len())).filter(|position| !places.is_first(*position));
    let weight = |segment: u32| sums[segment as usize + 1] - sums[segment as usize];
    parts(repeated, weight, |start, end, sum| {
        if sum >= least {
            found.push((start, end));
        }
    });
    found
}

/// Returns the weight of all segments that are repeated, and an upper bound of the weight of a
/// chain. `ids` are numbered from 0 in the order of first occurrence. `weight` returns the weight
/// of a segment, and is called for few segments that are not repeated.
pub(crate) fn repeated_weight(ids: &[u32], weight: impl FnMut(u32) -> u64) -> (u64, u64) {
    work::count(ids.len());
    let mut next = 0;
    let repeated = (0_u32..).zip(ids).filter(|(_, id)| {
        let is_first = **id == next;
        next += u32::from(is_first);
        !is_first
    });
    let (mut sum, mut heaviest) = (0, 0);
    parts(repeated.map(|(position, _)| position), weight, |_, _, part| {
        sum += part;
        heaviest = heaviest.max(part);
    });
    (sum, heaviest)
}

/// Calls `each` with the start, the end and the weight of each part of the sequence that may have
/// the copy of a chain: segments of `repeated` that may be neighbors in one chain, by the gaps on
/// the side of the copy alone.
fn parts(
    repeated: impl Iterator<Item = u32>,
    mut weight: impl FnMut(u32) -> u64,
    mut each: impl FnMut(u32, u32, u64),
) {
    // The last repeated segment, and the highest score that a chain may have there.
    let mut last: Option<(u32, i64)> = None;
    let (mut start, mut sum) = (0, 0);
    for copy in repeated {
        let own = weight(copy);
        // A chain that ends earlier has at most the highest score so far, and a gap only lowers the
        // score.
        let mut before = 0;
        if let Some((end, score)) = last.filter(|(at, _)| copy - at <= REACH).map(|(at, s)| (at + 1, s)) {
            let mut skipped = 0;
            before = score - gap_cost(skipped, copy - end);
            for segment in end..copy {
                if before <= 0 {
                    break;
                }
                skipped += signed(weight(segment));
                before = score - gap_cost(skipped, copy - end);
            }
        }
        if before <= 0 {
            if let Some((end, _)) = last {
                each(start, end + 1, sum);
            }
            (start, sum) = (copy, 0);
        }
        sum += own;
        last = Some((copy, signed(own) + 1 + before.max(0)));
    }
    if let Some((end, _)) = last {
        each(start, end + 1, sum);
    }
}

/// Appends the seeds of the part `start..end` to `nodes`.
fn seeds(
    ids: &[u32],
    sums: &[u64],
    places: &Places,
    inner: &mut Enclosing<'_>,
    (start, end): (u32, u32),
    scratch: &mut Scratch,
    nodes: &mut Vec<Node>,
) {
    // For the last segments with seeds, the ranges of these seeds in `nodes`.
    let mut rows = scratch.rows.empty();
    let mut sources = scratch.numbers.empty();
    for copy in start..end {
        let id = &ids[copy as usize];
        let earlier = places.before(*id, copy);
        if earlier.is_empty() {
            continue;
        }
        let recent = rows.iter().rev().take_while(|row| copy - row.0 <= REACH).count();
        let recent = &rows[rows.len() - recent..];
        sources.clear();
        let is_rare = earlier.len() <= RARE;
        let has_weight = weight(sums, copy, copy + 1) > 0;
        if is_rare && has_weight {
            sources.extend_from_slice(earlier);
        } else {
            if has_weight {
                sources.extend_from_slice(&earlier[..FIRST.min(earlier.len())]);
                sources.extend_from_slice(&earlier[earlier.len().saturating_sub(LAST)..]);
            }
            for (row, from, to) in recent {
                for node in &nodes[*from..*to] {
                    let source = node.pair.source + (copy - row);
                    if source < copy && ids[source as usize] == *id {
                        sources.push(source);
                    }
                }
                work::count(to - from);
            }
            sources.sort_unstable();
            sources.dedup();
        }
        let from = nodes.len();
        inner.advance(copy);
        for source in &sources {
            if inner.has_multiple(*source, copy) {
                continue;
            }
            nodes.push(best(Pair { source: *source, copy }, sums, recent, nodes));
        }
        if nodes.len() - from > SEEDS {
            nodes[from..].sort_unstable_by_key(|node| (-node.score, node.pair.source));
            nodes.truncate(from + SEEDS);
            nodes[from..].sort_unstable_by_key(|node| node.pair.source);
        }
        if nodes.len() > from {
            rows.push((copy, from, nodes.len()));
        }
        // Only the last rows are read.
        if rows.len() > 1_000 {
            rows.drain(..rows.len() - REACH as usize);
        }
    }
    scratch.numbers.give(sources);
    scratch.rows.give(rows);
}

/// Returns the seed `pair` with the best chain that ends with this seed.
fn best(pair: Pair, sums: &[u64], recent: &[Row], nodes: &[Node]) -> Node {
    let own = 1 + weight(sums, pair.copy, pair.copy + 1);
    let number = id(nodes.len());
    let mut node = Node { pair, score: own, before: number };
    for (_, from, to) in recent.iter().rev() {
        work::count(to - from);
        for (i, before) in (*from..*to).zip(&nodes[*from..*to]) {
            let Pair { source, copy } = before.pair;
            // Most seeds of other segments are far away. One comparison tests for a distance from 1
            // to `REACH`.
            if pair.source.wrapping_sub(source).wrapping_sub(1) >= REACH {
                continue;
            }
            let skipped = weight(sums, source + 1, pair.source).max(weight(sums, copy + 1, pair.copy));
            let others = pair.source - source + pair.copy - copy - 2;
            let score = own + before.score - gap_cost(skipped, others);
            if score > node.score {
                node = Node { pair, score, before: id(i) };
            }
        }
    }
    node
}

/// Appends the chains of `nodes`, which are those of one part, to `chains`. The best chain is
/// extracted first, and each chain is followed back to a segment that a better chain has: one that
/// is `taken`. `pairs` is empty.
fn extract(
    sums: &[u64],
    nodes: &[Node],
    taken: &mut [bool],
    pairs: &mut Vec<Pair>,
    scratch: &mut Scratch,
    chains: &mut Chains,
) {
    let mut order = scratch.numbers.empty();
    order.extend((0..).take(nodes.len()));
    order.sort_unstable_by_key(|i| {
        let node = &nodes[*i as usize];
        (-node.score, node.pair.copy, node.pair.source)
    });
    let mut found = scratch.pairs.empty();
    for i in &order {
        let mut at = *i;
        let from = pairs.len();
        loop {
            let node = &nodes[at as usize];
            if taken[node.pair.copy as usize] {
                break;
            }
            taken[node.pair.copy as usize] = true;
            pairs.push(node.pair);
            if node.before == at {
                break;
            }
            at = node.before;
        }
        pairs[from..].reverse();
        part(from, pairs.len(), pairs, sums, &mut found);
    }
    work::count(nodes.len() + pairs.len());
    scratch.numbers.give(order);
    found.sort_unstable_by_key(|(from, _)| pairs[*from as usize].copy);
    for (from, to) in &found {
        chains.pairs.extend_from_slice(&pairs[*from as usize..*to as usize]);
        chains.ends.push(id(chains.pairs.len()));
    }
    scratch.pairs.give(found);
}

/// Splits the chain `pairs[from..to]` if it overlaps its own original: into the heaviest stretch
/// without overlap, and then the longest ones on either side. Adds the ranges to `found`.
fn part(from: usize, to: usize, pairs: &mut [Pair], sums: &[u64], found: &mut Vec<(u32, u32)>) {
    let chain = &pairs[from..to];
    let mut push = |a: usize, b: usize| {
        let number = |i: usize| id(from + i);
        if a < b {
            found.push((number(a), number(b)));
        }
    };
    let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return };
    if last.source < first.copy {
        push(0, chain.len());
        return;
    }
    work::count(2 * chain.len());
    let own = |pair: &Pair| weight(sums, pair.copy, pair.copy + 1);
    let (mut start, mut sum) = (0, 0);
    let mut heaviest = (0, 0, -1);
    for (end, pair) in chain.iter().enumerate() {
        sum += own(pair);
        while chain[start].copy <= pair.source {
            sum -= own(&chain[start]);
            start += 1;
        }
        if sum > heaviest.2 {
            heaviest = (start, end + 1, sum);
        }
    }
    let (start, end, _) = heaviest;
    push(start, end);
    let mut begin = end;
    for i in end..chain.len() {
        if chain[i].source >= chain[begin].copy {
            push(begin, i);
            begin = i;
        }
    }
    push(begin, chain.len());
    let mut finish = start;
    for i in (0..start).rev() {
        if chain[finish - 1].source >= chain[i].copy {
            push(i + 1, finish);
            finish = i + 1;
        }
    }
    push(0, finish);
}

/// The tandem runs that enclose a position, which moves to the right.
struct Enclosing<'a> {
    runs: std::iter::Peekable<std::slice::Iter<'a, TandemRun>>,
    open: Vec<TandemRun>,
}

impl<'a> Enclosing<'a> {
    /// Returns the state before the first position. `runs` are sorted by their start.
    fn new(runs: &'a [TandemRun]) -> Self {
        Self { runs: runs.iter().peekable(), open: Vec::new() }
    }

    fn advance(&mut self, position: u32) {
        while let Some(run) = self.runs.next_if(|run| run.start <= position) {
            self.open.push(*run);
        }
        self.open.retain(|run| run.end > position);
        work::count(self.open.len());
    }

    /// Returns whether the distance of two equal segments is a multiple of the period of an open
    /// run.
    fn has_multiple(&self, source: u32, copy: u32) -> bool {
        self.open.iter().any(|run| run.start <= source && (copy - source) % run.period == 0)
    }
}
