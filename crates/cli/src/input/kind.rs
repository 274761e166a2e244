//! The kind of a file, by its name: how documents are stored in it, and how it is compressed.

use std::path::Path;

use clap::ValueEnum;

/// A way to store documents in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// A JSON object on each line, with the text in a field
    Jsonl,
    /// A file is a document
    Text,
    /// A line is a document
    Lines,
    /// The records of a WET file of a web crawl
    Wet,
}

/// A way to compress a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Compression {
    /// Not compressed
    None,
    /// Members of gzip
    Gz,
    /// Frames of Zstandard
    Zst,
}

/// The endings of the names that are found in a folder, without those of compressed files.
pub const ENDINGS: &str = ".jsonl, .ndjson, .json, .txt, .wet";

impl Format {
    /// Returns the format that the ending of a name stands for, without the ending of a compressed
    /// file.
    pub fn of_name(path: &Path) -> Option<Self> {
        let name = uncompressed_name(path);
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "txt" => Some(Self::Text),
            "wet" => Some(Self::Wet),
            _ => None,
        }
    }
}

impl Compression {
    /// Returns the compression that the ending of a name stands for.
    pub fn of_name(path: &Path) -> Self {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some(ending) if ending.eq_ignore_ascii_case("gz") => Self::Gz,
            Some(ending) if ending.eq_ignore_ascii_case("zst") => Self::Zst,
            _ => Self::None,
        }
    }

    /// Returns the compression of a file that begins with `bytes`. No text and no JSON begins with
    /// the first bytes of a compressed file.
    pub fn of_content(bytes: &[u8]) -> Self {
        match bytes {
            [0x1F, 0x8B, ..] => Self::Gz,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Zst,
            // A skippable frame of Zstandard.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zst,
            _ => Self::None,
        }
    }

    /// Returns the ending of a name, with its full stop.
    pub fn ending(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gz => ".gz",
            Self::Zst => ".zst",
        }
    }

    /// Returns the word for this compression in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::Gz => "gzip",
            Self::Zst => "Zstandard",
        }
    }
}

/// Returns the name of a file without the ending of a compressed file.
pub fn uncompressed_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = Compression::of_name(path).ending();
    name[..name.len() - ending.len()].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_format_and_a_compression() {
        let kind = |name: &str| (Format::of_name(Path::new(name)), Compression::of_name(Path::new(name)));
        assert_eq!(kind("a/b.jsonl"), (Some(Format::Jsonl), Compression::None));
        assert_eq!(kind("b.JSON.GZ"), (Some(Format::Jsonl), Compression::Gz));
        assert_eq!(kind("CC-MAIN-2031.warc.wet.gz"), (Some(Format::Wet), Compression::Gz));
        assert_eq!(kind("page.txt.zst"), (Some(Format::Text), Compression::Zst));
        assert_eq!(kind("page.warc.gz"), (None, Compression::Gz));
        assert_eq!(kind("page"), (None, Compression::None));
        assert_eq!(uncompressed_name(Path::new("a/b.jsonl.zst")), "b.jsonl");
    }
}
