//! Files that are written, by whatever names.

#![cfg(unix)]

mod common;

use std::fs::File;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Stdio;

use common::{DOUBLED, Folder, ONCE, Run, line};

/// Runs the command with standard output and standard error at the ends of files.
fn redirected(folder: &Folder, arguments: &str, out: &Path, messages: &Path) -> Option<i32> {
    let append = |path: &Path| -> Stdio {
        File::options().append(true).create(true).open(path).expect("a file").into()
    };
    let mut command = folder.command(arguments);
    command.stdout(append(out)).stderr(append(messages)).status().expect("it runs").code()
}

#[test]
fn a_file_that_standard_output_is_redirected_to_is_not_replaced() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    symlink("/dev/fd/1", folder.path("link")).unwrap();
    let (out, messages) = (folder.path("out"), folder.path("messages"));
    let run = |arguments: &str| {
        folder.write("out", "earlier\n");
        folder.write("messages", "earlier\n");
        let status = redirected(&folder, arguments, &out, &messages);
        (status, folder.text("out"), folder.text("messages"))
    };
    for name in ["/dev/stdout", "link", "out"] {
        for (option, start) in
            [("--stats", "earlier\n{\"documents\":1,"), ("--removed", "earlier\n{\"id\":\"1\"")]
        {
            let (status, out, _) = run(&format!("clean a.jsonl -o one.jsonl -q {option} {name}"));
            assert!(status == Some(0) && out.starts_with(start), "{option} {name}: {out}");
            let (status, out, messages) = run(&format!("clean a.jsonl -o - -q {option} {name}"));
            assert_eq!((status, &*out), (Some(2), "earlier\n"), "{option} {name}");
            let expected = format!("{option} {name}: expected another file than that of standard output");
            assert!(messages.contains(&expected), "{messages}");
        }
        // The list of a folder is joined at the end of each run.
        for _ in 0..2 {
            let (status, out, _) = run(&format!("clean a.jsonl -o folder -q --removed {name}"));
            let is_listed = out.starts_with("earlier\n{\"id\":\"1\"") && out.lines().count() == 2;
            assert!(status == Some(0) && is_listed, "{name}: {out}");
        }
        let (status, out, _) = run(&format!("report a.jsonl -o {name}"));
        assert!(status == Some(0) && out.starts_with("earlier\n<!"), "{name}: {out}");
    }
    let (status, _, messages) = run("clean a.jsonl -o one.jsonl -q --stats /dev/stderr");
    assert!(status == Some(0) && messages.starts_with("earlier\n{\"documents\":1,"), "{messages}");
    assert!(folder.path("link").is_symlink());
    assert_eq!(folder.text("one.jsonl"), line("1", ONCE));
}

#[test]
fn standard_output_without_a_name_is_written() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    symlink("/dev/fd/1", folder.path("link")).unwrap();
    let out = File::create(folder.path("out")).unwrap();
    std::fs::remove_file(folder.path("out")).unwrap();
    let mut command = folder.command("clean a.jsonl -o one.jsonl -q --stats link");
    Run::of(command.stdout(out).output().unwrap()).expect(0);
    assert!(folder.path("link").is_symlink());
}

#[test]
fn the_file_of_a_link_is_written() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    folder.write("real/old.jsonl", "old");
    for name in ["old", "new"] {
        let link = folder.path(&format!("{name}.jsonl"));
        symlink(format!("real/{name}.jsonl"), folder.path(name)).unwrap();
        symlink(folder.path(name), &link).unwrap();
        folder.run(&format!("clean a.jsonl -q -o {name}.jsonl")).expect(0);
        assert!(link.is_symlink() && folder.path(name).is_symlink());
        assert_eq!(folder.text(&format!("real/{name}.jsonl")), line("1", ONCE));
    }
    symlink("circle.jsonl", folder.path("circle.jsonl")).unwrap();
    folder.run("clean a.jsonl -q -o circle.jsonl").expect(0);
    assert_eq!(folder.text("circle.jsonl"), line("1", ONCE));
}

#[test]
fn a_file_that_is_replaced_keeps_its_permissions() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    folder.write("out.jsonl", "secret");
    std::fs::set_permissions(folder.path("out.jsonl"), std::fs::Permissions::from_mode(0o600)).unwrap();
    folder.run("clean a.jsonl -o out.jsonl -q").expect(0);
    assert_eq!(folder.path("out.jsonl").metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
