//! Documents of few words, in which passages are frequent.

use proptest::prelude::*;

/// A word and the text before it.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub word: usize,
    pub gap: usize,
}

const WORDS: [&str; 5] = ["a", "Ferry", "caf\u{C9}s", "\u{6F22}", "9"];
const GAPS: [&str; 8] = [" ", " ", " ", "\n", ", ", ". ", "-", " (  "];

pub fn text(pieces: &[Piece]) -> String {
    pieces.iter().flat_map(|piece| [GAPS[piece.gap], WORDS[piece.word]]).collect()
}

/// Returns documents of one to five different words, some of which copy a part of an earlier one.
pub fn documents() -> impl Strategy<Value = Vec<Vec<Piece>>> {
    let piece = |words: usize, gaps: usize| (0..words, 0..gaps).prop_map(|(word, gap)| Piece { word, gap });
    let document = (1..=WORDS.len(), prop_oneof![Just(1_usize), Just(GAPS.len())])
        .prop_flat_map(move |(words, gaps)| prop::collection::vec(piece(words, gaps), 0..30));
    let copies = prop::collection::vec((any::<prop::sample::Index>(), 0..20_usize, 0..20_usize), 0..3);
    prop::collection::vec((document, copies), 1..7).prop_map(|drafts| {
        let mut documents: Vec<Vec<Piece>> = Vec::new();
        for (mut document, copies) in drafts {
            for (from, start, len) in copies {
                if !documents.is_empty() {
                    let from = from.get(&documents);
                    let start = start.min(from.len());
                    document.extend_from_slice(&from[start..(start + len).min(from.len())]);
                }
            }
            documents.push(document);
        }
        documents
    })
}
