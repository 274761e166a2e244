//! The example that crawls finds what it should, and stopping and resuming it changes nothing. The
//! example that parses a page prints the story once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// The program, which `cargo test` builds unless it is told to build this file alone.
fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("this is a program");
    let profile = tests.parent().and_then(Path::parent).expect("it lies in target/PROFILE/deps");
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let cargo = option_env!("CARGO").unwrap_or("cargo");
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let built = Command::new(cargo)
            .args(["build", "--offline", "--example", name, "--manifest-path", manifest])
            .status();
        assert!(built.is_ok_and(|status| status.success()), "{name} is built");
    }
    program
}

fn run(arguments: &[&str]) -> Output {
    Command::new(program("crawl")).args(arguments).output().expect("it starts")
}

fn stdout(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).expect("it prints text")
}

#[test]
fn a_crawl_that_is_killed_and_resumed_prints_what_one_that_was_not_prints()
-> Result<(), Box<dyn std::error::Error>> {
    let whole = run(&[]);
    let whole = stdout(&whole);
    assert!(whole.ends_with("300 of 300 pages have the expected text\n"), "{whole}");
    assert!(whole.contains("  on 150 pages: Imprint of the daily\n"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crawl-{}", std::process::id()));
    drop(fs::remove_dir_all(&folder));
    let name = folder.to_str().expect("it is text");
    let arguments = || {
        let is_there = folder.join("index/segments/tables").exists();
        if is_there { vec!["--resume", name] } else { vec![name] }
    };
    let mut stopped = 0;
    for kill in 0..12_u64 {
        let mut child = Command::new(program("crawl"))
            .args(arguments())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        std::thread::sleep(Duration::from_millis(3 + kill * 5 % 17));
        child.kill()?;
        stopped += u32::from(!child.wait()?.success());
    }
    assert!(stopped > 3, "{stopped}");
    // The last page may have been written halfway.
    if let Ok(pages) = fs::read(folder.join("pages.jsonl")) {
        fs::write(folder.join("pages.jsonl"), [&pages[..], b"{\"path\":\"/da"].concat())?;
    }
    assert_eq!(stdout(&run(&arguments())), whole);
    assert_eq!(stdout(&run(&["--resume", name])), whole, "there is nothing left to do");
    let again = run(&[name]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--resume"));
    drop(fs::remove_dir_all(folder));
    Ok(())
}

#[test]
fn a_folder_without_a_crawl_is_not_resumed() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("no-crawl-{}", std::process::id()));
    drop(fs::remove_dir_all(&folder));
    for is_there in [false, true] {
        if is_there {
            fs::create_dir_all(&folder)?;
        }
        let output = run(&["--resume", folder.to_str().expect("it is text")]);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains("no-crawl") && message.contains("without --resume"), "{message}");
        assert_eq!(folder.exists(), is_there);
        assert!(!is_there || fs::read_dir(&folder)?.next().is_none(), "nothing is created");
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

#[test]
fn unknown_arguments_are_refused_in_one_line() {
    for arguments in [&["--resume"][..], &["--faster"], &["a", "b"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.lines().count() == 1 && message.contains("usage: crawl"), "{message}");
    }
}

#[test]
fn the_page_is_parsed_and_its_story_printed_once() -> std::io::Result<()> {
    let output = Command::new(program("scraper")).output()?;
    let text = stdout(&output);
    assert_eq!(text.matches("We had stopped waiting.").count(), 1);
    assert!(text.starts_with("187..320 repeats 49..186: "), "{text}");
    Ok(())
}
