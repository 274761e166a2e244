//! Tests that need a private constructor: hash collisions, and the limit on segments.

use proptest::prelude::*;

use super::*;
use crate::clean::Cleaner;
use crate::policy::Policy;

/// Limits with fingerprints of three bits, so that many of them collide.
const NARROW: Limits = Limits { fingerprint: 7, ..Limits::REAL };

/// Limits with at most three segments.
const SHORT: Limits = Limits { segments: 3, ..Limits::REAL };

fn drop_all() -> Cleaner {
    Cleaner::new().policy(Policy::drop_all())
}

#[test]
fn equal_fingerprints_are_not_enough() {
    let text: String = (0..200).map(|i| format!("line {}\n", i % 100)).collect();
    let options = Options::new();
    let (narrow, _) = Document::read(&text, &options, NARROW, &mut Buffers::default());
    let wide = Document::new(&text);
    let kinds = |doc: &Document<'_>| {
        let mut prints: Vec<_> = doc.segments().map(|s| s.fingerprint()).collect();
        prints.sort_unstable();
        prints.dedup();
        prints.len()
    };
    assert_eq!((kinds(&narrow), kinds(&wide)), (8, 100));
    assert_eq!((narrow.distinct_segments(), wide.distinct_segments()), (100, 100));
    assert_eq!(narrow.ids(), wide.ids());
    assert_eq!(drop_all().edits_of(&narrow), drop_all().edits_of(&wide));
}

proptest! {
    #[test]
    fn collisions_change_nothing(
        lines in prop::collection::vec(prop::sample::select(vec!["a", "A", " a", "\u{FF41}", "b", "bb", "a b", "a  B", "\u{E9}", "e\u{301}"]), 0..30),
    ) {
        let text = lines.join("\n");
        for form in [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT] {
            let options = Options::new().normalization(form);
            let (narrow, _) = Document::read(&text, &options, NARROW, &mut Buffers::default());
            let forms: Vec<_> = lines.iter().map(|line| form.canonical(line.trim()).into_owned()).collect();
            for (i, form) in forms.iter().enumerate() {
                let first = forms.iter().position(|other| other == form).unwrap_or(i);
                prop_assert_eq!(narrow.ids()[i], narrow.ids()[first]);
                prop_assert!(first == i || narrow.ids()[..first].iter().all(|id| *id != narrow.ids()[i]));
            }
            let wide = Document::with_options(&text, &options);
            prop_assert_eq!(drop_all().edits_of(&narrow).apply(), drop_all().edits_of(&wide).apply());
            // The default policy needs features and weights of every id.
            let cleaner = Cleaner::new();
            prop_assert_eq!(cleaner.edits_of(&narrow), cleaner.edits_of(&wide));
        }
    }
}

#[test]
fn a_long_form_is_made_once_however_often_it_is_compared() {
    let long = format!("a{}\n", "\u{200B}".repeat(10_000));
    let text = format!("{long}{}", "A\n".repeat(10_000));
    let steps = crate::work::of(|| drop(Document::new(&text)));
    assert!(steps < 8 * text.len() as u64, "{steps} steps for {} bytes", text.len());
}

#[test]
fn past_the_limit_new_leaves_the_rest_alone_and_try_new_says_so() {
    let text = "a\nb\na\nb\na\n";
    let (doc, complete) = Document::read(text, &Options::new(), SHORT, &mut Buffers::default());
    assert!(!complete);
    assert_eq!(doc.len(), 3);
    assert_eq!(drop_all().edits_of(&doc).apply(), "a\nb\n\nb\na\n");
    let error = Document::complete((doc, complete), SHORT).map(drop);
    assert_eq!(error, Err(DocumentError::TooManySegments { limit: 3 }));
    assert!(
        Document::complete(Document::read("a\nb\nc", &Options::new(), SHORT, &mut Buffers::default()), SHORT)
            .is_ok()
    );
}

#[test]
fn weights_are_those_of_the_canonical_form() {
    let cases = [
        ("Abc, 12!", 5),
        ("\u{FB01}", 2),
        ("10\u{2075}", 3),
        ("\u{4E2D}\u{6587}", 6),
        ("\u{30AB}\u{30FC}\u{304B}", 9),
        ("\u{D55C}\u{AE00}", 6),
        ("\u{928}\u{92E}\u{938}\u{94D}\u{924}\u{947}", 6),
        ("* * *", 0),
        ("e\u{301}", 1),
    ];
    for (text, weight) in cases {
        let doc = Document::new(text);
        assert_eq!(doc.segment(0).map(Segment::weight), Some(weight), "{text}");
        assert_eq!(doc.weight(), u64::from(weight));
    }
}
