//! Tasks, the methods for each task, and the table that compares the methods.

use std::hint::black_box;

use cpu_time::ThreadTime;

use crate::texts::Text;

/// The number of measurements of each method on a text, in turns with the others. The median is
/// reported.
const ROUNDS: usize = 31;

/// The number of bytes of text in one measurement. A short text is processed several times.
const BYTES: usize = 500_000;

/// A method for a task on one text.
pub struct Way<'t, A> {
    name: &'static str,
    /// Set if the result must equal that of the first method.
    is_same: bool,
    run: Box<dyn FnMut() -> A + 't>,
}

impl<'t, A> Way<'t, A> {
    /// Creates a method whose result must equal that of the first method.
    pub fn new(name: &'static str, run: impl FnMut() -> A + 't) -> Self {
        Self { name, is_same: true, run: Box::new(run) }
    }

    /// Creates a method with another kind of result.
    pub fn with_another_answer(name: &'static str, run: impl FnMut() -> A + 't) -> Self {
        Self { name, is_same: false, run: Box::new(run) }
    }
}

/// A task.
pub trait Work {
    const TITLE: &'static str;

    /// A note for the reader of the table.
    const NOTE: &'static str;

    type Answer<'t>: PartialEq;

    /// Returns the methods, that of this crate first. The result of a method is the same in every
    /// run.
    fn ways(text: &Text) -> Vec<Way<'_, Self::Answer<'_>>>;

    /// Checks the methods that have another kind of result, as far as possible.
    fn check(_text: &Text) {}
}

/// Checks the results of every method on every text, and prints the table of times if
/// `is_measured` is set.
pub fn compare<W: Work>(texts: &[Text], is_measured: bool) {
    if is_measured {
        println!("\n{}\n\n{}\n", W::TITLE, W::NOTE);
    }
    for (i, text) in texts.iter().enumerate() {
        let mut ways = W::ways(text);
        check::<W>(text, &mut ways);
        if is_measured && i == 0 {
            head(&ways);
        }
        if is_measured {
            row(text, &mut ways);
        }
    }
    if !is_measured {
        println!("{}: the results are right on {} texts", W::TITLE, texts.len());
    }
}

fn check<'t, W: Work>(text: &'t Text, ways: &mut [Way<'t, W::Answer<'t>>]) {
    let answers: Vec<_> = ways.iter_mut().map(|way| (way.run)()).collect();
    for (way, answer) in ways.iter().zip(&answers) {
        assert!(
            !way.is_same || *answer == answers[0],
            "{}: the result of {} differs from that of the first method",
            text.name,
            way.name
        );
    }
    W::check(text);
}

fn head<A>(ways: &[Way<'_, A>]) {
    let names: Vec<&str> = ways.iter().map(|way| way.name).collect();
    println!("| text | repeated | {} |", names.join(" | "));
    println!("|---|--:|{}", "--:|".repeat(names.len()));
}

/// Prints the time of each method as a multiple of that of the first, and its speed.
fn row<A>(text: &Text, ways: &mut [Way<'_, A>]) {
    let times = (BYTES / text.body.len().max(1)).max(1);
    let mut turns = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for (way, turns) in ways.iter_mut().zip(&mut turns) {
            turns.push(seconds(times, &mut way.run));
        }
    }
    print!("| {} | {} % |", text.name, text.repeated());
    for turns_of_way in &turns {
        let ratio = median(turns_of_way.iter().zip(&turns[0]).map(|(way, first)| way / first));
        let speed = (text.body.len() * times) as f64 / median(turns_of_way.iter().copied()) / 1e6;
        let digits = usize::from(ratio < 9.95) + usize::from(ratio < 0.995);
        print!(" {ratio:.digits$} · {speed:.0} |");
    }
    println!();
}

/// Returns the processor time of `times` runs in seconds, on which other processes have little
/// influence.
pub fn seconds<A>(times: usize, run: &mut dyn FnMut() -> A) -> f64 {
    let start = ThreadTime::now();
    for _ in 0..times {
        black_box(run());
    }
    start.elapsed().as_secs_f64()
}

/// Returns the median; the higher of two. `numbers` must not be empty.
pub fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
