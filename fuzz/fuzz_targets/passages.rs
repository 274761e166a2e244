//! Passages are those of the definition, with the word before each that may be added.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refrain::passages::{Border, FoundPassages, PassageOptions, Passages, Text};
use refrain_fuzz::{Bytes, few_words};
use refrain_testkit::passages::{Found, Unit, passages, units, with_leads, words};

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let window = 1 + bytes.below(9);
    let (gram, cap, seed) = (1 + bytes.below(9), 1 + bytes.below(4), bytes.last());
    let texts = few_words(bytes.rest());
    let all: Vec<Vec<Unit>> = texts.iter().map(|text| units(text)).collect();
    let options = PassageOptions::new().min_words(window).expect("there is a word").seed(seed.into());
    let mut index = Passages::with_other_sampling(&options, gram, cap);
    let mut other = Passages::with_options(&options);
    let mut kept = Passages::with_options(&options);
    for (number, text) in texts.iter().enumerate() {
        let all = &all[..=number];
        let id = number.to_string();
        let asked = index.query(text).expect("the text is short");
        check(&asked, &with_leads(all, passages(all, window, false)), &texts, all);
        let found = index.query_and_insert(Text { id: &id, text }).expect("there is room");
        check(&found, &with_leads(all, passages(all, window, true)), &texts, all);
        assert_eq!(other.query_and_insert(Text { id: &id, text }).expect("there is room"), found);

        let border = [Border::Word, Border::Sentence, Border::Line][number % 3];
        let cut = kept.dedup(Text { id: &id, text }, border).expect("there is room");
        let mut left = String::new();
        let mut end = 0;
        for (span, _) in cut.cuts() {
            left.push_str(&text[end..span.start()]);
            end = span.end();
        }
        assert_eq!(cut.apply(), left + &text[end..]);
    }
    let mut file = Vec::new();
    other.save(&mut file).expect("memory can be written");
    let read = Passages::load(&file[..], &options).expect("what is saved can be loaded");
    for text in &texts {
        assert_eq!(read.query(text).ok(), other.query(text).ok());
    }
});

/// Checks the passages of one document against those of the definition.
fn check(found: &FoundPassages, expected: &[Found], texts: &[String], all: &[Vec<Unit>]) {
    let this = all.len() - 1;
    assert_eq!(found.len(), expected.len(), "{found:?} {expected:?}");
    for (passage, expected) in found.iter().zip(expected) {
        let Found { start, end, document, source } = *expected;
        assert_eq!(
            (passage.document_id(), passage.words()),
            (&*document.to_string(), end - start),
            "{found:?}"
        );
        let run = words(&all[this][start..end]);
        assert_eq!(words(&units(&texts[this][passage.span()])), run);
        assert_eq!(words(&units(&texts[document][passage.source()])), run);
        assert_eq!(units(&texts[this][..passage.span().start()]).len(), start);
        assert_eq!(units(&texts[document][..passage.source().start()]).len(), source);
    }
}
