//! Strategies for texts in which things repeat.

use proptest::prelude::*;

/// Lines that are equal in one form and different in another, in several scripts, some without a
/// letter.
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

/// Returns texts of a few different lines, with all kinds of separators, often with a part twice.
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

/// Returns texts of sentences and words, with and without spaces between them.
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

/// Sentences in several scripts: some have the same beginning, one has a number, one is short, and
/// one has no full stop.
pub const SENTENCES: [&str; 24] = [
    "The harbor ferry sails again on Monday, with more bicycles than cars on board.",
    "The harbor ferry sails again on Tuesday, and tickets cost what they cost before.",
    "Nobody on the quay had thought that anyone would paint the old boat blue!",
    "By noon half of the town was on board, and the other half stood on the pier.",
    "\u{201C}We had stopped waiting,\u{201D} said the harbor master, who had waited longest of all.",
    "Who would pay for the new engine, and when?",
    "It rained.",
    "The council meets in 14 days to talk about the lighthouse and its keeper.",
    "An old man sold apples beside the gangway, as he had in every summer since the war.",
    "Children counted gulls until there were none left to count on the whole roof.",
    "Read more about the ferry and the people who built it",
    "Its bell is older than the boat: it hung in a chapel that the sea took long ago.",
    "Le bac \u{E9}tait d\u{E9}j\u{E0} parti quand le ma\u{EE}tre d'\u{E9}cole arriva enfin sur la jet\u{E9}e.",
    "Der F\u{E4}hrmann gr\u{FC}\u{DF}te alle, die er kannte, und die anderen gr\u{FC}\u{DF}te er auch.",
    "\u{41F}\u{430}\u{440}\u{43E}\u{43C} \u{441}\u{43D}\u{43E}\u{432}\u{430} \u{445}\u{43E}\u{434}\u{438}\u{442} \u{43F}\u{43E} \u{43F}\u{43E}\u{43D}\u{435}\u{434}\u{435}\u{43B}\u{44C}\u{43D}\u{438}\u{43A}\u{430}\u{43C}, \u{438} \u{431}\u{438}\u{43B}\u{435}\u{442}\u{44B} \u{43F}\u{43E}\u{434}\u{43E}\u{440}\u{43E}\u{436}\u{430}\u{43B}\u{438}.",
    "\u{6E21}\u{8239}\u{661F}\u{671F}\u{4E00}\u{53C8}\u{5F00}\u{4E86}\u{FF0C}\u{8239}\u{4E0A}\u{7684}\u{81EA}\u{884C}\u{8F66}\u{6BD4}\u{6C7D}\u{8F66}\u{8FD8}\u{591A}\u{3002}",
    "\u{6CA1}\u{6709}\u{4EBA}\u{60F3}\u{5230}\u{65E7}\u{8239}\u{4F1A}\u{6F06}\u{6210}\u{84DD}\u{8272}\u{3002}",
    "\u{645}\u{631}\u{62D}\u{628}\u{627} \u{628}\u{643}\u{645} \u{639}\u{644}\u{649} \u{645}\u{62A}\u{646} \u{627}\u{644}\u{639}\u{628}\u{627}\u{631}\u{629} \u{627}\u{644}\u{642}\u{62F}\u{64A}\u{645}\u{629}.",
    "\u{928}\u{93E}\u{935} \u{938}\u{94B}\u{92E}\u{935}\u{93E}\u{930} \u{915}\u{94B} \u{92B}\u{93F}\u{930} \u{91A}\u{932}\u{940}\u{964}",
    "\u{E40}\u{E23}\u{E37}\u{E2D}\u{E02}\u{E49}\u{E32}\u{E21}\u{E1F}\u{E32}\u{E01}\u{E01}\u{E25}\u{E31}\u{E1A}\u{E21}\u{E32}\u{E27}\u{E34}\u{E48}\u{E07}\u{E2D}\u{E35}\u{E01}\u{E04}\u{E23}\u{E31}\u{E49}\u{E07}",
    "Timetable",
    "The keeper of the lighthouse has kept a diary of every storm since he came to the island.",
    "Tickets are sold on the pier, in the shop behind the church, and on board for twice as much.",
    "Dogs travel free, as long as they do not bark at the captain or at his parrot.",
];

/// Returns a sentence, or one that is equal except for case, white space, quotes or Unicode normal
/// form.
fn varied(sentence: &str, variant: usize) -> String {
    match variant {
        7 => sentence.to_uppercase(),
        8 => sentence.replace(' ', "  "),
        9 => crate::canonical::nfd(sentence),
        10 => sentence.replace(' ', "\u{A0}").replace('e', "e\u{200B}"),
        11 => sentence.replace(['\u{201C}', '\u{201D}'], "\""),
        _ => sentence.to_owned(),
    }
}

/// A part of a page.
#[derive(Clone, Debug)]
enum Part {
    /// A sentence in a line of its own.
    Line(usize, usize),
    /// Sentences in one line, some of them repeated after the others.
    Long { sentences: Vec<(usize, usize)>, again: (usize, usize), turns: usize },
    /// A line that is repeated in direct succession.
    Turns(usize, usize),
    /// Words that are repeated in direct succession inside a line, with an incomplete last turn,
    /// and with sentences before and after them.
    Loop { sentences: (usize, usize), words: (usize, usize), turns: usize, rest: usize, variant: usize },
    /// A copy of earlier lines, with lines inserted and lines left out at regular distances.
    Again { from: usize, len: usize, insert: usize, skip: usize, variant: usize },
    /// A heading.
    Heading(usize),
    /// A line that occurs nowhere else.
    New,
}

fn part() -> impl Strategy<Value = Part> {
    let any = 0..SENTENCES.len();
    let sentence = || (0..SENTENCES.len(), 0..12_usize);
    prop_oneof![
        4 => sentence().prop_map(|(n, variant)| Part::Line(n, variant)),
        2 => (prop::collection::vec(sentence(), 2..9), (0..9_usize, 0..9_usize), 0..5_usize)
            .prop_map(|(sentences, again, turns)| Part::Long { sentences, again, turns }),
        1 => (any.clone(), 2..14_usize).prop_map(|(n, turns)| Part::Turns(n, turns)),
        2 => ((any.clone(), any), (0..8_usize, 1..9_usize), 3..15_usize, 0..20_usize, 0..12_usize).prop_map(
            |(sentences, words, turns, rest, variant)| Part::Loop { sentences, words, turns, rest, variant }
        ),
        3 => (0..20_usize, 1..20_usize, 2..12_usize, 2..12_usize, 0..12_usize)
            .prop_map(|(from, len, insert, skip, variant)| Part::Again { from, len, insert, skip, variant }),
        1 => (0..6_usize).prop_map(Part::Heading),
        1 => Just(Part::New),
    ]
}

/// Returns pages: bodies with copies that have more or fewer lines, lines and words in direct
/// succession, long lines with repeated sentences, and headings. Equal parts sometimes differ in
/// case, white space or Unicode normal form.
pub fn page() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec!["\n", "\n", "\n\n", "\r\n", "\n\n"]);
    (prop::collection::vec(part(), 1..14), end, any::<bool>()).prop_map(|(parts, end, ends)| {
        let mut lines: Vec<String> = Vec::new();
        for (number, part) in parts.into_iter().enumerate() {
            add(part, number, &mut lines);
        }
        let text = lines.join(end);
        if ends { text + end } else { text }
    })
}

fn add(part: Part, number: usize, lines: &mut Vec<String>) {
    match part {
        Part::Line(n, variant) => lines.push(varied(SENTENCES[n], variant)),
        Part::Long { sentences, again: (from, len), turns } => {
            let all: Vec<String> =
                sentences.iter().map(|(n, variant)| varied(SENTENCES[*n], *variant)).collect();
            let again: Vec<String> = all.iter().skip(from % all.len()).take(1 + len).cloned().collect();
            let turns = (0..turns).flat_map(|_| again.iter().cloned());
            lines.push(all.iter().cloned().chain(turns).collect::<Vec<_>>().join(" "));
        }
        Part::Turns(n, turns) => lines.extend((0..turns).map(|_| SENTENCES[n].to_owned())),
        Part::Loop { sentences, words: (from, count), turns, rest, variant } => {
            let words: Vec<&str> = SENTENCES[sentences.0].split(' ').collect();
            let turn = words
                .iter()
                .cycle()
                .skip(from)
                .take(count.min(words.len()))
                .copied()
                .collect::<Vec<_>>()
                .join(" ");
            let gap = if turn.is_ascii() { " " } else { "" };
            let mut line = SENTENCES[sentences.1].to_owned();
            for i in 0..turns {
                line.push(' ');
                line.push_str(&varied(&turn, if i % 3 == 1 { variant } else { 0 }));
            }
            line.push_str(gap);
            line.extend(turn.chars().take(rest));
            if rest % 2 == 0 {
                line.push(' ');
                line.push_str(SENTENCES[(sentences.0 + sentences.1) % SENTENCES.len()]);
            }
            lines.push(line);
        }
        Part::Again { from, len, insert, skip, variant } => {
            let from = from % lines.len().max(1);
            let copied: Vec<String> = lines.iter().skip(from).take(len).cloned().collect();
            for (i, line) in copied.into_iter().enumerate() {
                if i % skip != skip - 1 {
                    lines.push(varied(&line, if i % 4 == 1 { variant } else { 0 }));
                }
                if i % insert == insert - 1 {
                    lines.push(format!("Inserted line {i} of part {number}, which is about nothing."));
                }
            }
        }
        Part::Heading(n) => lines.push(format!("Chapter {n}")),
        Part::New => {
            lines.push(format!("This line belongs to part {number} and to no other part of the page."))
        }
    }
}
