//! Progress: a bar on a terminal, a line a minute elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::args::When;
use crate::output::tell;
use crate::table::{number, size};

/// The time between two lines, where there is no terminal.
const MINUTE: Duration = Duration::from_secs(60);
/// The time between two changes of the bar.
const TICK: Duration = Duration::from_millis(100);

/// The counters of a run, and the thread that shows them.
pub struct Progress {
    /// The bytes of the inputs that were read, before they were uncompressed.
    pub read: Arc<AtomicU64>,
    documents: Arc<AtomicU64>,
    display: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to show the progress of a run that reads `total` bytes, or an unknown number of them.
    pub fn start(when: When, title: &'static str, total: Option<u64>) -> Self {
        let (read, documents) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let is_terminal = stderr().is_terminal();
        let display = (when != When::Never).then_some(()).and_then(|()| {
            let view = View {
                title,
                total,
                read: Arc::clone(&read),
                documents: Arc::clone(&documents),
                start: Instant::now(),
            };
            let (stop, stopped) = mpsc::channel();
            let show = move || {
                let bar = is_terminal.then(|| view.bar());
                let interval = if is_terminal { TICK } else { MINUTE };
                while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                    match &bar {
                        Some(bar) => view.update(bar),
                        None => tell(format_args!("refrain: {}\n", view.line_now())),
                    }
                }
                if let Some(bar) = bar {
                    bar.finish_and_clear();
                }
            };
            // A run without a display is better than none.
            Some((stop, std::thread::Builder::new().spawn(show).ok()?))
        });
        Self { read, documents, display }
    }
}

impl Progress {
    /// Counts documents.
    pub fn add(&self, documents: u64) {
        self.documents.fetch_add(documents, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.display.take() {
            drop(stop);
            // A panic of the display is not a reason to lose a run.
            drop(thread.join());
        }
    }
}

struct View {
    title: &'static str,
    total: Option<u64>,
    read: Arc<AtomicU64>,
    documents: Arc<AtomicU64>,
    start: Instant,
}

impl View {
    fn bar(&self) -> ProgressBar {
        // The message is cut off at the width of the terminal.
        let (bar, template) = match self.total {
            Some(total) => (ProgressBar::new(total), "{bar:12} {wide_msg}"),
            None => (ProgressBar::new_spinner(), "{spinner} {wide_msg}"),
        };
        bar.with_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        )
    }

    fn update(&self, bar: &ProgressBar) {
        bar.set_position(self.read.load(Ordering::Relaxed));
        bar.set_message(self.line_now());
    }

    fn line_now(&self) -> String {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        self.line(count(&self.read), count(&self.documents), self.start.elapsed())
    }

    /// Returns the progress as a line, which begins with the most important numbers.
    fn line(&self, read: u64, documents: u64, time: Duration) -> String {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let rate = read.saturating_mul(1000).checked_div(milliseconds).unwrap_or_default();
        let mut parts = Vec::new();
        if let Some(total) = self.total {
            let percent = read.min(total).saturating_mul(100).checked_div(total);
            parts.extend(percent.map(|percent| format!("{percent} %")));
            let seconds = total.saturating_sub(read).checked_div(rate);
            parts.extend(seconds.map(|seconds| format!("{} left", duration(seconds))));
        }
        parts.push(format!("{}/s", size(rate)));
        parts.push(format!("{} documents", number(documents)));
        let of_total = self.total.map_or_else(String::new, |total| format!(" of {}", size(total)));
        parts.push(size(read) + &of_total);
        format!("{}: {}", self.title, parts.join(", "))
    }
}

/// Returns a number of seconds with units.
fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_with_what_matters_most() {
        let count = || Arc::new(AtomicU64::new(0));
        let view = |total| View {
            title: "cleaning",
            total,
            read: count(),
            documents: count(),
            start: Instant::now(),
        };
        let line = |total, read| view(total).line(read, 1234, Duration::from_secs(2));
        assert_eq!(
            line(Some(1_000_000_000), 100_000_000),
            "cleaning: 10 %, 18 s left, 50.0 MB/s, 1,234 documents, 100.0 MB of 1.00 GB"
        );
        assert_eq!(line(None, 2000), "cleaning: 1.0 kB/s, 1,234 documents, 2.0 kB");
        assert_eq!(line(Some(0), 0), "cleaning: 0 B/s, 1,234 documents, 0 B of 0 B");
        assert_eq!([59, 61, 3720].map(duration), ["59 s", "1 min", "1 h 2 min"]);
    }
}
