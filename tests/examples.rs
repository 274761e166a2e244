//! The examples as programs: their output, and their messages if an argument is wrong.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use refrain::Rule;
use serde_json::{Value, json};

const ARTICLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/article.txt");
const CLEAN: &str = include_str!("fixtures/article.clean.txt");

/// The program, which `cargo test` builds unless it is told to build this file alone.
fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("this is a program");
    let profile = tests.parent().and_then(Path::parent).expect("it lies in target/PROFILE/deps");
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let cargo = option_env!("CARGO").unwrap_or("cargo");
        let features = if cfg!(feature = "uax29") { "uax29" } else { "" };
        let built = Command::new(cargo)
            .args(["build", "--offline", "--features", features, "--example", name, "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .status();
        assert!(built.is_ok_and(|status| status.success()), "{name} is built");
    }
    program
}

fn run(name: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program(name))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // A program that reads no input may be gone before all of it is written.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input));
    child.wait_with_output().expect("it ends")
}

fn stdout(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).expect("it prints text")
}

#[test]
fn clean_prints_the_article_once() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(stdout(&run("clean", &[], b"")), CLEAN);
    assert_eq!(stdout(&run("clean", &[ARTICLE], b"")), CLEAN);
    let article = std::fs::read(ARTICLE)?;
    assert_eq!(stdout(&run("clean", &["-"], &article)), CLEAN);
    Ok(())
}

#[test]
fn clean_reports_one_object_a_line() {
    let output = run("clean", &["--report"], b"");
    let lines: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let expected = json!({
        "original": { "start": 157, "end": 3349 },
        "copy": { "start": 3350, "end": 6542 },
        "segments": 17,
        "holes": [],
        "removed": true,
        "reason": "document",
    });
    assert_eq!(lines, [expected]);
    let chorus =
        b"a line of a verse and more\nla la la la la la\nanother line of a verse\nla la la la la la\n";
    let output = run("clean", &["-", "--report"], chorus);
    assert!(stdout(&output).contains("\"removed\":false"));
    assert_eq!(stdout(&run("clean", &["--report", "-"], b"")), "");
}

#[cfg(feature = "serde")]
#[test]
fn clean_reports_the_objects_that_serde_writes() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (mut holes, mut decisions) = (0, 0);
    // A body with insertions, a loop of lines, a loop inside a line, a song, a whole page twice.
    for name in
        ["brass_band_narrow_en", "nordbalkon_de", "kaisoba_radio_ja", "song_harvest_en", "veerhuis_pagina_nl"]
    {
        let text = std::fs::read_to_string(folder.join(name).with_extension("txt"))?;
        let output = run("clean", &["--report", "-"], text.as_bytes());
        let edits = refrain::Cleaner::new().edits(&text);
        let expected = edits.decisions().iter().map(|decision| {
            holes += decision.block().holes().count();
            serde_json::to_string(decision).expect("it can be written")
        });
        let expected: Vec<_> = expected.collect();
        assert_eq!(stdout(&output).lines().collect::<Vec<_>>(), expected, "{name}");
        decisions += expected.len();
    }
    assert!(decisions > 0 && holes > 0, "{decisions} decisions, {holes} holes");
    Ok(())
}

#[test]
fn clean_follows_its_options() -> Result<(), Box<dyn std::error::Error>> {
    let song = b"One long line of a verse and more\nla\nAnother long line of a verse\nla\n";
    let clean = |options: &[&str]| stdout(&run("clean", &[options, &["-"]].concat(), song)).to_owned();
    let whole = std::str::from_utf8(song)?;
    assert_eq!(clean(&["--policy", "default"]), whole);
    assert_eq!(clean(&["--policy", "drop-all"]), &whole[..whole.len() - 3]);
    assert_eq!(clean(&["--policy", "drop-all", "--min-weight", "3"]), whole);
    assert_eq!(clean(&["--policy", "drop-all", "--granularity", "paragraphs"]), whole);
    assert_eq!(clean(&["--granularity", "auto"]), whole);
    let page = std::env::temp_dir().join(format!("refrain-{}.html", std::process::id()));
    clean(&["--html", &page.to_string_lossy()]);
    let html = std::fs::read_to_string(&page)?;
    std::fs::remove_file(&page)?;
    assert!(html.contains("One long line of a verse and more"));
    Ok(())
}

#[test]
fn clean_adds_rules_and_takes_them_out() -> Result<(), Box<dyn std::error::Error>> {
    let article = std::fs::read_to_string(ARTICLE)?;
    let clean = |options: &[&str]| stdout(&run("clean", options, b"")).to_owned();
    assert_eq!(clean(&["--policy", "keep-all"]), article);
    assert_eq!(clean(&["--policy", "keep-all+document"]), CLEAN);
    assert_eq!(clean(&["--with", "document", "--policy", "keep-all"]), CLEAN, "in any order");
    let none = Rule::ALL.iter().flat_map(|rule| ["--without", rule.name()]);
    assert_eq!(clean(&none.collect::<Vec<_>>()), article);
    Ok(())
}

#[test]
fn clean_lists_its_options() {
    let output = run("clean", &["--help"], b"");
    let help = stdout(&output);
    for option in [
        "--policy",
        "--with",
        "--without",
        "--similar",
        "--granularity",
        "--fold",
        "--skip-leading",
        "--min-weight",
        "--report",
        "--html",
        "--help",
    ] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(option)), "{option}");
    }
    assert!(Rule::ALL.iter().all(|rule| help.contains(rule.name())));
    assert!(help.lines().all(|line| line.len() <= 100), "{help}");
}

#[test]
fn clean_reads_sentences_and_words_with_the_feature_uax29() {
    let text = b"It sails. It sails.";
    for name in ["sentences", "words"] {
        let output = run("clean", &["--policy", "drop-all", "--granularity", name, "-"], text);
        if cfg!(feature = "uax29") {
            assert!(stdout(&output).len() < text.len());
        } else {
            let message = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2));
            assert!(message.contains("cargo run --release --features uax29 --example clean"), "{message}");
        }
    }
}

#[test]
fn clean_names_the_error_in_one_line() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let cases: [(&[&str], &[u8], &str); 14] = [
        (&["--policy"], b"", "expected a value after `--policy`"),
        (&["--policy", "kind"], b"", "unknown policy `kind`; expected `default`, `scraper`"),
        (&["--policy", "default+kind"], b"", "unknown rule `kind`; expected one of: document, body"),
        (&["--with", "kind"], b"", "--with: unknown rule `kind`; expected one of: document, body"),
        (&["--without", "kind"], b"", "--without: unknown rule `kind`"),
        (
            &["--granularity", "letters"],
            b"",
            "--granularity: unknown segmentation `letters`; expected one of: auto, lines, paragraphs",
        ),
        (&["--min-weight", "-1"], b"", "expected a number from 0 to 4294967295, found `-1`"),
        (&["--html", folder], b"", folder),
        (&["no such file"], b"", "no such file"),
        (&[folder], b"", folder),
        (&["-"], b"text\xff", "expected UTF-8, found the byte 0xff at byte 4"),
        (&["-"], b"\xfe\xffa\0", "expected UTF-8, found the byte 0xfe at byte 0"),
        (&["--polite"], b"", "unknown option `--polite`"),
        (&["one", "two"], b"", "expected one text, found `one` and `two`"),
    ];
    for (arguments, input, expected) in cases {
        let output = run("clean", arguments, input);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(expected) && message.lines().count() == 1, "{message}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn evaluate_scores_the_cases_and_lists_documents_that_change() {
    let output = run("evaluate", &["--policy", "keep-all"], b"");
    let table = stdout(&output);
    let last: Vec<_> = table.lines().last().expect("there is a line").split_whitespace().collect();
    let keep = table.lines().find(|line| line.starts_with("keep ")).expect("there is a row");
    assert_eq!(last[0], "all");
    assert_eq!(
        last[2],
        keep.split_whitespace().nth(1).expect("there is a column"),
        "keep-all is right on keep alone"
    );
    assert_eq!(last[3..5], ["0", "0"]);
    let documents = "{\"id\":\"b\",\"text\":\"The ferry left.\\nIt sails at nine.\\nThe ferry left.\\nIt sails at nine.\"}\n\
                     {\"id\":\"a\",\"text\":\"The ferry left.\"}\n";
    let output = run("evaluate", &["--ordinary", "-"], documents.as_bytes());
    assert_eq!(stdout(&output), "b\tdocument\n");
    // A command and a baseline are scored as a policy that does the same is.
    let score = |arguments: &[&str]| stdout(&run("evaluate", arguments, b"")).to_owned();
    assert_eq!(score(&["--command", "cat"]), table);
    let rows = |table: String| table.lines().count();
    assert_eq!(rows(score(&["--baseline", "keep-first"])), rows(table.to_owned()));
    let cases_of = |part: &str| -> usize {
        let table = score(&["--part", part]);
        table.lines().last().and_then(|all| all.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
    };
    assert_eq!(cases_of("held-out") + cases_of("tuned"), last[1].parse::<usize>().unwrap_or(0));
    let cases: [(&[&str], &str); 7] = [
        (&["--command", "exit 3"], "expected the exit status 0"),
        (&["--baseline", "best"], "expected one of `keep-first`"),
        (&["--part", "half"], "expected `held-out` or `tuned`"),
        (&["--ordinary", "-"], "-, line 1: expected an object"),
        (&["--policy", "kind"], "unknown policy `kind`"),
        (&["--nonsense"], "unknown option `--nonsense`"),
        (&["no such folder"], "no such folder"),
    ];
    for (arguments, expected) in cases {
        let output = run("evaluate", arguments, b"{}\n");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(message.contains(expected) && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn clean_takes_an_empty_text_and_a_closed_pipe_and_reports_a_failed_write()
-> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(stdout(&run("clean", &["-"], b"")), "");
    assert_eq!(stdout(&run("clean", &["-"], b"\r\n\r\n")), "\r\n\r\n");

    if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
        let output = Command::new(program("clean")).stdout(full).output()?;
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
    }

    // More than a pipe holds, for nobody.
    let text = "x".repeat(1 << 20);
    let mut child = Command::new(program("clean"))
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    Ok(())
}

#[test]
fn fingerprints_prints_a_line_a_paragraph() {
    let output = run("fingerprints", &[], b"");
    let lines: Vec<&str> = stdout(&output).lines().collect();
    assert_eq!(lines.len(), 37);
    // The body begins with the fourth line and again with the twenty-first.
    assert_eq!(lines[3][..32], lines[20][..32]);
    assert_ne!(lines[3][..32], lines[4][..32]);
    assert_eq!(run("fingerprints", &["no such file"], b"").status.code(), Some(2));
}

#[test]
fn report_writes_a_page_or_a_text() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("refrain-report-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let page = folder.join("page.html");
    let path = page.to_str().expect("its name is UTF-8");
    let output = run("report", &["-o", path], b"");
    assert_eq!(stdout(&output), "");
    assert!(String::from_utf8_lossy(&output.stderr).contains(path));
    assert!(std::fs::read_to_string(&page)?.starts_with("<!DOCTYPE html>"));
    let output = run("report", &["--text", "-"], b"one line\n\x1b[2Jtwo\n");
    assert_eq!(
        stdout(&output),
        "2 segments, 2 distinct. Nothing repeats.\n\n  1     | one line\n  2     | \u{241b}[2Jtwo\n"
    );
    let cases: [(&[&str], &str, i32); 5] = [
        (&["no such file", "-o", path], "no such file", 2),
        (&["-o"], "after `-o`", 2),
        (&["-o", path, "-o", "b"], "`b`", 2),
        (&["--polite"], "`--polite`", 2),
        (&["-o", folder.to_str().expect("its name is UTF-8")], "refrain-report", 1),
    ];
    for (arguments, expected, code) in cases {
        let output = run("report", arguments, b"");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(message.contains(expected) && message.lines().count() == 1, "{message}");
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

#[test]
fn pages_prints_a_line_for_each_page() {
    let output = run("pages", &[], b"");
    let lines = String::from_utf8(output.stdout).expect("it prints text");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[0], "a.example/1: 0 of 4 lines are boilerplate; 0 % seen");
    assert_eq!(lines[3], "a.example/2: unchanged");
    assert!(lines[4].contains("2 of 3 lines are boilerplate"));
    assert!(lines[5].ends_with("copies a.example/1; near a.example/1"));
    assert!(lines[6].ends_with("near b.example/1"));
}

const STORIES: &str = concat!(
    "{\"id\":\"a\",\"text\":\"One two three four five six seven.\"}\n",
    "\n",
    "nonsense\n",
    "{\"id\":12345678901234567890123,\"text\":\"ONE two three, four five six seven!\"}\n",
    "{\"id\":\"b\",\"text\":\"Something else, of seven words in all.\"}\n",
    "{\"id\":\"c\"}\n",
    "{\"id\":\"a\",\"text\":\"One two three four five six seven.\"}\n",
    "{\"id\":\"c\",\"text\":\"One two three four five six seven. One two three four five six seven.\"}",
);

#[test]
fn near_duplicates_prints_pairs_or_what_becomes_of_each() {
    let run = |arguments: &[&str]| {
        let output = run("near_duplicates", arguments, STORIES.as_bytes());
        assert_eq!(output.status.code(), Some(1), "a bad line is told at the end");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.contains("line 3: no JSON") && errors.contains("line 6: no `text`"), "{errors}");
        assert!(errors.contains("line 7: the id \"a\" is that of line 1") && !errors.contains("at line"));
        String::from_utf8(output.stdout).expect("it prints text")
    };
    let pair =
        "{\"first\":\"a\",\"second\":12345678901234567890123,\"similarity\":1.0,\"containment\":1.0}\n";
    assert_eq!(run(&["-"]), pair);
    let all = run(&["--containment", "0.9", "-"]);
    assert!(all.starts_with(pair) && all.lines().count() == 3, "{all}");
    assert!(
        all.lines()
            .skip(1)
            .all(|line| line.contains("\"second\":\"c\",\"similarity\":0.3,\"containment\":1.0"))
    );
    let clusters = run(&["--clusters", "--threshold", "0.5", "--shingle", "3", "-"]);
    let expected = [
        "{\"id\":\"a\",\"kept\":true}",
        "{\"id\":12345678901234567890123,\"kept\":false,\"duplicate_of\":\"a\",\"similarity\":1.0,\"containment\":1.0}",
        "{\"id\":\"b\",\"kept\":true}",
        "{\"id\":\"c\",\"kept\":true}",
    ];
    assert_eq!(clusters.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn near_duplicates_takes_each_line_as_it_is() {
    let lines = [
        r#"{"id":1e999,"x":1e999,"text":"one two three four five six"}"#,
        r#"{"id":"\u0061","text":"one two three four five six"}"#,
        r#"{"id":"a","text":"one"}"#,
        r#"{"$serde_json::private::RawValue":"{\"id\":1.5,\"text\":\"one\"}"}"#,
        "3",
    ];
    let output = run("near_duplicates", &["-"], lines.join("\n").as_bytes());
    let pair = "{\"first\":1e999,\"second\":\"a\",\"similarity\":1.0,\"containment\":1.0}\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), pair);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    for expected in ["line 3: the id \"a\"", "line 4: no `id`", "line 5: expected an object"] {
        assert!(errors.contains(expected), "{errors}");
    }
}

#[test]
fn near_duplicates_lists_its_options() {
    let output = run("near_duplicates", &["--help"], b"");
    let help = stdout(&output);
    for option in ["--threshold", "--containment", "--shingle", "--clusters", "--help"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(option)), "{option}");
    }
    assert!(help.lines().all(|line| line.len() <= 100) && output.stderr.is_empty(), "{help}");
}

#[test]
fn near_duplicates_says_what_is_wrong() {
    let cases: [(&[&str], &str); 6] = [
        (&[], "usage: near_duplicates"),
        (&["no such file"], "no such file: "),
        (&["--threshold", "2", "-"], "expected a similarity threshold above 0 and up to 1, found 2"),
        (&["--shingle", "0", "-"], "--shingle: expected a number of at least 1, found `0`"),
        (&["--nonsense", "-"], "no option `--nonsense`"),
        (&["one", "two"], "expected one file, found `one` and `two`"),
    ];
    for (arguments, message) in cases {
        let output = run("near_duplicates", arguments, b"");
        assert_eq!(output.status.code(), Some(2));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains(message) && output.stdout.is_empty(), "{errors}");
    }
    assert_eq!(stdout(&run("near_duplicates", &["-"], b"")), "");
}
