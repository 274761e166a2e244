//! Progress: a bar on a terminal, a line a minute elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::args::When;
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
        let display = (when != When::Never).then(|| {
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
                        None => eprintln!("refrain: {}", view.line()),
                    }
                }
                if let Some(bar) = bar {
                    bar.finish_and_clear();
                }
            };
            (stop, std::thread::spawn(show))
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
        let (bar, template) = match self.total {
            Some(total) => (ProgressBar::new(total), "{msg} {wide_bar} {bytes} of {total_bytes}, {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg}, {bytes}, {elapsed}"),
        };
        bar.with_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        )
    }

    fn update(&self, bar: &ProgressBar) {
        let (read, documents) = self.counts();
        bar.set_position(read);
        bar.set_message(format!(
            "{}: {} documents, {}/s",
            self.title,
            number(documents),
            size(self.rate(read))
        ));
    }

    /// Returns the progress as a line.
    fn line(&self) -> String {
        let (read, documents) = self.counts();
        let rate = self.rate(read);
        let mut line = format!("{}: {} documents, {}", self.title, number(documents), size(read));
        if let Some(total) = self.total {
            line += &format!(" of {}", size(total));
        }
        line += &format!(", {}/s", size(rate));
        if let Some(seconds) = self.total.and_then(|total| total.saturating_sub(read).checked_div(rate)) {
            line += &format!(", {seconds} s left");
        }
        line
    }

    fn counts(&self) -> (u64, u64) {
        (self.read.load(Ordering::Relaxed), self.documents.load(Ordering::Relaxed))
    }

    /// Returns the bytes read in a second so far.
    fn rate(&self, read: u64) -> u64 {
        let milliseconds = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        read.saturating_mul(1000).checked_div(milliseconds).unwrap_or_default()
    }
}
