//! Damaged files, a second process and a full disk. Acknowledged changes are kept, or
//! an error says that they are not.

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::ops::ControlFlow::Continue;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use common::{CHILD, Folder, copy, files, open, open_within, snapshot, spawn};
use refrain::error::IndexError;
use refrain::index::{Detail, Index, Page};
use refrain::{Document, Options};
use refrain_disk::Disk;
use refrain_testkit::{Random, cases};

/// A file with any changed byte is an error, or makes no difference.
#[test]
fn damaged_files_are_errors_and_give_no_other_answers() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("damage");
    let index = open(&folder.0, 1 << 20);
    let text =
        |page: usize| -> String { (0..9).map(|line| format!("line {}\n", page * line % 50)).collect() };
    for page in 0..40 {
        index.insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text(page)) })?;
        if page % 9 == 8 {
            index.remove(&(page - 8).to_string())?;
        }
        if page == 25 {
            // Later changes are in the journal only.
            index.store().compact(|_| Continue(()))?;
        }
    }
    index.sync()?;
    let expected = snapshot(&index);
    let all = text(7) + &text(33);
    let doc = Document::new(&all);
    let counts = |index: &Index<Disk>| -> Result<Vec<(u32, u32)>, IndexError> {
        let seen = index.query("s", &doc, Detail::Counts)?;
        Ok((0..doc.len()).map(|i| (seen.document_count(i), seen.document_count_in_scope(i))).collect())
    };
    let expected_counts = counts(&index)?;
    drop(index);
    // Opening cuts off the room that is kept at the end of a journal.
    drop(open(&folder.0, 1 << 20));
    let files = files(&folder.0);
    assert!(files.len() > 20, "{files:?}");
    let damaged = Folder::new("damaged");
    let mut numbers = Random::new(1);
    let mut random = |n: usize| numbers.below(n);
    let (mut errors, mut tried, mut harmless) = (0, 0, Vec::new());
    for file in &files {
        let bytes = fs::read(folder.0.join(file))?;
        let is_lock = file.ends_with("lock");
        for round in (0..if is_lock { 2 } else { 24 }).step_by(cases(3, 1)) {
            let mut other = bytes.clone();
            match round {
                0 => other.clear(),
                1 => drop(other.pop()),
                2..8 => other.truncate(random(bytes.len())),
                _ if bytes.is_empty() => other.push(7),
                _ => {
                    let at = random(bytes.len());
                    other[at] ^= 1 << random(8);
                }
            }
            if other == bytes {
                continue;
            }
            copy(&folder.0, &damaged.0);
            fs::write(damaged.0.join(file), &other)?;
            tried += 1;
            let answers = || -> Result<(), IndexError> {
                let index = open_within(&damaged.0, 1 << 20)?;
                assert_eq!(counts(&index)?, expected_counts, "{}", file.display());
                let mut bytes = Vec::new();
                index.save(&mut bytes)?;
                assert!(bytes == expected, "{}", file.display());
                index.store().check()
            };
            match answers() {
                Ok(()) => harmless.push((file, round)),
                Err(error) => {
                    errors += 1;
                    let message = error.to_string();
                    assert!(message.contains("damage") || message.contains("has format"), "{message}");
                    let of_engine = ["Error", "InvalidT", "0x"].iter().any(|debug| message.contains(debug));
                    assert!(!of_engine, "{message}");
                    assert!(message.contains(&*damaged.0.to_string_lossy()), "{message}");
                    // It is an error again: opening does not turn damage into something else.
                    let again = answers().map_err(|error| error.to_string());
                    assert!(
                        again.is_err_and(|message| message.contains("damage") || message.contains("format"))
                    );
                }
            }
        }
        // A missing file.
        copy(&folder.0, &damaged.0);
        fs::remove_file(damaged.0.join(file))?;
        if *file != Path::new("segments/lock") {
            let open = Index::<Disk>::open(&damaged.0, &Options::new()).map(drop);
            match open {
                Ok(()) => harmless.push((file, 99)),
                Err(error) => assert!(matches!(error, IndexError::Damaged { .. }), "{error}"),
            }
        }
    }
    // A few bytes of the engine's files are never read.
    assert!(
        errors > cases(130, 400) && harmless.len() < 20,
        "{errors} errors of {tried}, {harmless:?} did not matter"
    );
    Ok(())
}

/// A copy that is made while the index is written to has files of different moments. Opening it is
/// an error, or it has only whole documents that were inserted.
#[test]
fn a_copy_of_a_folder_in_use_is_an_error_or_has_whole_documents() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("in-use");
    let torn = Folder::new("torn");
    let text =
        |page: usize| -> String { (0..20).map(|line| format!("line {}\n", page * line % 97)).collect() };
    let (mut opened, mut refused) = (0, 0);
    for round in 0..cases(8, 50) {
        drop(fs::remove_dir_all(&folder.0));
        // A small memory makes tables often.
        let index = open(&folder.0, if round % 2 == 0 { 4096 } else { 1 << 20 });
        let is_copied = AtomicBool::new(false);
        let written = thread::scope(|scope| -> Result<usize, IndexError> {
            let writer = scope.spawn(|| -> Result<usize, IndexError> {
                let mut page = 0;
                while !is_copied.load(Ordering::Relaxed) {
                    let (id, lines) = (format!("page {}", page % 300), text(page));
                    index.insert(Page { id: &id, scope: "s", document: &Document::new(&lines) })?;
                    if page % 5 == 0 {
                        index.remove(&format!("page {}", page / 2 % 300))?;
                    }
                    if page % 50 == 49 {
                        index.sync()?;
                    }
                    page += 1;
                }
                Ok(page)
            });
            thread::sleep(Duration::from_millis(5 * round as u64 % 60));
            copy_while_written(&folder.0, &torn.0);
            is_copied.store(true, Ordering::Relaxed);
            writer.join().expect("it does not panic")
        })?;
        drop(index);
        let check = || -> Result<(), IndexError> {
            let index = open_within(&torn.0, 1 << 20)?;
            index.store().check()?;
            let ids: Vec<String> = index.ids().collect::<Result<_, _>>()?;
            for id in &ids {
                // One of the texts that were inserted under this id, and the whole of it.
                let number: usize =
                    id.strip_prefix("page ").and_then(|n| n.parse().ok()).expect("it is known");
                let mut is_version = false;
                for page in (number..written).step_by(300) {
                    let lines = text(page);
                    let document = Document::new(&lines);
                    let page = Page { id, scope: "s", document: &document };
                    let all = index.query("s", &document, Detail::Matches)?;
                    let others = index.query_excluding(page, Detail::Matches)?;
                    let is_here = |i| all.document_count(i) == others.document_count(i) + 1;
                    is_version |= (0..document.len()).all(is_here);
                }
                assert!(is_version, "{id} has a part of a text");
            }
            Ok(())
        };
        match check() {
            Ok(()) => opened += 1,
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains("damage") || message.contains("no index"), "{message}");
                refused += 1;
            }
        }
    }
    println!("{opened} copies were opened, {refused} refused");
    assert_eq!(opened + refused, cases(8, 50));
    Ok(())
}

/// Copies a folder file by file, while files in it come and go.
fn copy_while_written(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    fs::create_dir_all(to).expect("there is room");
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_while_written(&from, &to);
        } else {
            drop(fs::copy(from, to));
        }
    }
}

/// Not a test by itself: holds an index open.
#[test]
fn child_that_holds() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let _index = open(Path::new(&folder), 4096);
    println!("\nacknowledged 0");
    loop {
        std::thread::park();
    }
}

#[test]
fn a_second_process_is_told_that_the_index_is_in_use() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("two");
    fs::create_dir_all(&folder.0)?;
    let mut child = spawn("child_that_holds", &folder.0);
    let mut stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let mut line = String::new();
    while !line.starts_with("acknowledged") {
        line.clear();
        assert!(stdout.read_line(&mut line).expect("it is text") > 0, "the child ended");
    }
    let in_use = Index::<Disk>::open(&folder.0, &Options::new()).map(drop);
    assert!(matches!(in_use, Err(IndexError::InUse { .. })), "{in_use:?}");
    child.kill().expect("it runs");
    child.wait()?;
    drop(open(&folder.0, 4096));
    Ok(())
}

const FULL: &str = "REFRAIN_TEST_FULL";

/// Not a test by itself: inserts until that fails.
#[test]
fn child_that_fills_the_disk() {
    let Ok(folder) = std::env::var(FULL) else { return };
    let memory = std::env::var("REFRAIN_TEST_MEMORY").ok().and_then(|memory| memory.parse().ok());
    let index = match open_within(Path::new(&folder), memory.expect("it is a number")) {
        Ok(index) => index,
        Err(error) => return println!("\nended: {error}"),
    };
    for page in index.len().expect("it is read").. {
        let text: String = (0..20_000).map(|line| format!("line {line} of {page}\n")).collect();
        let inserted = index
            .insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })
            .and_then(|_| index.sync());
        if let Err(error) = inserted {
            assert!(matches!(error, IndexError::Io { .. } | IndexError::WriteFailed { .. }), "{error}");
            println!("\nended: {error}");
            assert_eq!(
                index
                    .query("s", &Document::new("line 1 of 0"), Detail::Counts)
                    .expect("it is read")
                    .document_count(0),
                u32::from(page > 0)
            );
            assert!(matches!(
                index.insert(Page { id: "x", scope: "s", document: &Document::new("x") }),
                Err(IndexError::WriteFailed { .. })
            ));
            return;
        }
        println!("\nacknowledged {}", page + 1);
    }
}

/// Runs the child with a shell that limits it, and gives how many pages were acknowledged.
#[cfg(unix)]
fn fill(folder: &Path, memory: usize, limit: &str) -> u64 {
    let program = std::env::current_exe().expect("this is a program");
    let command =
        format!("{limit}exec \"$0\" --exact child_that_fills_the_disk --nocapture --test-threads=1");
    let output = Command::new("sh")
        .args(["-c", &command])
        .arg(program)
        .env(FULL, folder)
        .env("REFRAIN_TEST_MEMORY", memory.to_string())
        .output()
        .expect("it starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    assert!(stdout.contains("ended: "), "{stdout}");
    let last = stdout.lines().filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok()).next_back();
    last.unwrap_or_default()
}

#[cfg(unix)]
#[test]
fn when_a_file_cannot_grow_that_is_an_error_and_what_was_acknowledged_stays()
-> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("limit");
    // A journal has 64 MiB from the start; 65.5 are too few for the next.
    let acknowledged = fill(&folder.0, 1 << 30, "trap '' XFSZ; ulimit -f 134000; ");
    assert!(acknowledged > 10, "{acknowledged}");
    let index = open(&folder.0, 1 << 20);
    let len = index.len()?;
    assert!(len == acknowledged || len == acknowledged + 1);
    index.store().check()?;
    index
        .insert(Page { id: "x", scope: "s", document: &Document::new("line 1 of 0") })
        .and_then(|_| index.sync())?;
    Ok(())
}

/// On a small disk of its own, where that can be had.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_what_was_acknowledged_stays() {
    for (size, memory) in [("3m", 1 << 20), ("12m", 1 << 30), ("30m", 1 << 20), ("200k", 1)] {
        let folder = Folder::new("full");
        fs::create_dir_all(&folder.0).expect("there is room");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"])
            .arg(&folder.0)
            .stderr(Stdio::null())
            .status();
        if !mount.is_ok_and(|status| status.success()) {
            println!("skipped: no disk can be mounted here");
            return;
        }
        let acknowledged = fill(&folder.0.join("index"), memory, "");
        let again = fill(&folder.0.join("index"), memory, "");
        let roomy = Folder::new("roomy");
        if folder.0.join("index").exists() {
            copy(&folder.0.join("index"), &roomy.0);
        }
        let status = Command::new("umount").arg(&folder.0).status();
        assert!(status.is_ok_and(|status| status.success()));
        let index = open(&roomy.0, 1 << 20);
        let acknowledged = acknowledged.max(again);
        let len = index.len().expect("it is read");
        assert!((acknowledged..=acknowledged + 2).contains(&len), "{size}: {len}");
        index.store().check().expect("all is as it was written");
        index
            .insert(Page { id: "x", scope: "s", document: &Document::new("line 1 of 0") })
            .and_then(|_| index.sync())
            .expect("there is room");
    }
}
