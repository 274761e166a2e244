//! The documents that are looked through: generated, or from a file.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use super::edits::EDITS;
use super::prose::{Token, Writer};
use super::quality::Truth;

pub struct Documents {
    texts: Vec<String>,
    /// For a generated document that was made from an earlier one, which that is and what was done to it.
    made: Vec<Option<(usize, &'static str)>>,
}

/// Words of the frame that pages of one template share, in front of their own and behind.
const FRAME: usize = 100;

impl Documents {
    /// `count` documents: a half is new, a twelfth are pages of templates, the others are edits of an earlier
    /// one.
    pub fn generate(count: usize) -> Self {
        let mut writer = Writer::new();
        let frames: Vec<[Vec<Token>; 2]> =
            (0..=count / 1_000).map(|_| [(); 2].map(|()| writer.paragraphs(FRAME))).collect();
        let mut drafts: Vec<Vec<Token>> = Vec::with_capacity(count);
        let mut made = Vec::with_capacity(count);
        for number in 0..count {
            let (mut draft, mut from) = (Vec::new(), None);
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
                    from = Some((original, name));
                }
                _ => {
                    let words = writer.between(200, 600);
                    draft.extend(writer.title());
                    draft.extend(writer.paragraphs(words));
                }
            }
            drafts.push(draft);
            made.push(from);
        }
        Self { texts: drafts.iter().map(|draft| writer.print(draft)).collect(), made }
    }

    /// A file of lines `{"id": …, "text": …}`.
    pub fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut texts = Vec::new();
        for (i, line) in BufReader::new(File::open(path)?).lines().enumerate() {
            let bad = |cause: String| format!("{}, line {}: {cause}", path.display(), i + 1);
            let document: serde_json::Value = serde_json::from_str(&line?).map_err(|e| bad(e.to_string()))?;
            let text = document["text"].as_str().ok_or_else(|| bad("no \"text\" that is a string".into()))?;
            texts.push(text.to_owned());
        }
        let made = vec![None; texts.len()];
        Ok(Self { texts, made })
    }

    pub fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    /// What was done to the one document of a pair to make the other, if that is how they came about.
    pub fn edit_between(&self, (a, b): (usize, usize)) -> Option<&'static str> {
        self.made[b].filter(|(from, _)| *from == a).map(|(_, name)| name)
    }

    /// Every edit and every tenth of resemblance from a half on has pairs to be found.
    pub fn check(&self, truth: &Truth) {
        for (name, _) in EDITS {
            assert!(
                truth.pairs().iter().any(|pair| self.edit_between(pair.documents) == Some(name)),
                "{name}"
            );
        }
        for from in [0.5, 0.6, 0.7, 0.8, 0.9] {
            let mut resemblances = truth.pairs().iter().map(|pair| pair.similarity);
            assert!(
                resemblances.any(|known| (from..from + 0.1).contains(&known)),
                "a resemblance about {from}"
            );
        }
    }
}
