//! Measures blocks.

use super::{Block, Measures, Run};
use crate::document::Document;
use crate::repeats::find::Found;
use crate::repeats::{Chain, Chains, Occurrence, Pair, Places};
use crate::steps;

/// The segments of a document, or those of them that are left, with what is needed to measure blocks of them.
pub(crate) struct Survey<'a, N> {
    doc: &'a Document<'a>,
    ids: &'a [u32],
    /// The number in the document of the segment that is `i`th among these.
    number: N,
    places: Places,
    /// The weight before each segment, and at the end that of all.
    sums: Vec<u64>,
    /// The weight of all segments that are not first of their kind.
    repeated: u64,
    /// For every id the last block that had it, and which block is being measured.
    met: Vec<u32>,
    block: u32,
    counts: Vec<u32>,
}

impl<'a, N: Fn(usize) -> u32> Survey<'a, N> {
    pub(crate) fn new(doc: &'a Document<'a>, ids: &'a [u32], number: N) -> Self {
        let places = Places::new(ids, doc.distinct());
        let weights = doc.weights();
        let mut sums = Vec::with_capacity(ids.len() + 1);
        let (mut sum, mut repeated) = (0, 0);
        let mut met = vec![0; doc.distinct()];
        for (i, id) in ids.iter().enumerate() {
            let weight = u64::from(weights[number(i) as usize]);
            sums.push(sum);
            sum += weight;
            repeated += if met[*id as usize] == 0 { 0 } else { weight };
            met[*id as usize] = 1;
        }
        sums.push(sum);
        steps::count(2 * ids.len());
        met.fill(0);
        Self { doc, ids, number, places, sums, repeated, met, block: 0, counts: Vec::new() }
    }

    /// What was found, chained.
    pub(crate) fn chains(&self, found: &Found, gap: u32) -> Chains {
        Chains::new(self.ids, found, &self.places, gap)
    }

    /// The weight of the segments from the `from`th to before the `to`th.
    pub(crate) fn weight(&self, from: u32, to: u32) -> u64 {
        self.sums[to as usize] - self.sums[from as usize]
    }

    /// Where a run of segments stands in the document.
    pub(crate) fn occurrence(&self, first: u32, last: u32) -> Occurrence {
        let number = |i: u32| (self.number)(i as usize);
        Occurrence::new(self.doc.spans(), number(first), number(last) + 1)
    }

    /// The block that a chain is; `None` if the chain is empty, which none is.
    ///
    /// # Complexity
    ///
    /// O(k log k) for k segments.
    pub(crate) fn block(&mut self, chain: Chain<'_>) -> Option<Block> {
        let Chain { pairs: chain, follows } = chain;
        let (first, last) = (chain.first()?, chain.last()?);
        let between = |from: u32, to: u32| self.weight(from, to + 1);
        let mut m = Measures {
            segments: u32::try_from(chain.len()).unwrap_or(u32::MAX),
            copy_span: between(first.copy, last.copy),
            original_span: between(first.source, last.source),
            document: self.sums.last().copied().unwrap_or(0),
            repeated: self.repeated,
            echo: follows,
            ..Measures::default()
        };
        self.block += 1;
        self.counts.clear();
        for pair in chain {
            let id = self.ids[pair.copy as usize];
            let weight = self.weight(pair.copy, pair.copy + 1);
            let count = self.places.count(id);
            m.weight += weight;
            m.heaviest = m.heaviest.max(u32::try_from(weight).unwrap_or(u32::MAX));
            self.counts.push(count);
            if self.met[id as usize] != self.block {
                self.met[id as usize] = self.block;
                m.family += weight * u64::from(count - 1);
            }
        }
        self.counts.sort_unstable();
        m.count = self.counts[self.counts.len() / 2];
        let is_even = |pair: &&Pair| self.places.count(self.ids[pair.copy as usize]) == m.count;
        m.even = chain.iter().filter(is_even).map(|pair| self.weight(pair.copy, pair.copy + 1)).sum();
        steps::count(2 * chain.len());
        Some(Block {
            original: self.occurrence(first.source, last.source),
            copy: self.occurrence(first.copy, last.copy),
            runs: self.runs(chain),
            measures: m,
        })
    }

    /// The runs of a chain that has a hole.
    fn runs(&self, chain: &[Pair]) -> Box<[Run]> {
        let goes_on = |a: &Pair, b: &Pair| a.copy + 1 == b.copy && a.source + 1 == b.source;
        if chain.windows(2).all(|pair| goes_on(&pair[0], &pair[1])) {
            return Box::default();
        }
        let run = |run: &[Pair]| Run {
            original: self.occurrence(run[0].source, run[run.len() - 1].source),
            copy: self.occurrence(run[0].copy, run[run.len() - 1].copy),
        };
        chain.chunk_by(goes_on).map(run).collect()
    }
}
