//! A store of the caller's own answers like the store in memory.

mod common;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

use common::remembered::{Remembered, steps};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::store::{Answer, FrequentKey, OwnedRecord, Posting, Query, Record, Store};
use refrain::index::{Index, Page, Thresholds};
use refrain::near::{LshIndex, NearOptions, Shingler};
use refrain::{Document, Options};

/// A list of documents that is walked over for every answer, and how many were read.
#[derive(Debug, Default)]
struct List {
    all: Mutex<Vec<Option<OwnedRecord>>>,
    read: AtomicUsize,
    /// The number of removals until one fails, or 0 if none fails.
    failing_removal: AtomicUsize,
}

impl List {
    fn all(&self) -> MutexGuard<'_, Vec<Option<OwnedRecord>>> {
        self.all.lock().expect("nobody panicked")
    }
}

fn known<'a>(
    all: &'a [Option<OwnedRecord>],
    except: Option<&'a str>,
) -> impl Iterator<Item = (u32, &'a OwnedRecord)> + 'a {
    let stored = (0..).zip(all).filter_map(|(number, stored)| Some((number, stored.as_ref()?)));
    stored.filter(move |(_, stored)| Some(&*stored.id) != except)
}

fn posting(document: u32, stored: &OwnedRecord, key: refrain::Fingerprint) -> Option<Posting> {
    let place = u32::try_from(stored.keys.iter().position(|other| *other == key)?).ok()?;
    Some(Posting { document, place })
}

impl Store for List {
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        for record in records {
            self.remove(record.id)?;
            let Record { id, scope, keys, payload } = *record;
            let (id, scope, keys, payload) =
                (id.to_owned(), scope.to_owned(), keys.to_vec(), payload.to_vec());
            self.all().push(Some(OwnedRecord { id, scope, keys, payload }));
        }
        Ok(())
    }

    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        let all = self.all();
        let of_scope = |(_, stored): &(u32, &OwnedRecord)| stored.scope == query.scope;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let scope_documents = count(known(&all, query.except).filter(of_scope).count());
        let mut found = Answer::new(scope_documents, count(all.len()));
        for key in query.keys {
            let having = || known(&all, query.except).filter(|(_, stored)| stored.keys.contains(key));
            let earliest = having().filter_map(|(number, stored)| posting(number, stored, *key));
            let in_scope = count(having().filter(of_scope).count());
            found.answer(count(having().count()), in_scope, earliest.take(query.limit as usize));
        }
        Ok(found)
    }

    fn find_and_add(&self, record: &Record<'_>) -> Result<Answer, IndexError> {
        let (keys, scope, except) = (record.keys, record.scope, Some(record.id));
        let found = self.find(&Query { keys, scope, except, limit: 0 })?;
        self.add(std::slice::from_ref(record))?;
        Ok(found)
    }

    fn document(&self, number: u32) -> Result<Option<OwnedRecord>, IndexError> {
        self.read.fetch_add(1, Ordering::Relaxed);
        Ok(self.all().get(number as usize).cloned().flatten())
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        Ok(known(&self.all(), None).find(|(_, stored)| stored.id == id).map(|(number, _)| number))
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.all().len()).unwrap_or(u32::MAX)
    }

    fn len(&self) -> u64 {
        known(&self.all(), None).count() as u64
    }

    fn remove(&self, id: &str) -> Result<bool, IndexError> {
        let countdown = |left: usize| left.checked_sub(1);
        if self.failing_removal.fetch_update(Ordering::Relaxed, Ordering::Relaxed, countdown) == Ok(1) {
            return Err(IndexError::Damaged { what: "the list".to_owned(), how: "on purpose".to_owned() });
        }
        let mut all = self.all();
        let place = all.iter_mut().find(|stored| stored.as_ref().is_some_and(|stored| stored.id == id));
        Ok(place.and_then(Option::take).is_some())
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        Ok(self.find(&Query { keys: &[], scope, except: None, limit: 0 })?.scope_documents)
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let all = self.all();
        let of_scope = || known(&all, None).filter(|(_, stored)| stored.scope == scope);
        let mut keys: Vec<_> = of_scope().flat_map(|(_, stored)| &stored.keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let frequent = keys.into_iter().filter_map(|key| {
            let postings: Vec<Posting> =
                of_scope().filter_map(|(number, stored)| posting(number, stored, key)).collect();
            let count = u32::try_from(postings.len()).ok()?;
            let is_frequent = count >= documents.max(2);
            is_frequent.then_some(FrequentKey { key, documents: count, first: *postings.first()? })
        });
        Ok(frequent.collect())
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn it_answers_as_comparing_everything_does(all in steps::some()) {
        let index = Index::with_store(List::default(), &Options::new());
        let mut remembered = Remembered::default();
        all.iter().for_each(|step| remembered.step(&index, step));
        for scope in steps::SCOPES {
            remembered.check_boilerplate(&index, scope, Thresholds::new().min_documents(2).min_share(0.2)?);
        }
        let memory = Index::new();
        memory.merge(&index)?;
        let save = |write: &dyn Fn(&mut Vec<u8>)| { let mut bytes = Vec::new(); write(&mut bytes); bytes };
        let of_list = save(&|bytes| index.save(bytes).expect("it is written"));
        prop_assert_eq!(of_list, save(&|bytes| memory.save(bytes).expect("it is written")));
    }
}

/// Every other document was read again and again, once they were more than some memory holds.
#[test]
fn documents_are_read_as_often_as_is_said() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::with_store(List::default(), &Options::new());
    let lines = |of: usize| -> String { (0..60).map(|line| format!("{of} {line}\nnew {of}\n")).collect() };
    for page in 0..10 {
        let text = (0..10).map(|of| lines((page + of) % 10)).collect::<String>();
        index.insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })?;
    }
    let read = |work: &dyn Fn()| {
        let before = index.store().read.load(Ordering::Relaxed);
        work();
        index.store().read.load(Ordering::Relaxed) - before
    };
    let text: String = (0..10).map(lines).collect::<Vec<_>>().concat().replace("new 3", "newer");
    let doc = Document::new(&text);
    let seen = index.query("s", &doc)?;
    let blocks = read(&|| assert!(seen.matched_runs().expect("they are read").len() > 60));
    assert!(blocks <= 20, "{blocks}");
    let furniture =
        read(&|| assert_eq!(index.boilerplate("s", Thresholds::new()).map_or(0, |found| found.len()), 610));
    assert!(furniture <= 10, "{furniture}");
    assert_eq!(read(&|| assert_eq!(seen.matches(0).map_or(0, |found| found.len()), 10)), 10);
    Ok(())
}

/// A note that nobody here wrote tells no place.
#[test]
fn a_note_that_makes_no_sense_is_damage() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::with_store(List::default(), &Options::new());
    let doc = Document::new("a\nb\nc");
    let keys: Vec<_> = doc.segments().map(|segment| segment.fingerprint()).collect();
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 3);
    index.store().add(&[Record { id: "x", scope: "s", keys: &keys, payload: &[255; 7] }])?;
    let seen = index.query("s", &doc)?;
    let failed = [seen.matches(0).map(drop), seen.matched_runs().map(drop), seen.removals(&[1]).map(drop)];
    for result in failed {
        let error = result.expect_err("there are no spans");
        assert!(
            matches!(&error, IndexError::Damaged { .. }) && error.to_string().contains("\"x\""),
            "{error}"
        );
    }
    Ok(())
}

/// The first part, which has the number of parts, is removed last.
#[test]
fn removing_parts_can_be_repeated_after_an_error() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new();
    let parts = ["one", "two", "three"].map(|text| shingler.shingle(text));
    for failing in 1..=parts.len() {
        let index = LshIndex::with_store(&shingler, NearOptions::new(0.8)?, |_| Ok(List::default()))?;
        index.insert_parts("document", &parts)?;
        index.store().failing_removal.store(failing, Ordering::Relaxed);
        assert!(index.remove("document").is_err());
        assert!(index.contains("document")? && index.remove("document")?);
        assert!(index.is_empty());
    }
    Ok(())
}
