//! The second step of `near`: the pairs or the clusters of all documents.
//!
//! Each line of the file is a record: first the counts, and then the batches and the members of
//! clusters, or the pairs.

use std::collections::HashMap;
use std::io::BufRead as _;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result, bail};
use refrain::near::{Shingles, cluster_while, pairs_while};
use serde::{Deserialize, Serialize};

use super::super::Status;
use super::{Job, Write};
use crate::interrupt;
use crate::progress::Progress;
use crate::stages::{ShinglesFile, StageFile, open_checked};
use crate::totals::Totals;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
enum Record {
    /// The counts of all inputs, and the memory of the shingles in bytes.
    Counts(Box<Totals>, u64),
    /// The input of a batch, its number there, and its hash.
    Batch(usize, u32, u64),
    Member(Place, Member),
    Pair(Pair),
}

/// The place of a document: its input, its batch, and its number there.
type Place = (usize, u32, usize);

/// A document of a cluster with several documents.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Member {
    pub cluster: u32,
    pub size: u32,
    /// The document that is kept, if it is another one.
    pub source: Option<Source>,
}

/// The document that is kept in the place of another one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The id, as JSON.
    pub id: String,
    pub measures: Measures,
}

/// Two near duplicates, with their ids as JSON.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pair {
    pub first: String,
    pub second: String,
    pub measures: Measures,
}

/// A similarity and a containment. The file has their bits, because decimal digits are rounded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Measures {
    similarity: u64,
    containment: u64,
}

impl Measures {
    fn new(similarity: f64, containment: f64) -> Self {
        Self { similarity: similarity.to_bits(), containment: containment.to_bits() }
    }

    pub fn similarity(self) -> f64 {
        f64::from_bits(self.similarity)
    }

    pub fn containment(self) -> f64 {
        f64::from_bits(self.containment)
    }
}

/// The documents of all inputs, in order.
#[derive(Default)]
struct Corpus {
    shingles: Vec<Shingles>,
    /// The ids, as JSON.
    ids: Vec<String>,
    places: Vec<Place>,
    batches: Vec<(usize, u32, u64)>,
    totals: Totals,
    /// The memory of the shingles in bytes.
    bytes: u64,
}

/// The result of the second step.
#[derive(Default)]
pub struct Found {
    pub totals: Totals,
    /// The memory of the shingles in bytes.
    pub bytes: u64,
    /// The hashes of the batches.
    pub batches: HashMap<(usize, u32), u64>,
    pub members: HashMap<Place, Member>,
    pub pairs: Vec<Pair>,
}

impl Job<'_> {
    /// Writes the pairs or the clusters of all documents.
    pub fn find(&self) -> Result<Status> {
        let Some(mut corpus) = self.read()? else { return Ok(Status::Interrupted) };
        let run = &self.args.writing.run;
        let progress = Progress::start(run.progress(), "comparing", Some(corpus.bytes));
        let (all, bytes) = (corpus.shingles.len().max(1) as u64, corpus.bytes);
        let mut known = 0;
        let proceed = |compared: usize| {
            let compared = compared as u64;
            progress.add(compared.saturating_sub(known));
            known = compared;
            let share = u128::from(bytes) * u128::from(compared) / u128::from(all);
            progress.read.store(u64::try_from(share).unwrap_or(bytes), Ordering::Relaxed);
            match interrupt::is_requested() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let (path, header) = &self.staged.reduced;
        let mut file = StageFile::create(path, header, self.staged.is_kept())?;
        if self.args.write == Write::Pairs {
            let found = pairs_while(&corpus.shingles, &self.options, proceed);
            corpus.totals.not_compared = found.skipped_candidates() as u64;
            file.line(&Record::Counts(Box::new(corpus.totals), corpus.bytes))?;
            for pair in found.items() {
                let [first, second] =
                    [pair.first(), pair.second()].map(|document| corpus.ids[document].clone());
                let measures = Measures::new(pair.similarity(), pair.containment());
                file.line(&Record::Pair(Pair { first, second, measures }))?;
            }
        } else {
            let found = cluster_while(&corpus.shingles, &self.options, &self.args.keep(), proceed);
            corpus.totals.not_compared = found.skipped_candidates() as u64;
            file.line(&Record::Counts(Box::new(std::mem::take(&mut corpus.totals)), corpus.bytes))?;
            for (input, batch, hash) in &corpus.batches {
                file.line(&Record::Batch(*input, *batch, *hash))?;
            }
            write_members(&corpus, found.items(), &mut file)?;
        }
        if interrupt::is_requested() {
            return Ok(Status::Interrupted);
        }
        file.finish()?;
        Ok(Status::Done)
    }

    /// Reads the shingles of all inputs. Returns `None` after Ctrl-C.
    fn read(&self) -> Result<Option<Corpus>> {
        let limit = self.args.memory.0;
        let mut corpus = Corpus::default();
        for (input, (path, header)) in self.staged.files.iter().enumerate() {
            let mut file = ShinglesFile::open(path, header)?;
            let mut number = 0;
            while let Some(batch) = file.batch()? {
                if interrupt::is_requested() {
                    return Ok(None);
                }
                corpus.batches.push((input, number, batch.hash));
                corpus.totals.add(&batch.totals);
                for document in 0..batch.documents as usize {
                    let (id, hashes) = file.document()?;
                    corpus.bytes += 8 * hashes.len() as u64;
                    let shingles = Shingles::from_hashes(hashes);
                    let damaged = || format!("{}: expected shingles, found none", path.display());
                    corpus.shingles.push(shingles.with_context(damaged)?);
                    corpus.ids.push(id);
                    corpus.places.push((input, number, document));
                }
                if corpus.bytes > limit {
                    // Besides the shingles, the files have a few bytes for each document.
                    let files = self.staged.files.iter().map(|(path, _)| std::fs::metadata(path));
                    let bytes = files.map(|file| Ok(file?.len())).sum::<std::io::Result<u64>>()?;
                    let enough = bytes.div_ceil(1 << 20);
                    bail!("--memory: expected {enough}M or more for the shingles of all documents");
                }
                number += 1;
            }
        }
        Ok(Some(corpus))
    }

    /// Reads the result, with the members that are in the inputs with the indices `order`.
    pub fn found(&self, order: &[usize]) -> Result<Found> {
        let (path, header) = &self.staged.reduced;
        let context = || path.display().to_string();
        let mut is_wanted = vec![false; self.staged.inputs.len()];
        order.iter().for_each(|index| is_wanted[*index] = true);
        let is_wanted = |input: usize| is_wanted.get(input) == Some(&true);
        let mut found = Found::default();
        for line in open_checked(path, header, "reduce")?.lines() {
            match serde_json::from_str(&line.with_context(context)?).with_context(context)? {
                Record::Counts(totals, bytes) => (found.totals, found.bytes) = (*totals, bytes),
                Record::Batch(input, batch, hash) if is_wanted(input) => {
                    found.batches.insert((input, batch), hash);
                }
                Record::Member(place, member) if is_wanted(place.0) => {
                    found.members.insert(place, member);
                }
                Record::Batch(..) | Record::Member(..) => {}
                Record::Pair(pair) => found.pairs.push(pair),
            }
        }
        Ok(found)
    }
}

/// Writes the members of clusters with several documents. Clusters are numbered in the order of
/// the documents that are kept.
fn write_members(
    corpus: &Corpus,
    assignments: &[refrain::near::Assignment],
    file: &mut StageFile,
) -> Result<()> {
    let kept = |document: usize| assignments[document].duplicate_of().unwrap_or(document);
    let mut sizes = vec![0_u32; assignments.len()];
    (0..assignments.len()).for_each(|document| sizes[kept(document)] += 1);
    let mut clusters = vec![0_u32; assignments.len()];
    let of_several = (0..assignments.len()).filter(|document| sizes[*document] > 1);
    (0..).zip(of_several).for_each(|(cluster, document)| clusters[document] = cluster);
    for (document, assignment) in assignments.iter().enumerate() {
        let of = kept(document);
        if sizes[of] < 2 {
            continue;
        }
        let source = assignment.duplicate_of().map(|source| Source {
            id: corpus.ids[source].clone(),
            measures: Measures::new(assignment.similarity(), assignment.containment()),
        });
        let member = Member { cluster: clusters[of], size: sizes[of], source };
        file.line(&Record::Member(corpus.places[document], member))?;
    }
    Ok(())
}
