//! Made-up stories and edits of them, the same in every run.

#![allow(dead_code, reason = "not every test uses everything")]

/// A generator of numbers that is the same everywhere (SplitMix64).
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 11) as usize % n.max(1)
    }
}

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

/// A word: common ones are short and frequent.
fn word(numbers: &mut Numbers) -> String {
    let rank = numbers.below(100) * numbers.below(100);
    let mut spelling = Numbers::new(rank as u64);
    (0..2 + rank.checked_ilog2().unwrap_or(0) as usize / 2 + spelling.below(4))
        .map(|_| char::from(LETTERS[spelling.below(LETTERS.len())]))
        .collect()
}

/// A story of so many words, in sentences.
pub fn story(numbers: &mut Numbers, words: usize) -> String {
    let mut text = String::new();
    for number in 0..words {
        let word = word(numbers);
        let starts = text.is_empty() || text.ends_with(". ");
        text.extend(word.chars().take(1).map(|c| if starts { c.to_ascii_uppercase() } else { c }));
        text.push_str(&word[1..]);
        text.push_str(match numbers.below(12) {
            _ if number + 1 == words => ".",
            0 => ". ",
            1 => ", ",
            _ => " ",
        });
    }
    text
}

/// An edit of a text: words put in, taken out, replaced; a block moved; something in front; the end cut off.
pub fn edit(numbers: &mut Numbers, text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let len = words.len();
    match numbers.below(7) {
        0 => (0..1 + len / 60).for_each(|_| words.insert(numbers.below(len), word(numbers))),
        1 => (0..1 + len / 60).for_each(|_| drop(words.remove(numbers.below(words.len())))),
        2 => (0..1 + len / 60).for_each(|_| words[numbers.below(len)] = word(numbers)),
        3 => words.rotate_left(numbers.below(len / 4)),
        4 => words.insert(0, "Update:".to_owned()),
        5 => words.splice(0..0, story(numbers, len / 10).split(' ').map(str::to_owned)).for_each(drop),
        _ => words.truncate(len - len / 8),
    }
    words.join(" ")
}

/// So many texts, every third an edit of an earlier one.
pub fn edited(numbers: &mut Numbers, texts: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for number in 0..texts {
        let len = 100 + numbers.below(300);
        let next = if number % 3 == 2 {
            let text = all[numbers.below(all.len())].clone();
            edit(numbers, &text)
        } else {
            story(numbers, len)
        };
        all.push(next);
    }
    all
}
