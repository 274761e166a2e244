//! `dedup` against a naive oracle: in any number of processes and threads, and after kills.

mod common;

use std::collections::HashMap;
use std::process::Stdio;
use std::time::Duration;

use common::{Folder, line, zst};
use proptest::prelude::*;
use refrain_testkit::{Random, cases};

/// The documents of two files, which share lines.
fn documents() -> impl Strategy<Value = [Vec<Vec<&'static str>>; 2]> {
    let line = prop::sample::select(vec![
        "Home",
        "home ",
        "A storm closed the harbor.",
        "é — 😀",
        "x",
        "Menu",
        "",
        "Imprint",
    ]);
    let document = prop::collection::vec(line, 0..6);
    [prop::collection::vec(document.clone(), 0..5), prop::collection::vec(document, 0..5)]
}

/// Returns what is left of each document: nothing if all of its lines occur in earlier ones.
fn naive(files: &[Vec<Vec<&str>>; 2]) -> [String; 2] {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut number = 0;
    files.each_ref().map(|documents| {
        let mut output = String::new();
        for lines in documents {
            number += 1;
            let is_seen = |line: &&str| {
                let form = line.trim().to_lowercase();
                !form.is_empty() && *first.entry(form).or_insert(number) < number
            };
            let seen: Vec<bool> = lines.iter().map(is_seen).collect();
            let segments = lines.iter().filter(|line| !line.is_empty()).count();
            if segments > 0 && seen.iter().filter(|seen| **seen).count() == segments {
                continue;
            }
            let kept = lines.iter().zip(&seen).filter(|(_, seen)| !**seen).map(|(line, _)| *line);
            output += &kept.collect::<Vec<_>>().join("\n");
            output += "\n--\n";
        }
        output
    })
}

/// Returns the texts of JSONL in the form of [`naive`], without blank lines, whose number depends
/// on the rules for cuts.
fn texts(jsonl: &str) -> String {
    let text = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["text"].as_str().unwrap().to_owned() + "\n--\n"
    };
    jsonl.lines().map(text).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(20, 300)))]

    #[test]
    fn lines_of_earlier_documents_are_removed(files in documents()) {
        let folder = Folder::new();
        for (name, documents) in ["a", "b"].iter().zip(&files) {
            let lines: String = documents.iter().map(|lines| line("1", &lines.join("\n"))).collect();
            folder.write(&format!("in/{name}.jsonl"), lines);
        }
        folder.run("dedup --granularity lines in -o out -j 3").expect(0);
        for (name, expected) in ["a", "b"].iter().zip(naive(&files)) {
            let found = texts(&folder.text(&format!("out/{name}.jsonl")));
            prop_assert_eq!(lines(&found), lines(&expected));
        }
        // The edits of the same run, applied, give the same documents.
        let edits = "dedup --granularity lines --id none --write edits in -o edits --removed removed";
        folder.run(edits).expect(0);
        let status = folder.run("apply --id none --edits edits in -o applied").status;
        prop_assert!(status == Some(0));
        for name in ["a", "b"] {
            let read = |part: &str| folder.read(&format!("{part}/{name}.jsonl"));
            prop_assert_eq!(read("applied"), read("out"));
        }
    }
}

/// Writes files whose lines repeat across them.
fn write_inputs(folder: &Folder, files: usize, documents: usize) {
    let mut random = Random::new(3);
    for file in 0..files {
        let mut jsonl = String::new();
        for document in 0..documents {
            let lines: Vec<String> =
                (0..20).map(|_| format!("This is the line {}", random.below(30_000))).collect();
            jsonl += &line(&format!("{file}-{document}"), &lines.join("\n"));
        }
        folder.write(&format!("in/{file:02}.jsonl.zst"), zst(jsonl.as_bytes(), 1 << 20));
    }
}

/// Returns the outputs in a folder.
fn outputs(folder: &Folder, name: &str) -> Vec<Vec<u8>> {
    let mut files = folder.files(name);
    files.retain(|(path, _)| path.extension().is_some_and(|ending| ending == "zst"));
    files.into_iter().map(|(_, bytes)| bytes).collect()
}

#[test]
fn memory_threads_processes_and_steps_change_nothing() {
    let folder = Folder::new();
    write_inputs(&folder, 5, 1500);
    let command = "dedup --granularity lines in";
    folder.run(&format!("{command} -o expected -j 1")).expect(0).says("documents      7,500 in");
    let expected = outputs(&folder, "expected");
    assert_eq!(expected.len(), 5);
    // One partition at a time, because no more fit.
    folder.run(&format!("{command} -o small -j 4 --memory 160K")).expect(0);
    assert!(outputs(&folder, "small") == expected);
    folder.run(&format!("{command} -o none --memory 10K")).expect(2).says("--memory: expected 1");
    for step in ["map:2/3", "map:1/3", "map:3/3", "reduce", "apply:3/3", "apply:1/3", "apply:2/3"] {
        folder.run(&format!("{command} -o steps --only {step}")).expect(0);
    }
    assert!(outputs(&folder, "steps") == expected);
    // Each job has a manifest of its own, and writes no other.
    assert!(!folder.path("steps/.refrain/manifest.jsonl").exists());
    // All steps are done, and nothing is left to do.
    folder.run(&format!("{command} -o steps")).expect(0).says("finished       5 inputs before this run");
    folder.run(&format!("{command} -o early --only reduce")).expect(2).says("run the step `map` first");
    folder.run(&format!("{command} -o early --only map:1/1")).expect(0);
    folder.run(&format!("{command} -o early --only apply:1/1")).expect(2).says("run the step `reduce` first");
    folder.run(&format!("{command} -o early --only map:4/3")).expect(2).says("expected `map:I/N`");
    folder.run(&format!("{command} -o early --only reduce --force")).expect(2).says("expected no --force");
    folder.run(&format!("{command} -o early --memory 8")).expect(2).says("a size with a unit");
    // Nothing is left of the stages.
    assert!(!folder.path("expected/.refrain/stages").exists());
}

#[test]
fn kills_at_any_moment_change_nothing() {
    let folder = Folder::new();
    write_inputs(&folder, 6, 800);
    let start = std::time::Instant::now();
    folder.run("dedup --granularity lines in -o expected").expect(0);
    let time = start.elapsed();
    let mut random = Random::new(7);
    for _ in 0..cases(10, 100) {
        let command = "dedup --granularity lines in -o out";
        let mut child = folder.command(command).stderr(Stdio::null()).spawn().expect("it runs");
        let share = u32::try_from(random.below(100)).unwrap();
        std::thread::sleep(time * share / 100 + Duration::from_millis(2));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        if random.below(2) == 0 {
            folder.run(command).expect(0);
            assert!(outputs(&folder, "out") == outputs(&folder, "expected"));
            std::fs::remove_dir_all(folder.path("out")).unwrap();
        }
    }
}

#[test]
fn changed_inputs_and_settings_are_noticed() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", "One.\nTwo."));
    folder.write("in/b.jsonl", line("2", "Two.\nThree."));
    folder.run("dedup --granularity lines in -o out").expect(0);
    assert_eq!(folder.text("out/b.jsonl"), line("2", "Three."));
    folder.write("in/a.jsonl", line("1", "One."));
    let changed = "expected the inputs with which this folder was begun, found other or changed ones";
    folder.run("dedup --granularity lines in -o out").expect(2).says(changed);
    folder.run("dedup --granularity lines in/b.jsonl -o out").expect(2).says(changed);
    folder.run("dedup --granularity lines in -o out --force").expect(0);
    assert_eq!(folder.text("out/b.jsonl"), line("2", "Two.\nThree."));
    folder.run("dedup --granularity lines in -o out --fold digits").expect(2).says("form text+digits");
}

#[test]
fn whole_documents_and_paragraphs_are_compared_too() {
    let folder = Folder::new();
    let texts = ["One.\n\nTwo\nlines.", "ONE.\ntwo lines.", "Two lines.\n\nMore.", "Other"];
    folder.write(
        "a.jsonl",
        texts.iter().enumerate().map(|(i, text)| line(&i.to_string(), text)).collect::<String>(),
    );
    let run = |arguments: &str| {
        let run = folder.run(&format!("dedup a.jsonl -o - -q {arguments}")).expect(0);
        String::from_utf8(run.out).unwrap()
    };
    assert_eq!(run("--granularity documents --write ids"), "\"1\"\n");
    assert_eq!(run("--granularity paragraphs").lines().nth(2).unwrap(), line("2", "More.").trim());
    assert_eq!(run("--granularity lines --min-weight 5").matches("One.").count(), 1);
    assert_eq!(run("--granularity lines --min-weight 4").matches("ONE.").count(), 1);
    assert_eq!(run("--granularity lines").matches("ONE.").count(), 0);
    folder.run("dedup a.jsonl -o -").expect(2).says("--granularity");
    folder.run("dedup a.jsonl --granularity documents --check").expect(1);
    let run = folder.run_with("dedup - --granularity documents -q", &folder.read("a.jsonl")).expect(0);
    assert_eq!(String::from_utf8(run.out).unwrap().lines().count(), 3);
}

#[test]
fn standard_input_is_not_taken_for_that_of_an_earlier_run() {
    let folder = Folder::new();
    for text in ["One.", "Two."] {
        let input = line("1", text) + &line("2", &format!("{text}\nMore."));
        let command = "dedup - --granularity lines --work work -q";
        let run = folder.run_with(command, input.as_bytes()).expect(0);
        assert_eq!(String::from_utf8(run.out).unwrap(), line("1", text) + &line("2", "More."));
    }
    assert!(folder.path("work/map").exists());
}

#[test]
fn damaged_files_of_stages_are_errors_or_change_nothing() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", "One.\nTwo.") + &line("3", "Four.\nOne.\nFive."));
    folder.write("in/b.jsonl", line("2", "Two.\nThree.") + &line("4", "Six.\nFive.\nThree."));
    let command = "dedup in --granularity lines -o out -q";
    folder.run(&format!("{command} --only map:1/1")).expect(0);
    folder.run(&format!("{command} --only reduce")).expect(0);
    let stages = folder.files("out/.refrain/stages");
    assert_eq!(stages.len(), 3);
    let mut random = Random::new(11);
    for round in 0..cases(60, 600) {
        let (path, bytes) = &stages[round % 3];
        let mut damaged = bytes.clone();
        let at = random.below(damaged.len());
        match random.below(3) {
            0 => damaged.truncate(at),
            1 => damaged[at] ^= 1 << random.below(8),
            _ => damaged[at] = 0xFF,
        }
        std::fs::write(path, &damaged).unwrap();
        for step in ["reduce", "apply:1/1"] {
            let run = folder.run(&format!("{command} --only {step}"));
            assert!(
                matches!(run.status, Some(0 | 2)) && !run.messages.contains("panicked"),
                "{}",
                run.messages
            );
        }
        for (path, bytes) in &stages {
            std::fs::write(path, bytes).unwrap();
        }
        for name in ["a.jsonl", "b.jsonl", ".refrain/manifest-1-of-1.jsonl"] {
            let _ = std::fs::remove_file(folder.path(&format!("out/{name}")));
        }
    }
    // Each byte of the list of segments is in a hash.
    let (path, bytes) = &stages[2];
    for at in [bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1, bytes.len() - 20, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        std::fs::write(path, &damaged).unwrap();
        folder
            .run(&format!("{command} --only apply:1/1"))
            .expect(2)
            .says("result: expected a file as it was written, found a damaged one, which is deleted");
        folder.run(&format!("{command} --only reduce")).expect(0);
        assert!(std::fs::read(path).unwrap() == *bytes);
    }
    // A start that is not between its neighbors; the table follows the hash and the counts.
    let (path, bytes) = &stages[0];
    let table = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1 + 8 + 8 + 4 + 4 + 4 * 257;
    let mut damaged = bytes.clone();
    damaged[table + 8] = 0xEE;
    std::fs::write(path, &damaged).unwrap();
    folder
        .run(&format!("{command} --only apply:1/1"))
        .expect(2)
        .says("found a damaged one, which is deleted");
    folder.run(command).expect(0);
    assert_eq!(folder.text("out/b.jsonl"), line("2", "Three.") + &line("4", "Six.\n"));
}

#[test]
fn removals_name_their_sources() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", format!("\nnonsense\n{}", line("1", "A storm.\nImprint")));
    folder.write("in/b.txt", "é A calm.\nIMPRINT\n");
    folder.write("in/c.txt", "a storm.\n");
    folder.run("dedup in --granularity lines -o out --removed removed").expect(3).says("bad lines      1");
    let removed = String::from_utf8(folder.read("removed")).unwrap();
    let values: Vec<serde_json::Value> =
        removed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(values.len(), 2);
    assert_eq!((&values[0]["id"], &values[0]["source"]), (&"b.txt".into(), &"a.jsonl:3".into()));
    assert_eq!((&values[0]["start"], &values[0]["text"]), (&10.into(), &"IMPRINT".into()));
    assert_eq!((&values[1]["id"], &values[1]["source"]), (&"c.txt".into(), &"a.jsonl:3".into()));
    assert_eq!(folder.text("out/b.txt"), "é A calm.\n");
    assert_eq!(folder.read("out/c.txt"), b"");
}

#[test]
fn passages_are_found_inside_lines() {
    let folder = Folder::new();
    let shared = "The ferry sails again at nine from the old harbor, says the office.";
    folder.write("a.jsonl", line("a", &format!("News. {shared} It was late.")));
    folder.write("b.jsonl", line("b", &format!("Other news. {shared} Tickets are sold.")));
    folder.write("c.jsonl", line("c", &format!("News. {shared} It was late.")));
    let command = "dedup --granularity passages --min-words 8 a.jsonl b.jsonl c.jsonl";
    folder
        .run(&format!("{command} -o out --removed removed"))
        .expect(0)
        .says("documents      3 in, 2 out, 1 changed");
    assert_eq!(folder.text("out/b.jsonl"), line("b", "Other news. Tickets are sold."));
    assert_eq!(folder.text("out/c.jsonl"), "");
    let removed = String::from_utf8(folder.read("removed")).unwrap();
    assert_eq!(removed.matches("\"source\":\"a\"").count(), 2, "{removed}");
    folder
        .run(&format!("{command} -o steps --only map:1/1"))
        .expect(2)
        .says("--only map: expected no such step for passages");
    for step in ["reduce", "apply:1/2", "apply:2/2"] {
        folder.run(&format!("{command} -o steps --only {step}")).expect(0);
    }
    assert_eq!(folder.text("steps/b.jsonl"), folder.text("out/b.jsonl"));
    folder.run(&format!("{command} -o small --memory 0K")).expect(2).says("--memory: expected more than 0 B");
}

/// Some systems allow a process no more than 256 open files.
#[cfg(unix)]
#[test]
fn there_may_be_more_inputs_than_open_files() {
    let folder = Folder::new();
    for file in 0..400 {
        folder.write(&format!("in/{file}.jsonl"), line("1", &format!("The line {}", file % 399)));
    }
    let binary = env!("CARGO_BIN_EXE_refrain");
    let command = "dedup --granularity lines in -o out --removed removed";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("ulimit -n 200 && exec {binary} {command}")]).current_dir(folder.path(""));
    common::Run::of(shell.output().expect("a shell")).expect(0).says("400 in, 399 out");
}
