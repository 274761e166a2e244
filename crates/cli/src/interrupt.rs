//! Ctrl-C: the run stops between two batches, and can be resumed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// The exit status after Ctrl-C.
pub const STATUS: u8 = 130;

/// The message after Ctrl-C.
pub const MESSAGE: &str =
    "refrain: interrupted; the same command continues in an output folder, and starts again without one";

/// The time after which the process ends although a read or a long document is not finished.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts to listen for Ctrl-C. A second one ends the process at once.
pub fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        if !REQUESTED.swap(true, Ordering::Relaxed) {
            std::thread::spawn(|| {
                std::thread::sleep(PATIENCE);
                eprintln!("{MESSAGE}");
                std::process::exit(STATUS.into());
            });
        } else {
            std::process::exit(STATUS.into());
        }
    })
    .context("expected to listen for Ctrl-C")
}

/// Returns whether Ctrl-C was pressed.
pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}
