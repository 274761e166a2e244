//! Records: the key of a segment is compared, and its span is cut.

use proptest::prelude::*;
use refrain::error::{DocumentError, LeadingError};
use refrain::records::{Leading, Record, pages};
use refrain::{Cleaner, Document, Options, Policy, Span};

type Tested = Result<(), Box<dyn std::error::Error>>;

fn record(span: std::ops::Range<usize>, key: std::ops::Range<usize>) -> Record {
    Record { span: span.into(), key: key.into() }
}

#[test]
fn the_key_is_compared_and_the_span_is_cut() -> Tested {
    let text = "1;harbor\n2;Harbor \n3;ferry\n";
    let records = [record(0..8, 2..8), record(9..18, 11..18), record(19..26, 21..26)];
    let document = Document::from_records(text, &records, &Options::new())?;
    let fingerprints: Vec<_> = document.segments().map(|segment| segment.fingerprint()).collect();
    assert_eq!(fingerprints[0], fingerprints[1]);
    assert_ne!(fingerprints[0], fingerprints[2]);
    assert_eq!(document.segment(1).map(|segment| segment.text()), Some("2;Harbor"));
    assert_eq!(document.segment(1).map(|segment| segment.weight()), Some(6));
    let edits = Cleaner::new().policy(Policy::drop_all()).edits_of(&document);
    assert_eq!(edits.apply(), "1;harbor\n3;ferry\n");
    Ok(())
}

#[test]
fn keys_outside_of_the_text_are_errors() {
    let text = "a\u{E9}b c";
    let bad = |key: std::ops::Range<usize>| {
        let records = [record(0..4, 0..4), Record { span: (5..6).into(), key: key.into() }];
        Document::from_records(text, &records, &Options::new()).map(drop)
    };
    assert!(bad(0..1).is_ok());
    for key in [4..5, 2..4, 5..7, 9..9, 3..3] {
        let error = bad(key.clone()).expect_err("it is no key");
        assert!(matches!(error, DocumentError::BadKey { index: 1, .. }), "{key:?}: {error}");
    }
    let spans = [record(0..1, 0..1), record(0..1, 0..1)];
    let error = Document::from_records(text, &spans, &Options::new()).map(drop);
    assert!(matches!(error, Err(DocumentError::Disorder { .. })));
}

#[test]
fn names_of_leading_text_read_back() {
    let all = Leading::NONE.times().counters().bullets().quotes();
    assert_eq!(all.to_string(), "times,counters,bullets,quotes");
    for leading in [Leading::NONE, Leading::NONE.times(), Leading::NONE.quotes().counters(), all] {
        assert_eq!(leading.to_string().parse(), Ok(leading));
    }
    assert_eq!("bullets,times".parse(), Ok(Leading::NONE.times().bullets()));
    assert_eq!("times,".parse::<Leading>(), Err(LeadingError { name: String::new() }));
    assert!("Times".parse::<Leading>().is_err());
}

/// A subtitle cue goes with its number and its time.
#[test]
fn cues_are_removed_as_a_whole() {
    let cue = |number: usize, text: &str| {
        format!("{number}\n00:00:{number:02},000 --> 00:00:{number:02},900\n{text}\n\n")
    };
    let line = "I think we should all have a look\nat the gate together.";
    let mut text = cue(1, "Good afternoon and welcome.") + &cue(2, line);
    let once = text.clone();
    for number in 3..9 {
        text += &cue(number, line);
    }
    let tail = cue(9, "Thank you all.\n- And see you in October.");
    let cleaner = Cleaner::new().policy(Policy::transcript());
    assert_eq!(cleaner.clean(&(text.clone() + &tail)), once.clone() + &tail);
    let old = |text: &str| text.replace('\n', "\r");
    assert_eq!(cleaner.clean(&old(&(text.clone() + &tail))), old(&(once.clone() + &tail)));
    // Without numbers, as in WebVTT.
    let plain = |text: &str| {
        text.lines()
            .filter(|line| line.parse::<u32>().is_err())
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    assert_eq!(cleaner.clean(&plain(&(text + &tail))), plain(&(once + &tail)));
    // An answer that two people give stays.
    let answers = cue(1, "Yes.") + &cue(2, "Is it?") + &cue(3, "Yes.") + &cue(4, "Yes.");
    assert_eq!(cleaner.clean(&answers), answers);
}

/// The record guard protects a log under every policy but that for transcripts.
#[test]
fn equal_messages_of_a_log_stay() {
    let log: String = (0..20)
        .map(|second| {
            format!("2031-04-02 12:00:{second:02} the pump in the cellar reports that it has no water\n")
        })
        .collect();
    let skipping = Options::new().skip_leading(Leading::NONE.times());
    for policy in [Policy::default(), Policy::scraper(), Policy::pdf()] {
        let cleaner = Cleaner::new().policy(policy);
        assert_eq!(cleaner.clean(&log), log, "{policy}");
        assert_eq!(cleaner.options(skipping.clone()).clean(&log), log, "{policy} with keys");
    }
    assert_eq!(Cleaner::new().policy(Policy::transcript()).clean(&log).lines().count(), 1);
}

/// An address after a range of times is what a line says, and no setting of a cue.
#[test]
fn the_head_of_a_cue_has_known_settings() {
    let keys = |text: &str| -> Vec<u64> {
        let options = Options::new().skip_leading(Leading::NONE.times());
        let document = Document::with_options(text, &options);
        document.segments().map(|segment| u64::from(segment.weight())).collect()
    };
    let range = "00:00:01,000 --> 00:00:02,000";
    assert_eq!(keys(&format!("{range} https://example.org\nabc\n")), [15, 3]);
    assert_eq!(keys(&format!("{range} anna:yes\nabc\n")), [7, 3]);
    for settings in ["", " align:start position:0%", "\tline:0", " X1:100 X2:200 Y1:10 Y2:20"] {
        assert_eq!(keys(&format!("{range}{settings}\nabc\n")), [3], "{settings}");
    }
}

#[test]
fn copies_that_differ_in_their_bullets_go_under_the_policy_for_pages() {
    let lines = [
        "The boat house opens on Easter Monday, as every year, for whoever has a rope",
        "There are eleven boats, of which one leaks, and it is the cheapest, and it is red",
        "Dogs may come if they can swim, and so may children, with somebody who can too",
        "Picnics are fine on the island, but the geese were there first and do not share",
    ];
    let text = lines.join("\n") + "\n- " + &lines.join("\n- ") + "\n";
    assert_eq!(Cleaner::new().policy(Policy::scraper()).clean(&text), lines.join("\n") + "\n");
    assert_eq!(refrain::clean(&text), text);
    let bullets = Cleaner::new().options(Options::new().skip_leading(Leading::NONE.bullets()));
    assert_eq!(bullets.clean(&text), lines.join("\n") + "\n");
}

#[test]
fn pages_end_at_form_feeds() {
    let spans = |text: &str| pages(text).into_iter().map(Span::range).collect::<Vec<_>>();
    assert_eq!(spans("a\n\u{C}b\n\u{C}"), [0..3, 3..6]);
    assert_eq!(spans("a").len(), 1);
    assert!(spans("").is_empty());
    assert_eq!(spans("\u{C}\u{C}a"), [0..1, 1..2, 2..3]);
}

proptest! {
    /// A document with keys equals one with the records that a slow reading of its lines finds, and
    /// cleaning is a fixed point that loses no key.
    #[test]
    fn keyed_lines_are_records(
        lines in prop::collection::vec((prop::sample::select(vec!["", "- ", "12. ", "10:15 ", "> ", ">> - "]),
            prop::sample::select(vec!["the ferry sails again on Monday at nine from the old harbor", "a b", "x", "10:15"])), 1..12),
    ) {
        let text: String = lines.iter().map(|(head, tail)| format!("{head}{tail}\n")).collect();
        let leading = Leading::NONE.counters().bullets().quotes();
        let document = Document::with_options(&text, &Options::new().skip_leading(leading));
        let mut at = 0;
        let mut records = Vec::new();
        for (head, tail) in &lines {
            let head_len = if *head == "10:15 " { 0 } else { head.len() };
            let end = at + head.len() + tail.len();
            records.push(record(at..end, at + head_len..end));
            at = end + 1;
        }
        let expected = Document::from_records(&text, &records, &Options::new())?;
        prop_assert!(document.segments().map(|s| s.fingerprint()).eq(expected.segments().map(|s| s.fingerprint())));
        prop_assert!(document.segments().map(|s| s.span()).eq(expected.segments().map(|s| s.span())));
        for policy in [Policy::scraper(), Policy::transcript(), Policy::drop_all()] {
            let cleaner = Cleaner::new().policy(policy).options(Options::new().skip_leading(leading));
            let edits = cleaner.edits(&text);
            let clean = edits.apply();
            prop_assert_eq!(&cleaner.clean(&clean), &clean);
            let left = Document::with_options(&clean, &Options::new().skip_leading(leading));
            for segment in document.segments() {
                let is_left = left.segments().any(|other| other.fingerprint() == segment.fingerprint());
                prop_assert!(is_left, "{:?} of {text:?}", segment.text());
            }
        }
    }
}

#[test]
fn an_index_refuses_documents_with_keys() {
    let options = Options::new().skip_leading(Leading::NONE.times());
    let with_keys = Document::with_options("[10:15] One line.\n", &options);
    let page = refrain::index::Page { id: "a", scope: "", document: &with_keys };
    let error = refrain::index::Index::new().insert(page).expect_err("it has keys");
    assert!(error.to_string().contains(", with keys:"), "{error}");
}
