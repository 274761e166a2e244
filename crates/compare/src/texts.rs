//! The texts on which methods are compared.

use std::collections::HashSet;
use std::error::Error;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use ruzstd::decoding::StreamingDecoder;

use crate::common::{ARTICLE, SCRIPTS, prose};

/// The sizes of the generated texts: a typical page, and a very long document.
const SIZES: [(&str, usize); 2] = [("1 kB", 1_000), ("1 MB", 1_000_000)];

/// A few lines, each in several spellings: more to check the results than to measure times.
const SPELLINGS: &str = "Amen\nAMEN\n  Amen \n\
    Stra\u{DF}e \u{2013} \u{201E}K\u{F6}ln\u{201C}\n\
    STRASSE -  \"Ko\u{308}ln\"\n\
    \n\
    \u{FB01}le\u{A0}\u{2019}10\u{2075}\u{2019}\n\
    \u{FF26}i\u{AD}le '105'\n\
    \tfile  '105' \n\
    \u{130}\u{329} e\u{AD}\u{301} \u{1FB3}\u{301}\n\
    i\u{329}\u{307} \u{C9} \u{3B1}\u{301}\u{3B9}\n";

pub struct Text {
    pub name: String,
    pub body: String,
}

impl Text {
    /// Returns the lines that are not blank, trimmed.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.body.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Returns the percentage of lines that equal an earlier line.
    pub fn repeated(&self) -> usize {
        let distinct = self.lines().collect::<HashSet<_>>().len();
        let lines = self.lines().count();
        100 * (lines - distinct) / lines.max(1)
    }
}

/// Returns the generated prose with and without repeated lines, an article, the spellings, and the
/// corpora if there are any.
///
/// # Errors
///
/// A corpus cannot be read.
pub fn all() -> Result<Vec<Text>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for (size, bytes) in SIZES {
        texts.push(Text { name: format!("english, {size}, no repeats"), body: prose(&SCRIPTS[0], bytes) });
        for script in &SCRIPTS {
            let body = with_repeats(&prose(script, bytes * 2 / 3));
            texts.push(Text { name: format!("{}, {size}", script.name), body });
        }
    }
    texts.push(Text { name: "the article".into(), body: ARTICLE.into() });
    texts.push(Text { name: "lines in several spellings".into(), body: SPELLINGS.into() });
    texts.extend(corpora()?);
    Ok(texts)
}

/// Returns `prose` with a copy of line i / 2 after each line with an even number i.
fn with_repeats(prose: &str) -> String {
    let lines: Vec<&str> = prose.lines().collect();
    let with_copy = |i: usize| [lines[i], lines[i / 2]].into_iter().take(2 - i % 2);
    (0..lines.len()).flat_map(with_copy).flat_map(|line| [line, "\n"]).collect()
}

fn corpora() -> Result<Vec<Text>, Box<dyn Error>> {
    let shared = std::env::var_os("REFRAIN_SHARED");
    let Some(folder) =
        shared.map(|folder| Path::new(&folder).join("corpus")).filter(|folder| folder.is_dir())
    else {
        println!("skipped: corpora (expected the folder `corpus` in the folder that REFRAIN_SHARED names)");
        return Ok(Vec::new());
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.to_string_lossy().ends_with(".txt.zst"));
    paths.sort();
    paths.iter().map(|path| corpus(path)).collect()
}

/// Reads the first megabyte of a corpus, up to the last line end.
fn corpus(path: &Path) -> Result<Text, Box<dyn Error>> {
    let mut bytes = Vec::new();
    StreamingDecoder::new(File::open(path)?)?.take(1_000_000).read_to_end(&mut bytes)?;
    bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Text { name: name.trim_end_matches(".zst").into(), body: String::from_utf8(bytes)? })
}
