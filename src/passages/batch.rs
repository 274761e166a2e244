//! Many texts at once.
//!
//! Texts are read in batches, on several threads with the feature `rayon`. One thread inserts the
//! documents of a batch in their order while the next batch is read, so answers do not depend on
//! the number of threads.

use super::answer::FoundPassages;
use super::border::Border;
use super::dedup::Deduplicated;
use super::reader::Read;
#[cfg(feature = "rayon")]
use super::reader::Reader;
use super::{Passages, Scratch, Text};
use crate::error::PassageError;

/// The number of bytes of text in a batch.
#[cfg(feature = "rayon")]
const BATCH: usize = 1 << 19;

impl Passages {
    /// Inserts documents in their order, like [`insert`](Self::insert) one by one.
    ///
    /// With the feature `rayon`, texts are read on several threads. The result does not depend on
    /// their number.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert). The documents before the one that causes the error are
    /// inserted then.
    pub fn insert_all(&mut self, texts: &[Text<'_>]) -> Result<(), PassageError> {
        self.in_order(texts, |this, text, read, scratch| {
            this.insert_read(text.id, read, &mut scratch.search)
        })?;
        Ok(())
    }

    /// Returns the passages of each document that occur earlier, and inserts the documents, like
    /// [`query_and_insert`](Self::query_and_insert) one by one.
    ///
    /// # Errors
    ///
    /// Those of [`insert_all`](Self::insert_all).
    pub fn query_and_insert_all(&mut self, texts: &[Text<'_>]) -> Result<Vec<FoundPassages>, PassageError> {
        self.in_order(texts, |this, text, read, scratch| {
            this.insert_read(text.id, read, &mut scratch.search)?;
            let found = this.with_leads(text.text, &read.units, &mut scratch.reader, &scratch.search.found);
            Ok(this.answer(&read.units.extents, &found))
        })
    }

    /// Removes the passages of each document that occur earlier, and inserts the text that is left,
    /// like [`dedup`](Self::dedup) one by one.
    ///
    /// # Errors
    ///
    /// Those of [`insert_all`](Self::insert_all).
    pub fn dedup_all<'t>(
        &mut self,
        texts: &[Text<'t>],
        border: Border,
    ) -> Result<Vec<Deduplicated<'t>>, PassageError> {
        self.in_order(texts, |this, text, read, scratch| {
            this.dedup_read(text, border, read, &mut scratch.reader, &mut scratch.search)
        })
    }

    /// Returns the passages of each text that inserted documents have, like [`query`](Self::query)
    /// one by one.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query).
    pub fn query_all<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Vec<FoundPassages>, PassageError> {
        let query = |scratch: &mut Scratch, text: &T| {
            self.read(text.as_ref(), scratch)?;
            self.query_read(&scratch.read, &mut scratch.search);
            Ok(self.answer_read(text.as_ref(), scratch))
        };
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            texts.par_iter().map_init(Scratch::default, query).collect()
        }
        #[cfg(not(feature = "rayon"))]
        {
            let mut scratch = Scratch::default();
            texts.iter().map(|text| query(&mut scratch, text)).collect()
        }
    }

    /// Calls `work` with each text, in order, and with what was read of it.
    #[cfg(not(feature = "rayon"))]
    fn in_order<'t, A>(
        &mut self,
        texts: &[Text<'t>],
        work: impl Fn(&mut Self, Text<'t>, &Read, &mut Scratch) -> Result<A, PassageError>,
    ) -> Result<Vec<A>, PassageError> {
        self.with_scratch(|this, scratch| {
            let mut read = Read::default();
            let one = |text: &Text<'t>| {
                scratch.reader.read(text.text, &this.options, &this.sampling, &mut read)?;
                work(this, *text, &read, scratch)
            };
            texts.iter().map(one).collect()
        })
    }

    /// Calls `work` with each text, in order, and with what was read of it. A batch of texts is
    /// read on all threads but one, which works on the batch before.
    #[cfg(feature = "rayon")]
    fn in_order<'t, A: Send>(
        &mut self,
        texts: &[Text<'t>],
        work: impl Fn(&mut Self, Text<'t>, &Read, &mut Scratch) -> Result<A, PassageError> + Send + Sync,
    ) -> Result<Vec<A>, PassageError> {
        let (options, sampling) = (self.options.clone(), self.sampling.clone());
        let read_batch = |batch: &[Text<'t>], reads: &mut Vec<Read>| -> Vec<Result<(), PassageError>> {
            use rayon::prelude::*;
            let read = |reader: &mut Reader, (text, read): (&Text<'t>, &mut Read)| {
                reader.read(text.text, &options, &sampling, read)
            };
            // The buffers of an earlier batch are reused.
            reads.resize_with(reads.len().max(batch.len()), Read::default);
            batch.par_iter().zip(reads).map_init(Reader::default, read).collect()
        };
        let mut answers = Vec::with_capacity(texts.len());
        let (mut reads, mut next_reads) = (Vec::new(), Vec::new());
        let (mut batch, mut rest) = split_batch(texts);
        let mut results = read_batch(batch, &mut reads);
        while !batch.is_empty() {
            let (next, after) = split_batch(rest);
            let insert = || {
                self.with_scratch(|this, scratch| {
                    batch.iter().zip(results).zip(&reads).try_for_each(|((text, result), read)| {
                        result?;
                        answers.push(work(this, *text, read, scratch)?);
                        Ok(())
                    })
                })
            };
            let (inserted, next_results) = rayon::join(insert, || read_batch(next, &mut next_reads));
            inserted?;
            std::mem::swap(&mut reads, &mut next_reads);
            (batch, rest, results) = (next, after, next_results);
        }
        Ok(answers)
    }
}

/// Splits off the first texts, up to the size of a batch.
#[cfg(feature = "rayon")]
fn split_batch<'a, 't>(texts: &'a [Text<'t>]) -> (&'a [Text<'t>], &'a [Text<'t>]) {
    let mut len = 0;
    let is_before = |text: &&Text<'_>| {
        let is_before = len < BATCH;
        len += text.text.len();
        is_before
    };
    texts.split_at(texts.iter().take_while(is_before).count())
}
