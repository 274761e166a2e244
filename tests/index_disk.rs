//! An index on disk answers what one in memory does, outlasts its process, and says what is wrong with its files.

#![cfg(feature = "disk")]

#[path = "common/remembered.rs"]
mod remembered;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::store::Store;
use refrain::index::{Disk, Thresholds};
use refrain::{Document, Index, Normalization, Options};
use remembered::{Remembered, steps, text};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn open(path: &Path, memory: usize) -> Index<Disk> {
    Index::<Disk>::open_within(path, &Options::new(), memory).expect("it is opened")
}

fn snapshot<S: Store>(index: &Index<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is read");
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn answers_are_those_of_comparing_everything(
        parts in prop::collection::vec(steps::some(), 1..4),
        memory in prop::sample::select(vec![1, 1000, 5000, 1 << 20]),
        compact in any::<bool>(),
        share in 0.0..1.0_f64,
    ) {
        let folder = Folder::new("answers");
        let mut remembered = Remembered::default();
        for steps in &parts {
            let index = open(&folder.0, memory);
            for step in steps {
                remembered.step(&index, step);
            }
            if compact {
                index.compact().expect("it is written");
            }
            for scope in steps::SCOPES {
                remembered.check_boilerplate(&index, scope, Thresholds::new().share(share).documents(2));
            }
            index.sync().expect("it is written");
            index.check().expect("all is as it was written");
        }
        let index = open(&folder.0, memory);
        let in_memory = Index::new();
        for page in &remembered.0 {
            in_memory.learn(&page.0, &page.1, &Document::new(&text(page))).expect("it is learnt");
        }
        prop_assert_eq!(snapshot(&index), snapshot(&in_memory));
    }
}

/// A file that is not as it was written, in any byte, is an error, or makes no difference.
#[test]
fn damaged_files_are_errors_and_give_no_other_answers() {
    let folder = Folder::new("damage");
    let index = open(&folder.0, 3000);
    let text =
        |page: usize| -> String { (0..9).map(|line| format!("line {}\n", page * line % 50)).collect() };
    for page in 0..40 {
        index.learn(&page.to_string(), "s", &Document::new(&text(page))).expect("it is learnt");
        if page % 9 == 8 {
            index.forget(&(page - 8).to_string()).expect("it is written");
        }
    }
    index.sync().expect("it is written");
    let expected = snapshot(&index);
    let all = text(7) + &text(33);
    let doc = Document::new(&all);
    let counts = |index: &Index<Disk>| -> Result<Vec<(u32, u32)>, IndexError> {
        let seen = index.look("s", &doc)?;
        Ok((0..doc.len()).map(|i| (seen.documents(i), seen.documents_in_scope(i))).collect())
    };
    let expected_counts = counts(&index).expect("it is read");
    drop(index);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder.0)
        .expect("it is there")
        .map(|entry| entry.expect("it is read").path())
        .collect();
    files.sort();
    assert!(files.len() > 8);
    let copy = Folder::new("damaged");
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    let (mut errors, mut tried) = (0, 0);
    for file in &files {
        let bytes = fs::read(file).expect("it is read");
        for round in 0..24 {
            let mut damaged = bytes.clone();
            match round {
                0 => damaged.clear(),
                1 => drop(damaged.pop()),
                2..8 => damaged.truncate(random(bytes.len())),
                _ if bytes.is_empty() => damaged.push(7),
                _ => {
                    let at = random(bytes.len());
                    damaged[at] ^= 1 << random(8);
                }
            }
            if damaged == bytes {
                continue;
            }
            drop(fs::remove_dir_all(&copy.0));
            fs::create_dir_all(&copy.0).expect("there is room");
            for other in &files {
                let name = other.file_name().expect("it has one");
                fs::copy(other, copy.0.join(name)).expect("there is room");
            }
            fs::write(copy.0.join(file.file_name().expect("it has one")), &damaged).expect("there is room");
            tried += 1;
            let answers = || -> Result<(), IndexError> {
                let index = Index::<Disk>::open_within(&copy.0, &Options::new(), 3000)?;
                assert_eq!(counts(&index)?, expected_counts, "{}", file.display());
                let mut bytes = Vec::new();
                index.save(&mut bytes)?;
                assert!(bytes == expected, "{}", file.display());
                index.check()
            };
            match answers() {
                Ok(()) => assert!(file.ends_with("lock"), "{} is not checked", file.display()),
                Err(error) => {
                    errors += 1;
                    let message = error.to_string();
                    assert!(message.contains("damage") || message.contains("has format"), "{message}");
                }
            }
        }
        // A file that is gone.
        fs::remove_file(copy.0.join(file.file_name().expect("it has one"))).expect("it was there");
        if !file.ends_with("lock") {
            let message =
                Index::<Disk>::open(&copy.0, &Options::new()).map(drop).expect_err("one is missing");
            assert!(matches!(message, IndexError::Damaged { .. } | IndexError::Io { .. }), "{message}");
        }
    }
    assert!(errors > 150 && errors + 30 > tried, "{errors} of {tried}");
}

#[test]
fn what_belongs_to_other_documents_is_refused() {
    let folder = Folder::new("parameters");
    drop(open(&folder.0, 4096));
    for options in [Options::new().seed(7), Options::new().normalization(Normalization::WHITESPACE)] {
        let error = Index::<Disk>::open(&folder.0, &options).map(drop).expect_err("it is another index");
        assert!(matches!(error, IndexError::WrongParameters { .. }));
        let message = error.to_string();
        assert!(message.contains("form text, seed 0, segments lines"), "{message}");
    }
    // The head of another scheme and of another format, each whole.
    let head = |format: u32, scheme: u32| {
        let content =
            [&format.to_le_bytes()[..], &scheme.to_le_bytes(), b"form text, seed 0, segments lines"].concat();
        let len = content.len() as u64;
        let sum = xxhash_rust::xxh3::xxh3_64_with_seed(&content, 1 ^ len.rotate_left(32));
        [&len.to_le_bytes()[..], &sum.to_le_bytes(), &content].concat()
    };
    let file = folder.0.join("head");
    assert_eq!(fs::read(&file).expect("it is read"), head(1, refrain::Fingerprint::SCHEME));
    for (bytes, kind) in [(head(1, 999), "scheme 999"), (head(999, 1), "format 999")] {
        fs::write(&file, bytes).expect("there is room");
        let message = Index::<Disk>::open(&folder.0, &Options::new()).map(drop).expect_err("it is refused");
        assert!(message.to_string().contains(kind), "{message}");
    }
}

#[test]
fn a_document_of_a_million_segments_goes_to_disk_and_comes_back() {
    let folder = Folder::new("million");
    let text: String = (0..1_000_000).map(|i| format!("{}\n", i % 700_000)).collect();
    let doc = Document::new(&text);
    let index = open(&folder.0, 16 << 20);
    index.learn("long", "s", &doc).expect("it is learnt");
    index.learn("short", "s", &Document::new("5\n6\n7")).expect("it is learnt");
    index.compact().expect("it is written");
    let seen = index.look("s", &doc).expect("it is read");
    assert_eq!((seen.share(), seen.documents(5), seen.documents(8)), (1.0, 2, 1));
    assert_eq!(seen.blocks().expect("it is read").len(), 1);
    assert!(index.forget("long").expect("it was there"));
    assert_eq!(index.look("s", &doc).expect("it is read").news().count(), 3);
}

/// When more is gone than is left, files shrink by themselves.
#[test]
fn pages_that_are_fetched_again_and_again_do_not_fill_the_disk() {
    let folder = Folder::new("again");
    let index = open(&folder.0, 64 << 10);
    let size = || -> u64 {
        fs::read_dir(&folder.0)
            .expect("it is there")
            .map(|entry| entry.and_then(|e| e.metadata()).expect("it is read").len())
            .sum()
    };
    let mut sizes = Vec::new();
    for round in 0..12 {
        for page in 0..50 {
            let text: String =
                (0..40).map(|line| format!("line {line} of {page} in round {round}\n")).collect();
            index.learn(&page.to_string(), "s", &Document::new(&text)).expect("it is learnt");
        }
        sizes.push(size());
    }
    assert!(sizes.iter().all(|size| *size < 6 * sizes[0]), "{sizes:?}");
    assert_eq!(index.scope_len("s").expect("it is read"), 50);
}

/// What the process that is killed does: `step` by `step`, always the same.
fn step(index: &Index<Disk>, step: usize) {
    if step % 5 == 4 {
        index.forget(&(step - 3).to_string()).expect("it is written");
    } else {
        let text: String = (0..12).map(|line| format!("line {}\n", step * (line + 1) % 97)).collect();
        index
            .learn(&step.to_string(), if step % 3 == 0 { "a" } else { "b" }, &Document::new(&text))
            .expect("it is learnt");
    }
}

/// The documents that are there after so many steps.
fn alive(steps: usize) -> Vec<usize> {
    let forgotten = |page: usize| page % 5 == 1 && page + 3 < steps;
    (0..steps).filter(|page| page % 5 != 4 && !forgotten(*page)).collect()
}

const CHILD: &str = "REFRAIN_TEST_FOLDER";

/// Not a test by itself: the process that is killed is this one.
#[test]
fn child_that_writes() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let index = open(Path::new(&folder), 3000);
    let steps = fs::read_to_string(Path::new(&folder).join("steps")).ok().and_then(|n| n.parse().ok());
    for at in steps.unwrap_or(0_usize).. {
        step(&index, at);
        if at % 4 == 3 {
            index.sync().expect("it is written");
            println!("\nacknowledged {}", at + 1);
        }
        if at % 61 == 60 {
            index.compact().expect("it is written");
        }
    }
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this is a program"))
        .args(["--exact", "child_that_writes", "--nocapture", "--test-threads=1"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

#[test]
fn killed_at_two_hundred_moments_nothing_acknowledged_is_lost() {
    let folder = Folder::new("killed");
    fs::create_dir_all(&folder.0).expect("there is room");
    let mut done = 0;
    let mut seed = 7_u64;
    for kill in 0..200 {
        let mut child = spawn(&folder.0);
        let stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((seed >> 33) % 25_000));
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let mut acknowledged = done;
        for line in stdout.lines().map_while(Result::ok) {
            if let Some(count) = line.strip_prefix("acknowledged ") {
                acknowledged = count.parse().unwrap_or(acknowledged);
            }
        }
        let index = open(&folder.0, 3000);
        // The state after some step that is not before the last acknowledged one, and no other.
        let there: Vec<usize> = (0..acknowledged + 500)
            .filter(|page| index.contains(&page.to_string()).expect("it is read"))
            .collect();
        let steps = (acknowledged..acknowledged + 500).find(|steps| alive(*steps) == there);
        let steps = steps.unwrap_or_else(|| panic!("kill {kill}: after {acknowledged} there is {there:?}"));
        assert_eq!(index.len(), there.len() as u64);
        if kill % 20 == 19 {
            index.check().expect("all is as it was written");
            let expected = Index::new();
            for page in &there {
                let text: String = (0..12).map(|line| format!("line {}\n", page * (line + 1) % 97)).collect();
                let scope = if page % 3 == 0 { "a" } else { "b" };
                expected.learn(&page.to_string(), scope, &Document::new(&text)).expect("it is learnt");
            }
            assert!(snapshot(&index) == snapshot(&expected), "kill {kill}");
        }
        done = steps;
        fs::write(folder.0.join("steps"), done.to_string()).expect("there is room");
    }
    assert!(done > 400, "only {done} steps were done");
}

#[test]
fn a_second_process_is_told_that_the_index_is_in_use() {
    let folder = Folder::new("two");
    fs::create_dir_all(&folder.0).expect("there is room");
    let mut child = spawn(&folder.0);
    let mut stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let mut line = String::new();
    while !line.starts_with("acknowledged") {
        line.clear();
        assert!(stdout.read_line(&mut line).expect("it is text") > 0, "the child ended");
    }
    let in_use = Index::<Disk>::open(&folder.0, &Options::new()).map(drop);
    assert!(matches!(in_use, Err(IndexError::InUse { .. })), "{in_use:?}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    drop(open(&folder.0, 4096));
}
