//! The edits that turn a generated text into a near duplicate.

use super::prose::{Token, Writer};

pub type Edit = fn(&mut Writer, &mut Vec<Token>);

/// The edits, each with its name. The extent of an edit is random, so that similarities from 0.5 to
/// 1 result.
pub const EDITS: [(&str, Edit); 8] = [
    ("words inserted", insert_words),
    ("words removed", remove_words),
    ("words replaced", replace_words),
    ("blocks moved", move_blocks),
    ("word added in front", add_word),
    ("paragraph added in front", add_paragraph),
    ("end removed", remove_end),
    ("title replaced", replace_title),
];

/// Returns a function that decides whether the next word is edited: 1 to 80 words in 1,000 are.
/// With 80, a third of the shingles of five words remain.
fn rate(writer: &mut Writer) -> impl Fn(&mut Writer) -> bool + use<> {
    let rate = writer.between(1, 80);
    move |writer| writer.numbers.below(1_000) < rate
}

fn insert_words(writer: &mut Writer, text: &mut Vec<Token>) {
    let is_edited = rate(writer);
    let mut longer = Vec::with_capacity(text.len());
    for token in &*text {
        if is_edited(writer) {
            longer.push(writer.inserted());
        }
        longer.push(*token);
    }
    *text = longer;
}

fn remove_words(writer: &mut Writer, text: &mut Vec<Token>) {
    let is_edited = rate(writer);
    text.retain(|_| !is_edited(writer));
}

fn replace_words(writer: &mut Writer, text: &mut Vec<Token>) {
    let is_edited = rate(writer);
    for token in text {
        if is_edited(writer) {
            *token = writer.another(*token);
        }
    }
}

fn move_blocks(writer: &mut Writer, text: &mut Vec<Token>) {
    for _ in 0..writer.between(1, 6) {
        let length = writer.between(20, 60).min(text.len());
        let from = writer.between(0, text.len() - length);
        let block: Vec<Token> = text.drain(from..from + length).collect();
        let to = writer.between(0, text.len());
        text.splice(to..to, block);
    }
}

fn add_word(writer: &mut Writer, text: &mut Vec<Token>) {
    text.insert(0, writer.inserted());
}

fn add_paragraph(writer: &mut Writer, text: &mut Vec<Token>) {
    let words = writer.between(20, 120);
    text.splice(0..0, writer.paragraphs(words));
}

fn remove_end(writer: &mut Writer, text: &mut Vec<Token>) {
    let percent = writer.between(50, 98);
    text.truncate(text.len() * percent / 100);
}

fn replace_title(writer: &mut Writer, text: &mut Vec<Token>) {
    let end = text.iter().position(|token| token.ends_line()).map_or(0, |last| last + 1);
    text.splice(..end, writer.title());
}
