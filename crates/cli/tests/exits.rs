//! Exit statuses, and runs that end early.

mod common;

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use common::{DOUBLED, Folder, ONCE, Run, gz, line, zst};

#[test]
fn check_reports_by_its_status_and_writes_nothing() {
    let folder = Folder::new();
    folder.write("good.jsonl", line("1", ONCE));
    folder.write("bad.jsonl", line("1", DOUBLED));
    folder.run("clean --check good.jsonl").expect(0);
    folder.run("clean --check good.jsonl bad.jsonl").expect(1);
    folder.run("clean -n bad.jsonl").expect(0).says("forecast       output");
    assert_eq!(folder.files("").len(), 2);
}

#[test]
fn wrong_usage_is_explained() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", ONCE));
    for (arguments, message) in [
        ("clean a.jsonl", "expected `-o PATH`"),
        ("clean a.jsonl -o ./a.jsonl", "never changed in place"),
        ("clean a.jsonl -o out --policy nonsense", "unknown policy `nonsense`"),
        ("clean a.jsonl -o out --with nonsense", "nonsense"),
        ("clean a.jsonl -o out --granularity pages", "pages"),
        ("clean a.jsonl -o out --fold case", "case"),
        ("clean a.jsonl -o out --text a..b", "a.b"),
        ("clean a.jsonl -o out -j 0", "0 is not in 1..=1024"),
        ("nonsense", "nonsense"),
    ] {
        folder.run(arguments).expect(2).says(message);
    }
    folder.run_with("clean - -o out", b"").expect(2).says("for the output of standard input");
    assert_eq!(folder.files("").len(), 1);
}

#[test]
fn a_wrong_field_ends_the_run_with_the_fields_that_are_there() {
    let folder = Folder::new();
    folder.write("a.jsonl", "{\"id\":1,\"meta\":{\"body\":\"x\"},\"title\":\"y\"}\nnonsense\n");
    let found = "a.jsonl: expected the field `text` in a line, found `id`, `meta`, `meta.body`, `title`";
    folder.run("clean a.jsonl -o out.jsonl").expect(2).says(found);
    assert_eq!(folder.files("").len(), 1);
    folder.run("clean a.jsonl -o out.jsonl --text meta.body --bad drop").expect(3);
    folder.write("null.jsonl", "{\"text\":null}\n");
    folder
        .run("clean null.jsonl -o null")
        .expect(3)
        .says("expected a string in the field `text`, found null");
}

#[test]
fn bad_lines_are_kept_dropped_or_stop_the_run() {
    let folder = Folder::new();
    let bad =
        "{\"text\":\"a\\ud800b\"}\n{\"text\":3}\n[]\n\u{1}\n{\"text\":\"x\",\"text\":\"y\"}\n{\"id\":4}\n";
    let good = line("1", ONCE);
    let mut bytes = format!("{good}{bad}{good}").into_bytes();
    bytes.extend_from_slice(b"{\"text\":\"\xFF\"}\n");
    folder.write("a.jsonl", &bytes);
    let run = folder.run("clean a.jsonl -o keep.jsonl").expect(3);
    assert!(run.messages.contains("bad lines      7, kept as they are"), "{}", run.messages);
    assert_eq!(run.messages.matches("a.jsonl, line ").count(), 5);
    assert!(run.messages.contains("a.jsonl, line 3: expected a string in the field `text`, found a number"));
    assert_eq!(folder.read("keep.jsonl"), bytes);
    folder.run("clean a.jsonl -o drop.jsonl --bad drop").expect(3).says("bad lines      7, left out");
    assert_eq!(folder.text("drop.jsonl"), good.clone() + &good);
    folder.run("clean a.jsonl -o stop.jsonl --bad stop -j 2").expect(2).says("a.jsonl, line 2: field `text`");
    assert!(!folder.path("stop.jsonl").exists() && !folder.path(".stop.jsonl.part").exists());
    // A line that breaks off inside a string.
    folder.write("cut.jsonl", format!("{{\"id\":1,\"text\":\"a\r\n{}\"text\"\n", line("1", ONCE)));
    folder
        .run("clean cut.jsonl -o cut.out.jsonl")
        .expect(3)
        .says("cut.jsonl, line 1: expected a JSON object, found the end of the line inside of one, at column 17")
        .says("cut.jsonl, line 3: expected a JSON object on each line, found a string");
    folder.run("fingerprints cut.jsonl -o prints.jsonl").expect(3).says("bad lines      2, left out");
    folder.write("a.txt", b"\xFE");
    folder.run("clean a.txt -o out").expect(3).says("a.txt: expected UTF-8, found the byte 0xfe at byte 0");
    folder.write("cut.txt", b"a caf\xC3");
    let cut = "cut.txt: expected UTF-8, found a character at byte 5 that is cut off by the end of the text";
    folder.run("clean cut.txt -o out2").expect(3).says(cut);
}

#[test]
fn what_is_before_the_end_of_a_truncated_file_is_written() {
    let folder = Folder::new();
    let lines: String = (0..2000).map(|i| line(&i.to_string(), &format!("{i} {DOUBLED}"))).collect();
    let whole = lines.as_bytes();
    let first_half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    folder.write("in/a.jsonl.gz", first_half(gz(whole, whole.len())));
    folder.write("in/b.jsonl.zst", first_half(zst(whole, 30_000)));
    folder.write("in/c.jsonl.gz", "no gzip at all");
    folder.write("in/d.jsonl", &whole[..100_000]);
    folder.write("in/e.wet", "WARC/1.0\r\nContent-Length: 90\r\n\r\nshort");
    folder.write("in/f.wet", "HTTP/1.1 200 OK\r\n\r\n");
    for _ in 0..2 {
        let run = folder.run("clean in -o out").expect(3);
        for broken in [
            "in/a.jsonl.gz: ",
            "in/b.jsonl.zst: ",
            "in/c.jsonl.gz: expected gzip data because of the name, found uncompressed",
            "in/e.wet: expected the rest of a record",
            "in/f.wet: expected a record that begins with `WARC/`",
        ] {
            assert!(run.messages.contains(&format!("truncated      {broken}")), "{broken}: {}", run.messages);
        }
        // The last line of a file that is not compressed is a bad line.
        assert!(run.messages.contains("bad lines      1, kept as they are"), "{}", run.messages);
    }
    for name in ["out/a.jsonl.gz", "out/b.jsonl.zst"] {
        let text = folder.text(name);
        assert!(text.lines().count() > 10 && text.ends_with("}\n"), "{name}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    let lines: String = (0..30_000).map(|i| line(&i.to_string(), &format!("{i} {ONCE}"))).collect();
    folder.write("a.jsonl", lines);
    for arguments in ["clean a.jsonl -o -", "clean a.jsonl -o - --write edits"] {
        let mut child =
            folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let run = Run::of(child.wait_with_output().unwrap()).expect(0);
        assert!(first.starts_with("{\"id\":\"0\"") && run.messages.is_empty(), "{}", run.messages);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", ONCE));
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut child =
        folder.command("clean a.jsonl -o -").stdout(full).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(messages.starts_with("refrain: standard output: No space left on device"), "{messages}");
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", ONCE));
    folder.write("file", "");
    folder.run("clean a.jsonl -o file").expect(2).says("file: expected a folder, a file such as out.jsonl");
    folder.run("clean a.jsonl -o file/out.jsonl").expect(2).says("file/out.jsonl: ");
    folder.write("out/a.jsonl", "mine");
    folder.run("clean a.jsonl -o out").expect(2).says("out/a.jsonl: expected a folder without this file");
    assert_eq!(folder.text("out/a.jsonl"), "mine");
    folder.run("clean a.jsonl -o out --force").expect(0);
    folder.write("b/a.jsonl", line("1", ONCE));
    folder
        .run("clean b -o b/out")
        .expect(2)
        .says("b/out: expected an output folder outside of the folder of inputs b");
    folder.run("clean b -o b").expect(2).says("expected an output folder outside of the folder of inputs b");
    for output in ["new/../b/out", "b/x.jsonl", "link/new", "link/x.jsonl"] {
        #[cfg(unix)]
        let _ = std::os::unix::fs::symlink(folder.path("b"), folder.path("link"));
        if cfg!(unix) || !output.contains("link") {
            folder.run(&format!("clean b -o {output}")).expect(2).says("outside of the folder of inputs b");
        }
    }
    folder
        .run("clean b -o new --removed b/removed.jsonl")
        .expect(2)
        .says("b/removed.jsonl: expected an output file outside of the folder of inputs b");
    folder.run("clean b/a.jsonl -o b/out").expect(0);
    folder.run("clean a.jsonl b/a.jsonl -o new").expect(2).says("whose outputs would both be a.jsonl");
}

#[test]
fn inputs_and_files_of_others_are_not_replaced() {
    let folder = Folder::new();
    folder.write("one/a.jsonl", line("1", DOUBLED));
    folder.write("two/a.jsonl", line("2", DOUBLED));
    let before = folder.read("one/a.jsonl");
    for force in ["", "--force"] {
        folder.run(&format!("clean one/a.jsonl -o one -q {force}")).expect(2).says("this file is an input");
        assert_eq!(folder.read("one/a.jsonl"), before);
    }
    // The second run would write a file with the name of an output of the first run.
    folder.run("clean one -o out -q").expect(0);
    let first = folder.read("out/a.jsonl");
    folder.run("clean two -o out -q").expect(2).says("out/a.jsonl: expected a folder without this file");
    assert_eq!(folder.read("out/a.jsonl"), first);
    folder.run("clean one -o out -q").expect(0);
    folder.write("three/b.jsonl", line("3", DOUBLED));
    folder.write("out/b.jsonl", "a file of the user");
    folder.run("clean three -o out -q").expect(2).says("out/b.jsonl");
    assert_eq!(folder.text("out/b.jsonl"), "a file of the user");
}

#[test]
fn an_output_has_the_place_that_the_inputs_of_this_run_give_it() {
    let folder = Folder::new();
    folder.write("in/sub/a.jsonl", line("1", DOUBLED));
    folder.run("clean in/sub -o out -q").expect(0);
    folder.run("clean in -o out -q").expect(0);
    assert_eq!(folder.read("out/sub/a.jsonl"), folder.read("out/a.jsonl"));
}

#[test]
fn a_limit_keeps_what_it_reaches() {
    let folder = Folder::new();
    folder.write("a.txt", DOUBLED);
    folder.run("clean a.txt -o clean.txt -q --limit 1").expect(0);
    assert_eq!(folder.text("clean.txt"), ONCE);
    let two = line("1", DOUBLED) + line("2", DOUBLED).trim_end();
    folder.write("b.jsonl", &two);
    for limit in [2, 3] {
        let run = folder.run(&format!("clean b.jsonl -o - -q --limit {limit}")).expect(0);
        assert_eq!(String::from_utf8_lossy(&run.out).lines().count(), 2);
    }
    let run = folder.run("clean b.jsonl -o - -q --limit 1").expect(0);
    assert_eq!(String::from_utf8_lossy(&run.out), line("1", ONCE));
}

#[test]
fn what_must_be_written_by_one_job_is_refused() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    folder
        .run("dedup --granularity lines a.jsonl --work work -o out.jsonl --only apply:1/2")
        .expect(2)
        .says("expected an output folder");
}

#[test]
fn files_that_are_read_are_not_written() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    folder.write("list.jsonl", "\"2\"\n");
    folder.write("items.jsonl", line("q", ONCE));
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path("a.jsonl"), folder.path("link.jsonl")).unwrap();
    let before = folder.files("");
    let mut names = vec!["a.jsonl", "./a.jsonl"];
    if cfg!(unix) {
        names.push("link.jsonl");
    }
    for name in names {
        for arguments in
            ["clean a.jsonl -o out.jsonl --removed", "clean a.jsonl -n --stats", "report a.jsonl -o"]
        {
            folder
                .run(&format!("{arguments} {name}"))
                .expect(2)
                .says(&format!("{name}: expected another file than the inputs"));
        }
        folder.run(&format!("fingerprints a.jsonl -o out.jsonl --stats {name}")).expect(2).says("--stats");
        folder.run(&format!("near a.jsonl -o out.jsonl --removed {name}")).expect(2).says("--removed");
    }
    folder.run("apply --edits list.jsonl a.jsonl -o list.jsonl").expect(2).says("--output list.jsonl");
    folder
        .run("contamination --items items.jsonl a.jsonl -o items.jsonl")
        .expect(2)
        .says("--output items.jsonl");
    let same = "clean a.jsonl -o x.jsonl --removed x.jsonl";
    folder.run(same).expect(2).says("--removed x.jsonl: expected another file than that of --output");
    assert!(folder.files("") == before);
    // Before the first step, which may take hours.
    for command in ["dedup --granularity lines", "near"] {
        let removed = "--removed steps/a.jsonl: expected another file than the outputs";
        folder.run(&format!("{command} a.jsonl -o steps --removed steps/a.jsonl")).expect(2).says(removed);
        folder.run(&format!("{command} a.jsonl -o .")).expect(2).says("this file is an input");
    }
    assert!(folder.files("") == before);
    let other = "--removed out/a.jsonl: expected another file than the outputs";
    folder.run("clean a.jsonl -o out --removed out/a.jsonl").expect(2).says(other);
    for command in ["clean", "dedup --granularity lines", "near"] {
        let inside = "out/removed.jsonl: expected a file outside of the output folder";
        folder.run(&format!("{command} a.jsonl -o out --removed out/removed.jsonl")).expect(2).says(inside);
    }
    folder.run("clean a.jsonl -n --stats stats.json").expect(0);
    folder.run("clean a.jsonl -n --stats stats.json").expect(0);
}

fn checked_zst(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(3)?;
    compressor.include_checksum(true)?;
    compressor.compress(bytes)
}

/// A changed byte of compressed data is found by the checksum, also in the last member or frame.
#[test]
fn damage_inside_compressed_data_is_noticed() {
    let folder = Folder::new();
    let lines: String = (0..300).map(|i| line(&i.to_string(), &format!("{i} {ONCE}"))).collect();
    let mut whole_members = 0;
    for (name, mut bytes) in [
        ("a.jsonl.gz", gz(lines.as_bytes(), lines.len())),
        ("b.jsonl.gz", gz(lines.as_bytes(), 20_000)),
        ("c.jsonl.zst", checked_zst(lines.as_bytes()).expect("memory")),
    ] {
        let at = bytes.len() - 6;
        bytes[at] ^= 0x10;
        folder.write(name, &bytes);
        folder.run(&format!("clean {name} -o out.jsonl")).expect(3).says(&format!("truncated      {name}: "));
        whole_members += folder.text("out.jsonl").lines().count();
    }
    assert!(whole_members > 300, "{whole_members}");
    // Padding is not damage.
    let mut padded = gz(lines.as_bytes(), 20_000);
    padded.resize(padded.len() + 700, 0);
    folder.write("d.jsonl.gz", &padded);
    folder.run("clean d.jsonl.gz -o out.jsonl").expect(0);
    assert_eq!(folder.text("out.jsonl"), lines);
    padded.push(1);
    folder.write("d.jsonl.gz", &padded);
    folder.run("clean d.jsonl.gz -o out.jsonl").expect(3).says("truncated      d.jsonl.gz: ");
}

#[test]
fn standard_input_is_read_once() {
    let folder = Folder::new();
    let lines = line("1", DOUBLED);
    folder.write("a.jsonl", &lines);
    for arguments in [
        "contamination --items - - -o -",
        "apply --edits - - -o -",
        "clean - --files-from - -o -",
        "dedup --granularity lines - --files-from - -o -",
    ] {
        let input = if arguments.contains("--files-from") { "a.jsonl\n" } else { &*lines };
        let input = if arguments.contains("--edits") { "\"1\"\n" } else { input };
        folder
            .run_with(arguments, input.as_bytes())
            .expect(2)
            .says("expected `-` for one file, found it for two");
    }
    let only = "dedup --granularity lines - -o out.jsonl --work work --only map:1/1";
    folder.run_with(only, lines.as_bytes()).expect(2).says("--only: expected files, found standard input");
    assert!(!folder.path("work").exists());
}

/// A file to which standard input is copied is deleted at the end.
#[test]
fn standard_input_has_its_name_in_messages() {
    let folder = Folder::new();
    let lines = line("1", DOUBLED) + "nonsense\n";
    for command in ["dedup --granularity lines", "dedup --granularity passages", "near"] {
        for options in ["-o -", "-o out.jsonl --stats -", "-o - --bad stop"] {
            let run = folder.run_with(&format!("{command} - {options}"), lines.as_bytes());
            let all = format!("{}{}", String::from_utf8_lossy(&run.out), run.messages);
            let is_named = all.contains("standard input, line 2: ") && !all.contains("spool");
            assert!(is_named, "{command} {options}: {all}");
        }
        folder
            .run_with(&format!("{command} - -o - --text body"), lines.as_bytes())
            .expect(2)
            .says("refrain: standard input: expected the field `body`");
    }
}

#[cfg(unix)]
#[test]
fn pipes_are_read_as_files_are() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED) + &line("2", ONCE));
    let shell = |command: &str| {
        let mut shell = Command::new("bash");
        let binary = env!("CARGO_BIN_EXE_refrain");
        shell.args(["-c", &format!("{binary} {command} --format jsonl -q")]).current_dir(folder.path(""));
        Run::of(shell.output().expect("a shell"))
    };
    let expected = folder.run("dedup --granularity lines a.jsonl -o - -q").expect(0).out;
    assert_eq!(shell("dedup --granularity lines <(cat a.jsonl) -o -").expect(0).out, expected);
    assert_eq!(shell("near <(cat a.jsonl) -o -").expect(0).out, folder.read("a.jsonl"));
    assert!(!shell("clean <(cat a.jsonl) -o -").expect(0).out.is_empty());
    shell("near <(echo x) -o - --bad stop")
        .expect(2)
        .says("refrain: /dev/fd/")
        .says(", line 1: expected a JSON");
    shell("clean <(cat a.jsonl) -o out").expect(2).says("expected a file; use `-` for a pipe");
    shell("near <(cat a.jsonl) -o out --only map:1/1")
        .expect(2)
        .says("--only: expected files, found /dev/fd/");
}

/// The names of the files of Linux are bytes.
#[cfg(target_os = "linux")]
#[test]
fn names_of_folders_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("1", DOUBLED));
    let odd = std::ffi::OsStr::from_bytes(b"in/\xFF");
    std::fs::create_dir(folder.path("").join(odd)).unwrap();
    std::fs::rename(folder.path("in/a.jsonl"), folder.path("").join(odd).join("a.jsonl")).unwrap();
    folder.run("clean in -o out").expect(0).says("documents      1 in");
}

#[test]
fn a_folder_that_another_run_uses_is_refused() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    std::fs::create_dir_all(folder.path("out/.refrain")).unwrap();
    let open = |name: &str| File::create(folder.path("out/.refrain").join(name)).unwrap();
    let commands = ["clean a.jsonl -o out", "dedup --granularity lines a.jsonl -o out --force"];
    for command in commands {
        let other = open("lock");
        other.lock().unwrap();
        folder
            .run(command)
            .expect(2)
            .says("out/.refrain: expected a folder that no other run of refrain uses");
        assert!(!folder.path("out/a.jsonl").exists());
        drop(other);
        folder.run(command).expect(0);
        std::fs::remove_file(folder.path("out/a.jsonl")).unwrap();
    }
    // Standard input is copied only after that.
    std::fs::create_dir_all(folder.path("work/spool/0")).unwrap();
    folder.write("work/spool/0/-", "of another run");
    let other = File::create(folder.path("work/lock")).unwrap();
    other.lock().unwrap();
    for command in ["dedup --granularity lines - -o b.jsonl", "near - -o b.jsonl"] {
        let run = folder.run_with(&format!("{command} --work work"), line("2", DOUBLED).as_bytes());
        run.expect(2).says("no other run");
        assert_eq!(folder.text("work/spool/0/-"), "of another run");
    }
    drop(other);
    // Jobs run beside each other, but not beside a whole run, and not twice.
    let map = "dedup --granularity lines a.jsonl -o out --only map:1/1";
    let other = open("lock");
    other.lock_shared().unwrap();
    folder.run(commands[1]).expect(2).says("no other run");
    folder.run(map).expect(0);
    let same = open("lock-map-1-of-1");
    same.lock().unwrap();
    folder.run(map).expect(2).says("no other run");
    drop(same);
    folder.run(map).expect(0);
}

#[test]
fn lists_that_are_not_compressed_have_no_name_of_compressed_files() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    let clean = "clean a.jsonl -o out.jsonl";
    folder.run(&format!("{clean} --removed r.jsonl.zst")).expect(2).says("expected a name without .zst");
    folder.run(&format!("{clean} --stats s.json.gz")).expect(2).says("expected a name without .gz");
    folder.run(&format!("{clean} --removed -")).expect(2).says("expected the name of a file, found `-`");
}

#[test]
fn the_forecast_for_the_first_documents_is_for_all() {
    let folder = Folder::new();
    let lines: String = (0..20_000).map(|number| line(&number.to_string(), ONCE)).collect();
    folder.write("a.jsonl", &lines);
    folder.write("b.jsonl.gz", gz(lines.as_bytes(), lines.len()));
    let forecast = |arguments: &str| {
        let messages = folder.run(arguments).expect(0).messages;
        let size = messages.split_once("forecast       output ").unwrap().1.split(',').next().unwrap();
        let (number, unit) = size.split_once(' ').unwrap();
        let unit = ["B", "kB", "MB"].into_iter().position(|name| name == unit).unwrap();
        number.parse::<f64>().unwrap() * [1.0, 1e3, 1e6][unit]
    };
    for (name, limit, deviation) in
        [("a.jsonl", 10, 1.1), ("a.jsonl", 30_000, 1.01), ("b.jsonl.gz", 1_000, 3.0)]
    {
        let all = forecast(&format!("clean -n {name}"));
        let some = forecast(&format!("clean -n {name} --limit {limit}"));
        assert!(some < all * deviation && all < some * deviation, "{name}: {some} and {all}");
    }
}
