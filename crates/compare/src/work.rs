//! A kind of work, the ways to do it, and the table that compares them.

use std::hint::black_box;

use cpu_time::ThreadTime;

use crate::texts::Text;

/// How often every way runs on a text, in turns with the others; medians count.
const ROUNDS: usize = 31;

/// Bytes of text in one turn: a short text is taken again and again.
const BYTES: usize = 500_000;

/// One way to do a kind of work on one text.
pub struct Way<'t, A> {
    name: &'static str,
    /// Whether its answer must be that of the first way.
    same: bool,
    run: Box<dyn FnMut() -> A + 't>,
}

impl<'t, A> Way<'t, A> {
    /// A way that has to give the answer of the first one.
    pub fn new(name: &'static str, run: impl FnMut() -> A + 't) -> Self {
        Self { name, same: true, run: Box::new(run) }
    }

    /// A way that answers a question of its own.
    pub fn with_another_answer(name: &'static str, run: impl FnMut() -> A + 't) -> Self {
        Self { name, same: false, run: Box::new(run) }
    }
}

/// A kind of work.
pub trait Work {
    const TITLE: &'static str;

    /// What the reader of the table has to know.
    const NOTE: &'static str;

    type Answer<'t>: PartialEq;

    /// The ways to do it, this crate's first. Run twice, they give the same answer twice.
    fn ways(text: &Text) -> Vec<Way<'_, Self::Answer<'_>>>;

    /// Checks what can be checked of the ways that have another answer.
    fn check(_text: &Text) {}
}

/// Checks the answers of every way on every text, and, if it is `measured`, prints how long they took.
pub fn compare<W: Work>(texts: &[Text], measured: bool) {
    if measured {
        println!("\n{}\n\n{}\n", W::TITLE, W::NOTE);
    }
    for (i, text) in texts.iter().enumerate() {
        let mut ways = W::ways(text);
        check::<W>(text, &mut ways);
        if measured && i == 0 {
            head(&ways);
        }
        if measured {
            row(text, &mut ways);
        }
    }
    if !measured {
        println!("{}: the answers are right on {} texts", W::TITLE, texts.len());
    }
}

fn check<'t, W: Work>(text: &'t Text, ways: &mut [Way<'t, W::Answer<'t>>]) {
    let answers: Vec<_> = ways.iter_mut().map(|way| (way.run)()).collect();
    for (way, answer) in ways.iter().zip(&answers) {
        assert!(!way.same || *answer == answers[0], "{}: {} has another answer", text.name, way.name);
    }
    W::check(text);
}

fn head<A>(ways: &[Way<'_, A>]) {
    let names: Vec<&str> = ways.iter().map(|way| way.name).collect();
    println!("| text | again | {} |", names.join(" | "));
    println!("|---|--:|{}", "--:|".repeat(names.len()));
}

/// For every way, its time as a multiple of the first one's, and its speed.
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

/// Seconds of the processor, so that what else runs on the machine counts for little.
pub fn seconds<A>(times: usize, run: &mut dyn FnMut() -> A) -> f64 {
    let start = ThreadTime::now();
    for _ in 0..times {
        black_box(run());
    }
    start.elapsed().as_secs_f64()
}

pub fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
