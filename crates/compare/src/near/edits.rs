//! What is done to a text before it is printed again.

use super::prose::{Token, Writer};

pub type Edit = fn(&mut Writer, &mut Vec<Token>);

/// Each leaves most of a text as it was; how much is drawn, so that resemblances come out between a half and
/// one.
pub const EDITS: [(&str, Edit); 8] = [
    ("words put in", put_in),
    ("words left out", leave_out),
    ("words replaced", replace),
    ("blocks moved", move_blocks),
    ("one word in front", one_word_in_front),
    ("a paragraph in front", paragraph_in_front),
    ("tail cut", cut_tail),
    ("another title", retitle),
];

/// Words in a thousand that an edit of single words strikes: at eighty, a third of the runs of five words is
/// left.
fn rate(writer: &mut Writer) -> impl Fn(&mut Writer) -> bool + use<> {
    let rate = writer.between(1, 80);
    move |writer| writer.numbers.below(1_000) < rate
}

fn put_in(writer: &mut Writer, text: &mut Vec<Token>) {
    let is_struck = rate(writer);
    let mut longer = Vec::with_capacity(text.len());
    for token in &*text {
        if is_struck(writer) {
            longer.push(writer.inserted());
        }
        longer.push(*token);
    }
    *text = longer;
}

fn leave_out(writer: &mut Writer, text: &mut Vec<Token>) {
    let is_struck = rate(writer);
    text.retain(|_| !is_struck(writer));
}

fn replace(writer: &mut Writer, text: &mut Vec<Token>) {
    let is_struck = rate(writer);
    for token in text {
        if is_struck(writer) {
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

fn one_word_in_front(writer: &mut Writer, text: &mut Vec<Token>) {
    text.insert(0, writer.inserted());
}

fn paragraph_in_front(writer: &mut Writer, text: &mut Vec<Token>) {
    let words = writer.between(20, 120);
    text.splice(0..0, writer.paragraphs(words));
}

fn cut_tail(writer: &mut Writer, text: &mut Vec<Token>) {
    let percent = writer.between(50, 98);
    text.truncate(text.len() * percent / 100);
}

fn retitle(writer: &mut Writer, text: &mut Vec<Token>) {
    let end = text.iter().position(|token| token.ends_line()).map_or(0, |last| last + 1);
    text.splice(..end, writer.title());
}
