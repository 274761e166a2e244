//! The tables of times, recall and precision.

use std::hint::black_box;

use super::Way;
use super::documents::Documents;
use super::edits::EDITS;
use super::quality::{NEAR, NEARER, Quality, Truth, share};
use crate::work::{median, seconds};

/// The number of measurements of each method, in turns with the others. The median is reported.
const ROUNDS: usize = 5;

/// The pairs that a method found.
type Found = Vec<(usize, usize)>;

/// Prints the numbers of documents and of true pairs.
pub fn head(texts: &[&str], truth: &Truth) {
    let megabytes = bytes(texts) as f64 / 1e6;
    println!("\nNear duplicates\n");
    println!(
        "{} documents, {megabytes:.1} MB. True pairs: {} with a similarity of 0.5 or more, {} of 0.7, {} of 0.8.\n",
        texts.len(),
        truth.pairs().len(),
        truth.count(NEAR),
        truth.count(NEARER),
    );
}

/// Prints the processor time of each method as a multiple of that of the first, its speed, and its
/// recall and precision.
pub fn times_and_quality(ways: &[Way], texts: &[&str], truth: &Truth, answers: &[Found]) {
    let first = ways.first().map_or("", |way| way.name);
    println!("| | time, {first} = 1 | MB/s | pairs | recall (≥ 0.7) | recall (≥ 0.8) | precision |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let mut turns = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for (way, turns) in ways.iter().zip(&mut turns) {
            turns.push(seconds(1, &mut || (way.find)(black_box(texts))));
        }
    }
    for ((way, turns_of_way), answer) in ways.iter().zip(&turns).zip(answers) {
        let ratio = median(turns_of_way.iter().zip(&turns[0]).map(|(way, first)| way / first));
        let speed = bytes(texts) as f64 / median(turns_of_way.iter().copied()) / 1e6;
        print!("| {} | {ratio:.1} | {speed:.0} |", way.name);
        if way.least.is_none() {
            println!(" \u{2013} | \u{2013} | \u{2013} | \u{2013} |");
            continue;
        }
        let Quality { at_seven, at_eight, precision } = truth.quality(answer);
        println!(" {} | {at_seven:.3} | {at_eight:.3} | {precision:.3} |", answer.len());
    }
}

/// Prints, for each edit, the recall of each method at a similarity of 0.7. Prints nothing for
/// documents from a file.
pub fn recall_by_edit(ways: &[Way], documents: &Documents, truth: &Truth, answers: &[Found]) {
    let near = || truth.pairs().iter().filter(|pair| pair.similarity >= NEAR).map(|pair| pair.documents);
    if near().all(|pair| documents.edit_between(pair).is_none()) {
        return;
    }
    let listed: Vec<_> = ways.iter().zip(answers).filter(|(way, _)| way.least.is_some()).collect();
    let names: Vec<&str> = listed.iter().map(|(way, _)| way.name).collect();
    println!("\n| recall (≥ 0.7) | pairs | {} |", names.join(" | "));
    println!("|---|--:|{}", "--:|".repeat(names.len()));
    for edit in EDITS.iter().map(|(name, _)| Some(*name)).chain([None]) {
        let pairs: Vec<_> = near().filter(|pair| documents.edit_between(*pair) == edit).collect();
        print!("| {} | {} |", edit.unwrap_or("none, or several"), pairs.len());
        for (_, answer) in &listed {
            let found = pairs.iter().filter(|pair| answer.binary_search(pair).is_ok()).count();
            print!(" {:.3} |", share(found, pairs.len()));
        }
        println!();
    }
}

fn bytes(texts: &[&str]) -> usize {
    texts.iter().map(|text| text.len()).sum()
}
