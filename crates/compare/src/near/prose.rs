//! Generated prose that resembles English, as lists of words that can be edited.

use std::collections::HashSet;

use refrain_testkit::frozen::{Mmix, SCRIPTS, prose};

/// A word and the characters after it.
#[derive(Clone, Copy)]
pub struct Token {
    word: usize,
    stop: &'static str,
}

impl Token {
    pub fn ends_line(self) -> bool {
        self.stop.ends_with('\n')
    }
}

/// Generates prose, the same in every run, with a vocabulary of its own.
pub struct Writer {
    pub numbers: Mmix,
    vocabulary: Vec<String>,
}

/// The binary logarithm of the number of words. With a power of two, the frequency of the word of
/// rank r is about proportional to 1 / r.
const LOG_WORDS: usize = 13;

impl Writer {
    /// Creates a writer whose vocabulary is that of the generated prose of the benches.
    pub fn new() -> Self {
        let prose = prose(&SCRIPTS[0], 200_000).to_lowercase();
        let mut seen = HashSet::new();
        let words = prose.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let mut vocabulary: Vec<String> =
            words.filter(|word| seen.insert(*word)).map(str::to_owned).collect();
        assert!(vocabulary.len() >= 1 << LOG_WORDS);
        vocabulary.truncate(1 << LOG_WORDS);
        Self { numbers: Mmix::new(7), vocabulary }
    }

    /// Returns a random number from `least` to `most`.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.numbers.below(most - least + 1)
    }

    /// Returns a random word.
    pub fn word(&mut self) -> usize {
        let below = 1 << self.between(0, LOG_WORDS);
        self.numbers.below(below)
    }

    /// Replaces the word of a token by a random word.
    pub fn another(&mut self, token: Token) -> Token {
        Token { word: self.word(), ..token }
    }

    /// Returns a random word that does not end a sentence.
    pub fn inserted(&mut self) -> Token {
        Token { word: self.word(), stop: " " }
    }

    /// Returns a line of 4 to 10 words without a period.
    pub fn title(&mut self) -> Vec<Token> {
        let words = self.between(4, 10);
        self.words(words, "\n")
    }

    /// Returns paragraphs with `words` words in all.
    pub fn paragraphs(&mut self, words: usize) -> Vec<Token> {
        let mut text = Vec::with_capacity(words);
        while text.len() < words {
            let left = words - text.len();
            let sentence = self.between(5, 25).min(left);
            let last = sentence == left || self.numbers.below(5) == 0;
            text.extend(self.words(sentence, if last { ".\n" } else { ". " }));
        }
        text
    }

    fn words(&mut self, words: usize, end: &'static str) -> Vec<Token> {
        let mut text = Vec::with_capacity(words);
        for i in 1..=words {
            let comma = self.numbers.below(9) == 0;
            let stop = if i == words {
                end
            } else if comma {
                ", "
            } else {
                " "
            };
            text.push(Token { word: self.word(), stop });
        }
        text
    }

    /// Returns the text of `tokens`, with a capital letter at the start of each sentence.
    pub fn print(&self, tokens: &[Token]) -> String {
        let mut text = String::new();
        let mut begins = true;
        for token in tokens {
            let word = &self.vocabulary[token.word];
            let (first, rest) = word.split_at(1);
            text.push_str(&if begins { first.to_uppercase() } else { first.into() });
            text.push_str(rest);
            text.push_str(token.stop);
            begins = token.ends_line() || token.stop == ". ";
        }
        text
    }
}
