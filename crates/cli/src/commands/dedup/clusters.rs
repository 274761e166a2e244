//! The files of datatrove for documents that are equal.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;

use super::super::Status;
use super::super::batch::report;
use super::super::datatrove::{self, Cluster};
use super::super::each::At;
use super::Job;
use crate::document::Document;
use crate::stages::Drops;

/// A document: its input, and its line or record there.
type Place = (u32, u64);

impl Job<'_> {
    /// Writes the files of the inputs with the indices `order`, unless nothing is to be written.
    pub fn write_datatrove(&self, order: Vec<usize>) -> Result<Status> {
        let (args, staged) = (self.args, &self.staged);
        let drops = Drops::open(&staged.reduced.0)?;
        // Clusters are numbered in the order of the documents that are kept.
        let mut sizes: BTreeMap<Place, u32> = BTreeMap::new();
        for run in drops.all()? {
            let size = sizes.entry(run.source).or_insert(1);
            *size = size.saturating_add(u32::try_from(run.ordinals.len())?);
        }
        let clusters: HashMap<Place, (u32, u32)> =
            (0..).zip(sizes).map(|(number, (place, size))| (place, (number, size))).collect();
        let mut batches = HashMap::new();
        let mut copies: HashMap<Place, Place> = HashMap::new();
        let mut of_order: HashSet<usize> = HashSet::new();
        of_order.extend(&order);
        let mut of_batch = Vec::new();
        for (input, batch) in drops.batches().filter(|(input, _)| of_order.contains(input)) {
            let prints = &staged.files[input].0;
            let documents = drops.of_batch((input, batch), prints, &mut of_batch)?;
            batches.insert((input, batch), documents.hash);
            let input = u32::try_from(input)?;
            for drop in &of_batch {
                let line = documents.line(documents.of_segment(drop.ordinal));
                copies.insert((input, line), (drop.source_input, drop.source_line));
            }
        }
        let find = |at: At<'_>, document: &Document<'_>| {
            staged.check_batch(at, batches.get(&(at.batch.input, at.batch.number)).copied())?;
            let place = (u32::try_from(at.batch.input)?, document.number);
            let source = copies.get(&place);
            let cluster = clusters.get(source.unwrap_or(&place));
            Ok(cluster.map(|(number, size)| Cluster {
                number: *number,
                size: *size,
                is_kept: source.is_none(),
            }))
        };
        let run = (&args.input, &args.writing);
        let Some(totals) = datatrove::write(&staged.inputs, order, run, &staged.target, find)? else {
            return Ok(Status::Interrupted);
        };
        report(&args.writing.run, args.input.bad_in(false), &totals, self.start, 0)?;
        Ok(match totals.has_damage() {
            _ if args.writing.removals.check && totals.removed > 0 => Status::Found,
            true => Status::Damaged,
            false => Status::Done,
        })
    }
}
