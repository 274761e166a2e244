//! Ctrl-C and the signals to end: the run stops between two batches, and can be resumed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

use crate::output::tell;

/// The exit status after the first signal, or 0 before it.
static STATUS: AtomicU8 = AtomicU8::new(0);

/// The message after a signal.
pub const MESSAGE: &str = "refrain: interrupted; the same command, but without --force, continues in an output \
     folder, and starts again without one";

/// The time after which the process ends although a read or a long document is not finished.
const PATIENCE: Duration = Duration::from_secs(2);

/// Returns whether a signal has asked the run to end.
pub fn is_requested() -> bool {
    STATUS.load(Ordering::Relaxed) != 0
}

/// Returns the exit status after a signal: 128 and its number.
pub fn status() -> u8 {
    STATUS.load(Ordering::Relaxed)
}

/// The files and folders that are deleted if the process ends before the run does.
static TEMPORARY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Adds a file or folder that is of no use if the run does not finish it.
pub fn add_temporary(path: &Path) {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
}

/// Removes a file or folder that was added, because it is finished or deleted.
pub fn remove_temporary(path: &Path) {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
}

/// Asks the run to end, with an exit status. The second request ends the process at once.
fn request(status: u8) {
    if STATUS.compare_exchange(0, status, Ordering::Relaxed, Ordering::Relaxed).is_err() {
        exit(status);
    }
    let end = move || {
        std::thread::sleep(PATIENCE);
        // The terminal may be gone, which must not keep the process from ending.
        tell(format_args!("{MESSAGE}\n"));
        exit(status);
    };
    // Without this thread, the run ends between two batches.
    let _ = std::thread::Builder::new().spawn(end);
}

/// Ends the process, and deletes what it leaves.
fn exit(status: u8) -> ! {
    for path in &*TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner) {
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
    std::process::exit(status.into());
}

/// Starts to listen for Ctrl-C, and for the signals that `kill` and a closed terminal send. Must be
/// called before any thread is started.
#[cfg(unix)]
pub fn listen() -> Result<()> {
    use anyhow::Context as _;
    use nix::sys::signal::{SigSet, Signal};

    // The program that started this one may ignore signals, as `nohup` does, and that must stay so.
    // Linux would pass ignored signals on; other systems do not.
    let ignored = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = ignored.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        if ignored >> (signal as u32 - 1) & 1 == 0 {
            signals.add(signal);
        }
    }
    // All threads inherit the mask, so the signals come to the thread that waits for them.
    signals.thread_block().context("expected to listen for Ctrl-C")?;
    let listen = move || {
        while let Ok(signal) = signals.wait() {
            request(128 + signal as u8);
        }
    };
    std::thread::Builder::new().spawn(listen).context("expected to listen for Ctrl-C")?;
    Ok(())
}

/// Starts to listen for Ctrl-C.
#[cfg(not(unix))]
pub fn listen() -> Result<()> {
    use anyhow::Context as _;

    ctrlc::set_handler(|| request(130)).context("expected to listen for Ctrl-C")
}
