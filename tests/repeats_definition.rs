//! Repeats are those of the definition, at any place and in any number.

mod common;

use common::every_form;
use proptest::prelude::*;
use refrain::{Document, Normalization, Options};
use refrain_testkit::canonical::canonical;
use refrain_testkit::{oracle, texts};

fn forms(doc: &Document<'_>, form: Normalization) -> Vec<String> {
    doc.segments().map(|segment| canonical(segment.text(), &form.to_string())).collect()
}

fn found(doc: &Document<'_>) -> Vec<oracle::Family> {
    let interval = |occurrence: refrain::repeats::Occurrence| {
        let segments = occurrence.segments();
        let span = |i: usize| doc.segment(i).expect("it is one of the document").span();
        assert_eq!(occurrence.span().start(), span(segments.start).start());
        assert_eq!(occurrence.span().end(), span(segments.end - 1).end());
        (segments.start, segments.end)
    };
    let repeats = doc.repeats();
    let families = repeats.families().map(|family| {
        let all: Vec<_> = family.occurrences().map(interval).collect();
        assert_eq!(all.len(), family.count());
        assert_eq!(all.first(), Some(&interval(family.original())));
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        oracle::Family {
            original: interval(family.original()),
            copies: family.copies().map(interval).collect(),
            count: family.count(),
        }
    });
    families.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn families_are_what_the_definition_says(text in texts::text()) {
        for form in every_form() {
            let doc = Document::with_options(&text, &Options::new().normalization(form));
            prop_assert_eq!(found(&doc), oracle::families(&forms(&doc, form)), "{}", form);
        }
    }

    #[test]
    fn copies_are_sound_and_complete_and_cover_what_is_not_first(text in texts::text()) {
        let doc = Document::new(&text);
        let forms = forms(&doc, Normalization::TEXT);
        let repeats = doc.repeats();
        let mut covered = vec![false; forms.len()];
        let mut copies = Vec::new();
        for family in &repeats {
            for copy in family.copies() {
                let original = family.original().segments();
                prop_assert_eq!(&forms[original], &forms[copy.segments()]);
                covered[copy.segments()].fill(true);
                copies.push(copy.segments());
            }
        }
        for (i, form) in forms.iter().enumerate() {
            prop_assert_eq!(covered[i], forms[..i].contains(form));
        }
        // Complete: every equal pair lies inside copies that touch, which together are one copy.
        for copy in oracle::copies(&forms) {
            prop_assert!((copy.0..copy.1).all(|i| covered[i]));
        }
        // Unnested: what is reported is a copy that lies in no other, or a piece of one.
        let pieces = |copy| oracle::pieces(&forms, copy);
        let all: Vec<_> = oracle::copies(&forms).into_iter().flat_map(pieces).collect();
        prop_assert_eq!(copies.len(), all.len());
        prop_assert!(copies.iter().all(|copy| all.contains(&(copy.start, copy.end))));
    }
}

#[test]
fn the_ways_in_which_paragraphs_come_again() {
    type Family<'a> = (usize, usize, &'a [usize]);
    let cases: [(&str, &str, &[Family<'_>]); 9] = [
        ("adjacent", "p p", &[(0, 1, &[1])]),
        ("far", "p a b c p", &[(0, 1, &[4])]),
        ("interleaved", "p q p q", &[(0, 2, &[2])]),
        ("overlapping", "a a a a", &[(0, 1, &[1, 2, 3])]),
        ("a period", "a b c a b c a b c", &[(0, 3, &[3, 6])]),
        ("a period and a half", "a b a b a", &[(0, 1, &[4]), (0, 2, &[2])]),
        ("one in the other", "a b c d e f X c d Y a b c d e f", &[(0, 6, &[10]), (2, 2, &[7])]),
        ("doubled in place", "a a b b c c", &[(0, 1, &[1]), (2, 1, &[3]), (4, 1, &[5])]),
        ("three times with others between", "p q x p q y p q", &[(0, 2, &[3, 6])]),
    ];
    for (name, words, expected) in cases {
        let text = words.replace(' ', "\n");
        let doc = Document::new(&text);
        let families: Vec<_> = found(&doc)
            .into_iter()
            .map(|f| {
                (f.original.0, f.original.1 - f.original.0, f.copies.iter().map(|c| c.0).collect::<Vec<_>>())
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(i, len, copies)| (*i, *len, copies.to_vec())).collect();
        assert_eq!(families, expected, "{name}");
    }
}

/// Takes all items, and checks at every step that the iterator knows how many are left.
fn counted<I: ExactSizeIterator>(mut items: I) -> usize {
    let all = items.len();
    for taken in 0..all {
        assert_eq!(items.size_hint(), (all - taken, Some(all - taken)));
        assert!(items.next().is_some());
    }
    assert_eq!(items.size_hint(), (0, Some(0)));
    assert!(items.next().is_none());
    all
}

#[test]
fn iterators_know_how_many_are_left() {
    let text = "a\nb\na\nc\nb\na\nb";
    let doc = Document::new(text);
    let repeats = doc.repeats();
    assert!(!repeats.is_empty() && Document::new("a\nb").repeats().is_empty());
    assert_eq!(counted(doc.segments()), 7);
    assert_eq!(counted(repeats.families()), 3);
    let copies: Vec<_> = repeats.families().map(|family| counted(family.copies())).collect();
    let all: Vec<_> = repeats.families().map(|family| counted(family.occurrences())).collect();
    assert_eq!((copies, all), (vec![1, 1, 1], vec![3, 2, 2]));
    let cleaner = refrain::Cleaner::new().policy(refrain::Policy::drop_all());
    assert_eq!(counted(cleaner.edits_of(&doc).iter()), 4);
}

/// A maximal run of a unit in direct succession: where it starts and ends, and the length of its
/// unit.
type TandemRun = (usize, usize, usize);

/// All runs by their definition: intervals of two periods or more that have that period, none
/// shorter, and that cannot be longer.
fn tandem_runs<T: PartialEq>(ids: &[T]) -> Vec<TandemRun> {
    let mut runs = Vec::new();
    for start in 0..ids.len() {
        for period in 1..=(ids.len() - start) / 2 {
            let equal = (start..ids.len() - period).take_while(|i| ids[*i] == ids[i + period]).count();
            let end = start + period + equal;
            let is_left_end = start == 0 || ids[start - 1] != ids[start - 1 + period];
            let is_shortest = (1..period).all(|p| (start..end - p).any(|i| ids[i] != ids[i + p]));
            if equal >= period && is_left_end && is_shortest {
                runs.push((start, end, period));
            }
        }
    }
    runs
}

fn text_of(lines: &[u8]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Lines out of few, with parts that come again, some of them with lines inserted or left out.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let lines = (1_u8..40).prop_flat_map(|n| prop::collection::vec(0..n, 0..50));
    let again = prop::collection::vec((0_usize..50, 1_usize..20, 0_usize..12, any::<bool>()), 0..5);
    (lines, again).prop_map(|(mut lines, again)| {
        for (from, len, other, is_left_out) in again {
            let mut part: Vec<u8> = lines.iter().skip(from).take(len).copied().collect();
            if other < part.len() {
                if is_left_out {
                    part.remove(other);
                } else {
                    part.insert(other, 99);
                }
            }
            lines.extend(part);
        }
        lines
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn tandems_are_what_the_definition_says(lines in lines(), text in texts::text()) {
        let text_of_lines = text_of(&lines);
        for text in [text_of_lines, text] {
            let doc = Document::new(&text);
            let forms = forms(&doc, Normalization::TEXT);
            let tandems = doc.repeats().tandems();
            let found: Vec<TandemRun> = tandems
                .iter()
                .map(|tandem| {
                    let (unit, all) = (tandem.unit().segments(), tandem.segments());
                    let span = |i: usize| doc.segment(i).expect("it is one of the document").span();
                    assert_eq!((unit.start, tandem.count()), (all.start, all.len() / unit.len()));
                    assert_eq!(tandem.unit().span().start(), span(unit.start).start());
                    assert_eq!(tandem.unit().span().end(), span(unit.end - 1).end());
                    assert_eq!(tandem.span().start(), span(all.start).start());
                    assert_eq!(tandem.span().end(), span(all.end - 1).end());
                    (all.start, all.end, unit.len())
                })
                .collect();
            prop_assert_eq!(found, tandem_runs(&forms));
            prop_assert!(tandems.len() < doc.len().max(1));
        }
    }

    /// Blocks are sound, in order and apart from each other, have no hole that is too wide, and
    /// list no repetition inside a tandem repeat. Each segment that equals an earlier one is in a
    /// copy, unless it is frequent.
    #[test]
    fn blocks_are_sound_and_complete(lines in lines()) {
        let text = text_of(&lines);
        let doc = Document::new(&text);
        let runs = tandem_runs(&lines);
        let is_tandem = |source: usize, copy: usize| {
            runs.iter().any(|(start, end, period)| *start <= source && copy < *end && (copy - source) % period == 0)
        };
        let blocks = doc.repeats().blocks();
        let mut copied = vec![false; lines.len()];
        let mut first_copy = 0;
        for block in &blocks {
            let (original, copy) = (block.original().segments(), block.copy().segments());
            prop_assert!(original.end <= copy.start, "{:?} reaches into its original", block);
            prop_assert!(first_copy <= copy.start, "blocks are in order");
            first_copy = copy.start;
            let runs: Vec<_> = block.runs().collect();
            let pairs = runs.iter().flat_map(|run| run.original().segments().zip(run.copy().segments()));
            let pairs: Vec<_> = pairs.collect();
            let (first, last) = (pairs[0], pairs[pairs.len() - 1]);
            prop_assert_eq!((original.start, original.end), (first.0, last.0 + 1));
            prop_assert_eq!((copy.start, copy.end), (first.1, last.1 + 1));
            prop_assert_eq!((pairs.len(), block.count(), block.is_tandem()), (block.len(), 2, false));
            for (source, copy) in &pairs {
                prop_assert_eq!(lines[*source], lines[*copy]);
                prop_assert!(!is_tandem(*source, *copy), "{} and {} are in one tandem repeat", source, copy);
                prop_assert!(!std::mem::replace(&mut copied[*copy], true), "{} is in two copies", copy);
            }
            for pair in pairs.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0 && pair[1].0 - pair[0].0 <= 8);
                prop_assert!(pair[0].1 < pair[1].1 && pair[1].1 - pair[0].1 <= 8);
            }
            // Runs are as long as can be, and holes are all that is between them.
            let holes: Vec<_> = block.holes().collect();
            prop_assert_eq!(holes.len() + 1, runs.len());
            for (hole, pair) in holes.iter().zip(runs.windows(2)) {
                prop_assert_eq!(hole.original(), pair[0].original().segments().end..pair[1].original().segments().start);
                prop_assert_eq!(hole.copy(), pair[0].copy().segments().end..pair[1].copy().segments().start);
                prop_assert!(!hole.original().is_empty() || !hole.copy().is_empty());
            }
            prop_assert!(block.coverage() > 0.0 && block.coverage() <= 1.0 && block.share() <= 1.0);
            prop_assert_eq!(block.is_adjacent(), original.end == copy.start);
        }
        for copy in 0..lines.len() {
            let earlier: Vec<usize> = (0..copy).filter(|source| lines[*source] == lines[copy]).collect();
            let has_source = earlier.iter().any(|source| !is_tandem(*source, copy));
            prop_assert!(!has_source || copied[copy] || earlier.len() > 4, "{} is in no copy of {:?}", copy, blocks);
            prop_assert!(has_source || !copied[copy]);
        }
    }

    /// A body that comes again is one block, with an advertisement or nothing in place of some of
    /// its lines.
    #[test]
    fn a_body_that_comes_again_is_one_block(
        body in 2_usize..40,
        changes in prop::collection::vec(0_usize..4, 12),
        between in 0_usize..30,
    ) {
        let line = |n: usize| format!("Line {n} of the body says something of its own.\n");
        let copied = |n: usize| match changes[n / 3 % changes.len()] {
            // The first and the last line of the body stay.
            _ if n % 3 != 1 || n + 1 == body => line(n),
            0 => String::new(),
            1 => format!("Advertisement {n}\n"),
            2 => format!("Advertisement {n}\n{}", line(n)),
            _ => line(n),
        };
        let (original, copy): (String, String) = ((0..body).map(line).collect(), (0..body).map(copied).collect());
        let other: String = (0..between).map(|n| format!("Something else, number {n}.\n")).collect();
        let text = format!("A title\n{original}Between\n{other}{copy}");
        let doc = Document::new(&text);
        let blocks = doc.repeats().blocks();
        prop_assert_eq!(blocks.len(), 1, "{}", text);
        prop_assert_eq!(blocks[0].original().segments(), 1..body + 1);
        prop_assert_eq!(blocks[0].copy().segments(), body + between + 2..doc.len());
        prop_assert_eq!(blocks[0].len(), copy.matches("Line").count());
    }
}

/// From and to of the original and of the copy, and the holes.
type Expected = (usize, usize, usize, usize, &'static str);

/// What a block is, hole by hole.
#[test]
fn blocks_of_known_texts() {
    // Letters are segments; a block is its original, its copy, and its holes.
    let cases: [(&str, &str, &[Expected]); 8] = [
        ("a body and its copy", "abcd.abcd", &[(0, 4, 5, 9, "")]),
        ("directly behind itself, which is a tandem repeat", "abcdabcd", &[]),
        ("three times, which is one too", "abcabcabc", &[]),
        ("a teaser in the copy", "abcdXYabZcd", &[(0, 4, 6, 11, "1 inserted")]),
        ("a paragraph left out", "abcdeXabde", &[(0, 5, 6, 10, "1 missing")]),
        ("another heading", "abcdeXabYde", &[(0, 5, 6, 11, "1 replaced by 1")]),
        ("three times with others between", "abcXabcYabc", &[(0, 3, 4, 7, ""), (4, 7, 8, 11, "")]),
        ("far apart", "abXcdefghij0123456789abklmnopqrs", &[(0, 2, 21, 23, "")]),
    ];
    for (name, letters, expected) in cases {
        let text: String = letters.chars().map(|c| format!("Line {c} of the text.\n")).collect();
        let doc = Document::new(&text);
        let blocks: Vec<_> = doc
            .repeats()
            .blocks()
            .iter()
            .map(|block| {
                let (original, copy) = (block.original().segments(), block.copy().segments());
                let holes: Vec<String> = block.holes().map(|hole| hole.to_string()).collect();
                (original.start, original.end, copy.start, copy.end, holes.join(", "))
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(a, b, c, d, holes)| (*a, *b, *c, *d, (*holes).to_owned())).collect();
        assert_eq!(blocks, expected, "{name}");
    }
}

/// Two neighbors of a block have at most seven segments between them, on either side.
#[test]
fn a_hole_of_seven_segments_is_bridged_and_one_of_eight_is_not() {
    let [a, b] = ["The ferry sails again on Monday at nine.", "Nobody had thought that it would."];
    for between in 1..=9 {
        let short: Vec<String> = (0..between).map(|i| format!("{i}")).collect();
        let (apart, together) = (format!("{a}\n{}\n{b}", short.join("\n")), format!("{a}\n{b}"));
        for text in [format!("{together}\n-\n{apart}"), format!("{apart}\n-\n{together}")] {
            let document = Document::new(&text);
            let repeats = document.repeats();
            let is_one = repeats.blocks().iter().any(|block| block.runs().count() == 2);
            assert_eq!(is_one, between <= 7, "{between} segments in {text:?}");
        }
    }
}
