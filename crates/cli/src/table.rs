//! The table at the end of a run.

use std::fmt::Write as _;
use std::time::Duration;

use crate::args::Bad;
use crate::totals::Totals;

/// A run that has ended: its counts, its time and its memory.
#[derive(Debug)]
pub struct Summary<'a> {
    pub totals: &'a Totals,
    pub bad: Bad,
    pub time: Duration,
    /// The number of inputs that an earlier run had finished.
    pub skipped: usize,
}

impl Summary<'_> {
    /// Returns the table for a terminal.
    pub fn table(&self) -> String {
        let Totals { documents, changed, removed, segments, segments_removed, bytes, bytes_removed, .. } =
            *self.totals;
        let mut table = String::new();
        let mut row = |name: &str, value: String| {
            let _ = writeln!(table, "{name:<14} {value}");
        };
        row("documents", {
            let (read, out) = (number(documents), number(documents.saturating_sub(removed)));
            format!("{read} in, {out} out, {} changed", number(changed))
        });
        if segments > 0 {
            row("segments", format!("{} seen, {} removed", number(segments), number(segments_removed)));
        }
        let share = if bytes == 0 { 0.0 } else { 100.0 * bytes_removed as f64 / bytes as f64 };
        row("text", format!("{} in, {} removed ({share:.2} %)", size(bytes), size(bytes_removed)));
        for (reason, of_reason) in &self.totals.reasons {
            row(&format!("  {reason}"), {
                let removals = number(of_reason.removals);
                format!("{removals} {}, {}", plural(of_reason.removals, "removal"), size(of_reason.bytes))
            });
        }
        if self.totals.not_compared > 0 {
            let count = number(self.totals.not_compared);
            row(
                "not compared",
                format!("{count} candidates or more; near duplicates may be missing; raise --max-candidates"),
            );
        }
        if self.totals.bad > 0 {
            let outcome = match self.bad {
                Bad::Keep => "kept as they are",
                Bad::Drop => "left out",
                Bad::Stop => "the run stopped there",
            };
            row("bad lines", format!("{}, {outcome}", number(self.totals.bad)));
            self.totals.bad_examples.iter().for_each(|example| row("", example.clone()));
        }
        for broken in &self.totals.broken {
            row("truncated", broken.clone());
        }
        if self.skipped > 0 {
            row(
                "finished",
                format!("{} {} before this run", self.skipped, plural(self.skipped as u64, "input")),
            );
        }
        let seconds = self.time.as_secs_f64();
        row("time", {
            let rate = if seconds > 0.0 { bytes as f64 / 1e6 / seconds } else { 0.0 };
            let rate = if self.skipped > 0 { String::new() } else { format!(", {rate:.0} MB/s of text") };
            let peak = peak_memory().map_or_else(String::new, |peak| format!(", peak memory {}", size(peak)));
            format!("{seconds:.1} s{rate}{peak}")
        });
        table
    }

    /// Returns the table as a JSON object.
    pub fn json(&self) -> serde_json::Value {
        let mut value = serde_json::to_value(self.totals).unwrap_or_default();
        if let Some(object) = value.as_object_mut() {
            // Only a later run uses it.
            object.shift_remove("used");
            object.insert("seconds".to_owned(), self.time.as_secs_f64().into());
            object.insert("peak_memory".to_owned(), peak_memory().into());
        }
        value
    }
}

/// Returns `count` with a comma between thousands.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns `bytes` with a unit.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

fn plural(count: u64, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// Returns the most memory that the process had, in bytes, if the system has that number in a file.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_are_readable() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([999, 1000, 2_340_000, 5_600_000_000].map(size), ["999 B", "1.0 kB", "2.3 MB", "5.60 GB"]);
    }
}
