//! The command, and files for it.

#![allow(dead_code, reason = "each test file uses a part")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::write::GzEncoder;
use tempfile::TempDir;

/// A page whose second half repeats the first one.
pub const DOUBLED: &str = "\
Ferry returns
The first crossing left at nine, with bicycles on board.
Tickets cost as much as before.
The first crossing left at nine, with bicycles on board.
Tickets cost as much as before.
";

/// `DOUBLED` without the copy.
pub const ONCE: &str = "\
Ferry returns
The first crossing left at nine, with bicycles on board.
Tickets cost as much as before.
";

/// A folder that is deleted at the end of a test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        let path = self.path(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(uncompressed(&self.read(name))).expect("UTF-8")
    }

    /// Returns the command with arguments that are separated by spaces, in this folder.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_refrain"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path());
        command
    }

    /// Runs the command, and returns its status, its output and its messages.
    pub fn run(&self, arguments: &str) -> Run {
        Run::of(self.command(arguments).output().expect("the command runs"))
    }

    /// Runs the command with `input` as its standard input.
    pub fn run_with(&self, arguments: &str, input: &[u8]) -> Run {
        let mut assert = assert_cmd::Command::from_std(self.command(arguments));
        Run::of(assert.write_stdin(input).output().expect("the command runs"))
    }

    /// Returns the paths of all files below the folder `name`, sorted, and their bytes.
    pub fn files(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.path(name), &mut files);
        files.sort();
        files
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let bytes = fs::read(&path).expect("a file");
            files.push((path, bytes));
        }
    }
}

/// The end of a run.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    pub out: Vec<u8>,
    pub messages: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        let messages = String::from_utf8(output.stderr).expect("messages in UTF-8");
        Self { status: output.status.code(), out: output.stdout, messages }
    }

    #[track_caller]
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}", self.messages);
        assert!(!self.messages.contains("panicked"), "{}", self.messages);
        self
    }

    #[track_caller]
    pub fn says(self, message: &str) -> Self {
        assert!(self.messages.contains(message), "expected `{message}`, found `{}`", self.messages);
        self
    }
}

/// Returns `bytes` as the members of gzip, one for each `part` bytes.
pub fn gz(bytes: &[u8], part: usize) -> Vec<u8> {
    let member = |part: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(part).expect("memory");
        encoder.finish().expect("memory")
    };
    bytes.chunks(part).flat_map(member).collect()
}

/// Returns `bytes` as frames of Zstandard with windows of 128 MiB, one for each `part` bytes.
pub fn zst(bytes: &[u8], part: usize) -> Vec<u8> {
    let frame = |part: &[u8]| {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("an encoder");
        encoder.window_log(27).expect("a window");
        encoder.write_all(part).expect("memory");
        encoder.finish().expect("memory")
    };
    bytes.chunks(part).flat_map(frame).collect()
}

/// Returns the content of a file, compressed or not.
pub fn uncompressed(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [0x1F, 0x8B, ..] => {
            let mut out = Vec::new();
            std::io::copy(&mut flate2::read::MultiGzDecoder::new(bytes), &mut out).expect("whole members");
            out
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] => zstd::decode_all(bytes).expect("whole frames"),
        _ => bytes.to_vec(),
    }
}

/// Returns a line of JSONL.
pub fn line(id: &str, text: &str) -> String {
    format!("{}\n", serde_json::json!({ "id": id, "text": text, "score": 0.25 }))
}
