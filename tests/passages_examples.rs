//! The examples `passages` and `contamination` as programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// The program, which `cargo test` builds unless it is told to build this file alone.
fn run(name: &str, arguments: &[&str]) -> Output {
    let tests = std::env::current_exe().expect("this is a program");
    let profile = tests.parent().and_then(Path::parent).expect("it lies in target/PROFILE/deps");
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let cargo = option_env!("CARGO").unwrap_or("cargo");
        let built = Command::new(cargo)
            .args(["build", "--offline", "--example", name, "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .status();
        assert!(built.is_ok_and(|status| status.success()), "{name} is built");
    }
    Command::new(program).args(arguments).output().expect("it starts")
}

/// A file in the temporary folder, which is removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str, lines: &[Value]) -> Self {
        let path = std::env::temp_dir().join(format!("refrain-{}-{name}.jsonl", std::process::id()));
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, lines).expect("it can be written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("it is UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn objects(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::str::from_utf8(&output.stdout).expect("it prints text");
    text.lines().map(|line| serde_json::from_str(line).expect("it prints JSON")).collect()
}

#[test]
fn passages_prints_one_object_a_passage() {
    let shared: String = (0..60).map(|word| format!("word{word} ")).collect();
    let second = format!("News\n{}today", shared.to_uppercase());
    let file = File::new("corpus", &[json!({"id": "a", "text": shared}), json!({"id": 2, "text": second})]);
    let end = 5 + shared.trim_end().len();
    let expected = json!({
        "id": "2",
        "span": {"start": 5, "end": end},
        "words": 60,
        "source": {"id": "a", "start": 0, "end": end - 5},
    });
    assert_eq!(objects(&run("passages", &[file.path()])), [expected]);
    assert_eq!(objects(&run("passages", &[file.path(), "61"])), [Value::Null; 0]);
}

#[test]
fn contamination_prints_one_object_an_item() {
    let items = File::new(
        "items",
        &[
            json!({"id": "seen", "text": "Five words are enough here"}),
            json!({"id": "new", "text": "Nothing of this is there"}),
        ],
    );
    let page = "He said: five words are enough here and went.";
    let corpus = File::new("pages", &[json!({"id": "p", "text": page}), json!({"id": "q", "text": ""})]);
    let objects = objects(&run("contamination", &[items.path(), corpus.path()]));
    assert_eq!(objects.len(), 2);
    assert_eq!((&objects[0]["share"], &objects[1]["share"]), (&json!(0.0), &json!(0.0)));
    let corpus = File::new("lines", &[json!({"id": "p", "text": page.replace("said: ", "said ")})]);
    let objects = self::objects(&run("contamination", &[items.path(), corpus.path()]));
    assert_eq!((&objects[0]["share"], &objects[0]["documents"]), (&json!(1.0), &json!(1)));
    let source = json!({"id": "p", "start": 8, "end": 34});
    assert_eq!(objects[0]["longest"], json!({"span": {"start": 0, "end": 26}, "words": 5, "source": source}));
    assert_eq!(objects[1]["longest"], Value::Null);
}

#[test]
fn errors_are_named_in_one_line() {
    let bad = File::new("bad", &[json!({"id": "a"})]);
    let cases: [(&str, &[&str], &str); 6] = [
        ("passages", &[], "expected a file"),
        ("passages", &["no such file"], "no such file"),
        ("passages", &[bad.path()], "line 1: expected `id` and `text`"),
        ("passages", &[bad.path(), "0"], "expected a passage of at least 1 word, found 0"),
        ("passages", &[bad.path(), "x"], "expected a number of words, found `x`"),
        ("contamination", &["one"], "expected two files"),
    ];
    for (name, arguments, expected) in cases {
        let output = run(name, arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(expected) && message.lines().count() == 1, "{message}");
        assert_eq!(output.status.code(), Some(2));
    }
}
