//! Rows on hostile texts, and on ten times the text.

use super::*;

/// Lines that all begin alike, so that each is a candidate for each, and a long one among them.
pub(crate) fn growth_of_edited() -> Row {
    let find = |n: usize| -> Box<dyn FnMut() -> u128> {
        let template = "the same words open every single line of this long template and then there comes ";
        let mut text = format!("{template}{}\n", "something else entirely ".repeat(n));
        (0..n).for_each(|i| text.push_str(&format!("{template}number {i} of {}\n", i * 7)));
        let doc = Document::new(text.leak());
        assert!(doc.similar_segments(0.6).iter().all(|edited| edited.similarity() >= 0.6));
        Box::new(move || black_box(&doc).similar_segments(0.6).len() as u128)
    };
    Row {
        name: "time of 10 n / n, edited segments, lines of one template".into(),
        bar: 13.0,
        at_least: false,
        ours: find(20_000),
        theirs: find(2_000),
        same: false,
        clock: Clock::Processor,
    }
}

/// Returns the row on finding where nothing repeats, beside reading.
pub(crate) fn repeats_without_any(text: &str) -> Row {
    let (read, find) = (text.to_owned(), text.to_owned());
    Row {
        name: "reading and finding, nothing repeats / reading".into(),
        bar: 1.15,
        at_least: false,
        ours: Box::new(move || {
            let doc = Document::new(black_box(&find));
            (doc.len() + doc.repeats().families().len()) as u128
        }),
        theirs: Box::new(move || Document::new(black_box(&read)).len() as u128),
        same: true,
        clock: Clock::Processor,
    }
}

/// Line sequences that make careless algorithms slow, and the same lines shuffled.
pub(crate) fn hostile_sequences() -> Vec<Row> {
    let found = |text: String| -> Box<dyn FnMut() -> u128> {
        // The texts live as long as the process, so that a document of them can too.
        let doc = Document::with_options(text.leak(), &Options::new().normalization(Normalization::RAW));
        Box::new(move || black_box(&doc).repeats().families().len() as u128)
    };
    let sequences = ADVERSARIES.iter().filter(|adversary| (adversary.text)(100).lines().count() > 50);
    let rows = sequences.filter(|adversary| adversary.name != "blank lines").map(|adversary| {
        let text = (adversary.text)(100_000);
        let shuffled = shuffled(&text);
        Row {
            name: format!("finding, {} / the same lines shuffled", adversary.name),
            bar: 4.0,
            at_least: false,
            ours: found(text),
            theirs: found(shuffled),
            same: false,
            clock: Clock::Processor,
        }
    });
    rows.collect()
}

pub(crate) fn shuffled(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    Random::new(1).shuffle(&mut lines);
    lines.join("\n")
}

/// Ten and a hundred times the input against the input.
pub(crate) fn growth() -> Vec<Row> {
    let clean = |adversary: &Adversary, n: usize| -> Box<dyn FnMut() -> u128> {
        let cleaner = Cleaner::new().policy(Policy::drop_all());
        let text = (adversary.text)(n);
        let mut workspace = Workspace::new();
        assert!(cleaner.clean(&text) == (adversary.clean)(&text), "{}", adversary.name);
        Box::new(move || cleaner.clean_with(black_box(&text), &mut workspace).len() as u128)
    };
    let rows = ADVERSARIES.iter().flat_map(|adversary| {
        [(10, 13.0), (100, 169.0)].map(|(times, bar)| Row {
            name: format!("time of {times} n / n, {}", adversary.name),
            bar,
            at_least: false,
            ours: clean(adversary, times * 10_000),
            theirs: clean(adversary, 10_000),
            same: false,
            clock: Clock::Processor,
        })
    });
    rows.collect()
}
