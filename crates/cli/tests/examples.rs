//! Every example of the README and of `docs/tool.md` prints what they show.

mod common;

use std::process::Command;

use common::Folder;

/// The inputs of the examples.
fn write_inputs(folder: &Folder) {
    let line = |id: &str, text: &str| format!("{{ \"id\": \"{id}\", \"text\": \"{text}\" }}\n");
    let body =
        "The first crossing left at nine, with bicycles on board.\\nTickets cost as much as before.\\n";
    let ferry = line("ferry", &format!("Ferry returns\\n{body}{body}"));
    let storm = line("storm", "A storm closed the harbor.\\nTickets cost as much as before.\\n");
    folder.write("pages/harbor.jsonl", ferry.clone() + &storm);
    let story =
        "The harbor ferry sails again from Monday at nine, after two months in dock, the operator says.";
    let islands = line("island", story) + &line("agency", &format!("Ferry: {story}")) + &line("copy", story);
    folder.write("crawl/1.jsonl.zst", common::zst((ferry + &storm).as_bytes(), 100));
    folder.write("crawl/2.jsonl.gz", common::gz(islands.as_bytes(), 100));
    folder.write(
        "questions.jsonl",
        line("q1", &format!("True or false? {story}")) + &line("q2", "Who built the harbor?"),
    );
    let news = "In other news, the bakery on the square has new owners, the swimming pool is closed until \
                May, and the library lends umbrellas.";
    folder.write("digest.jsonl", line("digest", &format!("Good morning. {story} {news}")));
    folder.write("spans.jsonl", "{\"id\":\"storm\",\"start\":0,\"end\":26}\n");
}

/// Runs the commands in the blocks of `console` one after another, in one folder.
fn check(name: &str, text: &str) {
    let folder = Folder::new();
    write_inputs(&folder);
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_refrain"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let blocks = text.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut commands = 0;
    for example in blocks.flat_map(|block| block.split("$ ").filter(|example| !example.is_empty())) {
        let (command, expected) = example.split_once('\n').unwrap();
        let script = format!("exec 2>&1; {command}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).env("PATH", &path).current_dir(folder.path(""));
        let output = shell.output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{name}: {command}");
        commands += 1;
    }
    assert!(commands >= 5, "{name}");
}

#[cfg(unix)]
#[test]
fn examples_of_the_readme() {
    check("README.md", include_str!("../README.md"));
}

#[cfg(unix)]
#[test]
fn recipes() {
    check("docs/tool.md", include_str!("../../../docs/tool.md"));
}
