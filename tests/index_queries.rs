//! An index answers like a comparison of all documents with each other, also after documents were
//! replaced or removed.

mod common;

use allocation_counter::measure;
use common::remembered::{Remembered, Step, TextPage, inserted, many, snapshot, steps, text};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::{Detail, Index, Insertion, MAX_LISTED_DOCUMENTS, Page, Thresholds};
use refrain::{Document, Normalization, Options, Segmentation, Span};
use refrain_testkit::cases;

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
            remembered.check_boilerplate(&index, scope, Thresholds::new().min_share(share)?.min_documents(least));
        }
        // Removed and replaced documents leave no trace.
        prop_assert_eq!(snapshot(&index), snapshot(&inserted(&remembered.0)));
    }
}

#[test]
fn inner_repetition_is_no_duplicate_of_another_document() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    let doc = Document::new("a\na\na\na");
    for (id, share, expected) in
        [("1", 0.0, Insertion::New), ("1", 0.0, Insertion::Unchanged), ("2", 1.0, Insertion::New)]
    {
        let page = Page { id, scope: "s", document: &doc };
        let (seen, insertion) = index.query_and_insert(page, Detail::Counts)?;
        assert_eq!((seen.seen_share(), insertion), (share, expected));
    }
    let seen = index.query_excluding(Page { id: "2", scope: "s", document: &doc }, Detail::Matches)?;
    assert!(seen.matches(3).iter().map(|m| (m.document_id(), m.segment())).eq([("1", 0)]));
    Ok(())
}

/// A document was put into the index first and then met itself: nearly everything was removed.
#[test]
fn a_corpus_without_repetition_loses_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    for page in 0..200 {
        let text: String = (0..50).map(|line| format!("This is line {line} of page {page}.\n")).collect();
        let doc = Document::new(&text);
        let page = Page { id: &page.to_string(), scope: "s", document: &doc };
        let (seen, _) = index.query_and_insert(page, Detail::Counts)?;
        assert_eq!(seen.new_runs().map(|run| run.segments().len()).collect::<Vec<_>>(), [50]);
        let lowest = Thresholds::new().min_documents(0).min_share(f64::MIN_POSITIVE)?;
        assert!(seen.boilerplate(lowest).is_empty());
    }
    assert_eq!(index.len()?, 200);
    Ok(())
}

/// Runs seen before come out as blocks: a syndicated body inside a new frame.
#[test]
fn a_syndicated_body_is_one_block() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    let body: Vec<String> = (0..9).map(|i| format!("Paragraph {i} of the agency.")).collect();
    let body = body.join("\n");
    let agency = format!("Agency\n{body}\nSubscribe");
    index.insert(Page { id: "agency", scope: "agency.example", document: &Document::new(&agency) })?;
    // More pages than are listed have the fourth paragraph, so a run begins after it; it goes back.
    for page in 0..20 {
        let other = format!("Paragraph 3 of the agency.\nPage {page}");
        index.insert(Page {
            id: &format!("other {page}"),
            scope: "other.example",
            document: &Document::new(&other),
        })?;
    }
    let text = format!("Daily\nHome\n{body}\nImprint");
    let doc = Document::new(&text);
    let seen = index.query("daily.example", &doc, Detail::Runs)?;
    let blocks = seen.matched_runs();
    assert_eq!(blocks.len(), 1);
    assert_eq!((blocks[0].document_id(), blocks[0].occurrence().segments()), ("agency", 2..11));
    assert_eq!(&text[blocks[0].occurrence().span()], body);
    assert_eq!(&agency[blocks[0].source().span()], body);
    assert!(
        (seen.seen_share() - body.replace('\n', "").len() as f64 / text.replace('\n', "").len() as f64).abs()
            < 1e-12
    );
    Ok(())
}

/// The seventeenth document is listed when one of the first sixteen is the one that is looked at.
#[test]
fn as_many_are_listed_when_one_is_left_out() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    let doc = Document::new("a");
    for page in 0..20 {
        index.insert(Page { id: &page.to_string(), scope: "s", document: &doc })?;
    }
    for except in [0, 7, 15, 16, 19] {
        let page = Page { id: &except.to_string(), scope: "s", document: &doc };
        let seen = index.query_excluding(page, Detail::Matches)?;
        let listed: Vec<String> =
            seen.matches(0).iter().map(|found| found.document_id().to_owned()).collect();
        let expected: Vec<String> =
            (0..20).filter(|page| *page != except).map(|page| page.to_string()).collect();
        assert_eq!(listed, expected[..MAX_LISTED_DOCUMENTS as usize]);
        assert_eq!((seen.document_count(0), seen.document_count_in_scope(0)), (19, 19));
    }
    Ok(())
}

/// An insertion can be stopped between its operations, and what was inserted stays.
#[test]
fn insertion_can_be_stopped() -> Result<(), IndexError> {
    use std::ops::ControlFlow;

    let index = Index::new();
    let document = Document::new("a");
    let ids: Vec<String> = (0..1000).map(|id| id.to_string()).collect();
    let pages: Vec<Page<'_>> = ids.iter().map(|id| Page { id, scope: "s", document: &document }).collect();
    let stop_at = |limit: usize| {
        move |inserted: usize| {
            if inserted < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    };
    let inserted = index.insert_all_while(&pages, stop_at(300))?.len();
    assert!((300..1000).contains(&inserted), "{inserted}");
    assert_eq!(index.len()?, inserted as u64);
    assert_eq!(index.insert_all_while(&pages, stop_at(2000))?.len(), 1000);
    assert_eq!(index.len()?, 1000);
    Ok(())
}

/// Equal documents with one id in one call.
#[test]
fn an_id_twice_in_one_call() -> Result<(), IndexError> {
    let index = Index::new();
    let (a, b) = (Document::new("a"), Document::new("b"));
    let page = |document| Page { id: "1", scope: "s", document };
    let insertions = index.insert_all(&[page(&a), page(&a), page(&b), page(&b), page(&a)])?;
    use Insertion::{New, Replaced, Unchanged};
    assert_eq!(insertions, [New, Unchanged, Replaced, Unchanged, Replaced]);
    assert_eq!((index.len()?, index.query("s", &a, Detail::Counts)?.seen_share()), (1, 1.0));
    assert_eq!(index.query("s", &b, Detail::Counts)?.seen_share(), 0.0);
    Ok(())
}

#[test]
fn removals_are_those_of_the_queried_document() -> Result<(), IndexError> {
    let index = Index::new();
    let (document, other) = (Document::new("a\nb"), Document::new("a\n\nb"));
    index.insert(Page { id: "1", scope: "s", document: &document })?;
    let seen = index.query("s", &document, Detail::Runs)?;
    assert!(matches!(seen.removals(&other, &[0]), Err(IndexError::OtherDocument)));
    assert!(matches!(
        seen.removals(&document, &[0, 2]),
        Err(IndexError::Segment { segment: 2, segments: 2 })
    ));
    assert_eq!(seen.removals(&document, &[0])?.apply(), "b");
    Ok(())
}

#[test]
fn removing_most_documents_gives_the_memory_back_and_changes_no_answer()
-> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    let insert = |page: &TextPage| {
        let text = text(page);
        let document = Document::new(&text);
        index.insert(Page { id: &page.0, scope: &page.1, document: &document }).expect("there is room");
    };
    let mut remembered = Remembered::default();
    let mut full = 0;
    for page in 0..4000 {
        let lines = (0..40).map(|i| format!("line {} of {i}", page % 2000)).collect();
        let page = (page.to_string(), "s".to_owned(), lines);
        full += measure(|| insert(&page)).bytes_current;
        remembered.0.push(page);
    }
    let kept: Vec<TextPage> =
        remembered.0.drain(..).enumerate().filter(|(n, _)| n % 100 == 7).map(|(_, p)| p).collect();
    let change = measure(|| {
        for page in 0..4000 {
            assert!(index.remove(&page.to_string()).expect("it is removed"));
            if page % 100 == 7 {
                insert(&kept[page / 100]);
            }
        }
    });
    let left = full + change.bytes_current;
    assert!(left * 2 < full, "{left} of {full}");
    assert_eq!(snapshot(&index), snapshot(&inserted(&kept)));
    let mut remembered = Remembered(kept);
    let again = remembered.0[3].clone();
    remembered.step(&index, &Step::Query(again));
    Ok(())
}

#[test]
fn documents_read_in_another_way_are_refused() -> Result<(), Box<dyn std::error::Error>> {
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
            index.query("s", &doc, Detail::Counts).map(drop),
            index.query_excluding(Page { id: "1", scope: "s", document: &doc }, Detail::Counts).map(drop),
            index.insert(Page { id: "1", scope: "s", document: &doc }).map(drop),
            index.query_and_insert(Page { id: "1", scope: "s", document: &doc }, Detail::Counts).map(drop),
            index
                .insert_all(&[
                    Page { id: "1", scope: "s", document: &Document::new(text) },
                    Page { id: "2", scope: "s", document: &doc },
                ])
                .map(drop),
        ];
        for result in refused {
            let message = result.expect_err("it is refused").to_string();
            assert!(message.contains("form text, seed 0, segments lines"), "{message}");
        }
        let other = Index::with_options(options);
        other.insert(Page { id: "1", scope: "s", document: &doc })?;
        assert!(matches!(index.merge(&other), Err(IndexError::WrongParameters { .. })));
        assert!(matches!(
            Index::load(&snapshot(&other)[..], &Options::new()),
            Err(IndexError::WrongParameters { .. })
        ));
    }
    assert!(index.is_empty()?, "what was refused left nothing behind");
    let spans = [Span::new(0, 1)];
    let own = Document::from_spans(text, &spans, &Options::new())?;
    index.insert(Page { id: "1", scope: "s", document: &own })?;
    Ok(())
}

#[test]
fn an_answer_is_as_long_as_its_document() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    for (text, len) in [("", 0), ("\n \n", 0), ("One.\n\nTwo.", 2)] {
        let seen = index.query("s", &Document::new(text), Detail::Counts)?;
        assert_eq!((seen.len(), seen.is_empty()), (len, len == 0), "{text:?}");
    }
    Ok(())
}

#[test]
fn very_many_segments_in_one_document() -> Result<(), Box<dyn std::error::Error>> {
    let segments = cases(100_000, 1_000_000);
    let distinct = segments * 7 / 10;
    let text: String = (0..segments).map(|i| format!("{}\n", i % distinct)).collect();
    let doc = Document::new(&text);
    let index = Index::new();
    index.insert(Page { id: "long", scope: "s", document: &doc })?;
    let seen = index.query("s", &doc, Detail::Runs)?;
    assert_eq!(seen.seen_share(), 1.0);
    // The lines occur once in succession, and the first of them again.
    assert_eq!(seen.matched_runs().len(), 1);
    let last = seen.matches(segments - 1);
    let first = segments - 1 - distinct;
    assert_eq!((last[0].segment(), &text[last[0].span()]), (first, &*first.to_string()));
    assert!(seen.boilerplate(Thresholds::new()).is_empty());
    // A document with one line many times does not match itself.
    let text = "la\n".repeat(segments);
    let doc = Document::new(&text);
    let page = Page { id: "song", scope: "s", document: &doc };
    assert_eq!(index.query_and_insert(page, Detail::Counts)?.0.seen_share(), 0.0);
    let seen = index.query("s", &doc, Detail::Runs)?;
    assert_eq!(seen.matched_runs().len(), 1);
    assert!(index.remove("long")?);
    assert_eq!(index.query("s", &Document::new("0\n1\nla"), Detail::Counts)?.new_runs().count(), 1);
    Ok(())
}

#[test]
fn what_is_printed_for_the_reader_of_a_log_is_short_and_always_the_same() {
    let pages = many(50);
    let print = || {
        let index = inserted(&pages);
        let text = text(&pages[3]);
        let doc = Document::new(&text);
        let seen = index.query("host 1", &doc, Detail::Counts).expect("it is read");
        format!(
            "{index:?} {seen:?} {:?}",
            index.boilerplate("host 1", Thresholds::new()).expect("it is read")
        )
    };
    let first = print();
    assert_eq!(first, print());
    assert!(
        first.len() < 400 && first.contains("segments: 42, new: 0, runs: [], scope_documents: 7"),
        "{first}"
    );
}

#[test]
fn inserting_an_id_again_replaces_its_document() -> Result<(), IndexError> {
    let index = Index::new();
    let (before, after) = (Document::new("a\nb"), Document::new("b\nc"));
    for (scope, document, expected) in [
        ("s", &before, Insertion::New),
        ("s", &before, Insertion::Unchanged),
        ("t", &before, Insertion::Replaced),
        ("t", &after, Insertion::Replaced),
    ] {
        assert_eq!(index.insert(Page { id: "1", scope, document })?, expected);
    }
    assert_eq!(index.len()?, 1);
    assert_eq!((index.scope_len("s")?, index.scope_len("t")?), (0, 1));
    let seen = index.query("t", &before, Detail::Counts)?;
    assert_eq!((seen.is_new(0), seen.is_new(1)), (true, false));
    assert_eq!(index.query("t", &after, Detail::Counts)?.seen_share(), 1.0);
    Ok(())
}
