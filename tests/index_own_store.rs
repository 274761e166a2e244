//! A store of the caller's own answers like the store in memory.

mod common;

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::remembered::{Remembered, snapshot, steps};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::store::{
    Answer, Change, DocumentView, FrequentKey, KeyCounts, Open, OwnedRecord, Planning, Posting, Query,
    Record, Store, View, Visit,
};
use refrain::index::{Detail, Index, Page, Thresholds};
use refrain::near::{LshIndex, NearOptions, Shingler};
use refrain::{Document, Options, Segmentation};

/// A list of documents that is read as a whole for every answer. Its n-th call fails.
#[derive(Debug, Default)]
struct List {
    all: Mutex<Vec<Option<OwnedRecord>>>,
    /// The number of calls until one fails, or 0 if none fails.
    failing: AtomicUsize,
}

/// The documents at one moment, and the number of them that were read.
struct Moment<'a> {
    all: &'a [Option<OwnedRecord>],
    list: &'a List,
    read: Cell<usize>,
}

impl List {
    /// Counts a call, and fails if it is the one that should.
    fn call(&self) -> Result<(), IndexError> {
        let countdown = |left: usize| left.checked_sub(1);
        match self.failing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, countdown) {
            Ok(1) => Err(IndexError::Damaged { what: "the list".to_owned(), how: "on purpose".to_owned() }),
            _ => Ok(()),
        }
    }

    fn moment<'a>(&'a self, all: &'a [Option<OwnedRecord>]) -> Moment<'a> {
        Moment { all, list: self, read: Cell::new(0) }
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
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        self.call()?;
        read(&self.moment(&self.all.lock().expect("nobody panicked")))
    }

    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError> {
        self.call()?;
        let mut all = self.all.lock().expect("nobody panicked");
        let change = plan(&self.moment(&all))?;
        self.call()?;
        let mut remove = |id: &str| {
            let is_it = |stored: &&mut Option<OwnedRecord>| stored.as_ref().is_some_and(|s| s.id == id);
            all.iter_mut().find(is_it).map(Option::take);
        };
        change.remove.iter().for_each(|id| remove(id));
        for Record { id, scope, keys, payload } in change.add {
            let is_it = |stored: &&mut Option<OwnedRecord>| stored.as_ref().is_some_and(|s| s.id == id);
            all.iter_mut().find(is_it).map(Option::take);
            let (id, scope, keys, payload) =
                (id.to_owned(), scope.to_owned(), keys.to_vec(), payload.to_vec());
            all.push(Some(OwnedRecord { id, scope, keys, payload }));
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl View for Moment<'_> {
    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        self.list.call()?;
        let of_scope = |(_, stored): &(u32, &OwnedRecord)| stored.scope == query.scope;
        let scope_documents = count(known(self.all, query.except).filter(of_scope).count());
        let mut found = Answer::new(scope_documents, query.keys.len());
        for key in query.keys {
            let having = || known(self.all, query.except).filter(|(_, stored)| stored.keys.contains(key));
            let earliest = having().filter_map(|(number, stored)| posting(number, stored, *key));
            let (documents, in_scope) = (count(having().count()), count(having().filter(of_scope).count()));
            found.push(KeyCounts { documents, in_scope }, earliest.take(query.limit as usize));
        }
        Ok(found)
    }

    fn document(&self, number: u32, with: Visit<'_>) -> Result<bool, IndexError> {
        self.list.call()?;
        self.read.set(self.read.get() + 1);
        let Some(Some(stored)) = self.all.get(number as usize) else { return Ok(false) };
        let OwnedRecord { id, scope, keys, payload } = stored;
        with(&DocumentView { id, scope, len: keys.len(), key_at: &|place| keys[place], payload })?;
        Ok(true)
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        self.list.call()?;
        Ok(known(self.all, None).find(|(_, stored)| stored.id == id).map(|(number, _)| number))
    }

    fn next_document(&self, from: u32, scope: Option<&str>) -> Result<Option<u32>, IndexError> {
        let is_asked = |(number, stored): &(u32, &OwnedRecord)| {
            *number >= from && scope.is_none_or(|scope| stored.scope == scope)
        };
        Ok(known(self.all, None).find(is_asked).map(|(number, _)| number))
    }

    fn len(&self) -> u64 {
        known(self.all, None).count() as u64
    }

    fn scope(&self, index: u32) -> Result<Option<(String, u32)>, IndexError> {
        let mut scopes: Vec<&str> = Vec::new();
        for (_, stored) in known(self.all, None) {
            if !scopes.contains(&&*stored.scope) {
                scopes.push(&stored.scope);
            }
        }
        let scope = scopes.get(index as usize);
        scope.map(|scope| Ok(((*scope).to_owned(), self.scope_documents(scope)?))).transpose()
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        Ok(count(known(self.all, None).filter(|(_, stored)| stored.scope == scope).count()))
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let of_scope = || known(self.all, None).filter(|(_, stored)| stored.scope == scope);
        let mut keys: Vec<_> = of_scope().flat_map(|(_, stored)| &stored.keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let frequent = keys.into_iter().filter_map(|key| {
            let postings: Vec<Posting> =
                of_scope().filter_map(|(number, stored)| posting(number, stored, key)).collect();
            let is_frequent = count(postings.len()) >= documents.max(2);
            let first = *postings.first()?;
            is_frequent.then_some(FrequentKey { key, documents: count(postings.len()), first })
        });
        Ok(frequent.collect())
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

/// Any store behind a pointer is one.
#[test]
fn a_boxed_store_is_a_store() -> Result<(), Box<dyn std::error::Error>> {
    let store: Box<dyn Store> = Box::new(List::default());
    let index = Index::with_store(store, &Options::new());
    let document = Document::new("a\nb");
    index.insert(Page { id: "1", scope: "s", document: &document })?;
    assert_eq!(index.query("s", &document, Detail::Runs)?.matched_runs().len(), 1);
    index.sync()?;
    Ok(())
}

/// A query reads each document that a segment lists once for its matches, and once for each run that
/// could begin there.
#[test]
fn documents_are_read_as_often_as_documented() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::with_store(List::default(), &Options::new());
    let lines = |of: usize| -> String { (0..60).map(|line| format!("{of} {line}\nnew {of}\n")).collect() };
    for page in 0..10 {
        let text = (0..10).map(|of| lines((page + of) % 10)).collect::<String>();
        index.insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })?;
    }
    let text: String = (0..10).map(lines).collect::<Vec<_>>().concat().replace("new 3", "newer");
    let document = Document::new(&text);
    let calls = |work: &dyn Fn()| {
        index.store().failing.store(usize::MAX, Ordering::Relaxed);
        work();
        usize::MAX - index.store().failing.swap(0, Ordering::Relaxed)
    };
    let query = |detail| index.query("s", &document, detail).expect("it is read");
    let (counts, matches) = (calls(&|| drop(query(Detail::Counts))), calls(&|| drop(query(Detail::Matches))));
    assert_eq!((counts, matches), (2, 2 + 10));
    let runs = query(Detail::Runs).matched_runs().len();
    assert!(runs > 60, "{runs}");
    assert!(calls(&|| drop(query(Detail::Runs))) <= matches + 12 * (runs + 60));
    let boilerplate =
        calls(&|| assert_eq!(index.boilerplate("s", Thresholds::new()).map_or(0, |b| b.len()), 610));
    assert!(boilerplate <= 11, "{boilerplate}");
    Ok(())
}

/// A payload that no index wrote has no spans.
#[test]
fn a_payload_without_spans_is_damage() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::with_store(List::default(), &Options::new());
    let document = Document::new("a\nb\nc");
    let keys: Vec<_> = document.segments().map(|segment| segment.fingerprint()).collect();
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 3);
    let record = Record { id: "x", scope: "s", keys: &keys, payload: &[255; 20] };
    index.store().write(&mut |_| Ok(Change { remove: Vec::new(), add: vec![record] }))?;
    for result in [index.query("s", &document, Detail::Matches), index.query("s", &document, Detail::Runs)] {
        let error = result.expect_err("there are no spans");
        assert!(
            matches!(&error, IndexError::Damaged { .. }) && error.to_string().contains("\"x\""),
            "{error}"
        );
    }
    assert_eq!(index.query("s", &document, Detail::Counts)?.seen_share(), 1.0);
    Ok(())
}

/// The parts of a document, and the number of parts that the index has, by a query for each.
fn known_parts(index: &LshIndex<List>, shingler: &Shingler, texts: &[&str]) -> Result<usize, IndexError> {
    let mut known = 0;
    for text in texts {
        known += index.query(&shingler.shingle(text))?.len();
    }
    assert_eq!(known as u64, index.len()?);
    Ok(known)
}

/// If any call of the store fails, an operation on parts has no effect, and can be repeated. A store
/// that failed between an insertion and a removal had parts that nothing could remove.
#[test]
fn parts_of_a_store_whose_nth_call_fails() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new();
    let texts = ["one", "two", "three"];
    let parts = texts.map(|text| shingler.shingle(text));
    type Operation<'a> = &'a dyn Fn(&LshIndex<List>) -> Result<(), IndexError>;
    let operations: [(usize, Operation<'_>); 5] = [
        (1, &|index| index.insert_parts("document", &parts[..1]).map(drop)),
        (2, &|index| index.insert_parts("document", &parts[1..]).map(drop)),
        (1, &|index| index.query_and_insert("document", &parts[2]).map(drop)),
        (0, &|index| index.insert_parts("document", &[]).map(drop)),
        (0, &|index| index.remove("document").map(drop)),
    ];
    for (after, operation) in operations {
        for failing in 1.. {
            let index = LshIndex::with_store(List::default(), &shingler, NearOptions::new(0.8)?);
            index.insert_parts("document", &parts)?;
            index.store().failing.store(failing, Ordering::Relaxed);
            let result = operation(&index);
            let is_over = index.store().failing.swap(0, Ordering::Relaxed) > 0;
            assert_eq!(known_parts(&index, &shingler, &texts)?, if result.is_ok() { after } else { 3 });
            operation(&index)?;
            assert_eq!(known_parts(&index, &shingler, &texts)?, after);
            index.remove("document")?;
            assert!(index.is_empty()? && !index.contains("document")?);
            if is_over {
                assert!(failing > 3, "every operation has several calls");
                break;
            }
        }
    }
    Ok(())
}

/// Indexes of any size are merged by one change. Documents were written a few thousand at a time.
#[test]
fn a_merge_has_an_effect_as_a_whole() -> Result<(), Box<dyn std::error::Error>> {
    let document = Document::new("a");
    let ids: Vec<String> = (0..4_500).map(|id| id.to_string()).collect();
    let pages: Vec<Page<'_>> = ids.iter().map(|id| Page { id, scope: "s", document: &document }).collect();
    let (source, whole) = (Index::with_store(List::default(), &Options::new()), Index::new());
    source.insert_all(&pages)?;
    whole.insert_all(&pages)?;
    let bytes = snapshot(&whole);
    for failing in 1.. {
        let index = Index::with_store(List::default(), &Options::new());
        index.store().failing.store(failing, Ordering::Relaxed);
        let result = index.merge(&whole);
        let is_over = index.store().failing.swap(0, Ordering::Relaxed) > 0;
        assert_eq!((result.is_ok(), index.len()?), (is_over, if is_over { 4_500 } else { 0 }));
        if is_over {
            break;
        }
    }
    // The last document of an index that cannot be read.
    let index = Index::new();
    for failing in [1, 2, 4_500, 4_501] {
        source.store().failing.store(failing, Ordering::Relaxed);
        assert!(index.merge(&source).is_err(), "{failing}");
        assert!(index.is_empty()?);
    }
    index.merge(&source)?;
    assert!(snapshot(&index) == bytes);
    Ok(())
}

/// An operation of an index of segments does not change the store if one of its calls fails.
#[test]
fn no_operation_has_an_effect_if_a_call_fails() -> Result<(), Box<dyn std::error::Error>> {
    let (a, b) = (Document::new("a\nb"), Document::new("b\nc"));
    let page = |id, document| Page { id, scope: "s", document };
    type Operation<'a> = &'a dyn Fn(&Index<List>) -> Result<(), IndexError>;
    let other = Index::new();
    other.insert_all(&[page("2", &a), page("1", &b)])?;
    let operations: [Operation<'_>; 5] = [
        &|index| index.merge(&other),
        &|index| index.insert(page("1", &b)).map(drop),
        &|index| index.insert_all(&[page("2", &b), page("1", &b)]).map(drop),
        &|index| index.query_and_insert(page("1", &b), Detail::Runs).map(drop),
        &|index| index.remove("1").map(drop),
    ];
    for operation in operations {
        for failing in 1.. {
            let index = Index::with_store(List::default(), &Options::new());
            index.insert(page("1", &a))?;
            let before = snapshot(&index);
            index.store().failing.store(failing, Ordering::Relaxed);
            let result = operation(&index);
            let is_over = index.store().failing.swap(0, Ordering::Relaxed) > 0;
            assert_eq!(result.is_ok(), is_over);
            assert_eq!(snapshot(&index) == before, result.is_err());
            if is_over {
                break;
            }
        }
    }
    Ok(())
}

/// A store that can be opened, and has the description that it was opened with.
#[derive(Debug)]
struct Opened(List);

impl Store for Opened {
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        self.0.read(read)
    }

    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError> {
        self.0.write(plan)
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}

impl Open for Opened {
    /// Takes the name of the folder for a description that is stored in it.
    fn open(folder: &std::path::Path, _: &str, new: Option<&str>) -> Result<(Self, String), IndexError> {
        let stored = folder.display().to_string();
        let known = (!stored.is_empty()).then_some(&*stored);
        let missing = || IndexError::Missing { path: folder.to_owned() };
        let description = known.or(new).ok_or_else(missing)?.to_owned();
        Ok((Self(List::default()), description))
    }
}

#[test]
fn the_options_of_an_index_are_read_from_its_description() -> Result<(), Box<dyn std::error::Error>> {
    let line = "scheme 1, form text+digits, seed 7, segments paragraphs";
    let options = Options::new().normalization("text+digits".parse()?).seed(7);
    let options = options.segmentation(Segmentation::Paragraphs);
    let index = Index::<Opened>::open_existing(line)?;
    assert_eq!(index.options(), &options);
    Index::<Opened>::open(line, &options)?;
    Index::<Opened>::open("", &options)?;
    assert!(matches!(Index::<Opened>::open_existing(""), Err(IndexError::Missing { .. })));
    let other = Index::<Opened>::open(line, &Options::new());
    assert!(matches!(other, Err(IndexError::WrongParameters { .. })));
    let default = Index::<Opened>::open_existing("scheme 1, form text, seed 0, segments lines")?;
    assert_eq!(default.options(), &Options::new());
    for (wrong, is_version) in [
        ("scheme 9, form text, seed 0, segments lines", true),
        ("scheme 9; another grammar", false),
        ("scheme 9, another grammar", true),
        ("scheme 1, form tex, seed 0, segments lines", false),
        ("scheme 1, form text, seed 0, segments ", false),
        ("", false),
        ("scheme 1, form text, seed 0, shingles of 5", false),
    ] {
        let error = Index::<Opened>::open_existing(wrong).map(drop).expect_err("it is wrong");
        assert_eq!(matches!(error, IndexError::WrongVersion { .. }), is_version, "{wrong}: {error}");
    }
    Ok(())
}

#[test]
fn the_options_of_near_duplicates_are_read_from_the_description() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new().words_per_shingle(3).seed(9);
    for options in [
        NearOptions::new(0.8)?,
        NearOptions::new(0.03)?.recall(0.5)?,
        NearOptions::new(1.0 / 3.0)?.containment(0.7)?.max_candidates(17).recall(0.9)?,
    ] {
        let mut stored = String::new();
        LshIndex::open_with("", &shingler, options.clone(), |folder, name, new| {
            assert_eq!(name, "near");
            stored = new.unwrap_or_default().to_owned();
            Opened::open(folder, name, new)
        })?;
        let index = LshIndex::<Opened>::open_existing(&stored)?;
        assert_eq!((index.shingler(), index.options()), (&shingler, &options));
        // Options on which no key depends may differ.
        LshIndex::<Opened>::open(&stored, &shingler, options.clone().max_candidates(3))?;
        let other = LshIndex::<Opened>::open(&stored, &Shingler::new(), options);
        assert!(matches!(other, Err(IndexError::WrongParameters { .. })));
    }
    Ok(())
}
