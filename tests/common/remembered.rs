//! What an index must answer, found by comparing everything with everything.

use refrain::index::store::Store;
use refrain::index::{Index, MAX_LISTED_DOCUMENTS, Page, QueryResult, SourcedRemovals, Thresholds};
use refrain::{Document, Normalization};

/// What was learnt: a name, a scope, and lines.
pub type TextPage = (String, String, Vec<String>);

/// One thing that is done with an index.
#[derive(Clone, Debug)]
pub enum Step {
    Learn(TextPage),
    LearnAll(Vec<TextPage>),
    Meet(TextPage),
    Forget(String),
    Sync,
}

/// All documents, in the order in which they were learnt.
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

/// Whether removals are what taking the segments out is, each with a segment of a document that is equal.
fn check_removals(removals: &SourcedRemovals<'_>, doc: &Document<'_>, segments: &[usize]) {
    assert_eq!(removals.apply(), doc.remove_segments(segments));
    assert!(
        removals
            .removals()
            .iter()
            .flat_map(|removal| removal.occurrence().segments())
            .eq(segments.iter().copied())
    );
    let of_each = removals.cuts().map(|(_, index)| removals.removals()[index].occurrence().span());
    assert!(
        of_each.zip(removals.spans()).all(|(here, cut)| here.start() < cut.end() && cut.start() < here.end())
    );
    assert_eq!(removals.is_empty(), segments.is_empty());
}

impl Remembered {
    /// Whether what goes stands where it is said to stand, in a document other than `except`.
    fn check_seen_removals<S: Store>(
        &self,
        seen: &QueryResult<'_, S>,
        page: &TextPage,
        except: Option<&str>,
    ) {
        let here = segments(page);
        let text = text(page);
        let doc = Document::new(&text);
        let known = |step: usize| (0..here.len()).step_by(step).filter(|segment| !seen.is_new(*segment));
        for step in 1..4 {
            let all: Vec<usize> = (0..here.len()).step_by(step).collect();
            let removals = seen.removals(&all).expect("it is read");
            let known: Vec<usize> = known(step).collect();
            let expected = if known.len() == here.len() { &[][..] } else { &known };
            check_removals(&removals, &doc, expected);
            for removal in removals.removals() {
                let other = self.0.iter().find(|other| other.0 == removal.document()).expect("it is known");
                assert!(except != Some(&*other.0) && other.1 == removal.scope());
                let there = segments(other);
                let (h, t) = (removal.occurrence().segments(), removal.source().segments());
                assert!(here[h.clone()].iter().map(|s| &s.0).eq(there[t.clone()].iter().map(|s| &s.0)));
                assert_eq!(removal.source().span(), there[t.start].1.start..there[t.end - 1].1.end);
                let fewest = h.map(|segment| self.matches(&page.2[segment], except).len()).min();
                assert_eq!(Some(removal.reason().document_count() as usize), fewest);
            }
        }
    }

    pub fn insert(&mut self, page: &TextPage) {
        self.remove(&page.0);
        self.0.push(page.clone());
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

    /// Whether an index answers as it must when it looks at a page.
    pub fn check_look<S: Store>(&self, seen: &QueryResult<'_, S>, page: &TextPage, except: Option<&str>) {
        let here = segments(page);
        assert_eq!(seen.len(), here.len());
        let (mut all, mut again) = (0, 0);
        let mut new = Vec::new();
        for (i, line) in page.2.iter().enumerate() {
            let expected = self.matches(line, except);
            assert_eq!(seen.document_count(i) as usize, expected.len(), "{line:?} in {page:?}");
            assert_eq!(seen.document_count_in_scope(i) as usize, self.in_scope(&page.1, line, except));
            let found = seen.matches(i).expect("it is read");
            let found = found.iter().map(|m| (m.document().to_owned(), m.segment(), m.span().range()));
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
        self.check_blocks(seen, page, except);
        self.check_seen_removals(seen, page, except);
    }

    fn check_blocks<S: Store>(&self, seen: &QueryResult<'_, S>, page: &TextPage, except: Option<&str>) {
        let here = segments(page);
        let mut covered = Vec::new();
        for block in seen.matched_runs().expect("it is read") {
            let other = self.0.iter().find(|other| other.0 == block.document()).expect("it is known");
            assert!(except != Some(&*other.0) && other.1 == block.scope());
            let there = segments(other);
            let (h, t) = (block.occurrence().segments(), block.source().segments());
            assert!(here[h.clone()].iter().map(|s| &s.0).eq(there[t.clone()].iter().map(|s| &s.0)));
            assert_eq!(block.occurrence().span(), here[h.start].1.start..here[h.end - 1].1.end);
            assert_eq!(block.source().span(), there[t.start].1.start..there[t.end - 1].1.end);
            // Where all are listed, no run that begins here is longer, in a document before this one none is
            // as long, and in this one none stands before.
            if self.0.len() <= MAX_LISTED_DOCUMENTS as usize {
                let run = |there: &[(String, std::ops::Range<usize>)], at: usize| {
                    here[h.start..].iter().zip(&there[at..]).take_while(|(a, b)| a.0 == b.0).count()
                };
                let mut best = (0, "", 0);
                for other in self.0.iter().filter(|other| Some(&*other.0) != except) {
                    let there = segments(other);
                    for at in 0..there.len() {
                        let len = run(&there, at);
                        if len > best.0 {
                            best = (len, &*other.0, at);
                        }
                    }
                }
                assert_eq!(best, (h.len(), &*other.0, t.start));
            }
            covered.extend(h);
        }
        assert_eq!(covered, (0..here.len()).filter(|i| !seen.is_new(*i)).collect::<Vec<_>>());
    }

    /// Whether an index lists what a scope has in common as it must.
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
        // The most frequent first; the sort is stable, so the rest stays in the order in which it was learnt.
        expected.sort_by_key(|(count, ..)| usize::MAX - count);
        let found = index.boilerplate(scope, thresholds).expect("it is read");
        let listed: Vec<_> = found
            .iter()
            .map(|f| (f.document_count() as usize, f.example().document().to_owned(), f.example().segment()))
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
            assert_eq!(doc.remove_segments(&expected).is_empty(), text.is_empty());
            if page.1 == scope {
                let seen = index.query(scope, &doc).expect("it is read");
                assert_eq!(
                    seen.boilerplate(thresholds).expect("it counts"),
                    expected,
                    "two passes and one agree when all is learnt"
                );
            }
        }
    }

    /// Does one thing with both, and compares what they answer.
    pub fn step<S: Store>(&mut self, index: &Index<S>, step: &Step) {
        match step {
            Step::Learn(page) => {
                let text = text(page);
                index
                    .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text) })
                    .expect("it is learnt");
                self.insert(page);
            }
            Step::LearnAll(pages) => {
                let texts: Vec<String> = pages.iter().map(text).collect();
                let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
                let all: Vec<_> = pages
                    .iter()
                    .zip(&docs)
                    .map(|(page, document)| Page { id: &page.0, scope: &page.1, document })
                    .collect();
                index.insert_all(&all).expect("they are learnt");
                pages.iter().for_each(|page| self.insert(page));
            }
            Step::Meet(page) => {
                let text = text(page);
                let doc = Document::new(&text);
                let seen = index.query(&page.1, &doc).expect("it is read");
                self.check_look(&seen, page, None);
                let seen = index
                    .query_excluding(Page { id: &page.0, scope: &page.1, document: &doc })
                    .expect("it is read");
                self.check_look(&seen, page, Some(&page.0));
                let seen = index
                    .query_and_insert(Page { id: &page.0, scope: &page.1, document: &doc })
                    .expect("it is learnt");
                let mut before = self.clone();
                before.remove(&page.0);
                before.check_look(&seen, page, Some(&page.0));
                self.insert(page);
            }
            Step::Forget(id) => assert_eq!(index.remove(id).expect("it is written"), self.remove(id)),
            Step::Sync => index.sync().expect("it is written"),
        }
        assert_eq!(index.len(), self.0.len() as u64);
        for page in &self.0 {
            assert!(index.contains(&page.0).expect("it is read"));
        }
    }
}

/// Returns the snapshot of an index.
pub fn snapshot<S: Store>(index: &Index<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is written");
    bytes
}

/// Returns an index in memory of `pages`, inserted in order.
pub fn learnt(pages: &[TextPage]) -> Index {
    let index = Index::new();
    for page in pages {
        index
            .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text(page)) })
            .expect("it is learnt");
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

/// Steps with few names, few scopes and few lines, so that much is met again.
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
            4 => page().prop_map(Step::Learn),
            2 => prop::collection::vec(page(), 0..6).prop_map(Step::LearnAll),
            6 => page().prop_map(Step::Meet),
            2 => (0..8_u32).prop_map(|n| Step::Forget(format!("page {n}"))),
            1 => Just(Step::Sync),
        ]
    }

    pub fn some() -> impl Strategy<Value = Vec<Step>> {
        prop::collection::vec(step(), 0..25)
    }
}
