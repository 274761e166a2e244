//! Every format and every compression: nothing but removed text changes.

mod common;

use common::{DOUBLED, Folder, ONCE, Run, gz, line, uncompressed, zst};

/// Returns a file of each format with the texts, and the names of the formats.
fn files(texts: [&str; 3]) -> Vec<(&'static str, Vec<u8>)> {
    let encode = |text: &str| serde_json::to_string(text).unwrap();
    let [a, b, c] = texts.map(encode);
    // Odd spaces, escapes, a blank line, CRLF, and no line end after the last line.
    let b = b.replace("returns", "\\u0072eturns").replace('/', "\\/");
    let jsonl = format!(
        "\u{FEFF}{{ \"id\" : 1,\t\"text\":{a} , \"x\":[1e5,\"\\u00e9\"]}}\r\n\n{{\"n\":{{}},\"text\":{b}}}\n  \n{{\"text\":{c},\"id\":\"é\"}}"
    );
    let record = |text: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/{}\r\n\
             Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
            text.len(),
            text.len()
        )
    };
    let info = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 5\r\n\r\na: b\n\r\n\r\n";
    let wet = format!("{info}{}", texts.map(record).concat());
    vec![("jsonl", jsonl.into_bytes()), ("txt", texts[0].as_bytes().to_vec()), ("wet", wet.into_bytes())]
}

#[test]
fn files_in_which_nothing_repeats_are_copied_byte_by_byte() {
    let folder = Folder::new();
    let texts = ["One line.\r\nAnother line.", ONCE, "\u{1F600} /only/ this \\ \"line\"\n"];
    for (format, bytes) in files(texts) {
        for part in [7, 1 << 20] {
            folder.write(&format!("in{part}/plain.{format}"), &bytes);
            folder.write(&format!("in{part}/deep/gzip.{format}.gz"), gz(&bytes, part));
            folder.write(&format!("in{part}/zstd.{format}.zst"), zst(&bytes, part));
        }
    }
    for part in ["in7", "in1048576"] {
        let run = folder.run(&format!("clean {part} -o out-{part}")).expect(0);
        assert!(run.messages.starts_with("documents      21 in, 21 out, 0 changed\n"), "{}", run.messages);
        for (format, bytes) in files(texts) {
            for name in ["plain.FORMAT", "deep/gzip.FORMAT.gz", "zstd.FORMAT.zst"] {
                let name = format!("out-{part}/{}", name.replace("FORMAT", format));
                let written = folder.read(&name);
                assert_eq!(uncompressed(&written), bytes, "{name}");
                assert_eq!(written == bytes, name.contains("plain"), "{name}");
            }
        }
    }
}

#[test]
fn only_the_removed_text_is_gone() {
    let folder = Folder::new();
    let with = files([DOUBLED, DOUBLED, "Another."]);
    let without = files([ONCE, ONCE, "Another."]);
    for ((format, doubled), (_, once)) in with.into_iter().zip(without) {
        folder.write(&format!("in/{format}.{format}.gz"), gz(&doubled, 50));
        folder.run(&format!("clean in/{format}.{format}.gz -o {format}")).expect(0);
        let once = String::from_utf8(once).unwrap();
        // The address in the records is not that of the shorter text.
        let once = once.replace("/103\r\n", "/192\r\n");
        assert_eq!(folder.text(&format!("{format}/{format}.{format}.gz")), once, "{format}");
    }
}

#[test]
fn lines_of_a_text_file_can_be_documents() {
    let folder = Folder::new();
    let long =
        "The ferry sails again at nine from the old harbor, and tickets cost as before, says the office. ";
    folder.write("a.txt", format!("{}\r\nshort\n\nlast", long.repeat(8)));
    folder.run("clean --format lines a.txt -o b.txt").expect(0).says("documents      3 in, 3 out, 1 changed");
    assert_eq!(folder.text("b.txt"), format!("{long}\r\nshort\n\nlast"));
}

#[test]
fn a_digest_of_a_changed_record_is_left_out() {
    let folder = Folder::new();
    let record = |text: &str, digest: &str| {
        let len = text.len();
        format!("WARC/1.0\r\nContent-Length: {len}\r\n{digest}WARC-Type: conversion\r\n\r\n{text}\r\n\r\n")
    };
    let digest = "WARC-Block-Digest: sha1:AAAA\r\n";
    folder.write("a.wet", record(DOUBLED, digest) + &record(ONCE, digest));
    folder.run("clean a.wet -o b.wet").expect(0);
    assert_eq!(folder.text("b.wet"), record(ONCE, "") + &record(ONCE, digest));
}

#[test]
fn inputs_are_found_by_folder_glob_and_list() {
    let folder = Folder::new();
    for name in
        ["in/b.jsonl", "in/a.jsonl", "in/.hidden.jsonl", "in/notes.md", "in/sub/c.txt", "in/.refrain/d.jsonl"]
    {
        folder.write(name, line("1", ONCE));
    }
    folder.write("list", "in/b.jsonl\n\nin/sub\n");
    let documents = |arguments: &str, count: usize| {
        folder.run(arguments).expect(0).says(&format!("documents      {count} in"));
    };
    documents("clean -n in", 3);
    documents("clean -n in/*.jsonl", 2);
    documents("clean -n --files-from list", 2);
    documents("clean -n --files-from list in/a.jsonl", 3);
    let run = folder.run_with("clean -n --files-from -", b"in/a.jsonl\n").expect(0);
    assert!(run.messages.contains("documents      1 in"));
    folder.run("clean -n in/*.wet").expect(2).says("in/*.wet: expected a file, found none");
    folder.run("clean -n in/notes.md").expect(2).says("expected a name that ends in .jsonl");
    folder.run("clean -n in/none.jsonl").expect(2).says("in/none.jsonl: No such file");
    folder.run("clean -n in in/a.jsonl").expect(2).says("in/a.jsonl: expected each input once");
    folder.run("clean -n").expect(2).says("expected an input");
}

/// The names of the files of Linux are bytes.
#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let odd = |name: &[u8]| folder.path("").join(OsStr::from_bytes(name));
    let documents = |argument: &[u8], count: usize| {
        let mut command = folder.command("clean --check");
        let output = command.arg(OsStr::from_bytes(argument)).output().unwrap();
        Run::of(output).expect(0).says(&format!("documents      {count} in"));
    };
    for name in ["in/a.jsonl", "in/.hidden.jsonl", "in/.refrain/d.jsonl", "in/b/c/a.jsonl"] {
        folder.write(name, line("1", ONCE));
    }
    std::fs::write(odd(b"in/\xFF.jsonl"), line("1", ONCE)).unwrap();
    std::fs::write(odd(b"in/\xFF.bin"), "").unwrap();
    std::fs::create_dir(odd(b"\xFF")).unwrap();
    std::fs::write(odd(b"\xFF/a.jsonl"), line("1", ONCE)).unwrap();
    documents(b"in/\xFF.jsonl", 1);
    documents(b"in/*.jsonl", 2);
    documents(b"*/a.jsonl", 2);
    documents(b"?/a.jsonl", 1);
    documents(b"\xFF/*", 1);
    documents(b"in/**/a.jsonl", 2);
    documents(b"**/*.jsonl", 4);
    documents(b"in/.*.jsonl", 1);
    documents(b"i[m-o]/*/", 1);
    folder.run("clean -n in/a**").expect(2).says("in/a**: expected a glob: ");
    folder.write("list", b"in/a.jsonl\n\nin/\xFF.jsonl\n");
    folder
        .run("clean -n --files-from list")
        .expect(2)
        .says("--files-from list, line 3: expected a name in UTF-8; name this file");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_missing_file_is_an_error_and_one_to_a_folder_is_left_out() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", ONCE));
    std::os::unix::fs::symlink("..", folder.path("in/up")).unwrap();
    folder.run("clean in -o out").expect(0).says("documents      1 in");
    std::os::unix::fs::symlink("nowhere", folder.path("in/b.jsonl")).unwrap();
    folder.run("clean in -o out").expect(2).says("in/b.jsonl: No such file");
}

#[test]
fn standard_input_may_be_compressed() {
    let folder = Folder::new();
    let (doubled, once) = (line("1", DOUBLED), line("1", ONCE));
    for input in [doubled.clone().into_bytes(), gz(doubled.as_bytes(), 20), zst(doubled.as_bytes(), 20)] {
        let run = folder.run_with("clean -", &input).expect(0);
        assert_eq!(String::from_utf8(run.out).unwrap(), once);
    }
    let run = folder.run_with("clean - -o - --compression zst", doubled.as_bytes());
    assert_eq!(uncompressed(&run.expect(0).out), once.as_bytes());
}

#[test]
fn several_inputs_are_joined_line_by_line() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", ONCE).trim_end());
    folder.write("b.jsonl.zst", zst(line("2", DOUBLED).as_bytes(), 1000));
    folder.run("clean a.jsonl b.jsonl.zst -o all.jsonl.gz").expect(0);
    assert_eq!(folder.text("all.jsonl.gz"), line("1", ONCE) + &line("2", ONCE));
    folder.write("c.txt", ONCE);
    folder.run("clean a.jsonl c.txt -o all.jsonl").expect(2).says("expected inputs of one format");
    folder.run("clean a.jsonl -o all.txt").expect(2).says("expected a name with the ending of the inputs");
}

/// Inside of a file, a mark would make a document unreadable.
#[test]
fn byte_order_marks_are_not_joined() {
    let folder = Folder::new();
    let files = [line("1", DOUBLED), line("2", DOUBLED)].map(|line| format!("\u{FEFF}{line}"));
    folder.write("a.jsonl", &files[0]);
    folder.write("b.jsonl", &files[1]);
    folder.run("clean a.jsonl b.jsonl -o j.jsonl").expect(0);
    assert_eq!(folder.text("j.jsonl"), format!("\u{FEFF}{}{}", line("1", ONCE), line("2", ONCE)));
    folder.run("clean j.jsonl -o -").expect(0).says("documents      2 in");
    folder.run("clean a.jsonl b.jsonl -o j.txt --format lines").expect(0);
    assert_eq!(folder.text("j.txt"), files.concat().replace("\n\u{FEFF}", "\n"));
    folder.run("clean a.jsonl b.jsonl -o out").expect(0);
    assert!(folder.text("out/b.jsonl").starts_with('\u{FEFF}'));
}

#[test]
fn empty_inputs_have_empty_outputs_that_can_be_read() {
    let folder = Folder::new();
    for name in ["a.jsonl", "a.jsonl.gz", "b.txt.zst", "c.wet"] {
        folder.write(&format!("in/{name}"), "");
    }
    folder.run("clean in -o out").expect(0).says("documents      0 in, 0 out");
    assert_eq!(folder.read("out/a.jsonl"), b"");
    assert_eq!(folder.read("out/a.jsonl.gz")[..2], [0x1F, 0x8B]);
    assert_eq!(folder.read("out/b.txt.zst")[..2], [0x28, 0xB5]);
    assert_eq!(folder.text("out/a.jsonl.gz") + &folder.text("out/b.txt.zst"), "");
}
