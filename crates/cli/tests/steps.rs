//! Commands that need all inputs: their steps, with the parts in any order, give the bytes of one
//! run.

mod common;

use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Folder, line, uncompressed, zst};
use refrain_testkit::prose::story;
use refrain_testkit::{Random, cases};

/// Writes files of stories, of which some occur again with a few other words.
fn write_inputs(folder: &Folder) {
    let mut random = Random::new(23);
    let mut stories: Vec<String> = Vec::new();
    for file in 0..5 {
        let mut jsonl = String::new();
        for document in 0..40 {
            let text = match random.below(3) {
                0 if !stories.is_empty() => {
                    format!("{} {}", stories[random.below(stories.len())], story(&mut random, 4))
                }
                1 if !stories.is_empty() => stories[random.below(stories.len())].clone(),
                _ => story(&mut random, 80),
            };
            jsonl += &line(&format!("{file}-{document}"), &text);
            stories.push(text);
        }
        jsonl += &line("empty", "");
        folder.write(&format!("in/{file}.jsonl.zst"), zst(jsonl.as_bytes(), 1 << 20));
    }
}

/// Returns the outputs below a folder, without the files of the run.
fn outputs(folder: &Folder, name: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let root = folder.path(name);
    let mut files = folder.files(name);
    files.retain(|(path, _)| !path.starts_with(root.join(".refrain")));
    files.into_iter().map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_owned(), bytes)).collect()
}

/// Checks that the steps of `command`, in any order of their parts, write what one run writes.
fn check(folder: &Folder, command: &str, name: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    folder.run(&format!("{command} -o {name}/one -q -j 1")).expect(0);
    let expected = outputs(folder, &format!("{name}/one"));
    assert!(!folder.path(&format!("{name}/one/.refrain/stages")).exists());
    for (number, steps) in [
        ["map:2/2", "map:1/2", "reduce", "apply:2/2", "apply:1/2"].as_slice(),
        &["map:3/3", "map:1/3", "map:2/3", "reduce", "reduce", "apply:1/3", "apply:3/3", "apply:2/3"],
        &["map:1/7", "map:1/1", "map:1/1", "reduce", "apply:1/1"],
    ]
    .into_iter()
    .enumerate()
    {
        let command = format!("{command} -o {name}/{number} -q -j 2 --only");
        for step in steps {
            folder.run(&format!("{command} {step}")).expect(0);
        }
        assert!(outputs(folder, &format!("{name}/{number}")) == expected, "{command}: {steps:?}");
    }
    let early = format!("{command} -o {name}/early --only");
    folder.run(&format!("{early} reduce")).expect(2).says("run the step `map` first");
    folder.run(&format!("{early} map:1/1")).expect(0);
    folder.run(&format!("{early} apply:1/1")).expect(2).says("run the step `reduce` first");
    expected
}

#[test]
fn the_steps_of_near() {
    let folder = Folder::new();
    write_inputs(&folder);
    let documents = check(&folder, "near in --threshold 0.7", "documents");
    assert_eq!(documents.len(), 5);
    let kept: usize = documents
        .iter()
        .map(|(_, bytes)| uncompressed(bytes).iter().filter(|byte| **byte == b'\n').count())
        .sum();
    assert!((60..180).contains(&kept), "{kept}");
    for form in ["edits", "ids", "dolma", "datatrove"] {
        check(&folder, &format!("near in --threshold 0.7 --write {form}"), form);
    }
    // The edits of `near`, applied, are its output.
    folder.run("near in --threshold 0.7 --id none --write edits -o lines -q").expect(0);
    folder.run("apply --edits lines in --id none -o applied -q").expect(0);
    assert!(outputs(&folder, "applied") == outputs(&folder, "documents/one"));
}

#[test]
fn the_steps_of_single_outputs() {
    let folder = Folder::new();
    write_inputs(&folder);
    let first = String::from_utf8(uncompressed(&folder.read("in/0.jsonl.zst"))).unwrap();
    folder.write("items.jsonl", first.lines().take(5).map(|line| format!("{line}\n")).collect::<String>());
    for command in ["near in --threshold 0.7 --write pairs", "contamination --items items.jsonl in --ngram 8"]
    {
        let name = command.split(' ').next().unwrap();
        folder.run(&format!("{command} -o {name}.jsonl -q")).expect(0);
        let expected = folder.text(&format!("{name}.jsonl"));
        assert!(expected.lines().count() > 4, "{expected}");
        let steps = format!("{command} -o {name}-steps.jsonl -q --work {name} --only");
        for step in ["map:2/3", "map:3/3", "map:1/3", "reduce", "apply:1/1"] {
            folder.run(&format!("{steps} {step}")).expect(0);
        }
        assert_eq!(folder.text(&format!("{name}-steps.jsonl")), expected, "{command}");
        folder.run(&format!("{steps} apply:1/2")).expect(2).says("use apply:1/1 for a single output");
        folder.run(&format!("{command} -o {name}.jsonl --only reduce")).expect(2).says("a folder in --work");
        // Files of steps that are there are not written again.
        let files = folder.files(name);
        folder.run(&format!("{command} -o {name}.jsonl -q --work {name}")).expect(0);
        assert!(folder.files(name) == files);
    }
}

#[test]
fn near_reads_standard_input() {
    let folder = Folder::new();
    let text = "The harbor ferry sails again from Monday at nine, after two months in dock.";
    let input = line("1", text) + &line("2", text);
    let run = folder.run_with("near - -q", input.as_bytes()).expect(0);
    assert_eq!(String::from_utf8(run.out).unwrap(), line("1", text));
}

#[test]
fn the_files_of_datatrove_name_equal_documents() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", "One.") + "\n" + &line("2", "Two.") + &line("3", "Three."));
    folder.write("in/b.jsonl", line("4", "TWO.") + &line("5", "") + &line("6", "One.") + &line("7", "two."));
    let command = "dedup --granularity documents in --write datatrove";
    check(&folder, command, "out");
    let run = folder.run(&format!("{command} -o table")).expect(0);
    assert!(run.messages.starts_with("documents      7 in, 4 out"), "{}", run.messages);
    let run = folder.run(&format!("{command} -n")).expect(0).says("documents      7 in, 4 out");
    assert!(!run.messages.contains("forecast"), "{}", run.messages);
    folder.run(&format!("{command} --check")).expect(1);
    folder.run("dedup --granularity documents in/a.jsonl --write datatrove --check").expect(0);
    let numbers = |name: &str| -> Vec<u32> {
        let bytes = folder.read(&format!("out/one/{name}"));
        bytes.chunks(4).map(|bytes| u32::from_le_bytes(bytes.try_into().unwrap())).collect()
    };
    assert!(numbers("000000.remove").is_empty());
    assert_eq!(numbers("000000.clusters"), [0, 0, 1, 1]);
    assert_eq!(numbers("000000.sizes"), [0, 2, 1, 3]);
    // The empty document before them does not count.
    assert_eq!(numbers("000001.remove"), [0, 1, 2]);
    assert_eq!(numbers("000001.clusters"), [0, 1, 1, 0, 2, 1]);
    assert_eq!(numbers("000001.sizes"), [0, 3, 1, 2, 2, 3]);
    folder
        .run("dedup --granularity lines in --write datatrove -o x")
        .expect(2)
        .says("documents, edits, dolma and ids are written for other granularities");
    folder.run(&format!("{command} -o x.jsonl")).expect(2).says("expected a folder");
    for command in ["near in --write datatrove -o x", "near in --write pairs -o x.jsonl"] {
        folder.run(&format!("{command} --removed removed")).expect(2).says("--removed: expected a form");
    }
    folder.run(&format!("{command} -o x --removed removed")).expect(2).says("--removed: expected a form");
    // The files of a run with other or more inputs are not replaced.
    let before = outputs(&folder, "table");
    let (all, one) = (command, command.replace(" in ", " in/b.jsonl "));
    folder.run(&format!("{one} -o table")).expect(2).says("000001.clusters: expected no file, or one of an");
    folder
        .run(&format!("{} -o table", all.replace(" in ", " in/b.jsonl in/a.jsonl ")))
        .expect(2)
        .says("000000");
    assert!(outputs(&folder, "table") == before);
    folder.run(&format!("{all} -o table -q")).expect(0);
    folder.run(&format!("{one} -o table -q --force")).expect(0);
    assert_eq!(outputs(&folder, "table").len(), 3);
    folder.run("dedup --granularity lines in --write pairs -o x").expect(2).says("datatrove");
}

#[test]
fn inputs_that_change_during_a_run_are_noticed() {
    for command in [
        "near",
        "dedup --granularity lines",
        "dedup --granularity documents --write datatrove",
        "dedup --granularity passages",
    ] {
        let folder = Folder::new();
        // The size, the time, and the first and the last MiB stay the same.
        let text = |number: usize| line("x", &format!("{number} at the harbor. ").repeat(50));
        let lines: Vec<String> = (0..3500).map(|number| text(number + 1000)).collect();
        folder.write("in/a.jsonl", lines.concat());
        let path = folder.path("in/a.jsonl");
        let time = path.metadata().unwrap().modified().unwrap();
        let command = format!("{command} in -o out -q --only");
        if !command.contains("passages") {
            folder.run(&format!("{command} map:1/1")).expect(0);
        }
        folder.run(&format!("{command} reduce")).expect(0);
        let changed = [&lines[..1700], &[text(9999)], &lines[1701..]].concat().concat();
        folder.write("in/a.jsonl", &changed);
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        folder.run(&format!("{command} apply:1/1")).expect(2).says("the input has changed during the run");
        // The files of the steps with the old content are gone.
        if !command.contains("passages") {
            folder.run(&format!("{command} map:1/1")).expect(0);
        }
        folder.run(&format!("{command} reduce")).expect(0);
        folder.run(&format!("{command} apply:1/1")).expect(0);
    }
}

#[test]
fn kills_at_any_moment_change_nothing() {
    let folder = Folder::new();
    write_inputs(&folder);
    let start = Instant::now();
    let command = "near in --threshold 0.7 --removed removed -o";
    folder.run(&format!("{command} expected")).expect(0);
    let time = start.elapsed();
    let (expected, removed) = (outputs(&folder, "expected"), folder.read("removed"));
    let mut random = Random::new(29);
    for _ in 0..cases(10, 100) {
        let mut child =
            folder.command(&format!("{command} out")).stderr(Stdio::null()).spawn().expect("it runs");
        let share = u32::try_from(random.below(100)).unwrap();
        std::thread::sleep(time * share / 100 + Duration::from_millis(2));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        if random.below(2) == 0 {
            folder.run(&format!("{command} out")).expect(0);
            assert!(outputs(&folder, "out") == expected && folder.read("removed") == removed);
            std::fs::remove_dir_all(folder.path("out")).unwrap();
        }
    }
}

/// A file that is damaged gives an error or the same outputs, and no panic.
#[test]
fn damaged_files_between_the_steps_are_errors() {
    let folder = Folder::new();
    let story = "The harbor ferry sails again from Monday at nine, after two months in dock.";
    folder.write("in/a.jsonl", line("1", story) + &line("3", "Another story."));
    folder.write("in/b.jsonl", line("2", &format!("{story} More. {story}")) + &line("4", story));
    folder.write("items.jsonl", line("q", &format!("Is it true? é {story}")));
    let mut random = Random::new(31);
    for command in [
        "near in --containment 0.8 -o out",
        "contamination --items items.jsonl in --ngram 5 -o out/found.jsonl",
        "dedup --granularity passages --min-words 8 in -o out",
    ] {
        let is_mapped = !command.contains("passages");
        let command = format!("{command} -q --work work --only");
        if is_mapped {
            folder.run(&format!("{command} map:1/1")).expect(0);
        }
        folder.run(&format!("{command} reduce")).expect(0);
        folder.run(&format!("{command} apply:1/1")).expect(0);
        let expected = outputs(&folder, "out");
        let _ = std::fs::remove_dir_all(folder.path("out"));
        let mut files = folder.files("work");
        files.retain(|(_, bytes)| !bytes.is_empty());
        assert_eq!(files.len(), if is_mapped { 3 } else { 1 });
        for round in 0..cases(60, 600) {
            let (path, bytes) = &files[round % files.len()];
            let mut damaged = bytes.clone();
            let at = random.below(damaged.len());
            match random.below(4) {
                0 => damaged.truncate(at),
                // A file of lines looks whole then.
                1 => damaged
                    .truncate(bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)),
                2 => damaged[at] ^= 1 << random.below(8),
                _ => damaged[at] = 0xFF,
            }
            std::fs::write(path, &damaged).unwrap();
            if !path.ends_with("result") {
                let _ = std::fs::remove_file(folder.path("work/reduce/result"));
            }
            for step in ["reduce", "apply:1/1"] {
                let run = folder.run(&format!("{command} {step}"));
                let is_clean = matches!(run.status, Some(0 | 2 | 3)) && !run.messages.contains("panicked");
                assert!(is_clean, "{}", run.messages);
                if step != "reduce" && run.status != Some(2) {
                    assert!(outputs(&folder, "out") == expected, "{command}: {}", path.display());
                }
            }
            for (path, bytes) in &files {
                std::fs::write(path, bytes).unwrap();
            }
            let _ = std::fs::remove_dir_all(folder.path("out"));
        }
        std::fs::remove_dir_all(folder.path("work")).unwrap();
    }
}

/// The table of documents, from which the places of segments are computed, has a hash.
#[test]
fn a_damaged_table_of_documents_is_an_error() {
    let folder = Folder::new();
    let lines: String =
        (0..50).map(|i| line(&i.to_string(), &format!("{i}\nThe harbor.\n{}", i % 7))).collect();
    folder.write("in/a.jsonl", lines);
    let command = "dedup --granularity lines in -o out -q --work work --only";
    for step in ["map:1/1", "reduce", "apply:1/1"] {
        folder.run(&format!("{command} {step}")).expect(0);
    }
    let expected = outputs(&folder, "out");
    let files = folder.files("work");
    let (path, bytes) = files.iter().find(|(path, _)| path.ends_with("a.jsonl.map")).unwrap();
    let start = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let head = 8 + 8 + 4 + 4 + 4 * 257;
    let mut random = Random::new(37);
    for _ in 0..cases(40, 400) {
        std::fs::remove_dir_all(folder.path("out")).unwrap();
        let mut damaged = bytes.clone();
        let at = start + random.below(head + 50 * 8 + 8);
        damaged[at] ^= 1 << random.below(8);
        std::fs::write(path, &damaged).unwrap();
        folder.run(&format!("{command} apply:1/1")).expect(2).says("found a damaged one");
        std::fs::write(path, bytes).unwrap();
        folder.run(&format!("{command} apply:1/1")).expect(0);
        assert!(outputs(&folder, "out") == expected, "{at}");
    }
}

#[test]
fn a_job_with_other_settings_is_refused_at_once() {
    let folder = Folder::new();
    write_inputs(&folder);
    for (command, other) in [
        ("dedup --granularity lines", "dedup --granularity lines --min-weight 5"),
        ("near", "near --shingle 3"),
        ("near", "dedup --granularity documents"),
    ] {
        let run = |command: &str, step: &str| folder.run(&format!("{command} in -o out -q --only {step}"));
        run(command, "map:1/3").expect(0);
        for step in ["map:2/3", "map:1/3", "reduce", "apply:1/3"] {
            let run =
                run(other, step).expect(2).says("stages: expected the settings of the files in this folder");
            assert!(!run.messages.contains("inputs"), "{}", run.messages);
        }
        run(command, "map:2/3").expect(0);
        std::fs::remove_dir_all(folder.path("out")).unwrap();
    }
}

/// A job of the last step does not read the inputs of other jobs.
#[test]
fn a_job_looks_at_its_own_inputs_only() {
    let folder = Folder::new();
    write_inputs(&folder);
    let command = "dedup --granularity documents in -o out -q --only";
    for step in ["map:1/1", "reduce", "apply:1/2"] {
        folder.run(&format!("{command} {step}")).expect(0);
    }
    let expected = outputs(&folder, "out");
    std::fs::remove_file(folder.path("out/0.jsonl.zst")).unwrap();
    let whole = folder.read("in/1.jsonl.zst");
    folder.write("in/1.jsonl.zst", &whole[..whole.len() / 2]);
    folder.run(&format!("{command} apply:1/2")).expect(0);
    assert!(outputs(&folder, "out") == expected);
    folder.run(&format!("{command} apply:2/2")).expect(2).says("the inputs with which this folder was begun");
}

#[test]
fn a_refusal_names_what_has_changed() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", "The harbor."));
    for (command, other, name) in [
        ("dedup --granularity lines", "--min-weight 3", "`min-weight 0`, found `min-weight 3`"),
        ("near", "--threshold 0.7", "`threshold 0.8`, found `threshold 0.7`"),
    ] {
        let command = format!("{command} in -o out");
        folder.run(&command).expect(0);
        folder
            .run(&format!("{command} {other}"))
            .expect(2)
            .says("with which this folder was begun")
            .says(name);
        folder.write("in/b.jsonl", line("2", "The harbor."));
        folder.run(&command).expect(2).says("expected the inputs with which this folder was begun");
        folder.run(&format!("{command} --force")).expect(0);
        std::fs::remove_dir_all(folder.path("out")).unwrap();
        std::fs::remove_file(folder.path("in/b.jsonl")).unwrap();
    }
}

#[test]
fn too_little_memory_is_an_error_with_the_number_that_is_enough() {
    let folder = Folder::new();
    let mut random = Random::new(41);
    let lines: String = (0..400).map(|i| line(&i.to_string(), &story(&mut random, 400))).collect();
    folder.write("a.jsonl", lines);
    let run = folder.run("near a.jsonl -o out.jsonl -q --memory 100K").expect(2);
    let enough =
        run.messages.split("--memory: expected ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    folder.run(&format!("near a.jsonl -o out.jsonl -q --memory {enough}")).expect(0);
}

/// A short text that a longer one contains is the one to leave out, whatever their order.
#[test]
fn containment_leaves_out_the_short_text() {
    let folder = Folder::new();
    let story = "The harbor ferry sails again from Monday at nine, after two months in dock.";
    let (short, long) =
        (line("short", story), line("long", &format!("{story} {}", "More news. ".repeat(30))));
    folder.write("a.jsonl", format!("{short}{long}"));
    folder.write("b.jsonl", format!("{long}{short}"));
    for input in ["a", "b"] {
        let run = |options: &str| {
            let run = folder.run(&format!("near {input}.jsonl -o - -q {options}")).expect(0);
            String::from_utf8(run.out).unwrap()
        };
        assert_eq!(run("--containment 0.9"), long);
        let is_long_first = input == "b";
        assert_eq!(run("--containment 0.9 --keep first").lines().count(), if is_long_first { 1 } else { 2 });
        assert_eq!(run("").lines().count(), 2);
    }
}
