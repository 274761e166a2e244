//! Generated stories and edits of them.

use crate::Random;

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

/// Returns a word. Common words are short and frequent.
fn word(random: &mut Random) -> String {
    let rank = random.below(100) * random.below(100);
    let mut spelling = Random::new(rank as u64);
    (0..2 + rank.checked_ilog2().unwrap_or(0) as usize / 2 + spelling.below(4))
        .map(|_| char::from(LETTERS[spelling.below(LETTERS.len())]))
        .collect()
}

/// Returns a story of `words` words, in sentences.
pub fn story(random: &mut Random, words: usize) -> String {
    let mut text = String::new();
    for number in 0..words {
        let word = word(random);
        let starts = text.is_empty() || text.ends_with(". ");
        text.extend(word.chars().take(1).map(|c| if starts { c.to_ascii_uppercase() } else { c }));
        text.push_str(&word[1..]);
        text.push_str(match random.below(12) {
            _ if number + 1 == words => ".",
            0 => ". ",
            1 => ", ",
            _ => " ",
        });
    }
    text
}

/// Returns an edit of a text: words are inserted, deleted or replaced, a part is moved, a word or a
/// passage is put in front, or the end is cut off.
pub fn edit(random: &mut Random, text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let len = words.len();
    match random.below(7) {
        0 => (0..1 + len / 60).for_each(|_| words.insert(random.below(len), word(random))),
        1 => (0..1 + len / 60).for_each(|_| drop(words.remove(random.below(words.len())))),
        2 => (0..1 + len / 60).for_each(|_| words[random.below(len)] = word(random)),
        3 => words.rotate_left(random.below(len / 4)),
        4 => words.insert(0, "Update:".to_owned()),
        5 => words.splice(0..0, story(random, len / 10).split(' ').map(str::to_owned)).for_each(drop),
        _ => words.truncate(len - len / 8),
    }
    words.join(" ")
}

/// Returns `texts` texts, of which every third is an edit of an earlier one.
pub fn edited(random: &mut Random, texts: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for number in 0..texts {
        let len = 100 + random.below(300);
        let next = if number % 3 == 2 {
            let text = all[random.below(all.len())].clone();
            edit(random, &text)
        } else {
            story(random, len)
        };
        all.push(next);
    }
    all
}
