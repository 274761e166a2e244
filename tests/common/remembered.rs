//! The answers that an index must give, computed by comparing everything with everything.

use std::ops::Range;

use refrain::index::store::Store;
use refrain::index::{
    Detail, Index, Insertion, MAX_LISTED_DOCUMENTS, Page, QueryResult, Reason, SourcedRemovals, Thresholds,
};
use refrain::{Document, Normalization};

/// A page: an id, a scope, and lines.
pub type TextPage = (String, String, Vec<String>);

/// One operation of an index.
#[derive(Clone, Debug)]
pub enum Step {
    Insert(TextPage),
    InsertAll(Vec<TextPage>),
    /// Queries in every way, and inserts.
    Query(TextPage),
    Remove(String),
    Sync,
}

/// All documents, in the order in which they were inserted.
#[derive(Default, Clone)]
pub struct Remembered(pub Vec<TextPage>);

pub fn text(page: &TextPage) -> String {
    page.2.join("\n")
}

fn form(line: &str) -> String {
    Normalization::TEXT.canonical(line).into_owned()
}

/// The lines of a page in canonical form, with their spans.
fn segments(page: &TextPage) -> Vec<(String, std::ops::Range<usize>)> {
    let mut at = 0;
    let mut all = Vec::new();
    for line in &page.2 {
        all.push((form(line), at..at + line.len()));
        at += line.len() + 1;
    }
    all
}

/// Checks that removals are those of the segments, and that each cut has its removal.
fn check_removals(removals: &SourcedRemovals<'_>, doc: &Document<'_>, segments: &[usize]) {
    assert_eq!(removals.apply(), doc.remove_segments(segments).expect("they exist"));
    assert!(
        removals
            .removals()
            .iter()
            .flat_map(|removal| removal.run().occurrence().segments())
            .eq(segments.iter().copied())
    );
    let of_each = removals.cuts().map(|(_, index)| removals.removals()[index].run().occurrence().span());
    assert!(
        of_each.zip(removals.spans()).all(|(here, cut)| here.start() < cut.end() && cut.start() < here.end())
    );
    assert_eq!(removals.is_empty(), segments.is_empty());
}

impl Remembered {
    /// Checks that removals have their sources in documents other than `except`.
    fn check_seen_removals(&self, seen: &QueryResult, page: &TextPage, except: Option<&str>) {
        let here = segments(page);
        let text = text(page);
        let doc = Document::new(&text);
        let known = |step: usize| (0..here.len()).step_by(step).filter(|segment| !seen.is_new(*segment));
        for step in 1..4 {
            let all: Vec<usize> = (0..here.len()).step_by(step).collect();
            let removals = seen.removals(&doc, &all).expect("the document was queried");
            let known: Vec<usize> = known(step).collect();
            let expected = if known.len() == here.len() { &[][..] } else { &known };
            check_removals(&removals, &doc, expected);
            for removal in removals.removals() {
                let other =
                    self.0.iter().find(|other| other.0 == removal.run().document_id()).expect("it is known");
                assert!(except != Some(&*other.0) && other.1 == removal.run().scope());
                let there = segments(other);
                let (h, t) = (removal.run().occurrence().segments(), removal.run().source().segments());
                assert!(here[h.clone()].iter().map(|s| &s.0).eq(there[t.clone()].iter().map(|s| &s.0)));
                assert_eq!(removal.run().source().span(), there[t.start].1.start..there[t.end - 1].1.end);
                let fewest = h.map(|segment| self.matches(&page.2[segment], except).len()).min();
                let Some(fewest) = fewest else { panic!("the run is empty") };
                assert!(
                    matches!(removal.reason(), Reason::Seen { documents } if documents as usize == fewest)
                );
            }
        }
    }

    pub fn insert(&mut self, page: &TextPage) -> Insertion {
        let known = self.0.iter().find(|known| known.0 == page.0);
        // Lines may differ in ways that the canonical form does not show.
        let is_equal = |known: &&TextPage| known.1 == page.1 && segments(known) == segments(page);
        if known.is_some_and(|known| is_equal(&known)) {
            return Insertion::Unchanged;
        }
        let insertion = if self.remove(&page.0) { Insertion::Replaced } else { Insertion::New };
        self.0.push(page.clone());
        insertion
    }

    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|page| page.0 != id);
        self.0.len() < before
    }

    /// The documents that have a line, other than `except`: name, number of the segment there, span there.
    pub fn matches(&self, line: &str, except: Option<&str>) -> Vec<(String, usize, std::ops::Range<usize>)> {
        let others = self.0.iter().filter(|page| Some(&*page.0) != except);
        let place = |page: &TextPage| {
            let all = segments(page);
            let at = all.iter().position(|(other, _)| *other == form(line))?;
            Some((page.0.clone(), at, all[at].1.clone()))
        };
        others.filter_map(place).collect()
    }

    fn in_scope(&self, scope: &str, line: &str, except: Option<&str>) -> usize {
        let others = self.0.iter().filter(|page| Some(&*page.0) != except && page.1 == scope);
        others.filter(|page| page.2.iter().any(|other| form(other) == form(line))).count()
    }

    /// Checks the answer to a query.
    pub fn check_query(&self, seen: &QueryResult, page: &TextPage, except: Option<&str>) {
        let here = segments(page);
        assert_eq!(seen.len(), here.len());
        let (mut all, mut again) = (0, 0);
        let mut new = Vec::new();
        for (i, line) in page.2.iter().enumerate() {
            let expected = self.matches(line, except);
            assert_eq!(seen.document_count(i) as usize, expected.len(), "{line:?} in {page:?}");
            assert_eq!(seen.document_count_in_scope(i) as usize, self.in_scope(&page.1, line, except));
            let found =
                seen.matches(i).iter().map(|m| (m.document_id().to_owned(), m.segment(), m.span().range()));
            assert_eq!(
                found.collect::<Vec<_>>(),
                expected[..expected.len().min(MAX_LISTED_DOCUMENTS as usize)]
            );
            all += line.len();
            again += if expected.is_empty() { 0 } else { line.len() };
            if expected.is_empty() {
                new.push(i);
            }
        }
        let share = if all == 0 { 0.0 } else { again as f64 / all as f64 };
        assert!((seen.seen_share() - share).abs() < 1e-12);
        assert_eq!(seen.new_runs().flat_map(|run| run.segments()).collect::<Vec<_>>(), new);
        self.check_runs(seen, page, except);
        self.check_seen_removals(seen, page, except);
    }

    /// Computes the runs from their definition: the segments, the document, and the place there.
    fn runs(&self, page: &TextPage, except: Option<&str>) -> Vec<(Range<usize>, String, usize)> {
        let here = segments(page);
        let mut runs: Vec<(Range<usize>, String, usize)> = Vec::new();
        let mut at = 0;
        while at < here.len() {
            let mut best = (0, String::new(), 0);
            for (id, place, _) in
                self.matches(&page.2[at], except).into_iter().take(MAX_LISTED_DOCUMENTS as usize)
            {
                let there = segments(self.0.iter().find(|other| other.0 == id).expect("it is known"));
                let len = here[at..].iter().zip(&there[place..]).take_while(|(a, b)| a.0 == b.0).count();
                if len > best.0 {
                    best = (len, id, place);
                }
            }
            let (len, id, mut place) = best;
            let (mut start, end) = (at, at + len);
            at = end.max(at + 1);
            if len == 0 {
                continue;
            }
            let there = segments(self.0.iter().find(|other| other.0 == id).expect("it is known"));
            while let Some((before, ..)) = runs.last() {
                let touches = before.end == start && before.len() <= end - start && before.len() <= place;
                let is_equal = |i: usize| here[start - i].0 == there[place - i].0;
                if !touches || !(1..=before.len()).all(is_equal) {
                    break;
                }
                (start, place) = (start - before.len(), place - before.len());
                runs.pop();
            }
            runs.push((start..end, id, place));
        }
        runs
    }

    fn check_runs(&self, seen: &QueryResult, page: &TextPage, except: Option<&str>) {
        let here = segments(page);
        let mut covered = Vec::new();
        let expected = self.runs(page, except);
        assert_eq!(seen.matched_runs().len(), expected.len());
        for (run, expected) in seen.matched_runs().iter().zip(expected) {
            let other = self.0.iter().find(|other| other.0 == run.document_id()).expect("it is known");
            assert!(except != Some(&*other.0) && other.1 == run.scope());
            let there = segments(other);
            let (h, t) = (run.occurrence().segments(), run.source().segments());
            assert_eq!((h.clone(), other.0.clone(), t.start), expected);
            assert!(here[h.clone()].iter().map(|s| &s.0).eq(there[t.clone()].iter().map(|s| &s.0)));
            assert_eq!(run.occurrence().span(), here[h.start].1.start..here[h.end - 1].1.end);
            assert_eq!(run.source().span(), there[t.start].1.start..there[t.end - 1].1.end);
            covered.extend(h);
        }
        assert_eq!(covered, (0..here.len()).filter(|i| !seen.is_new(*i)).collect::<Vec<_>>());
    }

    /// Checks the boilerplate of a scope.
    pub fn check_boilerplate<S: Store>(&self, index: &Index<S>, scope: &str, thresholds: Thresholds) {
        let of_scope: Vec<&TextPage> = self.0.iter().filter(|page| page.1 == scope).collect();
        assert_eq!(index.scope_len(scope).expect("it is read") as usize, of_scope.len());
        let least = thresholds.required(u32::try_from(of_scope.len()).expect("there are few")) as usize;
        let mut expected: Vec<(usize, String, usize)> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for page in &of_scope {
            for (segment, (line, _)) in segments(page).into_iter().enumerate() {
                if known.contains(&line) {
                    continue;
                }
                known.push(line.clone());
                let count = self.in_scope(scope, &line, None);
                if count >= least {
                    expected.push((count, page.0.clone(), segment));
                }
            }
        }
        // The most frequent first; the sort is stable, so the rest stays in the order of insertion.
        expected.sort_by_key(|(count, ..)| usize::MAX - count);
        let found = index.boilerplate(scope, thresholds).expect("it is read");
        let listed: Vec<_> = found
            .iter()
            .map(|f| {
                (f.document_count() as usize, f.example().document_id().to_owned(), f.example().segment())
            })
            .collect();
        assert_eq!(listed, expected);
        for page in &self.0 {
            let text = text(page);
            let doc = Document::new(&text);
            let all: Vec<usize> =
                (0..page.2.len()).filter(|i| self.in_scope(scope, &page.2[*i], None) >= least).collect();
            let expected = if all.len() == page.2.len() { Vec::new() } else { all };
            assert_eq!(found.segments(&doc).expect("it is read alike"), expected);
            check_removals(&found.removals(&doc).expect("it is read alike"), &doc, &expected);
            assert_eq!(doc.remove_segments(&expected).expect("they exist").is_empty(), text.is_empty());
            if page.1 == scope {
                let seen = index.query(scope, &doc, Detail::Counts).expect("it is read");
                assert_eq!(seen.boilerplate(thresholds), expected, "both ways agree when all is inserted");
            }
        }
    }

    /// Performs one operation on both, and compares the answers.
    pub fn step<S: Store>(&mut self, index: &Index<S>, step: &Step) {
        match step {
            Step::Insert(page) => {
                let text = text(page);
                let document = Document::new(&text);
                let insertion = index.insert(Page { id: &page.0, scope: &page.1, document: &document });
                assert_eq!(insertion.expect("it is inserted"), self.insert(page));
            }
            Step::InsertAll(pages) => {
                let texts: Vec<String> = pages.iter().map(text).collect();
                let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
                let all: Vec<_> = pages
                    .iter()
                    .zip(&docs)
                    .map(|(page, document)| Page { id: &page.0, scope: &page.1, document })
                    .collect();
                let insertions = index.insert_all(&all).expect("they are inserted");
                assert!(insertions.into_iter().eq(pages.iter().map(|page| self.insert(page))));
            }
            Step::Query(page) => {
                let text = text(page);
                let document = Document::new(&text);
                let seen = index.query(&page.1, &document, Detail::Runs).expect("it is read");
                self.check_query(&seen, page, None);
                let page_of_index = Page { id: &page.0, scope: &page.1, document: &document };
                let excluding = index.query_excluding(page_of_index, Detail::Runs).expect("it is read");
                self.check_query(&excluding, page, Some(&page.0));
                let (seen, insertion) =
                    index.query_and_insert(page_of_index, Detail::Runs).expect("it is inserted");
                assert_eq!(seen, excluding);
                assert_eq!(insertion, self.insert(page));
            }
            Step::Remove(id) => assert_eq!(index.remove(id).expect("it is written"), self.remove(id)),
            Step::Sync => index.sync().expect("it is written"),
        }
        assert_eq!(index.len().expect("it is read"), self.0.len() as u64);
        let ids: Result<Vec<String>, _> = index.ids().collect();
        assert!(ids.expect("it is read").iter().eq(self.0.iter().map(|page| &page.0)));
        let mut scopes: Vec<String> = index.scopes().collect::<Result<_, _>>().expect("it is read");
        for scope in &scopes {
            let ids: Result<Vec<String>, _> = index.documents_of(scope).collect();
            let of_scope = self.0.iter().filter(|page| page.1 == *scope);
            assert!(ids.expect("it is read").iter().eq(of_scope.map(|page| &page.0)));
        }
        let mut expected: Vec<String> = self.0.iter().map(|page| page.1.clone()).collect();
        scopes.sort();
        expected.sort();
        expected.dedup();
        assert_eq!(scopes, expected);
    }
}

/// Returns the snapshot of an index.
pub fn snapshot<S: Store>(index: &Index<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is written");
    bytes
}

/// Returns an index in memory of `pages`, inserted in order.
pub fn inserted(pages: &[TextPage]) -> Index {
    let index = Index::new();
    for page in pages {
        index
            .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text(page)) })
            .expect("it is inserted");
    }
    index
}

/// Returns `pages` pages of seven hosts; many lines are on many pages, and ids repeat after 900.
pub fn many(pages: usize) -> Vec<TextPage> {
    let line = |n: usize| format!("line {}", n * n % 3001);
    (0..pages)
        .map(|page| {
            let lines = (0..40).map(|i| line(page * 31 + i)).chain(["Home".to_owned(), "Imprint".to_owned()]);
            (format!("page {}", page % 900), format!("host {}", page % 7), lines.collect())
        })
        .collect()
}

/// Steps with few names, few scopes and few lines, so that much repeats.
pub mod steps {
    use proptest::prelude::*;

    use super::{Step, TextPage};

    pub const SCOPES: [&str; 4] = ["a.example", "", "\u{0}\n/..\\\u{1F600}", "b"];

    pub fn page() -> impl Strategy<Value = TextPage> {
        let lines = prop::sample::select(vec![
            "a", "A", "b", "c", "d", "e", "f g", "F  G", "\u{E9}", "e\u{301}", "h",
        ]);
        let id = (0..8_u32).prop_map(|n| format!("page {n}"));
        (id, prop::sample::select(SCOPES.to_vec()), prop::collection::vec(lines, 0..9)).prop_map(
            |(id, scope, lines)| (id, scope.to_owned(), lines.into_iter().map(str::to_owned).collect()),
        )
    }

    pub fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => page().prop_map(Step::Insert),
            2 => prop::collection::vec(page(), 0..6).prop_map(Step::InsertAll),
            6 => page().prop_map(Step::Query),
            2 => (0..8_u32).prop_map(|n| Step::Remove(format!("page {n}"))),
            1 => Just(Step::Sync),
        ]
    }

    pub fn some() -> impl Strategy<Value = Vec<Step>> {
        prop::collection::vec(step(), 0..25)
    }
}
