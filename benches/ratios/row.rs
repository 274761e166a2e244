//! A row of the table: what is measured, how, and how it is printed.

use super::*;

/// How often each side of a row runs, an odd number: the median of the ratios counts.
pub(crate) const ROUNDS: usize = 31;

/// How long a row may take, in seconds. One with fewer rounds for it still has a few.
pub(crate) const LONGEST: f64 = 8.0;

pub(crate) const FEWEST: usize = 5;

/// One row of the table: what is measured, the bar, and whether the measured ratio must be above or
/// below it.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) bar: f64,
    pub(crate) at_least: bool,
    /// This crate's side, and the other's.
    pub(crate) ours: Box<dyn FnMut() -> u128>,
    pub(crate) theirs: Box<dyn FnMut() -> u128>,
    /// True if both sides must give the same answer.
    pub(crate) same: bool,
    pub(crate) clock: Clock,
}

/// The time that a row compares.
#[derive(Clone, Copy)]
pub(crate) enum Clock {
    /// The processor time of this thread, which other programs do not change much.
    Processor,
    /// The time that passes, for work on several threads.
    #[cfg(feature = "rayon")]
    Wall,
}

impl Clock {
    pub(crate) fn seconds(self) -> f64 {
        match self {
            Self::Processor => processor_seconds().unwrap_or_else(wall_seconds),
            #[cfg(feature = "rayon")]
            Self::Wall => wall_seconds(),
        }
    }
}

/// The seconds since the first call.
pub(crate) fn wall_seconds() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// The processor time of this thread, where Linux counts it. Reading `stat` makes the kernel bring
/// the count up to date, which it otherwise does some hundred times a second.
pub(crate) fn processor_seconds() -> Option<f64> {
    std::fs::read("/proc/self/stat").ok()?;
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(times.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

pub(crate) fn report(name: &str, measured: f64, bar: f64, at_least: bool) {
    let ok = if at_least { measured >= bar } else { measured <= bar };
    let (sign, verdict) = (if at_least { ">=" } else { "<=" }, if ok { "ok" } else { "FAIL" });
    println!("{name:<66} {measured:>8.3}  {sign} {bar:<5} {verdict}");
}

impl Row {
    pub(crate) fn run(mut self, test: bool) {
        let (ours, theirs) = ((self.ours)(), (self.theirs)());
        assert!(!self.same || ours == theirs, "{}: {ours} is not {theirs}", self.name);
        if test {
            return;
        }
        let mut ratio = || {
            let (ours, theirs) = (time(self.clock, &mut self.ours), time(self.clock, &mut self.theirs));
            if self.at_least { theirs / ours } else { ours / theirs }
        };
        let mut ratios = Vec::new();
        let start = Instant::now();
        while ratios.len() < FEWEST || (ratios.len() < ROUNDS && start.elapsed().as_secs_f64() < LONGEST) {
            ratios.extend([ratio(), ratio()]);
        }
        ratios.sort_by(f64::total_cmp);
        report(&self.name, ratios[ratios.len() / 2], self.bar, self.at_least);
    }
}

pub(crate) fn time(clock: Clock, work: &mut dyn FnMut() -> u128) -> f64 {
    let start = clock.seconds();
    black_box(work());
    clock.seconds() - start
}
