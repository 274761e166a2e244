//! Runs that are killed or repeated: the outputs are those of one undisturbed run.

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::{DOUBLED, Folder, ONCE, line, zst};
use refrain_testkit::Random;
use refrain_testkit::cases;

/// Writes inputs of different sizes to the folder `in`.
fn write_inputs(folder: &Folder, count: usize) {
    for file in 0..count {
        let lines: String = (0..300 * (file % 5 + 1))
            .map(|i| line(&i.to_string(), &format!("{file} {i} {DOUBLED}")))
            .collect();
        let name = format!("in/{}/{file:02}.jsonl.zst", file % 3);
        folder.write(&name, zst(lines.as_bytes(), 1 << 20));
    }
}

/// Returns the outputs in a folder, without the files of the run.
fn outputs(folder: &Folder, name: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let root = folder.path(name);
    let mut files = folder.files(name);
    files.retain(|(path, _)| !path.starts_with(root.join(".refrain")));
    files.into_iter().map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_owned(), bytes)).collect()
}

#[test]
fn kills_at_any_moment_change_nothing() {
    let folder = Folder::new();
    write_inputs(&folder, 30);
    let start = std::time::Instant::now();
    folder.run("clean in -o expected --removed expected.removed").expect(0);
    let time = start.elapsed();
    let mut random = Random::new(200);
    let mut kills = 0;
    for _ in 0..cases(20, 200) {
        let arguments = "clean in -o out --removed out.removed";
        let mut child = folder.command(arguments).stderr(Stdio::null()).spawn().expect("it runs");
        let share = u32::try_from(random.below(100)).unwrap();
        std::thread::sleep(time * share / 100 + Duration::from_millis(2));
        child.kill().expect("a kill");
        kills += u32::from(child.wait().unwrap().code().is_none());
        // Each other time, the run is finished.
        if random.below(2) == 0 {
            folder.run(arguments).expect(0);
            assert!(outputs(&folder, "out") == outputs(&folder, "expected"));
            assert_eq!(folder.read("out.removed"), folder.read("expected.removed"));
            std::fs::remove_dir_all(folder.path("out")).unwrap();
            std::fs::remove_file(folder.path("out.removed")).unwrap();
        }
    }
    assert!(kills > 5, "{kills}");
}

#[test]
fn finished_inputs_are_not_read_again() {
    let folder = Folder::new();
    for name in ["a", "b"] {
        folder.write(&format!("in/{name}.jsonl"), line(name, DOUBLED));
    }
    folder.run("clean in -o out").expect(0).says("documents      2 in, 2 out, 2 changed");
    let first = folder.files("out");
    let run = folder.run("clean in -o out").expect(0).says("documents      2 in, 2 out, 2 changed");
    assert!(run.messages.contains("finished       2 inputs before this run"), "{}", run.messages);
    assert!(folder.files("out") == first);
    // A changed input, a missing output and a new input are.
    folder.write("in/a.jsonl", line("a", ONCE));
    std::fs::remove_file(folder.path("out/b.jsonl")).unwrap();
    folder.write("in/c.jsonl", line("c", DOUBLED));
    let run = folder.run("clean in -o out").expect(0).says("documents      3 in, 3 out, 2 changed");
    assert!(!run.messages.contains("finished"), "{}", run.messages);
    assert_eq!(folder.text("out/a.jsonl"), line("a", ONCE));
    assert_eq!(folder.text("out/b.jsonl"), line("b", ONCE));
}

#[test]
fn other_settings_are_refused_unless_forced() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("a", DOUBLED));
    folder.run("clean in -o out").expect(0);
    let run = folder.run("clean in -o out --policy keep-all").expect(2);
    assert!(
        run.messages.contains("policy default") && run.messages.contains("policy keep-all"),
        "{}",
        run.messages
    );
    assert_eq!(folder.text("out/a.jsonl"), line("a", ONCE));
    folder.run("clean in -o out --policy keep-all --force").expect(0);
    assert_eq!(folder.text("out/a.jsonl"), line("a", DOUBLED));
    // A run that wrote nothing does not count.
    folder.run("clean in -o new --text body").expect(2);
    folder.run("clean in -o new").expect(0);
    folder.run("clean in -o new").expect(0).says("finished       1 input before this run");
    // The number of threads is not a setting of the output.
    folder.run("clean in -o out --policy keep-all -j 3 -q").expect(0);
}

#[test]
fn a_damaged_manifest_costs_work_but_no_output() {
    let folder = Folder::new();
    for name in ["a", "b"] {
        folder.write(&format!("in/{name}.jsonl"), line(name, DOUBLED));
    }
    folder.run("clean in -o out").expect(0);
    let manifest = folder.read("out/.refrain/manifest.jsonl");
    for len in 0..manifest.len() {
        folder.write("out/.refrain/manifest.jsonl", &manifest[..len]);
        folder.run("clean in -o out -j 1").expect(0).says("documents      2 in, 2 out, 2 changed");
        assert_eq!(folder.text("out/b.jsonl"), line("b", ONCE));
    }
    folder.write("out/.refrain/manifest.jsonl", "nonsense\n");
    folder.run("clean in -o out").expect(2).says("expected a manifest");
}

/// Kills a run, and then removes the input that it was writing from the inputs of the next run.
#[test]
fn parts_of_a_killed_run_do_not_stay() {
    let folder = Folder::new();
    let lines: String = (0..40_000).map(|i| line(&i.to_string(), &format!("{i} {DOUBLED}"))).collect();
    folder.write("in/a.jsonl", line("a", DOUBLED));
    folder.write("in/b.jsonl", &lines);
    let part = folder.path("out/.b.jsonl.part");
    let mut child = folder.command("clean in -o out -j 1").stderr(Stdio::null()).spawn().expect("it runs");
    while !part.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("a kill");
    child.wait().expect("an end");
    assert!(part.exists());
    folder.write("out/.c.jsonl.part", "a file of the user");
    std::fs::remove_file(folder.path("in/b.jsonl")).unwrap();
    // The command continues in the same output folder, from another working directory.
    folder.write("other/out/.b.jsonl.part", "a file of the user");
    let mut command = folder.command("clean ../in -o ../out");
    common::Run::of(command.current_dir(folder.path("other")).output().expect("it runs")).expect(0);
    assert!(!part.exists() && !folder.path("out/.a.jsonl.part").exists());
    assert_eq!(folder.text("other/out/.b.jsonl.part"), "a file of the user");
    assert_eq!(folder.text("out/.c.jsonl.part"), "a file of the user");
}

/// The outputs of inputs that are no longer given are deleted, but nothing else.
#[test]
fn a_run_that_starts_again_deletes_the_outputs_of_other_inputs() {
    let folder = Folder::new();
    for name in ["a", "sub/b", "sub/c", "d", "e/f"] {
        folder.write(&format!("in/{name}.jsonl"), line(name, DOUBLED));
    }
    folder.run("clean in -o out -q").expect(0);
    // An output that was written twice is known by its last content.
    folder.write("in/sub/b.jsonl", line("other", DOUBLED));
    folder.run("clean in -o out -q").expect(0);
    folder.write("out/e/mine.jsonl", "a file of the user");
    // The user has replaced an output, by a file of the same length.
    let mut changed = folder.text("out/d.jsonl");
    changed.replace_range(8..9, "x");
    folder.write("out/d.jsonl", &changed);
    for name in ["sub/b", "sub/c", "d", "e/f"] {
        std::fs::remove_file(folder.path(&format!("in/{name}.jsonl"))).unwrap();
    }
    // Without --force, a folder may collect the outputs of several runs.
    folder.run("clean in -o out -q").expect(0);
    assert!(folder.path("out/sub/b.jsonl").exists());
    let run =
        folder.run("clean in -o out --force -q").expect(0).says("out: deleted 3 files of an earlier run");
    assert!(run.messages.contains("out/d.jsonl: an earlier run wrote this file"), "{}", run.messages);
    assert_eq!(run.messages.matches("an earlier run wrote").count(), 1, "{}", run.messages);
    let names = outputs(&folder, "out").into_iter().map(|(path, _)| path.display().to_string());
    assert_eq!(names.collect::<Vec<_>>(), ["a.jsonl", "d.jsonl", "e/mine.jsonl"]);
    assert_eq!(folder.text("out/d.jsonl"), changed);
    assert!(!folder.path("out/sub").exists());
    // An output may have become an input, or a list.
    folder.run("clean in/a.jsonl -o chain -q").expect(0);
    folder.write("in/b.jsonl", line("b", ONCE));
    folder.run("clean chain/a.jsonl -o next -q").expect(0);
    folder.run("clean in/b.jsonl chain/a.jsonl -o chain --force -q").expect(2).says("this file is an input");
    folder.run("clean in/b.jsonl -o chain --write edits --force -q").expect(0);
    assert!(!folder.path("chain/a.jsonl").exists());
    let apply = "apply --edits chain/b.jsonl next/a.jsonl -o chain --force -q";
    folder.run(apply).expect(0);
    assert!(folder.path("chain/b.jsonl").exists() && folder.path("chain/a.jsonl").exists());
    folder
        .run("apply --edits chain/b.jsonl in/b.jsonl -o chain --force -q")
        .expect(2)
        .says("this file is an input");
    // An input that cannot be read costs no output that is there.
    folder.run("clean in/b.jsonl -o kept -q").expect(0);
    let begun = folder.text("kept/.refrain/manifest.jsonl");
    folder.run("clean in/a.jsonl missing.jsonl -o kept --force -q").expect(2);
    assert!(folder.path("kept/b.jsonl").exists());
    assert_eq!(folder.text("kept/.refrain/manifest.jsonl"), begun);
    // A manifest names no files outside of its folder.
    folder.write("outside.jsonl", folder.read("out/a.jsonl"));
    let manifest = folder.text("out/.refrain/manifest.jsonl").replace("\"a.jsonl\"", "\"../outside.jsonl\"");
    folder.write("out/.refrain/manifest.jsonl", manifest);
    folder.run("clean in/b.jsonl -o out --force -q").expect(0);
    assert!(folder.path("outside.jsonl").exists());
}

#[test]
fn the_lists_of_inputs_are_deleted_when_they_are_joined() {
    let folder = Folder::new();
    for name in ["a", "sub/b"] {
        folder.write(&format!("in/{name}.jsonl"), line(name, &format!("{name} {DOUBLED}{DOUBLED}")));
    }
    for (command, count) in
        [("clean in", 2), ("dedup --granularity lines in", 2), ("near in --threshold 0.2", 1)]
    {
        let arguments = format!("{command} -o out --removed removed");
        folder.run(&arguments).expect(0);
        let (files, removed) = (folder.files("out"), folder.text("removed"));
        assert!(removed.lines().count() >= count, "{removed}");
        assert!(!folder.path("out/.refrain/removed").exists());
        // Nothing is to do, and nothing is written.
        let time = || folder.path("removed").metadata().unwrap().modified().unwrap();
        let before = time();
        folder.run(&arguments).expect(0).says("finished       2 inputs before this run");
        assert!(folder.files("out") == files && time() == before);
        // A run without a list has nothing to do either, and one with a list writes it.
        folder.run(&format!("{command} -o out")).expect(0).says("finished       2 inputs before this run");
        folder.run(&format!("{command} -o new")).expect(0);
        folder.run(&format!("{command} -o new --removed new-removed")).expect(0);
        assert_eq!(folder.text("new-removed"), removed);
        assert!(outputs(&folder, "new") == outputs(&folder, "out"));
        std::fs::remove_dir_all(folder.path("new")).unwrap();
        // A list that is missing, damaged or has another name is written again.
        std::fs::remove_file(folder.path("removed")).unwrap();
        folder.run(&arguments).expect(0);
        assert_eq!(folder.text("removed"), removed);
        folder.write("removed", removed.replace('F', "f"));
        folder.run(&arguments).expect(0);
        assert_eq!(folder.text("removed"), removed);
        folder.run(&format!("{command} -o out --removed other")).expect(0);
        assert_eq!(folder.text("other"), removed);
        assert!(!folder.path("out/.refrain/removed").exists());
        std::fs::remove_dir_all(folder.path("out")).unwrap();
    }
    // The lists of finished inputs are read from the joined list, also in another order.
    let arguments = "clean in -o out --removed removed";
    folder.run(arguments).expect(0);
    for name in ["0", "c"] {
        folder.write(&format!("in/{name}.jsonl"), line(name, &format!("{name} {DOUBLED}")));
    }
    folder.run(arguments).expect(0).says("finished       2 inputs");
    folder.run("clean in -o expected --removed expected.removed").expect(0);
    assert_eq!(folder.text("removed"), folder.text("expected.removed"));
    // The list of a run before the last change of an input is not used.
    for arguments in [arguments, "clean in -o expected --removed expected.removed"] {
        folder.write("in/a.jsonl", line("a", &format!("other {DOUBLED}")));
        if arguments.contains("out") {
            folder.run("clean in -o out").expect(0).says("finished       3 inputs");
        }
        folder.run(arguments).expect(0).says("finished       3 inputs");
    }
    assert_eq!(folder.text("removed"), folder.text("expected.removed"));
    let swapped = "clean in/sub/b.jsonl in/a.jsonl --id none --removed";
    folder.run(&format!("{swapped} one -o three")).expect(0);
    folder
        .run("clean in/a.jsonl in/sub/b.jsonl --id none --removed one -o three")
        .expect(0)
        .says("finished       2");
    folder.run("clean in/a.jsonl in/sub/b.jsonl --id none --removed two -o four").expect(0);
    assert_eq!(folder.text("one"), folder.text("two"));
}
