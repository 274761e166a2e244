//! Outputs do not depend on the number of threads.

mod common;

use common::{DOUBLED, Folder, line, zst};
use refrain_testkit::Random;

/// Returns lines of JSONL of at least `bytes` bytes, of which every tenth has a doubled text.
pub fn corpus(bytes: usize) -> String {
    let mut random = Random::new(18);
    let mut corpus = String::new();
    let mut number = 0;
    while corpus.len() < bytes {
        number += 1;
        let words: Vec<String> = (0..400).map(|_| format!("w{}", random.below(5000))).collect();
        let lines: Vec<String> = words.chunks(10).map(|words| words.join(" ")).collect();
        let text = if number % 10 == 0 { DOUBLED.to_owned() } else { lines.join("\n") };
        corpus += &line(&number.to_string(), &text);
    }
    corpus
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let folder = Folder::new();
    // Several frames, and files with less than one.
    let corpus = corpus(40 << 20);
    folder.write("in/a.jsonl.zst", zst(corpus.as_bytes(), 1 << 24));
    folder.write("in/b.jsonl", &corpus[..corpus.find('\n').unwrap() + 1]);
    folder.write("in/c.jsonl.gz", common::gz(&corpus.as_bytes()[..9 << 20], 1 << 22));
    let mut first = None;
    for threads in [1, 2, 7] {
        folder.run(&format!("clean in -o out{threads} -j {threads} --removed removed{threads}")).expect(3);
        let files: Vec<Vec<u8>> = ["a.jsonl.zst", "b.jsonl", "c.jsonl.gz"]
            .map(|name| folder.read(&format!("out{threads}/{name}")))
            .into();
        let removed = folder.read(&format!("removed{threads}"));
        assert!(removed.len() > 1000);
        assert!(
            *first.get_or_insert((files.clone(), removed.clone())) == (files, removed),
            "{threads} threads"
        );
    }
    // Each frame is of 8 MiB or more, so one output has as many as the input has parts.
    let frames =
        folder.read("out1/a.jsonl.zst").windows(4).filter(|bytes| *bytes == [0x28, 0xB5, 0x2F, 0xFD]).count();
    assert!((5..=6).contains(&frames), "{frames}");
}

/// A limit of the memory allows the system to start only some threads.
#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_be_started_are_an_error() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("1", DOUBLED));
    for command in ["clean", "dedup --granularity lines"] {
        let limited =
            format!("ulimit -v 400000; {} {command} a.jsonl -o - -j 1000", env!("CARGO_BIN_EXE_refrain"));
        let mut shell = std::process::Command::new("bash");
        let output = shell.args(["-c", &limited]).current_dir(folder.path("")).output().expect("a shell");
        common::Run::of(output)
            .expect(2)
            .says("expected to start another thread; choose fewer with --threads");
    }
}

/// The peak of the memory is only known on Linux.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_input() {
    let folder = Folder::new();
    let corpus = corpus(24 << 20);
    folder.write("small.jsonl.zst", zst(corpus.as_bytes(), 1 << 24));
    folder.write("large.jsonl.zst", zst(corpus.as_bytes(), 1 << 24).repeat(5));
    let peak = |arguments: &str| {
        folder.run(&format!("{arguments} -j 2 -q --stats stats.json")).expect(0);
        let stats: serde_json::Value = serde_json::from_slice(&folder.read("stats.json")).unwrap();
        stats["peak_memory"].as_u64().unwrap() >> 20
    };
    for name in ["small", "large"] {
        let clean = peak(&format!("clean {name}.jsonl.zst -o clean.jsonl.zst"));
        assert!(clean < 100, "{clean} MB");
        let dedup =
            peak(&format!("dedup --granularity lines --memory 8M {name}.jsonl.zst -o dedup.jsonl.zst"));
        assert!(dedup < 100 + 8, "{dedup} MB");
    }
}

/// Documents of 8 MiB are in memory one at a time.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_number_of_large_documents() {
    let folder = Folder::new();
    let corpus = corpus(20 << 20);
    folder.write("in/a.jsonl", &corpus);
    folder.write("in/b.jsonl.gz", common::gz(corpus.as_bytes(), 1 << 22));
    folder.write("in/z.jsonl.zst", zst(corpus.as_bytes(), 1 << 22));
    let texts = corpus.replace("\\n", "\n");
    for number in 0..5 {
        folder.write(&format!("in/{number}.txt"), &texts[number << 20..(number + 8) << 20]);
    }
    for threads in [1, 2, 4] {
        folder.run(&format!("clean in -o out{threads} -j {threads} -q --stats stats.json")).expect(0);
        let stats: serde_json::Value = serde_json::from_slice(&folder.read("stats.json")).unwrap();
        let peak = stats["peak_memory"].as_u64().unwrap() >> 20;
        assert!(peak < 100, "{peak} MB with {threads} threads");
    }
}
