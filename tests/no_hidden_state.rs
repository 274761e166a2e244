//! Finding is pure, nothing is remembered from one call to the next, and threads change
//! nothing.

mod common;

use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};

use common::every_policy;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use refrain::repeats::Occurrence;
use refrain::{Cleaner, Document, Options, Workspace};
use refrain_testkit::texts;

fn sample(count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = texts::text();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("it makes texts").current()).collect()
}

/// Everything there is to say of a text.
fn answers(text: &str) -> String {
    let doc = Document::new(text);
    let repeats = doc.repeats();
    let mut answers = format!("{doc:?} {repeats:?} {:?} {:?}", repeats.tandems(), repeats.blocks());
    for policy in every_policy() {
        answers += &format!(" {:?}", Cleaner::new().policy(policy).edits_of(&doc));
    }
    answers
}

#[test]
fn the_same_page_gives_the_same_again_and_again() {
    let article = include_str!("fixtures/article.txt");
    let first = answers(article);
    for _ in 0..5 {
        assert_eq!(refrain::clean(article), include_str!("fixtures/article.clean.txt"));
        assert_eq!(answers(article), first);
    }
}

#[test]
fn one_two_and_eight_threads_give_the_same_bytes() {
    let texts = sample(400);
    let expected: Vec<String> = texts.iter().map(|text| answers(text)).collect();
    for threads in [1, 2, 8] {
        let got: Vec<String> = std::thread::scope(|scope| {
            let shares = texts.chunks(texts.len().div_ceil(threads));
            let handles: Vec<_> = shares
                .map(|share| scope.spawn(move || share.iter().map(|text| answers(text)).collect::<Vec<_>>()))
                .collect();
            handles.into_iter().flat_map(|handle| handle.join().expect("it does not panic")).collect()
        });
        assert_eq!(got, expected, "{threads} threads");
    }
}

#[test]
fn one_document_answers_many_threads_alike() {
    let text = include_str!("fixtures/article.txt");
    let doc = Document::new(text);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(Cleaner::new().edits_of(&doc).apply(), refrain::clean(text)));
        }
    });
}

/// What was read before leaves nothing behind but memory.
#[test]
fn a_workspace_answers_as_if_it_were_new() {
    let mut workspace = Workspace::new();
    let by_weight = Options::new().min_segments(2).min_weight(3);
    for text in sample(400) {
        for options in [Options::new(), by_weight.clone()] {
            let doc = workspace.read(&text, &options);
            let new = Document::with_options(&text, &options);
            assert_eq!(format!("{doc:?}"), format!("{new:?}"));
            let repeats = workspace.repeats(&doc);
            assert_eq!(format!("{repeats:?}"), format!("{:?}", new.repeats()));
            workspace.recycle_repeats(repeats);
            workspace.recycle(doc);
            for policy in every_policy() {
                let cleaner = Cleaner::new().options(options.clone()).policy(policy);
                assert_eq!(cleaner.edits_with(&text, &mut workspace), cleaner.edits(&text));
                assert_eq!(cleaner.clean_with(&text, &mut workspace), cleaner.clean(&text));
            }
        }
    }
}

#[cfg(feature = "rayon")]
#[test]
fn many_texts_at_once_give_what_each_gives_alone() {
    let texts = sample(400);
    for policy in every_policy() {
        let cleaner = Cleaner::new().policy(policy);
        for threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let (edits, clean) = pool.install(|| (cleaner.par_edits(&texts), cleaner.par_clean(&texts)));
            assert!(edits.into_iter().eq(texts.iter().map(|text| cleaner.edits(text))), "{threads} threads");
            assert!(clean.into_iter().eq(texts.iter().map(|text| cleaner.clean(text))), "{threads} threads");
        }
    }
}

proptest! {
    #[test]
    fn a_document_and_a_cleaner_in_use_answer_like_new_ones(text in texts::text(), other in texts::page()) {
        let document = Document::new(&text);
        let families = |document: &Document<'_>| -> Vec<Vec<Occurrence>> {
            document.repeats().families().map(|family| family.occurrences().collect()).collect()
        };
        for policy in every_policy() {
            let cleaner = Cleaner::new().policy(policy);
            drop(cleaner.edits(&other));
            let edits = cleaner.edits_of(&document);
            let new = Document::new(&text);
            prop_assert_eq!(&edits, &Cleaner::new().policy(policy).edits_of(&new));
            prop_assert_eq!(families(&document), families(&new));
            // A cleaner skips the leading text that its policy skips.
            let keyed = Document::with_options(&text, &Options::new().skip_leading(policy.leading()));
            prop_assert_eq!(&cleaner.edits_of(&keyed), &Cleaner::new().policy(policy).edits(&text));
        }
    }
}

#[test]
fn every_public_type_can_be_shared() {
    fn check<T: Debug + Send + Sync + UnwindSafe + RefUnwindSafe>() {}
    fn threads<T: Debug + Send + Sync>() {}
    // A rule of the caller's own may hold anything.
    threads::<refrain::Cleaner>();
    check::<refrain::repeats::Block>();
    check::<refrain::Decision>();
    check::<refrain::Document<'_>>();
    check::<refrain::repeats::SimilarPair>();
    check::<refrain::edits::BlockDecision>();
    check::<refrain::edits::Edits<'_>>();
    check::<refrain::edits::Removal>();
    check::<refrain::repeats::Family<'_>>();
    check::<refrain::Fingerprint>();
    check::<refrain::Fingerprinter>();
    check::<refrain::repeats::Hole>();
    check::<refrain::Normalization>();
    check::<refrain::repeats::Occurrence>();
    check::<refrain::Options>();
    check::<refrain::Policy>();
    check::<refrain::Rule>();
    check::<refrain::repeats::Run>();
    check::<refrain::repeats::Tandem>();
    check::<refrain::repeats::Repeats<'_, '_>>();
    check::<refrain::Segment<'_, '_>>();
    check::<refrain::Segmentation>();
    check::<refrain::Span>();
    check::<refrain::Workspace>();
    check::<refrain::index::Index>();
    check::<refrain::index::MatchedRun>();
    check::<refrain::index::Boilerplate>();
    check::<refrain::index::Deduplicator>();
    check::<refrain::index::BoilerplateSegment>();
    check::<refrain::index::Match>();
    check::<refrain::index::Memory>();
    check::<refrain::index::Page<'_>>();
    check::<refrain::index::SegmentStatus>();
    check::<refrain::index::Reason>();
    check::<refrain::index::SourcedRemoval>();
    check::<refrain::index::SourcedRemovals<'_>>();
    check::<refrain::index::QueryResult>();
    check::<refrain::index::Detail>();
    check::<refrain::index::Insertion>();
    check::<refrain::near::Overlap>();
    check::<refrain::index::Thresholds>();
    #[cfg(feature = "bloom")]
    check::<refrain::index::BloomFilter>();
    #[cfg(feature = "bloom")]
    check::<refrain::index::SeenSegments>();
    // The library under it says nothing of what a panic leaves behind.
    check::<refrain::near::Bands>();
    check::<refrain::near::NearOptions>();
    check::<refrain::near::BatchResult<refrain::near::Pair>>();
    check::<refrain::near::Keep>();
    check::<refrain::near::LshIndex>();
    check::<refrain::near::Neighbor>();
    check::<refrain::near::Neighbors>();
    check::<refrain::near::CommonSpan>();
    check::<refrain::near::Shingler>();
    check::<refrain::near::Shingles>();
    check::<refrain::near::SimHash>();
    check::<refrain::near::MinHash>();
    check::<refrain::near::Assignment>();
    check::<refrain::passages::Border>();
    check::<refrain::passages::Contamination>();
    check::<refrain::passages::Deduplicated<'_>>();
    check::<refrain::passages::Findings>();
    check::<refrain::passages::FoundPassages>();
    check::<refrain::passages::ItemPassage>();
    check::<refrain::passages::ItemReport>();
    check::<refrain::passages::Passage>();
    check::<refrain::passages::PassageOptions>();
    check::<refrain::passages::PassageRemoval>();
    check::<refrain::passages::Passages>();
    check::<refrain::passages::Text<'_>>();
    check::<refrain::records::Leading>();
    check::<refrain::records::Record>();
    check::<refrain::error::LeadingError>();
    check::<refrain::error::PassageError>();
    check::<refrain::error::NearError>();
    check::<refrain::error::CutError>();
    check::<refrain::error::DocumentError>();
    check::<refrain::error::PolicyError>();
    check::<refrain::error::SegmentationError>();
    check::<refrain::error::FingerprintError>();
    check::<refrain::error::NormalizationError>();
    check::<refrain::repeats::Families<'_>>();
}
