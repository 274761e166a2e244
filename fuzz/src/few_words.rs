//! Texts of few words, in which passages are frequent.

/// The number of words after which a text is not continued.
const MAX_WORDS: usize = 400;

const WORDS: [&str; 5] = ["a", "Ferry", "caf\u{C9}s", "\u{6F22}", "9"];
const GAPS: [&str; 8] = [" ", " ", " ", "\n", ", ", ". ", "-", " (  "];

/// Returns the texts of an input.
///
/// | byte | appends |
/// |---|---|
/// | 0 to 7F | a word, and a gap before it |
/// | 80 to DF | four words, copied from the place so many words before |
/// | E0 to FF | the end of a text |
pub fn few_words(input: &[u8]) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut words: Vec<usize> = Vec::new();
    for byte in input {
        let last = texts.len() - 1;
        let from = words.len();
        match usize::from(*byte) {
            word @ ..0x80 => words.push(word % (WORDS.len() * GAPS.len())),
            back @ 0x80..0xE0 => {
                let start = from.saturating_sub(4 * (back - 0x80) + 1);
                words.extend_from_within(start..from.min(start + 4));
            }
            _ => texts.push(String::new()),
        }
        for word in &words[from..] {
            texts[last].push_str(GAPS[word % GAPS.len()]);
            texts[last].push_str(WORDS[word / GAPS.len()]);
        }
        if words.len() > MAX_WORDS {
            break;
        }
    }
    texts
}
