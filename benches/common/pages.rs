//! Pages to be cleaned: generated with the statistics of the corpus `site_pages`, and texts of the
//! corpora where they are.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;

use refrain_testkit::frozen::Mmix;

/// Lengths of lines of `site_pages` in bytes: so many of 1000 lines are no longer than this.
const LENGTHS: [(usize, usize); 12] = [
    (0, 3),
    (50, 5),
    (100, 7),
    (250, 12),
    (500, 24),
    (750, 44),
    (900, 104),
    (950, 180),
    (970, 253),
    (984, 340),
    (999, 900),
    (1000, 1_600),
];

/// Lengths of lines of English prose, `en.txt`, in the same form.
const PROSE: [(usize, usize); 10] = [
    (0, 4),
    (100, 8),
    (250, 25),
    (500, 56),
    (600, 98),
    (700, 206),
    (750, 283),
    (850, 506),
    (970, 1_080),
    (1000, 1_700),
];

/// Distances of a line from the earlier one that it repeats, in lines, likewise.
const DISTANCES: [(usize, usize); 6] = [(0, 1), (100, 2), (250, 4), (500, 11), (750, 54), (1000, 187)];

/// The number of lines of a page of which one repeats an earlier line.
const REPEATS: usize = 6;

/// Lines of more bytes seldom repeat.
const SHORT: usize = 43;

const PAGE: usize = 5_000;

/// The letters of the words, about as frequent as in English.
const LETTERS: &[u8] = b"eeeeeetttttaaaaooooiiiinnnnsssshhhhrrrrddllluucccmmmwwffggyyppbbvk";

/// Returns `count` pages of 5 kB: lines of 46 bytes in the mean, two in a hundred of 300 bytes or
/// more, and one in six equal to an earlier line of the page.
pub fn generated(count: usize) -> Vec<String> {
    let mut numbers = Mmix::new(46);
    (0..count).map(|_| page(&mut numbers)).collect()
}

/// Returns `count` documents of 10 kB of prose: lines of 219 bytes in the mean, one in four of 300
/// bytes or more. No line repeats in its document.
pub fn prose(count: usize) -> Vec<String> {
    let mut numbers = Mmix::new(219);
    let document = |_| {
        let mut document = String::new();
        let mut seen = HashSet::new();
        while document.len() < 2 * PAGE {
            let mut text = String::new();
            line(quantile(&PROSE, &mut numbers), &mut numbers, &mut text);
            if seen.insert(text.to_lowercase()) {
                document.push_str(&text);
                document.push('\n');
            }
        }
        document
    };
    (0..count).map(document).collect()
}

fn page(numbers: &mut Mmix) -> String {
    let mut page = String::with_capacity(PAGE + 2_000);
    let mut lines: Vec<(usize, usize)> = Vec::new();
    while page.len() < PAGE {
        let start = page.len();
        let repeats = numbers.below(REPEATS) == 0;
        let draws = if repeats { 8 } else { 0 };
        let original = (0..draws).find_map(|_| {
            let number = lines.len().checked_sub(quantile(&DISTANCES, numbers))?;
            let (start, end) = lines[number];
            (end - start < SHORT || numbers.below(40) == 0).then_some(start..end)
        });
        match original {
            Some(original) => {
                let line = page[original].to_owned();
                page.push_str(&line);
            }
            None => line(quantile(&LENGTHS, numbers), numbers, &mut page),
        }
        lines.push((start, page.len()));
        page.push('\n');
    }
    page
}

/// Appends a line of about `len` bytes: a label if it is short, otherwise sentences of 5 to 30
/// words. One line in twelve has a typographic apostrophe.
fn line(len: usize, numbers: &mut Mmix, text: &mut String) {
    let end = text.len() + len;
    let is_prose = len > 60;
    let mut is_typographic = numbers.below(12) == 0;
    let mut words = 0;
    let mut sentence = 5 + numbers.below(26);
    loop {
        for i in 0..1 + numbers.below(8) {
            let letter = LETTERS[numbers.below(LETTERS.len())];
            text.push(char::from(if words == 0 && i == 0 { letter.to_ascii_uppercase() } else { letter }));
        }
        if text.len() >= end {
            break;
        }
        words += 1;
        if is_typographic {
            text.push_str("\u{2019}s");
            is_typographic = false;
        }
        if is_prose && words == sentence {
            text.push('.');
            (words, sentence) = (0, 5 + numbers.below(26));
        }
        text.push(' ');
    }
    if is_prose {
        text.push('.');
    }
}

/// Draws from a distribution that is linear between the given quantiles.
fn quantile(quantiles: &[(usize, usize)], numbers: &mut Mmix) -> usize {
    let at = numbers.below(1000);
    let after = quantiles.partition_point(|(quantile, _)| *quantile <= at);
    let ((from, least), (to, most)) = (quantiles[after - 1], quantiles[after]);
    least + (most - least) * (at - from) / (to - from)
}

/// The statistics of pages: bytes a page and a line, and the shares of long lines and of repeats.
#[derive(Debug)]
pub struct Statistics {
    pub page: f64,
    pub line: f64,
    pub long: f64,
    pub repeats: f64,
}

impl Statistics {
    pub fn of(pages: &[String]) -> Self {
        let (mut lines, mut bytes, mut long, mut repeats) = (0, 0, 0, 0);
        for page in pages {
            let mut seen = HashSet::new();
            for line in page.lines().map(str::trim).filter(|line| !line.is_empty()) {
                lines += 1;
                bytes += line.len();
                long += usize::from(line.len() >= 300);
                repeats += usize::from(!seen.insert(line));
            }
        }
        let share = |part: usize| part as f64 / lines as f64;
        let page = pages.iter().map(String::len).sum::<usize>() as f64 / pages.len() as f64;
        Self { page, line: share(bytes), long: share(long), repeats: share(repeats) }
    }
}

/// Returns the texts of `site_pages`, or says why they cannot be read.
pub fn site_pages() -> Result<Vec<String>, String> {
    let lines = corpus("site_pages.jsonl.zst")?;
    let text = |line: &str| {
        let page: serde_json::Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        page["text"].as_str().map(str::to_owned).ok_or_else(|| "expected a page with a text".to_owned())
    };
    lines.lines().map(text).collect()
}

/// Returns the lines of `en.txt`, each once, in documents of fifty, or says why they cannot be
/// read.
pub fn english() -> Result<Vec<String>, String> {
    let text = corpus("en.txt.zst")?;
    let mut seen = HashSet::new();
    let lines: Vec<&str> = text.lines().filter(|line| seen.insert(line.to_lowercase())).collect();
    Ok(lines.chunks(50).map(|lines| lines.join("\n")).collect())
}

/// Returns the text of a corpus, or says why it cannot be read. It is unpacked by the command
/// `zstd`.
pub fn corpus(name: &str) -> Result<String, String> {
    let shared = std::env::var_os("REFRAIN_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("corpus").join(name);
    if !path.is_file() {
        return Err(format!("expected the file `corpus/{name}` in REFRAIN_SHARED or ../shared"));
    }
    let output = Command::new("zstd").arg("-dcq").arg(&path).output();
    let output = output.map_err(|_| "expected the command zstd".to_owned())?;
    if !output.status.success() {
        return Err(format!("zstd cannot unpack {}", path.display()));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
