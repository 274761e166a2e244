//! `apply` on the edits of `clean` gives the output of `clean`, and lists of other programs work.

mod common;

use common::{DOUBLED, Folder, ONCE, line};
use proptest::prelude::*;
use refrain_testkit::{cases, texts};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(15, 200)))]

    #[test]
    fn applied_edits_are_the_output_of_clean(
        texts in prop::collection::vec(texts::text(), 1..12),
        policy in prop::sample::select(vec!["default", "scraper", "transcript", "pdf", "drop-all"]),
        offsets in prop::sample::select(vec!["chars", "bytes", "utf16"]),
    ) {
        let folder = Folder::new();
        let lines: String = texts.iter().enumerate().map(|(i, text)| line(&i.to_string(), text)).collect();
        folder.write("in/a.jsonl", &lines);
        folder.write("in/b.txt", texts.concat());
        folder.run(&format!("clean in -o clean --policy {policy}")).expect(0);
        folder.run(&format!("clean in -o edits --policy {policy} --write edits --offsets {offsets}")).expect(0);
        folder.run(&format!("apply --edits edits in -o applied --offsets {offsets}"));
        for name in ["a.jsonl", "b.txt"] {
            let read = |part: &str| folder.read(&format!("{part}/{name}"));
            prop_assert_eq!(read("applied"), read("clean"));
        }
    }
}

/// A number that JSON libraries round is no id, so its document is named by file and line.
#[test]
fn ids_of_more_than_64_bits_are_not_confused() {
    let folder = Folder::new();
    let document = |id: &str, text: &str| line("ID", text).replace("\"ID\"", id);
    let ids = [
        "123456789012345678901",
        "123456789012345678902",
        "0.1234567890123456789",
        "18446744073709551615",
        "-7",
    ];
    folder.write("a.jsonl", ids.map(|id| document(id, DOUBLED)).concat());
    folder.run("clean a.jsonl -o clean.jsonl -q").expect(0);
    folder.run("clean a.jsonl --write edits -o edits.jsonl -q").expect(0);
    folder.run("apply --edits edits.jsonl a.jsonl -o applied.jsonl -q").expect(0);
    assert_eq!(folder.text("applied.jsonl"), folder.text("clean.jsonl"));
    let edits = folder.text("edits.jsonl");
    for id in ["\"a.jsonl:1\"", "\"a.jsonl:2\"", "\"a.jsonl:3\"", "18446744073709551615", "-7"] {
        assert!(edits.contains(&format!("{{\"id\":{id},")), "{edits}");
    }
}

#[test]
fn lists_of_other_programs_are_cut_exactly_or_tidily() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("x", "Häme\n\nA storm.\n\nImprint") + "{\"id\":7,\"text\":\"😀 gone\"}\n");
    folder.write("list.jsonl", "{\"id\":\"x\",\"start\":0,\"end\":4}\n{\"id\":7,\"end\":1,\"start\":0}\n\n \t{\"id\":\"x\",\"start\":2,\"end\":4}\n");
    let run = |arguments: &str| {
        let run = folder.run(&format!("apply --edits list.jsonl a.jsonl -o - {arguments}")).expect(0);
        String::from_utf8(run.out).unwrap()
    };
    let seven = |text: &str| format!("{{\"id\":7,\"text\":\"{text}\"}}\n");
    assert_eq!(run(""), line("x", "\n\nA storm.\n\nImprint") + &seven(" gone"));
    assert_eq!(run("--tidy"), line("x", "A storm.\n\nImprint") + &seven("gone"));
    folder.run("apply --edits list.jsonl a.jsonl -o - --offsets bytes").expect(2).says("found 2..4");
}

#[test]
fn lists_of_ids_and_of_removed_documents_leave_documents_out() {
    let folder = Folder::new();
    let (a, b, c) = (line("a", "A."), line("b", "B."), line("c", "C."));
    folder.write("in.jsonl", format!("{a}{b}{c}"));
    folder.write("list.jsonl", "\"a\"\n{\"id\":\"c\",\"removed\":true,\"edits\":[]}\n");
    let run = folder.run("apply --edits list.jsonl in.jsonl -o out.jsonl --removed removed").expect(0);
    let removed = |id, text| format!("{{\"id\":\"{id}\",\"text\":\"{text}\",\"reason\":\"document\"}}\n");
    assert_eq!(folder.text("removed"), removed("a", "A.") + &removed("c", "C."));
    assert!(run.messages.contains("documents      3 in, 1 out"), "{}", run.messages);
    assert_eq!(folder.text("out.jsonl"), b);
}

#[test]
fn lists_that_do_not_fit_are_errors() {
    let folder = Folder::new();
    folder.write("in.jsonl", line("a", "A storm.") + &line("a", "A calm."));
    for (list, message) in [
        (
            "{\"id\":\"a\",\"start\":1,\"end\":99}",
            "in.jsonl, line 1: expected spans of the text of document \"a\" in code points, found 1..99",
        ),
        (
            "{\"id\":\"a\",\"start\":1,\"end\":2}",
            "in.jsonl, line 2: expected different ids, found \"a\" twice",
        ),
        ("{\"id\":\"a\",\"start\":1}", "list.jsonl, line 1: expected an id, or an object"),
        ("{\"id\":\"a\",\"text\":\"A storm.\"}", "list.jsonl, line 1: expected an id, or an object"),
        ("{\"start\":1,\"end\":2}", "list.jsonl, line 1: expected an id, or an object"),
        ("nonsense", "list.jsonl, line 1: expected an id"),
        ("null", "list.jsonl, line 1: expected an id"),
        ("[1]", "list.jsonl, line 1: expected an id"),
        ("{\"id\":true,\"start\":1,\"end\":2}", "list.jsonl, line 1: expected an id"),
    ] {
        folder.write("list.jsonl", list);
        folder.run("apply --edits list.jsonl in.jsonl -o out.jsonl -j 1").expect(2).says(message);
        assert!(!folder.path("out.jsonl").exists());
    }
    folder.write("list.jsonl", "\"b\"\n");
    folder
        .run("apply --edits list.jsonl in.jsonl -o out.jsonl")
        .expect(3)
        .says("documents with the ids of the list");
    // A list that removes nothing from its documents is no mistake.
    folder.write("list.jsonl", "{\"id\":\"a\",\"start\":1,\"end\":1}\n");
    folder.write("one.jsonl", line("a", "A storm."));
    folder.run("apply --edits list.jsonl one.jsonl -o out.jsonl").expect(0);
    folder.run("apply in.jsonl -o out.jsonl").expect(2).says("--edits");
    folder.run("apply --edits none.jsonl in.jsonl -o out.jsonl").expect(2).says("--edits: none.jsonl");
}

#[test]
fn attributes_for_dolma_are_code_points() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("d", &format!("😀 «é»\n{DOUBLED}")) + &line("e", ONCE));
    let run = folder.run("clean a.jsonl --write dolma -o - -q").expect(0);
    let text = format!("😀 «é»\n{ONCE}");
    let (start, end) = (text.chars().count(), text.chars().count() + DOUBLED.len() - ONCE.len());
    let expected = format!(
        "{{\"id\":\"d\",\"attributes\":{{\"refrain__refrain__copies\":[[{start},{end},1.0]]}}}}\n\
         {{\"id\":\"e\",\"attributes\":{{\"refrain__refrain__copies\":[]}}}}\n"
    );
    assert_eq!(String::from_utf8(run.out).unwrap(), expected);
}

#[test]
fn ids_of_finished_inputs_count_in_a_later_run() {
    let folder = Folder::new();
    let list: String = (0..9).map(|i| format!("{{\"id\":\"{i}\",\"start\":0,\"end\":1}}\n")).collect();
    folder.write("list.jsonl", list);
    folder.write("in/a.jsonl", line("2", "A.") + &line("3", "B.") + &line("7", "C."));
    folder.run("apply --edits list.jsonl in -o out").expect(0);
    folder.write("in/b.jsonl", line("4", "D."));
    folder.run("apply --edits list.jsonl in -o out").expect(0).says("finished       1 input");
    folder.write("in/c.jsonl", line("3", "E."));
    folder
        .run("apply --edits list.jsonl in -o out")
        .expect(2)
        .says("in/c.jsonl, line 1: expected different ids, found \"3\" twice");
}

#[test]
fn a_list_is_written_in_other_forms() {
    let folder = Folder::new();
    folder.write("in.jsonl", line("a", "A storm.") + &line("b", "B.") + &line("c", "C."));
    folder.write(
        "list.jsonl",
        "{\"id\":\"a\",\"start\":1,\"end\":3}\n\"c\"\n{\"id\":\"a\",\"start\":2,\"end\":7}\n",
    );
    let run = |form: &str| {
        let run = folder.run(&format!("apply --edits list.jsonl in.jsonl -o - -q --write {form}")).expect(0);
        String::from_utf8(run.out).unwrap()
    };
    assert_eq!(run("ids"), "\"c\"\n");
    let edits = run("edits");
    assert!(edits.starts_with("{\"id\":\"a\",\"edits\":[{\"start\":1,\"end\":7,"), "{edits}");
    assert!(edits.contains("{\"id\":\"b\",\"edits\":[]}\n") && edits.ends_with("\"removed\":true}\n"));
    let dolma = run("dolma");
    assert!(
        dolma.contains("{\"refrain__refrain__copies\":[[1,7,1.0]]}") && dolma.contains("duplicate"),
        "{dolma}"
    );
    folder
        .run("apply --edits list.jsonl in.jsonl -o - --write pairs")
        .expect(2)
        .says("documents, edits, dolma, ids");
}

/// The second document is found before the first one, which takes longer to read.
#[test]
fn the_error_of_a_repeated_id_does_not_depend_on_the_threads() {
    let folder = Folder::new();
    let list: String = (0..200_000).map(|i| format!("{{\"id\":{i},\"start\":0,\"end\":1}}\n")).collect();
    folder.write("list.jsonl", list);
    let lines: String = (1..200_000).map(|i| format!("{{\"id\":{i},\"text\":\"A long line.\"}}\n")).collect();
    folder.write("in/a.jsonl", lines + "{\"id\":0,\"text\":\"A.\"}\n");
    folder.write("in/b.jsonl", "{\"id\":0,\"text\":\"A.\"}\n");
    for _ in 0..3 {
        folder
            .run("apply --edits list.jsonl in -o out.jsonl -j 2")
            .expect(2)
            .says("in/b.jsonl, line 1: expected different ids, found 0 twice");
    }
}

/// A span that does not fit is mostly that of another document with the same id.
#[test]
fn spans_of_a_repeated_id_are_explained() {
    let folder = Folder::new();
    folder.write("list.jsonl", "{\"id\":\"a\",\"start\":0,\"end\":5}\n");
    let long = line("a", "A storm.");
    folder.write("one.jsonl", line("b", "B.") + &long + &line("a", "A."));
    folder.write("two/1.jsonl", &long);
    folder.write("two/2.jsonl", line("a", "A."));
    folder.write("other.jsonl", line("a", "A.") + &long);
    let run =
        |input: &str| folder.run(&format!("apply --edits list.jsonl {input} -o out.jsonl -q -j 2")).expect(2);
    let twice = "expected different ids, found \"a\" twice";
    run("one.jsonl").says(&format!("one.jsonl, line 3: {twice}"));
    run("two").says(&format!("two/2.jsonl, line 1: {twice}"));
    run("other.jsonl")
        .says("line 1: expected spans of the text of document \"a\" in code points, found 0..5")
        .says("for another document with this id, or in another unit");
}
