//! Options that are refused at the start: those that name files which cannot be written, and those
//! without an effect.

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::{DOUBLED, Folder, ONCE, Run, gz, line};

#[test]
fn an_output_that_cannot_be_written_is_noticed_at_the_start() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    folder.write("file", "");
    std::fs::create_dir(folder.path("folder")).unwrap();
    let before = folder.files("");
    let commands = [
        "clean - -o out.jsonl --removed",
        "clean - -n --stats",
        "clean - --check --stats",
        "dedup --granularity lines - -o out.jsonl --removed",
        "dedup --granularity lines - -o out.jsonl --stats",
        "near - -o out.jsonl --stats",
        "fingerprints - -o out.jsonl --stats",
        "contamination --items a.jsonl - -o out.jsonl --stats",
        "report a.jsonl -o",
    ];
    let mut names = vec![("folder", "expected a file, found a folder"), ("file/x", "not a directory")];
    if cfg!(target_os = "linux") {
        names.push(("/proc/x", ""));
    }
    for command in commands {
        for (name, error) in &names {
            let option = command.rsplit(' ').next().unwrap();
            let option = if option == "-o" { "--output" } else { option };
            // Standard input stays open: a run that reads it first waits.
            let mut child = folder.command(&format!("{command} {name}"));
            let mut child = child.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
            let input = child.stdin.take();
            let has_ended = (0..600).any(|_| {
                std::thread::sleep(Duration::from_millis(20));
                child.try_wait().unwrap().is_some()
            });
            drop(input);
            Run::of(child.wait_with_output().unwrap())
                .expect(2)
                .says(&format!("{option} {name}: "))
                .says(error);
            assert!(has_ended, "{command} {name}");
        }
    }
    assert!(folder.files("") == before && !folder.path("out.jsonl").exists());
    // A folder that does not exist is created with the file.
    folder.run("clean a.jsonl -n --stats new/folder/stats.json -q").expect(0);
    assert!(folder.text("new/folder/stats.json").starts_with("{\"documents\":1,"));
}

#[test]
fn options_without_an_effect_are_refused() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    folder.write("b.jsonl.gz", gz(line("2", DOUBLED).as_bytes(), 1000));
    folder.write("list.jsonl", "\"1\"\n");
    for (arguments, message) in [
        ("clean a.jsonl -o out.jsonl --level 5", "--level: expected a compressed output"),
        ("clean a.jsonl -o out --level 5", "--level: expected a compressed output"),
        ("clean b.jsonl.gz -o out --level 15", "--level: expected a level from 1 to 9 for gz, found 15"),
        ("clean a.jsonl -o out.jsonl.gz --level 15", "--level: expected a level from 1 to 9 for gz"),
        (
            "dedup --granularity documents a.jsonl -o out --min-weight 5",
            "--min-weight: expected a granularity",
        ),
        ("dedup --granularity passages a.jsonl -o out --min-weight 5", "use --min-words"),
        (
            "dedup --granularity lines a.jsonl -o out --min-words 5",
            "--min-words: expected `--granularity pas",
        ),
        (
            "dedup --granularity lines a.jsonl -o out --border word",
            "--border: expected `--granularity passages`",
        ),
        ("near a.jsonl -o out.jsonl --write pairs --keep first", "--keep: expected a form that leaves"),
        (
            "near a.jsonl -o out --write datatrove --compression gz",
            "expected neither --compression nor --level",
        ),
        (
            "apply --edits list.jsonl a.jsonl -o out.jsonl --write ids --tidy",
            "--tidy: expected a form with spans",
        ),
    ] {
        folder.run(arguments).expect(2).says(message);
    }
    assert_eq!(folder.files("").len(), 3);
    folder.run("clean a.jsonl b.jsonl.gz -o both --level 9 -q").expect(0);
    folder.run("clean a.jsonl -o out.jsonl.zst --level 15 -q").expect(0);
    // A forecast knows the compression.
    let long: String = (0..999).map(|i| line(&i.to_string(), ONCE)).collect();
    folder.write("long.jsonl", long);
    let forecast = |arguments: &str| {
        let run = folder.run(&format!("clean long.jsonl -n {arguments}")).expect(0);
        run.messages.split(", memory").next().unwrap().to_owned()
    };
    let (plain, zst) = (forecast(""), forecast("--compression zst"));
    assert!(plain.starts_with("forecast       output ") && plain != zst, "{plain}");
    assert_eq!([forecast("-o out"), forecast("-o out.jsonl")], [plain.clone(), plain]);
    assert_eq!(forecast("-o out.jsonl.zst"), zst);
}

#[test]
fn messages_name_what_is_wrong() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", ONCE) + "{\"id\":\"2\",\"text\":null}\n");
    folder.write("a.txt", ONCE);
    folder.write("list.jsonl", "{\"id\":1,\"start\":-1,\"end\":2}\n");
    for (arguments, message) in [
        (
            "clean a.jsonl -o x.jsonl.gz --compression none",
            "--compression: expected gzip, as the name x.jsonl.gz says, found uncompressed",
        ),
        ("clean a.jsonl -o out --threads -1", "-1 is not in"),
        ("clean a.txt --write edits -o x.txt", "because the output is lines of JSON"),
        (
            "dedup --granularity lines a.jsonl -n --only map:1/1",
            "--only: expected neither --dry-run nor --check",
        ),
        ("report a.jsonl --document 3", "expected a document with the id `3`, found none; a.jsonl, line 2"),
        ("apply --edits list.jsonl a.jsonl -o -", "list.jsonl, line 1: expected an id, or an object"),
        ("apply --edits list.jsonl a.jsonl -o -", "; positions are whole numbers from 0"),
        ("clean a.jsonl -o out --skip-leading none,times", "expected `none` alone"),
        ("near a.jsonl -o out --recall 1", "expected a recall above 0 and below 1, found 1"),
    ] {
        folder.run(arguments).expect(2).says(message);
    }
}

/// A dry run is the whole command with one more option.
#[test]
fn a_dry_run_takes_the_options_of_a_run() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", DOUBLED));
    for command in ["clean", "dedup --granularity lines", "near"] {
        let command = format!("{command} in -o out --removed removed -q");
        folder.run(&format!("{command} -n")).expect(0);
        folder.run(&format!("{command} --check")).expect(i32::from(command.starts_with("clean")));
        assert_eq!(folder.files("").len(), 1, "{command}");
    }
    // Inputs of one name can have one output file, and no output folder.
    folder.write("other/a.jsonl", line("2", DOUBLED));
    folder.run("clean in other -o all.jsonl -n -q").expect(0);
    folder.run("clean in other -o all.jsonl -n -q --level 5").expect(2).says("--level");
    folder.run("clean in -o in/out -n").expect(2).says("outside of the folder of inputs");
    folder.run("clean in -o out.wet -n").expect(2).says("expected a name with the ending of the inputs");
}
