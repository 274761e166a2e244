//! Defects of other tools, each with a test that is named after the right behavior.

mod common;

use std::collections::HashSet;

use common::{every_form, every_policy, every_segmentation, without_copies};
use refrain::repeats::Block;
use refrain::{
    Cleaner, Decision, Document, Fingerprinter, Normalization, Options, Policy, Segmentation, fingerprint,
};

/// Spans counted in characters and bounded in bytes: the last one of a Cyrillic text ended past the
/// text.
#[test]
fn spans_of_a_cyrillic_text_end_within_it() {
    let line = "\u{41E}\u{43D} \u{43F}\u{440}\u{438}\u{448}\u{451}\u{43B}.";
    let text = format!("{line}\n\n{line}\r\n{line}");
    for by in every_segmentation() {
        let doc = Document::with_options(&text, &Options::new().segmentation(by));
        let last = doc.segments().last().map(|segment| segment.span().end());
        assert_eq!(last, Some(text.len()));
        assert!(doc.segments().all(|segment| text.get(segment.span().range()) == Some(segment.text())));
    }
}

/// A separator longer than one character shifted every span after it.
#[test]
fn separators_longer_than_a_character_shift_no_span() {
    for separator in ["\n\n", "\r\n\r\n", "\r\n \r\n", "\u{2029}\u{2029}"] {
        let text = ["one", "two", "three"].join(separator);
        let doc = Document::with_options(&text, &Options::new().segmentation(Segmentation::Paragraphs));
        assert!(doc.segments().map(|segment| segment.text()).eq(["one", "two", "three"]), "{separator:?}");
    }
}

/// One option silently disabled another, and a documented one panicked alone.
#[test]
fn every_option_works_alone_and_with_every_other() {
    let text = "One.\none.\n\nTwo \u{2460}\nOne.\none.\n\nTwo 1\n";
    for by in every_segmentation() {
        let alone = Document::with_options(text, &Options::new().segmentation(by));
        for form in every_form() {
            for seed in [0, 7] {
                let options = Options::new().segmentation(by).normalization(form).seed(seed);
                let doc = Document::with_options(text, &options);
                assert_eq!((doc.segmentation(), doc.normalization(), doc.seed()), (Some(by), form, seed));
                assert!(doc.segments().map(|s| s.span()).eq(alone.segments().map(|s| s.span())));
                let mut prints = Fingerprinter::new().normalization(form).seed(seed);
                assert!(doc.segments().all(|s| s.fingerprint() == prints.fingerprint(s.text())));
                for policy in every_policy() {
                    assert!(Cleaner::new().policy(policy).edits_of(&doc).is_fixed_point());
                }
            }
        }
    }
    // The minimum of one option is not undone by the other.
    let both = Options::new().min_segments(2).min_weight(3);
    let families = |text: &str| Document::with_options(text, &both).repeats().families().len();
    assert_eq!(families("long line\nx\ny\nlong line"), 0);
    assert_eq!(families("a\nb\nx\na\nb"), 0);
    assert_eq!(families("long line\nb\nx\nlong line\nb"), 1);
}

/// A minimum applied to a block, but not to its parts, which are decided on if the block is kept.
#[test]
fn the_minima_apply_to_the_parts_of_a_block() {
    let text = "Ann left early.\nBob slept.\nDora sang.\nAnn left early.\nBob slept.\nOh!\nDora sang.";
    let cleaned = |options: Options| {
        let whole = |block: &Block| {
            Some(if block.holes().next().is_some() { Decision::Keep } else { Decision::Remove })
        };
        Cleaner::new()
            .policy(Policy::keep_all())
            .rule("whole", whole)
            .options(options)
            .clean(text)
            .into_owned()
    };
    let originals = "Ann left early.\nBob slept.\nDora sang.\n";
    assert_eq!(cleaned(Options::new()), format!("{originals}Oh!\n"));
    let kept = format!("{originals}Oh!\nDora sang.");
    assert_eq!(cleaned(Options::new().min_segments(2)), kept);
    // The line at the end has eight letters.
    assert_eq!(cleaned(Options::new().min_weight(9)), kept);
}

/// Random seeds: results varied from run to run.
#[test]
fn a_fingerprint_is_the_same_in_every_run() {
    assert_eq!(fingerprint("refrain").to_string(), "5d6f3c952d934a20b101253d77b18e57");
}

/// A document was put into the set first and then met itself.
#[test]
fn a_text_without_repetition_loses_nothing() {
    let text: String = (0..10_000).map(|i| format!("This is line {i} of many.\n")).collect();
    for policy in every_policy() {
        let cleaner = Cleaner::new().policy(policy);
        let edits = cleaner.edits(&text);
        assert!(edits.is_empty() && edits.decisions().is_empty());
        assert_eq!(edits.apply(), text);
    }
}

/// Every copy was removed, the last one too.
#[test]
fn one_copy_of_everything_stays() {
    for copies in 2..6 {
        let once = "Alpha is the first.\nBeta is the second.\nGamma is the third.\n";
        let text = once.repeat(copies);
        for policy in [Policy::default(), Policy::scraper(), Policy::drop_all()] {
            assert_eq!(Cleaner::new().policy(policy).clean(&text), once, "{copies}, {policy}");
        }
    }
}

/// Cuts inside a code point, and inside a word.
#[test]
fn cuts_fall_at_borders_of_segments_only() {
    let text =
        "the same words here\nand the same words here\n\u{4F60}\u{597D}\u{4F60}\u{597D}\n\u{4F60}\u{597D}";
    assert_eq!(without_copies(&Document::new(text)), text);
}

/// A process-wide cache: the same page gave 17 paragraphs, 17, 17, and then none.
#[test]
fn the_same_page_a_thousand_times_over() {
    let article = include_str!("fixtures/article.txt");
    let cleaner = Cleaner::new();
    for _ in 0..1_000 {
        assert_eq!(Document::new(&cleaner.clean(article)).len(), 20);
    }
}

/// Only adjacent equal blocks were compared, so `p q p q` passed.
#[test]
fn a_body_printed_twice_is_found_although_no_paragraph_follows_itself() {
    let text = "The first line.\nThe second line.\nThe first line.\nThe second line.";
    assert_eq!(refrain::clean(text), "The first line.\nThe second line.\n");
}

/// A text and the same text doubled had the same hash.
#[test]
fn a_doubled_text_is_not_equal_to_the_single_one() {
    let text = "A line of text.\nAnother one.\n";
    assert_ne!(fingerprint(text), fingerprint(&text.repeat(2)));
}

/// ASCII tokenisers: all Chinese texts were equal, or empty.
#[test]
fn two_different_texts_of_any_script_differ() {
    let texts = [
        "\u{6211}\u{4EEC}\u{8D70}",
        "\u{6211}\u{4EEC}\u{6765}",
        "\u{645}\u{631}\u{62D}\u{628}\u{627}",
        "\u{648}\u{62F}\u{627}\u{639}\u{627}",
        "\u{928}\u{92E}\u{938}\u{94D}\u{924}\u{947}",
        "\u{928}\u{92E}\u{938}\u{94D}\u{924}\u{93E}",
        "\u{E01}\u{E34}\u{E19}",
        "\u{E01}\u{E31}\u{E19}",
        "\u{5D0}\u{5D1}",
        "\u{5D0}\u{5D2}",
        "\u{ACE0}\u{AE30}",
        "\u{ACE0}\u{AE31}",
        "\u{1F600}",
        "\u{1F601}",
        "!!!",
        "???",
        "\u{3B1}",
        "\u{431}",
    ];
    for form in every_form() {
        let mut prints = Fingerprinter::new().normalization(form);
        let different: HashSet<_> = texts.iter().map(|text| prints.fingerprint(text)).collect();
        assert_eq!(different.len(), texts.len(), "{form}");
    }
}

/// Format characters stripped after normalizing, or no second normalization after folding: the form
/// of the form was another one.
#[test]
fn format_characters_go_first_and_folding_is_normalized_again() {
    let form = Normalization::TEXT;
    for text in [
        "e\u{200D}\u{301}",
        "\u{1100}\u{200B}\u{1161}",
        "\u{345}\u{301}\u{3B1}",
        "\u{1E9B}\u{323}",
        "\u{FF21}\u{AD}\u{30A}",
    ] {
        let once = form.canonical(text);
        assert_eq!(form.canonical(&once), once);
    }
    assert_eq!(form.canonical("e\u{200D}\u{301}"), "\u{E9}");
    assert_eq!(form.canonical("\u{1100}\u{200B}\u{1161}"), "\u{AC00}");
}

/// Simple lower-casing: sharp s, final sigma and dotted capital I split equal texts.
#[test]
fn case_is_folded_in_full() {
    for (a, b) in [
        ("STRASSE", "Stra\u{DF}e"),
        ("STRA\u{1E9E}E", "strasse"),
        ("\u{3A3}\u{391}\u{3A3}", "\u{3C3}\u{3B1}\u{3C2}"),
        ("\u{130}", "i\u{307}"),
        ("\u{1C5}", "\u{1C4}"),
        ("\u{13A0}", "\u{AB70}"),
        ("\u{FB03}", "FFI"),
        ("\u{1FB3}", "\u{391}\u{399}"),
    ] {
        assert_eq!(fingerprint(a), fingerprint(b), "{a} {b}");
    }
}

/// Refrains silently removed by "keep the first".
#[test]
fn a_chorus_stays_by_default() {
    let chorus = "Roll on, roll on,\nthe tide is never done.\nRoll on until the morning comes,\nroll on until the rising of the sun.\n";
    let verse = |n: u32| {
        format!(
            "In year {n} the harbor slept beneath the frozen hill,\nand nobody in year {n} had heard the bells ring still.\nThe boats of year {n} went out, the boats came home again,\nand someone in year {n} wrote down the number of the men.\n"
        )
    };
    let song: String = (1..5).map(|n| format!("{}{chorus}", verse(n))).collect();
    assert_eq!(refrain::clean(&song), song);
    let edits = Cleaner::new().edits(&song);
    assert!(edits.is_empty() && !edits.decisions().is_empty());
    assert_eq!(edits.kept().count(), edits.decisions().len());
    assert!(edits.kept().all(|decision| !decision.is_removed() && !decision.reason().is_empty()));
}
