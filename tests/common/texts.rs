//! Strategies for texts in which things repeat.

use proptest::prelude::*;

/// Lines that are equal in one form and different in another, in several scripts, some without a letter.
pub const LINES: [&str; 20] = [
    "a",
    "A",
    "b",
    "b b",
    "b  b",
    "c\u{301}",
    "\u{107}",
    "\u{FF41}",
    "It rained.",
    "it  RAINED.",
    "\u{201C}So.\u{201D}",
    "\"So.\"",
    "* * *",
    "!!!",
    "\u{4F60}\u{597D}\u{3002}",
    "\u{645}\u{631}\u{62D}\u{628}\u{627}",
    "\u{928}\u{92E}\u{938}\u{94D}\u{924}\u{947}",
    "3 July",
    "x\u{200B}y",
    "xy",
];

const SEPARATORS: [&str; 16] = [
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    " \n",
    "\n\t",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\n\u{200B}\n",
    " \r\n \n",
];

/// Text of a few lines out of few, with every kind of separator, often with a block of it again.
pub fn text() -> impl Strategy<Value = String> {
    let line = (0_usize..LINES.len(), prop::sample::select(SEPARATORS.to_vec()));
    let lines = prop::collection::vec(line, 0..14);
    let kinds = prop_oneof![Just(2_usize), Just(4), Just(LINES.len())];
    let edge = prop::sample::select(vec!["", "", "", "\n", " ", "\r\n\r\n", "\u{FEFF}"]);
    (lines, kinds, 0_usize..14, 0_usize..3, edge.clone(), edge).prop_map(
        |(lines, kinds, from, again, before, after)| {
            let mut lines = lines;
            let block: Vec<_> = lines.iter().skip(from).cloned().collect();
            (0..again).for_each(|_| lines.extend(block.iter().cloned()));
            let mut text = String::from(before);
            for (i, (line, separator)) in lines.iter().enumerate() {
                text.push_str(LINES[line % kinds]);
                if i + 1 < lines.len() {
                    text.push_str(separator);
                }
            }
            text + after
        },
    )
}

/// Sentences and words, with and without spaces between them.
pub fn prose() -> impl Strategy<Value = String> {
    let words = vec![
        "a",
        "b",
        "A",
        "Oh",
        "sea",
        "don't",
        "3.5",
        ".",
        "!",
        "?",
        ",",
        "...",
        "\u{3002}",
        "\u{4F60}",
        "\u{597D}",
        "\u{30A2}",
        "\u{30A4}",
        "\u{E01}\u{E32}",
        "\u{1F1E6}",
        "\u{1F468}\u{200D}\u{1F469}",
        "\u{301}",
        "\u{200B}",
        "(",
        "\"",
        "\u{5D0}",
        "_",
        "7",
    ];
    let gaps = vec!["", "", " ", " ", "  ", "\n", "\n\n", "\u{A0}", "\r\n"];
    let pair = (prop::sample::select(words), prop::sample::select(gaps));
    (prop::collection::vec(pair, 0..24), 0_usize..24, 0_usize..3).prop_map(|(pairs, from, again)| {
        let mut pairs = pairs;
        let block: Vec<_> = pairs.iter().skip(from).copied().collect();
        (0..again).for_each(|_| pairs.extend(block.iter().copied()));
        pairs.into_iter().flat_map(|(word, gap)| [word, gap]).collect()
    })
}
