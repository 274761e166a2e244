//! Texts with much repetition, which few random bytes spell.

/// The length in bytes after which a text is not continued.
const MAX_LEN: usize = 4_000;

/// Pieces with which rules, guards, keys and normalizers are concerned.
const PIECES: [&str; 64] = [
    "a",
    "b",
    "The ferry",
    " sails again on Monday",
    ", after two winters in dock",
    "The first crossing left at nine, with bicycles on board and one goat.",
    "Tickets cost as much as before, and dogs travel for nothing.",
    "Nobody asked the keeper of the lighthouse, who was asleep.",
    "Harbor",
    "Imprint",
    "Timetable and map",
    "Section 1",
    "Section 2",
    "What is a ferry?",
    "Note:",
    "# ",
    "- ",
    "* ",
    "> ",
    "> > ",
    "12. ",
    "7) ",
    "10:15 ",
    "[00:01:13] ",
    "00:01:13,120 --> 00:01:16,480",
    "2031-04-02 12:01:04 ",
    "1",
    "2",
    "17.50",
    "42 km",
    " | ",
    "\t",
    "    let x = 1;",
    "fn main() {",
    "}",
    "\"quoted\"",
    "\u{201C}quoted\u{201D}",
    "\u{AB}cit\u{E9}\u{BB}",
    "CAF\u{C9}",
    "cafe\u{301}",
    "Stra\u{DF}e",
    "STRASSE",
    "\u{FB01}ne",
    "la la la",
    "ha",
    "and then ",
    "...",
    "\u{2026}",
    "!",
    "?",
    ". ",
    "\u{6E21}\u{3057}\u{8239}\u{306F}\u{6708}\u{66DC}\u{65E5}\u{306B}\u{51FA}\u{308B}\u{3002}",
    "\u{41F}\u{430}\u{440}\u{43E}\u{43C} \u{438}\u{434}\u{451}\u{442} \u{434}\u{43E}\u{43C}\u{43E}\u{439}.",
    "\u{645}\u{64F}\u{62D}\u{64E}\u{645}\u{640}\u{651}\u{64E}\u{62F}",
    "\u{E40}\u{E23}\u{E37}\u{E2D}",
    "\u{915}\u{94D}\u{937}",
    "\u{1F469}\u{200D}\u{1F467}",
    "\u{1F1E6}\u{1F1E7}",
    "&amp;",
    "&#38;",
    "e&#769;",
    "\u{AC00}\u{1100}\u{1161}",
    "\u{C}",
    "Mr. Smith et al. said so.",
];

const SEPARATORS: [&str; 16] = [
    " ", " ", " ", " ", "\n", "\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\n \n", "\u{2028}", "\u{85}",
    "\u{A0}",
];

const SIGNS: [char; 16] = [
    '\u{301}',
    '\u{308}',
    '\u{345}',
    '\u{200B}',
    '\u{200D}',
    '\u{FEFF}',
    '\u{AD}',
    '\0',
    '\u{130}',
    '\u{3A3}',
    '\u{1F1E6}',
    '\u{600}',
    '\u{FFFD}',
    '\u{10FFFF}',
    '\u{378}',
    '\u{660}',
];

/// Returns the text of an input.
///
/// An input that does not begin with a continuation byte of UTF-8 is the text itself, except for
/// the bytes that are no UTF-8. Behind such a byte, each byte appends something:
///
/// | byte | appends |
/// |---|---|
/// | 0 to 7F | a piece of a list |
/// | 80 to 8F | a separator |
/// | 90 to EF | the last 1 to 96 things that were appended, once more |
/// | F0 to FF | a sign that is difficult to handle |
pub fn text(input: &[u8]) -> String {
    let Some((0x80..=0xBF, bytes)) = input.split_first() else {
        return String::from_utf8_lossy(input).into_owned();
    };
    let mut text = String::new();
    let mut starts = Vec::new();
    for byte in bytes {
        if text.len() > MAX_LEN {
            break;
        }
        let before = text.len();
        match byte {
            0..0x80 => text.push_str(PIECES[usize::from(*byte) % PIECES.len()]),
            0x80..0x90 => text.push_str(SEPARATORS[usize::from(byte - 0x80)]),
            0x90..0xF0 => {
                let first = starts.len().saturating_sub(usize::from(byte - 0x90) + 1);
                let Some(start) = starts.get(first).copied() else { continue };
                let again: Vec<usize> = starts[first..].iter().map(|at| at - start + before).collect();
                text.extend_from_within(start..);
                starts.extend(again);
                continue;
            }
            0xF0.. => text.push(SIGNS[usize::from(byte - 0xF0)]),
        }
        starts.push(before);
    }
    text
}
