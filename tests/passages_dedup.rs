//! Removal of passages across documents: whole words, sentences or lines, never the first copy,
//! and in one piece, because only the text that is left is inserted.

mod common;

use std::ops::Range;

use common::passages::{documents, text};
use proptest::prelude::*;
use refrain::passages::{Border, Deduplicated, PassageOptions, Passages, Text};
use refrain_testkit::cases;
use refrain_testkit::passages::{Unit, may_begin, passages, units, with_leads, words};

const BORDERS: [Border; 3] = [Border::Word, Border::Sentence, Border::Line];

fn index(window: usize, cap: usize) -> Passages {
    let options = PassageOptions::new().min_words(window).expect("there is a word");
    Passages::with_other_sampling(&options, 2, cap)
}

/// Returns the runs of units that are removed.
fn removed(text: &str, kept: &Deduplicated<'_>) -> Vec<Range<usize>> {
    let run = |removal: &refrain::passages::PassageRemoval| {
        let start = units(&text[..removal.span().start()]).len();
        start..start + removal.words()
    };
    kept.removals().iter().map(run).collect()
}

/// Returns the runs of units that are left, with the text before each word as it is now.
fn pieces(kept: &str, all: usize, removed: &[Range<usize>]) -> Vec<Vec<Unit>> {
    let mut left = units(kept).into_iter();
    let mut end = 0;
    let mut pieces = Vec::new();
    for run in removed.iter().cloned().chain(std::iter::once(all..all)) {
        pieces.push(left.by_ref().take(run.start - end).collect());
        end = run.end;
    }
    assert_eq!(left.next(), None, "{kept:?}");
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(300, 10_000)))]

    #[test]
    fn what_is_removed_is_kept_earlier(
        drafts in documents(), window in 1..8_usize, cap in 1..4_usize, border in prop::sample::select(&BORDERS[..]),
    ) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        let mut index = index(window, cap);
        // The units that are left of each document, as a whole and in pieces; the document of each
        // piece; and for each unit of each document, the source, if it was removed.
        let mut kept_units: Vec<Vec<Unit>> = Vec::new();
        let mut all_pieces: Vec<Vec<Unit>> = Vec::new();
        let mut owners: Vec<usize> = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            let id = number.to_string();
            let before = index.query(text)?;
            // A query finds the passages of the pieces that are left, each one a document.
            let mut corpus = all_pieces.clone();
            corpus.push(units(text));
            let expected = with_leads(&corpus, passages(&corpus, window, false));
            prop_assert_eq!(before.len(), expected.len(), "{:?} {:?}", before, expected);
            for (found, expected) in before.iter().zip(&expected) {
                prop_assert_eq!(found.document_id(), owners[expected.document].to_string());
                prop_assert_eq!(found.words(), expected.end - expected.start);
            }
            let kept = index.dedup(Text { id: &id, text }, border)?;
            let left = kept.apply();
            let all = units(text);
            let removed = removed(text, &kept);
            // No word is joined to another one, and only the removed ones are missing.
            let is_removed = |at: usize| removed.iter().any(|run| run.contains(&at));
            let expected: Vec<&str> =
                words(&all).into_iter().enumerate().filter(|(at, _)| !is_removed(*at)).map(|(_, word)| word).collect();
            let of_left = units(&left);
            prop_assert_eq!(words(&of_left), expected, "{:?} {:?}", text, left);
            // The source of each word that is in a passage.
            let mut sources: Vec<Option<(usize, usize)>> = vec![None; all.len()];
            for passage in kept.found() {
                let start = units(&text[..passage.span().start()]).len();
                let document: usize = passage.document_id().parse().expect("ids are numbers");
                let source = units(&texts[document][..passage.source().start()]).len();
                for at in 0..passage.words() {
                    sources[start + at].get_or_insert((document, source + at));
                }
                // In one piece.
                if document < number {
                    let run = &all[start..start + passage.words()];
                    let whole = &kept_units[document];
                    let is_run = |words: &[Unit]| may_begin(&run[0], &words[0]) && words[1..] == run[1..];
                    prop_assert!(whole.windows(run.len()).any(is_run), "{:?} {:?}", run, whole);
                }
            }
            for (run, removal) in removed.iter().zip(kept.removals()) {
                prop_assert!(run.len() >= window && !removal.passages().is_empty());
                let of_removal = units(&text[removal.span()]);
                prop_assert_eq!(words(&of_removal), words(&all[run.clone()]));
                // A cut shrinks. The signs between two passages that touch are part of a unit.
                let (first, last) = (&removal.passages()[0], &removal.passages()[removal.passages().len() - 1]);
                prop_assert!(first.span().start() <= removal.span().start());
                prop_assert!(removal.span().end() <= last.span().end());
                // Never the first copy: a chain of sources ends at a word that is left.
                for at in run.clone() {
                    let mut place = (number, at);
                    while place.0 == number && is_removed(place.1) {
                        let next = sources[place.1].expect("a removed word is in a passage");
                        prop_assert!(next < place);
                        place = next;
                    }
                }
            }
            for (span, cause) in kept.cuts() {
                let removal = kept.removals()[cause].span();
                prop_assert!(text[span.start()..removal.start().max(span.start())].trim().is_empty());
                prop_assert!(text[removal.end().min(span.end())..span.end()].trim().is_empty());
            }
            for piece in pieces(&left, all.len(), &removed) {
                all_pieces.push(piece);
                owners.push(number);
            }
            kept_units.push(units(&left));
        }
    }

    /// A segment that is removed is a line, and a sentence ends at a stop or at a line end.
    #[test]
    fn cuts_end_at_borders(drafts in documents(), window in 1..5_usize) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        for border in BORDERS {
            let mut index = index(window, 8);
            for text in &texts {
                let kept = index.dedup(Text { id: "", text }, border)?;
                for removal in kept.removals() {
                    let (before, after) = (&text[..removal.span().start()], &text[removal.span().end()..]);
                    let starts = before.trim_end_matches(' ').is_empty() || before.trim_end_matches(' ').ends_with('\n');
                    let ends = after.trim_start_matches([' ', '\r']).is_empty() || after.trim_start_matches(' ').starts_with('\n');
                    match border {
                        Border::Line => prop_assert!(starts && ends, "{:?} {:?}", before, after),
                        Border::Sentence => {
                            prop_assert!(starts || before.trim_end().ends_with('.'), "{:?}", before);
                            prop_assert!(ends || text[removal.span()].ends_with('.'), "{:?}", after);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

#[test]
fn a_copy_of_a_whole_document_leaves_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let text = "The ferry sails again at nine.\n\nTickets cost as much as before!\n";
    for border in BORDERS {
        let mut index = index(4, 8);
        assert_eq!(index.dedup(Text { id: "a", text }, border)?.apply(), text);
        let capitals = text.to_uppercase();
        let kept = index.dedup(Text { id: "b", text: &capitals }, border)?;
        assert_eq!(kept.apply().trim(), "", "{border}");
        assert_eq!(kept.removals().len(), 1);
    }
    Ok(())
}

#[test]
fn a_paragraph_break_stays_one() -> Result<(), Box<dyn std::error::Error>> {
    let mut index = index(4, 8);
    index.insert(Text { id: "a", text: "Tickets cost as much as before." })?;
    let text = "One new line\n\nTickets cost as much as before.\n\nAnother new line.\n";
    let kept = index.dedup(Text { id: "b", text }, Border::Line)?;
    assert_eq!(kept.apply(), "One new line\n\nAnother new line.\n");
    Ok(())
}

/// The text before the first word of a passage is not part of the passage.
#[test]
fn a_sentence_is_removed_whatever_sign_is_before_it() -> Result<(), Box<dyn std::error::Error>> {
    let sentences = "The ferry sails again at nine. Tickets cost as much as before.";
    let lines = ["", "News. ", "News: ", "He asked: why? ", "News (of today) ", "News\n", "News - "];
    let pairs = lines.iter().flat_map(|before| lines.map(|after| (*before, after)));
    for (before, after) in pairs.filter(|(before, after)| before.is_empty() || before != after) {
        for border in [Border::Word, Border::Sentence] {
            let mut index = index(6, 8);
            index.dedup(Text { id: "a", text: &format!("{before}{sentences}") }, border)?;
            let text = format!("Today {after}{sentences}");
            let kept = index.dedup(Text { id: "b", text: &text }, border)?;
            let source = kept.found().passages()[0].source();
            assert_eq!((source.start(), source.len()), (before.len(), sentences.len()));
            // `Border::Sentence` cuts only behind the end of a sentence.
            if border == Border::Word || ["News. ", "He asked: why? ", "News\n"].contains(&after) {
                assert_eq!(kept.apply().trim(), format!("Today {after}").trim(), "{before:?} {border}");
            }
        }
    }
    // In a script without spaces.
    let mut index = index(5, 8);
    let copied = "\u{4F60}\u{597D}\u{518D}\u{89C1}\u{4F60}\u{4E0D}\u{3002}";
    index.insert(Text { id: "a", text: copied })?;
    let text = format!("\u{65B0}\u{95FB}\u{3002}{copied}");
    let kept = index.dedup(Text { id: "b", text: &text }, Border::Sentence)?;
    assert_eq!(kept.apply(), "\u{65B0}\u{95FB}\u{3002}");
    // A sign that belongs to the word itself counts.
    let kept =
        index.dedup(Text { id: "c", text: "At -5 degrees the ferry stays in the harbor" }, Border::Word)?;
    assert!(kept.is_empty());
    let kept =
        index.dedup(Text { id: "d", text: "5 degrees the ferry stays in the harbor" }, Border::Word)?;
    assert_eq!(kept.apply(), "5");
    Ok(())
}

#[test]
fn letters_of_a_script_without_spaces_are_cut_between_other_words() -> Result<(), Box<dyn std::error::Error>>
{
    let mut index = index(3, 8);
    index.insert(Text { id: "a", text: "\u{4F60}\u{597D}\u{518D}\u{89C1}" })?;
    // The letters after the passage would be joined to those before it.
    let kept = index.dedup(Text { id: "b", text: "ab \u{4F60}\u{597D}\u{518D}\u{89C1}cd" }, Border::Word)?;
    assert_eq!(kept.apply(), "ab \u{89C1}cd");
    Ok(())
}

#[test]
fn borders_have_names() {
    for border in BORDERS {
        assert_eq!(border.to_string().parse(), Ok(border));
    }
    let error = "row".parse::<Border>().map_err(|error| error.to_string());
    assert_eq!(error, Err("unknown border `row`; expected `word`, `sentence` or `line`".to_owned()));
}

/// A stop at the beginning of a line belongs to the sentence before it, and to the word after it.
#[test]
fn the_words_of_a_cut_are_those_in_its_span() -> Result<(), Box<dyn std::error::Error>> {
    let options = PassageOptions::new().min_words(5)?;
    let mut index = Passages::with_options(&options);
    index.dedup(Text { id: "a", text: "one two three four five\n\u{3002}six" }, Border::Sentence)?;
    let text = "one two three four five\n\u{3002}six seven eight nine ten.";
    let cut = index.dedup(Text { id: "b", text }, Border::Sentence)?;
    assert_eq!(cut.apply(), "six seven eight nine ten.");
    assert_eq!(cut.removals()[0].words(), 5);
    assert_eq!(index.query("six seven eight nine ten.")?.passages().len(), 1);

    // A sentence may be a part of the signs around one word.
    let mut index = Passages::with_options(&PassageOptions::new().min_words(3)?);
    let with = |first: &str, last: &str| {
        format!("{first} \u{3002}six\u{3002}\u{266A}\u{266A} two three four {last}")
    };
    index.dedup(Text { id: "a", text: &with("one", "five") }, Border::Sentence)?;
    assert!(index.dedup(Text { id: "b", text: &with("nine", "ten") }, Border::Sentence)?.is_empty());

    // Four words are too few.
    let mut index = Passages::with_options(&options);
    let four = "\u{7532}\u{4E59}\u{4E19}\u{4E01}\n\u{3002}\u{5DF1}";
    index.dedup(Text { id: "a", text: four }, Border::Sentence)?;
    let text = format!("{four}\u{5E9A}\u{8F9B}\u{58EC}\u{7678}\u{3002}");
    assert!(index.dedup(Text { id: "b", text: &text }, Border::Sentence)?.is_empty());
    Ok(())
}
