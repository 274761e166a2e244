//! English-like prose as a list of words, so that it can be edited.

use std::collections::HashSet;

use crate::common::{self, Numbers, SCRIPTS};

/// A word and what follows it.
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

/// Writes prose in a vocabulary of its own, the same in every run.
pub struct Writer {
    pub numbers: Numbers,
    vocabulary: Vec<String>,
}

/// A power of two: the word of rank `r` is then about as frequent as 1 / `r`.
const LOG_WORDS: usize = 13;

impl Writer {
    /// The words are those of the benches, each once.
    pub fn new() -> Self {
        let prose = common::prose(&SCRIPTS[0], 200_000).to_lowercase();
        let mut seen = HashSet::new();
        let words = prose.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let mut vocabulary: Vec<String> =
            words.filter(|word| seen.insert(*word)).map(str::to_owned).collect();
        assert!(vocabulary.len() >= 1 << LOG_WORDS);
        vocabulary.truncate(1 << LOG_WORDS);
        Self { numbers: Numbers(7), vocabulary }
    }

    /// A number from `least` to `most`.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.numbers.below(most - least + 1)
    }

    pub fn word(&mut self) -> usize {
        let below = 1 << self.between(0, LOG_WORDS);
        self.numbers.below(below)
    }

    /// The same place in the text, another word.
    pub fn another(&mut self, token: Token) -> Token {
        Token { word: self.word(), ..token }
    }

    /// A word in the middle of a sentence.
    pub fn inserted(&mut self) -> Token {
        Token { word: self.word(), stop: " " }
    }

    /// A line of a few words without a full stop.
    pub fn title(&mut self) -> Vec<Token> {
        let words = self.between(4, 10);
        self.words(words, "\n")
    }

    /// Paragraphs of sentences, `words` in all.
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

    /// The text as it is read, with capitals.
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
