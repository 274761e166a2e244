//! Passages beside their definition: sound, complete, with the earliest source, independent of the
//! sampling and the seed, and never the first copy.

mod common;

use common::passages::{Piece, documents, text};
use proptest::prelude::*;
use refrain::Normalization;
use refrain::passages::{FoundPassages, PassageOptions, Passages, Text};
use refrain_testkit::cases;
use refrain_testkit::passages::{Found, Unit, first_places, may_begin, passages, units, with_leads, words};

fn options(window: usize) -> PassageOptions {
    PassageOptions::new().min_words(window).expect("there is a word")
}

/// Inserts the documents one by one, and returns the passages of each.
fn insert_all(index: &mut Passages, texts: &[String]) -> Vec<FoundPassages> {
    let insert = |(number, text): (usize, &String)| {
        let id = number.to_string();
        let asked = index.query(text).expect("it is short");
        let found = index.query_and_insert(Text { id: &id, text }).expect("there is room");
        let others: Vec<_> = asked.iter().map(|passage| passage.document_id().to_owned()).collect();
        assert!(!others.contains(&id));
        found
    };
    texts.iter().enumerate().map(insert).collect()
}

/// Checks the passages of one document against those of the definition.
fn check(found: &FoundPassages, expected: &[Found], texts: &[String], all: &[Vec<Unit>]) {
    let this = all.len() - 1;
    assert_eq!(found.len(), expected.len(), "{found:?} {expected:?}");
    for (passage, expected) in found.iter().zip(expected) {
        let Found { start, end, document, source } = *expected;
        let here = words(&all[this][start..end]);
        assert_eq!(
            (passage.document_id(), passage.words()),
            (&*document.to_string(), end - start),
            "{found:?}"
        );
        // Sound: the words of both spans are those of the passage.
        assert_eq!(words(&units(&texts[this][passage.span()])), here);
        assert_eq!(words(&units(&texts[document][passage.source()])), here);
        // The spans are at the right places: as many words are before them.
        assert_eq!(units(&texts[this][..passage.span().start()]).len(), start);
        assert_eq!(units(&texts[document][..passage.source().start()]).len(), source);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(400, 20_000)))]

    #[test]
    fn passages_are_those_of_the_definition(
        pieces in documents(), window in 1..10_usize, gram in 1..10_usize, cap in 1..5_usize, seed: u64,
    ) {
        let texts: Vec<String> = pieces.iter().map(|document| text(document)).collect();
        let all: Vec<Vec<Unit>> = texts.iter().map(|text| units(text)).collect();
        let options = options(window).seed(seed);
        let mut index = Passages::with_other_sampling(&options, gram, cap);
        let mut other = Passages::with_options(&options);
        let answers = insert_all(&mut index, &texts);
        // Independent of the sampling and its limit.
        prop_assert_eq!(&insert_all(&mut other, &texts), &answers);
        for (number, found) in answers.iter().enumerate() {
            let expected = with_leads(&all[..=number], passages(&all[..=number], window, true));
            check(found, &expected, &texts, &all[..=number]);
        }
        // A query finds what an insertion finds, except for repetition inside the text.
        let last = all.len() - 1;
        let mut before = Passages::with_other_sampling(&options, gram, cap);
        for (number, text) in texts[..last].iter().enumerate() {
            before.insert(Text { id: &number.to_string(), text }).expect("there is room");
        }
        let expected = with_leads(&all, passages(&all, window, false));
        check(&before.query(&texts[last])?, &expected, &texts, &all);
    }

    /// The promises one by one, each against the map of the first places of all windows.
    #[test]
    fn passages_are_complete_and_name_the_first_place(pieces in documents(), window in 1..8_usize, cap in 1..4_usize) {
        let texts: Vec<String> = pieces.iter().map(|document| text(document)).collect();
        let all: Vec<Vec<Unit>> = texts.iter().map(|text| units(text)).collect();
        let first = first_places(&all, window);
        let mut index = Passages::with_other_sampling(&options(window), 2, cap);
        let answers = insert_all(&mut index, &texts);
        let mut covered: Vec<Vec<Option<(usize, usize)>>> = all.iter().map(|units| vec![None; units.len()]).collect();
        for (number, found) in answers.iter().enumerate() {
            let mut is_inside = vec![false; all[number].len()];
            // The words before seen windows with which passages begin.
            let mut leads = Vec::new();
            for passage in found {
                let start = units(&texts[number][..passage.span().start()]).len();
                let document: usize = passage.document_id().parse().expect("ids are numbers");
                let source = units(&texts[document][..passage.source().start()]).len();
                let run = &all[number][start..start + passage.words()];
                let there = &all[document][source..source + passage.words()];
                // Sound: only the text before the first word may differ.
                prop_assert!(may_begin(&run[0], &there[0]), "{:?} {:?}", run, there);
                prop_assert_eq!(&run[1..], &there[1..]);
                prop_assert!((document, source) < (number, start));
                let lead = usize::from(run[0] != there[0]);
                leads.extend((lead == 1).then_some(start));
                // First: no occurrence of the whole passage is earlier.
                let run = &run[lead..];
                let earlier = all[..=document].iter().enumerate().find_map(|(at, units)| {
                    units.windows(run.len()).position(|words| words == run).map(|start| (at, start))
                });
                prop_assert_eq!(earlier, Some((document, source + lead)));
                // No passage could begin earlier.
                if let (Some(here), Some(there)) = (start.checked_sub(1), source.checked_sub(1)) {
                    let is_lead = lead == 0 && may_begin(&all[number][here], &all[document][there]);
                    prop_assert!(!is_lead, "{:?} {:?}", texts, passage);
                }
                for at in 0..passage.words() {
                    is_inside[start + at] = true;
                    covered[number][start + at].get_or_insert((document, source + at));
                }
            }
            // Complete: exactly the seen windows are covered.
            let mut is_seen = vec![false; all[number].len()];
            for (start, run) in all[number].windows(window).enumerate() {
                if first[run] < (number, start) {
                    is_seen[start..start + window].fill(true);
                }
            }
            leads.into_iter().for_each(|lead| is_seen[lead] = true);
            prop_assert_eq!(&is_inside, &is_seen);
            let share = is_seen.iter().filter(|seen| **seen).count();
            prop_assert_eq!((found.words(), found.passage_words()), (is_seen.len(), share));
        }
        // Never the first copy: the chain of sources of each word ends at a word in no passage.
        for (number, words) in covered.iter().enumerate() {
            for at in 0..words.len() {
                let (mut place, mut steps) = ((number, at), 0);
                while let Some(next) = covered[place.0][place.1] {
                    prop_assert!(next < place && all[next.0][next.1].1 == all[place.0][place.1].1);
                    place = next;
                    steps += 1;
                }
                prop_assert!(steps <= 10_000);
            }
        }
    }

    /// Case, Unicode form and white space make no difference.
    #[test]
    fn answers_depend_on_the_canonical_form(pieces in documents(), window in 1..6_usize, seed: u64) {
        let texts: Vec<String> = pieces.iter().map(|document| text(document)).collect();
        let options = options(window).seed(seed);
        let mut index = Passages::with_options(&options);
        let answers = insert_all(&mut index, &texts);
        let mut other = Passages::with_options(&options.seed(!seed));
        let changed: Vec<String> =
            texts.iter().map(|text| text.to_uppercase().replace(' ', " \n\t").replace('\u{C9}', "E\u{301}")).collect();
        let key = |found: &FoundPassages| -> Vec<(String, usize)> {
            found.iter().map(|passage| (passage.document_id().to_owned(), passage.words())).collect()
        };
        for (found, changed) in answers.iter().zip(insert_all(&mut other, &changed)) {
            prop_assert_eq!(key(found), key(&changed));
        }
    }

    #[test]
    fn nothing_panics(texts in prop::collection::vec(any::<String>(), 0..5), window in 1..4_usize) {
        for form in [Normalization::TEXT, Normalization::RAW, Normalization::TEXT.strip_punctuation()] {
            let mut index = Passages::with_options(&options(window).normalization(form));
            for text in texts.iter().chain(&texts) {
                let found = index.query_and_insert(Text { id: text, text })?;
                for passage in &found {
                    prop_assert!(text.get(passage.span().range()).is_some());
                    prop_assert!(passage.document_id().get(passage.source().range()).is_some());
                }
            }
        }
    }
}

#[test]
fn pieces_make_the_texts_of_the_tests() {
    let pieces = [Piece { word: 0, gap: 1 }, Piece { word: 1, gap: 0 }];
    assert!(units(&text(&pieces)).len() == 2);
}

#[test]
fn texts_without_enough_words_have_no_passages() -> Result<(), Box<dyn std::error::Error>> {
    let mut index = Passages::with_options(&options(3));
    for text in ["", " \n", "...", "one two", "one two", "\u{6F22}\u{5B57}"] {
        let found = index.query_and_insert(Text { id: text, text })?;
        assert_eq!((found.len(), found.share()), (0, 0.0));
    }
    assert_eq!(index.len(), 6);
    Ok(())
}

#[test]
fn a_word_is_compared_with_the_text_before_it() -> Result<(), Box<dyn std::error::Error>> {
    let mut code = Passages::with_options(&options(3));
    code.insert(Text { id: "sum", text: "x = a + b" })?;
    assert_eq!(code.query("x = a - b")?.len(), 0);
    assert_eq!(code.query("x = a + b")?.len(), 1);
    let words = options(3).normalization(Normalization::TEXT.strip_punctuation());
    let mut words = Passages::with_options(&words);
    words.insert(Text { id: "sum", text: "x = a + b" })?;
    assert_eq!(words.query("x = a - b")?.len(), 1);
    Ok(())
}

#[test]
fn spans_are_those_of_whole_words_in_every_script() -> Result<(), Box<dyn std::error::Error>> {
    let first = "\u{E01}\u{E34}\u{E19}\u{E02}\u{E49}\u{E32}\u{E27} \u{4F60}\u{597D}\u{3002}\u{518D}\u{89C1}\u{3002} Caf\u{E9}s: \u{201C}now!\u{201D}";
    let mut index = Passages::with_options(&options(4));
    index.insert(Text { id: "first", text: first })?;
    let second = "ab \u{4F60}\u{597D}\u{3002}\u{518D}\u{89C1}\u{3002}  CAFE\u{301}S: \u{201C}NOW!\u{201D} x";
    let found = index.query(second)?;
    assert_eq!(found.len(), 1);
    let passage = &found.passages()[0];
    assert_eq!(&first[passage.source()], &first[22..]);
    assert_eq!(&second[passage.span()], &second[3..second.len() - 2]);
    assert_eq!(passage.words(), 6);
    let bytes = PassageOptions::new().min_words(4)?.min_bytes(100);
    let mut filtered = Passages::with_options(&bytes);
    filtered.insert(Text { id: "first", text: first })?;
    assert!(filtered.query(second)?.is_empty());
    Ok(())
}
