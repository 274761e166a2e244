//! Runs that a signal ends, and runs at the same time.

#![cfg(unix)]

mod common;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{DOUBLED, Folder, ONCE, Run, line};

#[test]
fn ctrl_c_ends_with_130_and_the_run_can_be_continued() {
    let folder = Folder::new();
    let lines: String = (0..100_000).map(|i| line(&i.to_string(), &format!("{i} {DOUBLED}"))).collect();
    for name in ["a", "b", "c"] {
        folder.write(&format!("in/{name}.jsonl"), &lines);
    }
    folder.run("clean in -o expected").expect(0);
    let mut is_interrupted = false;
    for milliseconds in [150, 100, 60, 30] {
        let child = folder.command("clean in -o out -j 1").stderr(Stdio::piped()).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(milliseconds));
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
        let run = Run::of(child.wait_with_output().unwrap());
        if run.status == Some(130) {
            assert!(
                run.messages.contains("interrupted; the same command, but without --force, continues"),
                "{}",
                run.messages
            );
            is_interrupted = true;
            break;
        }
        std::fs::remove_dir_all(folder.path("out")).unwrap();
    }
    assert!(is_interrupted);
    folder
        .run("clean in -o out -j 1")
        .expect(0)
        .says("documents      300,000 in, 300,000 out, 300,000 changed");
    for name in ["a", "b", "c"] {
        assert_eq!(folder.read(&format!("out/{name}.jsonl")), folder.read(&format!("expected/{name}.jsonl")));
    }
}

/// A command that waits for its input ends too.
#[test]
fn signals_end_a_run_with_their_own_status() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", ONCE));
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let mut child =
            folder.command("clean - -o out.jsonl").stdin(Stdio::piped()).spawn().expect("it runs");
        wait_for(|| folder.path(".out.jsonl.part").exists());
        Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().expect("kill");
        // The input ends after the signal, as it does if a whole pipe is ended.
        std::thread::sleep(Duration::from_millis(200));
        drop(child.stdin.take());
        assert_eq!(child.wait().unwrap().code(), Some(status), "{signal}");
        // Nothing stays behind.
        assert_eq!(folder.files("").len(), 1, "{signal}");
    }
    // An input that is not closed does not keep the process, and nothing stays then either.
    folder.write("tmp/mine", "");
    for command in ["clean - -o out.jsonl", "dedup --granularity lines - -o out.jsonl"] {
        let mut child = folder.command(command);
        let mut child =
            child.env("TMPDIR", folder.path("tmp")).stdin(Stdio::piped()).spawn().expect("it runs");
        wait_for(|| folder.path(".out.jsonl.part").exists() || folder.files("tmp").len() == 2);
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
        // `wait` would close the input, and the command might read its end before the signal.
        let input = child.stdin.take();
        assert_eq!(child.wait().unwrap().code(), Some(143));
        drop(input);
        assert_eq!(std::fs::read_dir(folder.path("tmp")).unwrap().count(), 1);
        assert_eq!(folder.files("").len(), 2);
    }
    // A signal that is ignored, as by `nohup`, stays ignored.
    let command = format!("trap '' HUP; exec {} clean - -o -", env!("CARGO_BIN_EXE_refrain"));
    let mut shell = Command::new("sh");
    let mut child = shell.args(["-c", &command]).stdin(Stdio::piped()).spawn().expect("a shell");
    std::thread::sleep(Duration::from_millis(300));
    Command::new("kill").args(["-HUP", &child.id().to_string()]).status().expect("kill");
    std::thread::sleep(Duration::from_millis(200));
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Waits up to a minute.
fn wait_for(is_done: impl Fn() -> bool) {
    for _ in 0..6000 {
        if is_done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("expected an end in a minute");
}

/// A second run that writes to the same file is refused, and takes nothing away from the first.
#[test]
fn a_file_is_written_by_one_run_at_a_time() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    let mut first = folder.command("clean - -o out.jsonl -q").stdin(Stdio::piped()).spawn().expect("it runs");
    wait_for(|| folder.path(".out.jsonl.part").exists());
    std::thread::sleep(Duration::from_millis(50));
    let busy = "out.jsonl: expected a file that no other run of refrain writes";
    folder.run("clean a.jsonl -o out.jsonl -q").expect(2).says(busy);
    folder.run("clean a.jsonl -o other.jsonl --removed out.jsonl -q").expect(2).says(busy);
    first.stdin.take().unwrap().write_all(line("2", DOUBLED).as_bytes()).unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(folder.text("out.jsonl"), line("2", ONCE));
    // A part that a kill has left is no obstacle.
    folder.write(
        ".out.jsonl.part",
        "the part of a killed run, which is longer than the whole output ".repeat(9),
    );
    folder.run("clean a.jsonl -o out.jsonl -q").expect(0);
    assert_eq!(folder.text("out.jsonl"), line("1", ONCE));
    assert_eq!(folder.files("").len(), 2);
}

/// A process that was killed has its locks a moment longer.
#[test]
fn a_lock_that_is_given_up_soon_is_waited_for() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", DOUBLED));
    folder.write("out/.refrain/lock", "");
    folder.write(".out.jsonl.part", "");
    for (lock, output) in [("out/.refrain/lock", "out"), (".out.jsonl.part", "out.jsonl")] {
        let file = std::fs::File::options().append(true).open(folder.path(lock)).unwrap();
        file.lock().unwrap();
        let mut child = folder.command(&format!("clean in -o {output} -q")).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(500));
        assert!(child.try_wait().unwrap().is_none());
        drop(file);
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(folder.text("out/a.jsonl"), folder.text("out.jsonl"));
}
