//! A process that is killed at any moment loses nothing that was acknowledged, and
//! leaves no part of an operation, for both kinds of index.

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::ops::ControlFlow::Continue;
use std::path::Path;
use std::time::Duration;

use common::{CHILD, Folder, copy, open, retry, snapshot, spawn};
use refrain::Document;
use refrain::error::IndexError;
use refrain::index::{Index, Page};
use refrain::near::{LshIndex, NearOptions, Shingler, Shingles};
use refrain_disk::Disk;
use refrain_testkit::{Random, cases};

/// The memory of a store that is written, in bytes. It is raised to the minimum, with which files
/// are flushed and merged all the time.
const LITTLE: usize = 3000;

/// The memory of a store that is checked, in bytes. With little memory, most of the time would be
/// spent on reading the same blocks for each query.
const ENOUGH: usize = 64 << 20;

type Error = Box<dyn std::error::Error>;

/// Performs steps without end, from the number in the file `steps` on, if this process is a child.
fn perform<T>(
    open: impl Fn(&Path) -> T,
    step: impl Fn(&T, usize) -> Result<(), IndexError>,
    sync: impl Fn(&T) -> Result<(), IndexError>,
) {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let folder = Path::new(&folder);
    let index = open(folder);
    let first = fs::read_to_string(folder.with_extension("steps")).ok().and_then(|n| n.parse().ok());
    for at in first.unwrap_or(0_usize).. {
        step(&index, at).expect("it is written");
        if at % 4 == 3 {
            sync(&index).expect("it is written");
            println!("\nacknowledged {}", at + 1);
        }
    }
}

/// Starts the test `child` again and again, and kills it. After each kill, `check` receives the
/// number of acknowledged steps and of kills, and returns the number of steps whose effects exist.
fn kill(
    child: &str,
    folder: &Path,
    mut check: impl FnMut(usize, usize) -> Result<usize, Error>,
) -> Result<(), Error> {
    fs::create_dir_all(folder)?;
    let steps = folder.with_extension("steps");
    let mut done = 0;
    let mut random = Random::new(7);
    let kills = cases(20, 200);
    for kill in 1..=kills {
        fs::write(&steps, done.to_string())?;
        let mut process = spawn(child, folder);
        let stdout = process.stdout.take().expect("it is a pipe");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut acknowledged = done;
        let mut read = |line: String| {
            let count = line.strip_prefix("acknowledged ").and_then(|count| count.parse().ok());
            acknowledged = count.unwrap_or(acknowledged);
            count.is_some()
        };
        // Every other process acknowledges something, however slow the machine is.
        if kill % 2 == 0 {
            lines.by_ref().any(&mut read);
        }
        std::thread::sleep(Duration::from_micros(random.number() % 20_000));
        process.kill().expect("it runs");
        process.wait().expect("it was killed");
        for line in lines {
            read(line);
        }
        done = check(acknowledged, kill)?;
    }
    fs::remove_file(steps)?;
    assert!(done > kills, "only {done} steps were done");
    Ok(())
}

/// A step inserts a document, and every fifth removes the one of three steps before.
fn is_removal(step: usize) -> bool {
    step % 5 == 4
}

/// Returns the steps whose documents exist after the first `steps`.
fn alive(steps: usize) -> Vec<usize> {
    let is_removed = |step: usize| step % 5 == 1 && step + 3 < steps;
    (0..steps).filter(|step| !is_removal(*step) && !is_removed(*step)).collect()
}

/// Returns the number of steps, from `acknowledged` on, after which exactly the documents exist
/// that do exist.
fn steps_of(acknowledged: usize, contains: impl Fn(&str) -> Result<bool, IndexError>) -> (usize, Vec<usize>) {
    let some = acknowledged + 500;
    let there: Vec<usize> =
        (0..some).filter(|step| contains(&step.to_string()).expect("it is read")).collect();
    let steps = (acknowledged..some).find(|steps| alive(*steps) == there);
    (steps.unwrap_or_else(|| panic!("after {acknowledged} steps there is {there:?}")), there)
}

fn lines(step: usize) -> String {
    (0..12).map(|line| format!("line {}\n", step * (line + 1) % 97)).collect()
}

fn scope(step: usize) -> &'static str {
    if step.is_multiple_of(3) { "a" } else { "b" }
}

/// Not a test by itself.
#[test]
fn child_that_writes() {
    let step = |index: &Index<Disk>, step: usize| {
        if is_removal(step) {
            assert!(index.remove(&(step - 3).to_string())?);
        } else {
            let text = lines(step);
            let document = Document::new(&text);
            index.insert(Page { id: &step.to_string(), scope: scope(step), document: &document })?;
        }
        if step % 61 == 60 { index.store().compact(|_| Continue(())) } else { Ok(()) }
    };
    perform(|folder| open(folder, LITTLE), step, Index::sync);
}

#[test]
fn killed_at_any_moment_an_index_loses_nothing() -> Result<(), Error> {
    let folder = Folder::new("killed");
    kill("child_that_writes", &folder.0, |acknowledged, kill| {
        let index = open(&folder.0, ENOUGH);
        let (steps, there) = steps_of(acknowledged, |id| index.contains(id));
        assert_eq!(index.len()?, there.len() as u64);
        if kill % 20 == 0 {
            index.store().check()?;
            let expected = Index::new();
            for step in &there {
                let text = lines(*step);
                let document = Document::new(&text);
                expected.insert(Page { id: &step.to_string(), scope: scope(*step), document: &document })?;
            }
            assert!(snapshot(&index) == snapshot(&expected), "kill {kill}");
        }
        Ok(steps)
    })
}

fn near(folder: &Path, memory: usize) -> LshIndex<Disk> {
    let options = NearOptions::new(0.8).expect("it is in range");
    let shingler = Shingler::new().words_per_shingle(3);
    retry(|| {
        LshIndex::open_with(folder, &shingler, options.clone(), |folder, name, new| {
            Disk::open_within(folder, name, new, memory)
        })
    })
}

fn story(index: &LshIndex<Disk>, seed: usize) -> Shingles {
    let words: Vec<String> = (0..30).map(|word| format!("word{}", seed * 31 + word * word)).collect();
    index.shingler().shingle(&words.join(" "))
}

/// Not a test by itself.
#[test]
fn child_that_writes_near_duplicates() {
    let step = |index: &LshIndex<Disk>, step: usize| {
        if is_removal(step) {
            assert!(index.remove(&(step - 3).to_string())?);
        } else {
            index.query_and_insert(&step.to_string(), &story(index, step))?;
        }
        Ok(())
    };
    perform(|folder| near(folder, LITTLE), step, LshIndex::sync);
}

#[test]
fn killed_at_any_moment_an_index_of_near_duplicates_loses_nothing() -> Result<(), Error> {
    let folder = Folder::new("killed-near");
    kill("child_that_writes_near_duplicates", &folder.0, |acknowledged, kill| {
        let index = near(&folder.0, ENOUGH);
        let (steps, there) = steps_of(acknowledged, |id| index.contains(id));
        assert_eq!(index.len()?, there.len() as u64);
        for step in there.iter().rev().take(20) {
            let found = index.query(&story(&index, *step))?;
            assert_eq!(found.iter().next().map(|found| found.document_id()), Some(&*step.to_string()));
        }
        if kill % 20 == 0 {
            index.store().check()?;
        }
        Ok(steps)
    })
}

/// The number of parts of a document that has several: more than the postings that a row of a key
/// holds. With many more, most of the time would be spent on queries.
const PARTS: usize = 20;

/// The number of parts that each of the five documents has after some steps.
fn parts_after(steps: usize) -> [usize; 5] {
    let last = |id: usize| (0..steps).rev().find(|step| step % 5 == id);
    std::array::from_fn(|id| last(id).map_or(0, parts_of))
}

fn parts_of(step: usize) -> usize {
    if (step / 5).is_multiple_of(2) { PARTS } else { 1 }
}

/// Not a test by itself.
#[test]
fn child_that_changes_parts() {
    let step = |index: &LshIndex<Disk>, step: usize| {
        let parts: Vec<Shingles> =
            (0..parts_of(step)).map(|part| story(index, step % 5 * PARTS + part)).collect();
        index.insert_parts(&(step % 5).to_string(), &parts).map(drop)
    };
    perform(|folder| near(folder, LITTLE), step, LshIndex::sync);
}

/// Five documents have many parts and one part in turns. All or none of the parts are replaced, so
/// no part is left when the documents are removed.
#[test]
fn parts_of_a_killed_process_can_be_removed() -> Result<(), Error> {
    let (folder, copied) = (Folder::new("killed-parts"), Folder::new("killed-parts-copy"));
    kill("child_that_changes_parts", &folder.0, |acknowledged, kill| {
        let index = near(&folder.0, ENOUGH);
        let len = usize::try_from(index.len()?)?;
        let found: Vec<usize> = (0..5)
            .map(|id| {
                let parts = (0..PARTS).map(|part| index.query(&story(&index, id * PARTS + part)));
                let is_own = |found: &refrain::near::Neighbors| {
                    found.iter().any(|found| found.document_id() == id.to_string())
                };
                parts.filter(|found| found.as_ref().is_ok_and(is_own)).count()
            })
            .collect();
        let steps = (acknowledged..acknowledged + 500).find(|steps| parts_after(*steps)[..] == found);
        let steps = steps.unwrap_or_else(|| panic!("after {acknowledged} steps, {found:?} parts"));
        assert_eq!(len, found.iter().sum());
        if kill % 5 == 0 {
            index.store().check()?;
            drop(index);
            copy(&folder.0, &copied.0);
            let index = near(&copied.0, ENOUGH);
            for (id, parts) in found.iter().enumerate() {
                assert_eq!(index.remove(&id.to_string())?, *parts > 0);
            }
            assert!(index.is_empty()?);
            for part in 0..5 * PARTS {
                let found = index.query(&story(&index, part))?;
                assert_eq!((found.len(), found.skipped_candidates()), (0, 0));
            }
            index.store().check()?;
        }
        Ok(steps)
    })
}
