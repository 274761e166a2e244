//! The documents that are compared: generated, or from a file.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use super::edits::EDITS;
use super::prose::{Token, Writer};
use super::quality::Truth;

pub struct Documents {
    texts: Vec<String>,
    /// For each document that was generated from an earlier one: the number of that document, and
    /// the name of the edit.
    origins: Vec<Option<(usize, &'static str)>>,
}

/// The number of words that pages of one template share before their own text, and after it.
const FRAME: usize = 100;

impl Documents {
    /// Generates `count` documents. Half of them are new, a twelfth are pages of templates, and the
    /// others are edits of an earlier document.
    pub fn generate(count: usize) -> Self {
        let mut writer = Writer::new();
        let frames: Vec<[Vec<Token>; 2]> =
            (0..=count / 1_000).map(|_| [(); 2].map(|()| writer.paragraphs(FRAME))).collect();
        let mut drafts: Vec<Vec<Token>> = Vec::with_capacity(count);
        let mut origins = Vec::with_capacity(count);
        for number in 0..count {
            let (mut draft, mut origin) = (Vec::new(), None);
            match writer.numbers.below(12) {
                0 => {
                    let [front, back] = &frames[writer.numbers.below(frames.len())];
                    let words = writer.between(60, 200);
                    draft.extend_from_slice(front);
                    draft.extend(writer.paragraphs(words));
                    draft.extend_from_slice(back);
                }
                1..=5 if number > 0 => {
                    let original = writer.numbers.below(number);
                    let (name, edit) = EDITS[writer.numbers.below(EDITS.len())];
                    draft.clone_from(&drafts[original]);
                    edit(&mut writer, &mut draft);
                    origin = Some((original, name));
                }
                _ => {
                    let words = writer.between(200, 600);
                    draft.extend(writer.title());
                    draft.extend(writer.paragraphs(words));
                }
            }
            drafts.push(draft);
            origins.push(origin);
        }
        Self { texts: drafts.iter().map(|draft| writer.print(draft)).collect(), origins }
    }

    /// Reads a file with a document `{"id": …, "text": …}` in each line.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or a line is not such an object.
    pub fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut texts = Vec::new();
        for (i, line) in BufReader::new(File::open(path)?).lines().enumerate() {
            let bad = |cause: String| format!("{}, line {}: {cause}", path.display(), i + 1);
            let document: serde_json::Value = serde_json::from_str(&line?).map_err(|e| bad(e.to_string()))?;
            let text = document["text"]
                .as_str()
                .ok_or_else(|| bad("expected an object with a string `text`".into()))?;
            texts.push(text.to_owned());
        }
        let origins = vec![None; texts.len()];
        Ok(Self { texts, origins })
    }

    pub fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    /// Returns the name of the edit that made the second document of a pair from the first, if
    /// there is one.
    pub fn edit_between(&self, (a, b): (usize, usize)) -> Option<&'static str> {
        self.origins[b].filter(|(from, _)| *from == a).map(|(_, name)| name)
    }

    /// Checks that there are true pairs for each edit, and for each tenth of similarity from 0.5.
    pub fn check(&self, truth: &Truth) {
        for (name, _) in EDITS {
            assert!(
                truth.pairs().iter().any(|pair| self.edit_between(pair.documents) == Some(name)),
                "expected a pair for the edit `{name}`"
            );
        }
        for from in [0.5, 0.6, 0.7, 0.8, 0.9] {
            let mut similarities = truth.pairs().iter().map(|pair| pair.similarity);
            assert!(
                similarities.any(|known| (from..from + 0.1).contains(&known)),
                "expected a pair with a similarity of {from} to {:.1}",
                from + 0.1
            );
        }
    }
}
