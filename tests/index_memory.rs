//! An index in memory answers what comparing everything with everything answers; snapshots, merging and
//! forgetting leave what one index would have.

#[path = "common/remembered.rs"]
mod remembered;

use std::collections::HashSet;

use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::{Index, MAX_LISTED_DOCUMENTS, Page, Thresholds};
use refrain::{Document, Normalization, Options, Segmentation, Span};
use remembered::{Remembered, Step, TextPage, steps, text};

fn snapshot(index: &Index) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is written");
    bytes
}

fn learnt(pages: &[TextPage]) -> Index {
    let index = Index::new();
    for page in pages {
        index
            .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text(page)) })
            .expect("it is learnt");
    }
    index
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn answers_are_those_of_comparing_everything(all in steps::some(), share in f64::MIN_POSITIVE..1.0, least in 0..5_u32) {
        let index = Index::new();
        let mut remembered = Remembered::default();
        for step in &all {
            remembered.step(&index, step);
        }
        for scope in steps::SCOPES {
            remembered.check_boilerplate(&index, scope, Thresholds::new().min_share(share).expect("it is in range").min_documents(least));
        }
        // What was forgotten and replaced has left no trace.
        prop_assert_eq!(snapshot(&index), snapshot(&learnt(&remembered.0)));
    }

    #[test]
    fn a_snapshot_reads_back(all in steps::some()) {
        let index = Index::new();
        let mut remembered = Remembered::default();
        all.iter().for_each(|step| remembered.step(&index, step));
        let bytes = snapshot(&index);
        let read = Index::load(&bytes[..], &Options::new()).expect("it is whole");
        prop_assert_eq!(snapshot(&read), bytes);
        for page in &remembered.0 {
            let text = text(page);
            let doc = Document::new(&text);
            remembered.check_look(&read.query(&page.1, &doc).expect("it is read"), page, None);
        }
    }

    #[test]
    fn merged_indexes_are_one_that_saw_all(pages in prop::collection::vec((steps::page(), 0..3_usize), 0..20)) {
        // The name is the number of the page in the crawl.
        let pages: Vec<(TextPage, usize)> = pages.into_iter().enumerate()
            .map(|(number, ((_, scope, lines), worker))| ((number.to_string(), scope, lines), worker)).collect();
        let workers = [0, 1, 2].map(|worker| {
            let own: Vec<TextPage> = pages.iter().filter(|(_, of)| *of == worker).map(|(page, _)| page.clone()).collect();
            (learnt(&own), own)
        });
        let merged = Index::new();
        merged.merge_by_key(&[&workers[2].0, &workers[0].0, &workers[1].0], |id| id.parse::<usize>().ok()).expect("they fit");
        let one: Vec<TextPage> = pages.into_iter().map(|(page, _)| page).collect();
        prop_assert_eq!(snapshot(&merged), snapshot(&learnt(&one)));
        // One after another.
        let [(first, mut all), (second, more), (third, most)] = workers;
        first.merge(&second).and_then(|()| first.merge(&third)).expect("they fit");
        all.extend(more);
        all.extend(most);
        prop_assert_eq!(snapshot(&first), snapshot(&learnt(&all)));
    }

    #[test]
    fn a_damaged_snapshot_is_an_error(pages in prop::collection::vec(steps::page(), 0..5), at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<prop::sample::Index>()) {
        let bytes = snapshot(&learnt(&pages));
        let mut flipped = bytes.clone();
        let at = at.index(flipped.len());
        flipped[at] ^= 1 << bit;
        prop_assert!(Index::load(&flipped[..], &Options::new()).is_err());
        prop_assert!(Index::load(&bytes[..cut.index(bytes.len())], &Options::new()).is_err());
        let longer = [&bytes[..], b"x"].concat();
        prop_assert!(Index::load(&longer[..], &Options::new()).is_err());
    }

    #[test]
    fn any_bytes_are_no_snapshot(bytes in any::<Vec<u8>>()) {
        prop_assert!(Index::load(&bytes[..], &Options::new()).is_err());
        let magic = [b"refrain\x01", &bytes[..]].concat();
        prop_assert!(Index::load(&magic[..], &Options::new()).is_err());
    }
}

#[test]
fn inner_repetition_is_no_duplicate_of_another_document() {
    let index = Index::new();
    let doc = Document::new("a\na\na\na");
    assert_eq!(
        index
            .query_and_insert(Page { id: "1", scope: "s", document: &doc })
            .expect("it is learnt")
            .seen_share(),
        0.0
    );
    assert_eq!(
        index
            .query_and_insert(Page { id: "1", scope: "s", document: &doc })
            .expect("it is learnt")
            .seen_share(),
        0.0
    );
    assert_eq!(
        index
            .query_and_insert(Page { id: "2", scope: "s", document: &doc })
            .expect("it is learnt")
            .seen_share(),
        1.0
    );
    let seen = index.query_excluding(Page { id: "2", scope: "s", document: &doc }).expect("it is read");
    assert!(seen.matches(3).expect("it is read").iter().map(|m| (m.document(), m.segment())).eq([("1", 0)]));
}

/// A document was put into the index first and then met itself: nearly everything was removed.
#[test]
fn a_corpus_without_repetition_loses_nothing() {
    let index = Index::new();
    for page in 0..200 {
        let text: String = (0..50).map(|line| format!("This is line {line} of page {page}.\n")).collect();
        let doc = Document::new(&text);
        let page = Page { id: &page.to_string(), scope: "s", document: &doc };
        let seen = index.query_and_insert(page).expect("it is learnt");
        assert_eq!(seen.new_runs().map(|run| run.segments().len()).collect::<Vec<_>>(), [50]);
        assert!(
            seen.boilerplate(
                Thresholds::new().min_documents(0).min_share(f64::MIN_POSITIVE).expect("it is in range")
            )
            .expect("it counts")
            .is_empty()
        );
    }
    assert_eq!(index.store().distinct(), 10_000);
}

/// Runs seen before come out as blocks: a syndicated body inside a new frame.
#[test]
fn a_syndicated_body_is_one_block() {
    let index = Index::new();
    let body: Vec<String> = (0..9).map(|i| format!("Paragraph {i} of the agency.")).collect();
    let body = body.join("\n");
    let agency = format!("Agency\n{body}\nSubscribe");
    index
        .insert(Page { id: "agency", scope: "agency.example", document: &Document::new(&agency) })
        .expect("it is learnt");
    // More pages than are listed have the first paragraph.
    for page in 0..20 {
        let other = format!("Paragraph 0 of the agency.\nPage {page}");
        index
            .insert(Page {
                id: &format!("other {page}"),
                scope: "other.example",
                document: &Document::new(&other),
            })
            .expect("it is learnt");
    }
    let text = format!("Daily\nHome\n{body}\nImprint");
    let doc = Document::new(&text);
    let seen = index.query("daily.example", &doc).expect("it is read");
    let blocks = seen.matched_runs().expect("it is read");
    assert_eq!(blocks.len(), 1);
    assert_eq!((blocks[0].document(), blocks[0].occurrence().segments()), ("agency", 2..11));
    assert_eq!(&text[blocks[0].occurrence().span()], body);
    assert_eq!(&agency[blocks[0].source().span()], body);
    assert!(
        (seen.seen_share() - body.replace('\n', "").len() as f64 / text.replace('\n', "").len() as f64).abs()
            < 1e-12
    );
}

fn many(pages: usize) -> Vec<TextPage> {
    let line = |n: usize| format!("line {}", n * n % 3001);
    (0..pages)
        .map(|page| {
            let lines = (0..40).map(|i| line(page * 31 + i)).chain(["Home".to_owned(), "Imprint".to_owned()]);
            (format!("page {}", page % 900), format!("host {}", page % 7), lines.collect())
        })
        .collect()
}

/// Check-then-insert races, random seeds: results varied from run to run.
#[test]
fn the_number_of_threads_does_not_matter() {
    let pages = many(1000);
    let texts: Vec<String> = pages.iter().map(text).collect();
    let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
    let all: Vec<_> = pages
        .iter()
        .zip(&docs)
        .map(|(page, document)| Page { id: &page.0, scope: &page.1, document })
        .collect();
    let one_by_one = snapshot(&learnt(&pages));
    let learn = || {
        let index = Index::new();
        index.insert_all(&all).expect("they are learnt");
        // The first nine hundred names are all different.
        let other = Index::new();
        other.insert_all(&all[..900]).and_then(|()| other.insert_all(&all[900..])).expect("they are learnt");
        let looks: Vec<_> = pages.iter().zip(&docs).map(|(page, doc)| (&*page.1, doc)).collect();
        let shares: Vec<f64> = other
            .query_all(&looks)
            .expect("they are read")
            .iter()
            .map(refrain::index::QueryResult::seen_share)
            .collect();
        assert!(shares.iter().all(|share| *share == 1.0));
        (snapshot(&index), snapshot(&other))
    };
    #[cfg(feature = "rayon")]
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
        assert!(pool.install(learn) == (one_by_one.clone(), one_by_one.clone()));
    }
    assert!(learn() == (one_by_one.clone(), one_by_one));
}

/// A batch that replaces documents, spread over threads, is what replacing one after another is.
#[test]
fn a_big_batch_that_is_learnt_again_is_what_one_after_another_is() {
    let pages: Vec<TextPage> = many(900);
    let again: Vec<TextPage> = pages
        .iter()
        .enumerate()
        .map(|(n, page)| (page.0.clone(), format!("host {}", n % 3), pages[n * 7 % 900].2.clone()))
        .collect();
    let (batch, single) = (Index::new(), Index::new());
    for round in [&pages, &again] {
        let texts: Vec<String> = round.iter().map(text).collect();
        let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
        let all: Vec<_> = round
            .iter()
            .zip(&docs)
            .map(|(page, document)| Page { id: &page.0, scope: &page.1, document })
            .collect();
        assert!(docs.iter().map(Document::len).sum::<usize>() > 1 << 14, "else one thread does it");
        batch.insert_all(&all).expect("they are learnt");
        all.iter().for_each(|page| single.insert(*page).expect("it is learnt"));
    }
    assert!(snapshot(&batch) == snapshot(&single));
    let thresholds = Thresholds::new().min_documents(2).min_share(f64::MIN_POSITIVE).expect("it is in range");
    for host in 0..7 {
        let scope = format!("host {host}");
        let found = batch.boilerplate(&scope, thresholds).expect("it is read");
        assert_eq!(found, single.boilerplate(&scope, thresholds).expect("it is read"));
        assert_eq!(found.is_empty(), host > 2);
    }
}

/// The seventeenth document is listed when one of the first sixteen is the one that is looked at.
#[test]
fn as_many_are_listed_when_one_is_left_out() {
    let index = Index::new();
    let doc = Document::new("a");
    for page in 0..20 {
        index.insert(Page { id: &page.to_string(), scope: "s", document: &doc }).expect("it is learnt");
    }
    for except in [0, 7, 15, 16, 19] {
        let page = Page { id: &except.to_string(), scope: "s", document: &doc };
        let seen = index.query_excluding(page).expect("it is read");
        let listed: Vec<String> =
            seen.matches(0).expect("it is read").iter().map(|found| found.document().to_owned()).collect();
        let expected: Vec<String> =
            (0..20).filter(|page| *page != except).map(|page| page.to_string()).collect();
        assert_eq!(listed, expected[..MAX_LISTED_DOCUMENTS as usize]);
        assert_eq!((seen.document_count(0), seen.document_count_in_scope(0)), (19, 19));
    }
}

/// What is forgotten while others look is listed or not, and never half.
#[test]
fn looking_while_another_thread_forgets() {
    let pages = many(300);
    let index = learnt(&pages);
    let expected = snapshot(&index);
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    for page in pages.iter().step_by(37) {
                        let text = text(page);
                        let doc = Document::new(&text);
                        let seen = index.query(&page.1, &doc).expect("it is read");
                        for block in seen.matched_runs().expect("it is read") {
                            let other =
                                pages.iter().find(|other| other.0 == block.document()).expect("it was there");
                            let there = block.source().segments();
                            assert_eq!(page.2[block.occurrence().segments()], other.2[there]);
                        }
                    }
                }
            });
        }
        for _ in 0..5 {
            for page in &pages {
                let text = text(page);
                assert!(index.remove(&page.0).expect("it is there"));
                index
                    .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text) })
                    .expect("it is learnt");
            }
        }
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(snapshot(&index) == expected);
}

/// The first that cannot be learnt ends the list; what was found before it is there.
#[test]
fn an_error_in_a_list_loses_no_answer_before_it() {
    let index = Index::new();
    let (one, two) = (Document::new("a\nb"), Document::new("b\nc"));
    let other = Document::with_options("a", &Options::new().seed(1));
    let page = |id, document| Page { id, scope: "s", document };
    let all = [page("1", &one), page("2", &two), page("3", &other), page("4", &one)];
    let answers = index.query_and_insert_all(&all);
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[1].as_ref().map_or(0.0, |seen| seen.seen_share()), 0.5);
    assert!(matches!(answers[2], Err(IndexError::WrongDocument { .. })));
    assert_eq!(index.len(), 2);
    assert!(
        index.query_and_insert_all(&[page("5", &two)])[0].as_ref().is_ok_and(|seen| seen.seen_share() == 1.0)
    );
}

/// In any order of arrival, of all that have a segment exactly one finds it new.
#[test]
fn threads_that_look_and_learn_at_once_lose_nothing_and_keep_one() {
    let pages = many(400);
    let index = Index::new();
    let shared = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (index, shared, pages) = (&index, &shared, &pages);
            scope.spawn(move || {
                for page in pages.iter().skip(worker).step_by(8) {
                    let text = text(page);
                    let doc = Document::new(&text);
                    let seen = index
                        .query_and_insert(Page { id: &page.0, scope: &page.1, document: &doc })
                        .expect("it is learnt");
                    let new = (0..doc.len()).filter(|i| seen.is_new(*i)).map(|i| page.2[i].clone());
                    shared.lock().expect("nobody panicked").extend(new.collect::<HashSet<_>>());
                }
            });
        }
    });
    let kept = shared.into_inner().expect("nobody panicked");
    let different: HashSet<&String> = pages.iter().flat_map(|page| &page.2).collect();
    assert_eq!(kept.len(), different.len());
    assert_eq!(kept.iter().collect::<HashSet<_>>(), different);
    assert_eq!(index.len(), 400);
}

#[test]
fn forgetting_most_of_it_gives_the_room_back_and_changes_no_answer() {
    let index = Index::new();
    let mut remembered = Remembered::default();
    for page in 0..4000 {
        let lines = (0..40).map(|i| format!("line {} of {i}", page % 2000)).collect();
        let page = (page.to_string(), "s".to_owned(), lines);
        index
            .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text(&page)) })
            .expect("it is learnt");
        remembered.0.push(page);
    }
    let full = index.store().bytes();
    let kept: Vec<TextPage> =
        remembered.0.drain(..).enumerate().filter(|(n, _)| n % 100 == 7).map(|(_, p)| p).collect();
    for page in 0..4000 {
        assert!(index.remove(&page.to_string()).expect("it is there"));
        if page % 100 == 7 {
            let page = &kept[page / 100];
            index
                .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text(page)) })
                .expect("it is learnt");
        }
    }
    assert!(index.store().bytes() * 2 < full, "{} of {full}", index.store().bytes());
    assert_eq!(snapshot(&index), snapshot(&learnt(&kept)));
    let mut remembered = Remembered(kept);
    let again = remembered.0[3].clone();
    remembered.step(&index, &Step::Meet(again));
}

#[test]
fn documents_read_in_another_way_are_refused() {
    let index = Index::new();
    let text = "a\nb";
    let others = [
        Options::new().seed(1),
        Options::new().normalization(Normalization::RAW),
        Options::new().segmentation(Segmentation::Paragraphs),
    ];
    for options in &others {
        let doc = Document::with_options(text, options);
        let refused = [
            index.query("s", &doc).map(drop),
            index.query_excluding(Page { id: "1", scope: "s", document: &doc }).map(drop),
            index.insert(Page { id: "1", scope: "s", document: &doc }),
            index.query_and_insert(Page { id: "1", scope: "s", document: &doc }).map(drop),
            index.insert_all(&[
                Page { id: "1", scope: "s", document: &Document::new(text) },
                Page { id: "2", scope: "s", document: &doc },
            ]),
        ];
        for result in refused {
            let message = result.expect_err("it is refused").to_string();
            assert!(message.contains("form text, seed 0, segments lines"), "{message}");
        }
        let other = Index::with_options(options);
        other.insert(Page { id: "1", scope: "s", document: &doc }).expect("it is its own kind");
        assert!(matches!(index.merge(&other), Err(IndexError::WrongParameters { .. })));
        assert!(matches!(
            Index::load(&snapshot(&other)[..], &Options::new()),
            Err(IndexError::WrongParameters { .. })
        ));
    }
    assert!(index.is_empty(), "what was refused left nothing behind");
    let spans = [Span::new(0, 1)];
    let own = Document::from_spans(text, &spans, &Options::new()).expect("they are spans");
    index
        .insert(Page { id: "1", scope: "s", document: &own })
        .expect("spans of the caller's own go with any segmentation");
}

#[test]
fn a_million_segments_in_one_document() {
    let text: String = (0..1_000_000).map(|i| format!("{}\n", i % 700_000)).collect();
    let doc = Document::new(&text);
    let index = Index::new();
    index.insert(Page { id: "long", scope: "s", document: &doc }).expect("it is learnt");
    assert_eq!(index.store().distinct(), 700_000);
    let seen = index.query("s", &doc).expect("it is read");
    assert_eq!(seen.seen_share(), 1.0);
    assert_eq!(seen.matched_runs().expect("it is read").len(), 1);
    let last = seen.matches(999_999).expect("it is read");
    assert_eq!((last[0].segment(), &text[last[0].span()]), (299_999, "299999"));
    assert!(seen.boilerplate(Thresholds::new()).expect("it counts").is_empty());
    // The same line a million times.
    let text = "la\n".repeat(1_000_000);
    let doc = Document::new(&text);
    assert_eq!(
        index
            .query_and_insert(Page { id: "song", scope: "s", document: &doc })
            .expect("it is learnt")
            .seen_share(),
        0.0
    );
    let seen = index.query("s", &doc).expect("it is read");
    assert_eq!(seen.matched_runs().expect("it is read").len(), 1);
    assert!(index.remove("long").expect("it was there"));
    assert_eq!(index.store().distinct(), 1);
}

#[test]
fn what_is_printed_for_the_reader_of_a_log_is_short_and_always_the_same() {
    let pages = many(50);
    let print = || {
        let index = learnt(&pages);
        let text = text(&pages[3]);
        let doc = Document::new(&text);
        let seen = index.query("host 1", &doc).expect("it is read");
        format!(
            "{index:?} {seen:?} {:?}",
            index.boilerplate("host 1", Thresholds::new()).expect("it is read")
        )
    };
    let first = print();
    assert_eq!(first, print());
    assert!(first.len() < 400 && first.contains("segments: 42, new: 0, scope_documents: 7"), "{first}");
}

#[test]
fn furniture_is_asked_of_documents_that_were_read_alike() {
    let index = learnt(&many(5));
    let found = index.boilerplate("host 1", Thresholds::new()).expect("it is read");
    let other = Document::with_options("Home", &Options::new().normalization(Normalization::RAW));
    assert!(matches!(found.segments(&other), Err(IndexError::WrongDocument { .. })));
    assert!(matches!(found.removals(&other), Err(IndexError::WrongDocument { .. })));
}

#[test]
fn thresholds_are_whole_documents() {
    let share = |share| Thresholds::new().min_documents(0).min_share(share).expect("it is in range");
    for all in [2, 10, 1_000_000, u32::MAX] {
        assert_eq!(share(1.0).required(all), all);
        assert_eq!(share(0.5).required(all), all.div_ceil(2).max(2));
    }
    assert_eq!(share(0.1).required(1_000_000_000), 100_000_000);
    for wrong in [f64::NAN, -1.0, 0.0, 1.01, 2.0, f64::INFINITY] {
        let refused = Thresholds::new().min_share(wrong);
        assert!(matches!(refused, Err(IndexError::Share { .. })), "{wrong}");
    }
}
