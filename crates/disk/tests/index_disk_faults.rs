//! Promise 11: damaged files, a killed process and a full disk. Acknowledged changes are kept, or
//! an error says that they are not.

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::folder::{Folder, files, open, snapshot};
use refrain::error::IndexError;
use refrain::index::{Disk, Index, Page};
use refrain::{Document, Options};
use refrain_testkit::{Random, cases};

fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    fs::create_dir_all(to).expect("there is room");
    for entry in fs::read_dir(from).expect("it is there") {
        let from = entry.expect("it is read").path();
        let to = to.join(from.file_name().expect("it has one"));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).expect("there is room");
        }
    }
}

/// A file that is not as it was written, in any byte, is an error, or makes no difference.
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
            // What follows is in the journal only.
            index.compact()?;
        }
    }
    index.sync()?;
    let expected = snapshot(&index);
    let all = text(7) + &text(33);
    let doc = Document::new(&all);
    let counts = |index: &Index<Disk>| -> Result<Vec<(u32, u32)>, IndexError> {
        let seen = index.query("s", &doc)?;
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
                let index = Index::<Disk>::open_within(&damaged.0, &Options::new(), 1 << 20)?;
                assert_eq!(counts(&index)?, expected_counts, "{}", file.display());
                let mut bytes = Vec::new();
                index.save(&mut bytes)?;
                assert!(bytes == expected, "{}", file.display());
                index.check()
            };
            match answers() {
                Ok(()) => harmless.push((file, round)),
                Err(error) => {
                    errors += 1;
                    let message = error.to_string();
                    assert!(message.contains("damage") || message.contains("has format"), "{message}");
                    // And it stays one: no damage is mended into something else.
                    let again = answers().map_err(|error| error.to_string());
                    assert!(
                        again.is_err_and(|message| message.contains("damage") || message.contains("format"))
                    );
                }
            }
        }
        // A file that is gone.
        copy(&folder.0, &damaged.0);
        fs::remove_file(damaged.0.join(file))?;
        if *file != Path::new("lock") {
            let open = Index::<Disk>::open(&damaged.0, &Options::new()).map(drop);
            match open {
                Ok(()) => harmless.push((file, 99)),
                Err(error) => assert!(matches!(error, IndexError::Damaged { .. }), "{error}"),
            }
        }
    }
    // A few bytes of the library's files say what nobody reads.
    assert!(
        errors > cases(130, 400) && harmless.len() < 20,
        "{errors} errors of {tried}, {harmless:?} did not matter"
    );
    Ok(())
}

/// What the process that is killed does: `step` by `step`, always the same.
fn step(index: &Index<Disk>, step: usize) {
    if step % 5 == 4 {
        index.remove(&(step - 3).to_string()).expect("it is written");
    } else {
        let text: String = (0..12).map(|line| format!("line {}\n", step * (line + 1) % 97)).collect();
        index
            .insert(Page {
                id: &step.to_string(),
                scope: if step % 3 == 0 { "a" } else { "b" },
                document: &Document::new(&text),
            })
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
fn killed_at_any_moment_nothing_acknowledged_is_lost() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("killed");
    fs::create_dir_all(&folder.0)?;
    let mut done = 0;
    let mut random = Random::new(7);
    let kills = cases(20, 200);
    for kill in 0..kills {
        let mut child = spawn(&folder.0);
        let mut lines =
            BufReader::new(child.stdout.take().expect("it is a pipe")).lines().map_while(Result::ok);
        let mut acknowledged = done;
        let mut read = |line: String| {
            let count = line.strip_prefix("acknowledged ").and_then(|count| count.parse().ok());
            acknowledged = count.unwrap_or(acknowledged);
            count.is_some()
        };
        // Every other one gets as far as to acknowledge something, however slow the machine is.
        if kill % 2 == 0 {
            lines.by_ref().any(&mut read);
        }
        std::thread::sleep(Duration::from_micros(random.number() % 20_000));
        child.kill().expect("it runs");
        child.wait()?;
        for line in lines {
            read(line);
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
            index.check()?;
            let expected = Index::new();
            for page in &there {
                let text: String = (0..12).map(|line| format!("line {}\n", page * (line + 1) % 97)).collect();
                let scope = if page % 3 == 0 { "a" } else { "b" };
                expected.insert(Page { id: &page.to_string(), scope, document: &Document::new(&text) })?;
            }
            assert!(snapshot(&index) == snapshot(&expected), "kill {kill}");
        }
        done = steps;
        fs::write(folder.0.join("steps"), done.to_string())?;
    }
    assert!(done > kills, "only {done} steps were done");
    Ok(())
}

#[test]
fn a_second_process_is_told_that_the_index_is_in_use() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("two");
    fs::create_dir_all(&folder.0)?;
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
    child.wait()?;
    drop(open(&folder.0, 4096));
    Ok(())
}

const LEARNS: &str = "REFRAIN_TEST_FULL";

/// Not a test by itself: learns until that fails.
#[test]
fn child_that_fills_the_disk() {
    let Ok(folder) = std::env::var(LEARNS) else { return };
    let memory = std::env::var("REFRAIN_TEST_MEMORY").ok().and_then(|memory| memory.parse().ok());
    let index = match Index::<Disk>::open_within(&folder, &Options::new(), memory.expect("it is a number")) {
        Ok(index) => index,
        Err(error) => return println!("\nended: {error}"),
    };
    for page in index.len().. {
        let text: String = (0..20_000).map(|line| format!("line {line} of {page}\n")).collect();
        let learnt = index
            .insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })
            .and_then(|()| index.sync());
        if let Err(error) = learnt {
            assert!(matches!(error, IndexError::Io { .. } | IndexError::Broken { .. }), "{error}");
            println!("\nended: {error}");
            assert_eq!(
                index.query("s", &Document::new("line 1 of 0")).expect("it is read").document_count(0),
                u32::from(page > 0)
            );
            assert!(matches!(
                index.insert(Page { id: "x", scope: "s", document: &Document::new("x") }),
                Err(IndexError::Broken { .. })
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
        .env(LEARNS, folder)
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
    assert!(index.len() == acknowledged || index.len() == acknowledged + 1);
    index.check()?;
    index
        .insert(Page { id: "x", scope: "s", document: &Document::new("line 1 of 0") })
        .and_then(|()| index.sync())?;
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
        assert!(index.len() >= acknowledged && index.len() <= acknowledged + 2, "{size}: {}", index.len());
        index.check().expect("all is as it was written");
        index
            .insert(Page { id: "x", scope: "s", document: &Document::new("line 1 of 0") })
            .and_then(|()| index.sync())
            .expect("there is room");
    }
}
