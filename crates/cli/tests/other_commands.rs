//! `near`, `contamination`, `fingerprints`, `report`, and the hidden commands.

mod common;

use common::{DOUBLED, Folder, ONCE, gz, line};
use serde_json::Value;

const STORY: &str =
    "The harbor ferry sails again from Monday at nine, after two months in dock, the operator says.";

fn values(bytes: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stories() -> Folder {
    let folder = Folder::new();
    let other = "A storm closed the harbor on Sunday night, and no ferry sailed before noon on the next day.";
    let second = line("2", "")
        + &line("3", &format!("Ferry: {STORY}"))
        + &line("4", &format!("{STORY} It is late today."));
    folder.write("in/a.jsonl", line("1", STORY) + &line("s", other));
    folder.write("in/b.jsonl", second);
    folder
}

#[test]
fn near_duplicates_are_left_out() {
    let folder = stories();
    let run = folder.run("near in -o out --threshold 0.7 --removed removed").expect(0);
    assert!(run.messages.starts_with("documents      5 in, 3 out, 0 changed"), "{}", run.messages);
    assert_eq!(folder.text("out/a.jsonl"), folder.text("in/a.jsonl"));
    assert_eq!(folder.text("out/b.jsonl"), line("2", ""));
    let removed = values(&folder.read("removed"));
    assert_eq!((&removed[0]["id"], &removed[0]["source"]), (&"3".into(), &"1".into()));
    assert!(removed[0]["similarity"].as_f64().unwrap() > 0.9);
    folder.run("near in -o longest --threshold 0.7 --keep longest").expect(0);
    assert!(folder.text("longest/b.jsonl").contains("It is late today"));
    let run = folder.run("near in --write ids -o - --threshold 0.7 -q -j 2").expect(0);
    assert_eq!(run.out, b"\"3\"\n\"4\"\n");
    let pairs = values(&folder.run("near in --write pairs -o - --threshold 0.7 -q").expect(0).out);
    let ids: Vec<_> = pairs.iter().map(|pair| (pair["first"].as_str(), pair["second"].as_str())).collect();
    assert_eq!(ids, [(Some("1"), Some("3")), (Some("1"), Some("4")), (Some("3"), Some("4"))]);
    folder.run("near in --check --threshold 0.7").expect(1);
    for number in 0..40 {
        folder.write(&format!("many/{number}.txt"), format!("{STORY} {number} {number} {number} {number}"));
    }
    folder
        .run("near many -n --threshold 0.5 --containment 0.9 --max-candidates 1 --stats stats.json")
        .expect(0);
    let stats: Value = serde_json::from_slice(&folder.read("stats.json")).unwrap();
    assert!(stats["not_compared"].is_u64());
    // Also of a folder that is finished.
    for _ in 0..2 {
        let run = folder.run("near many -o many-out --threshold 0.7 --max-candidates 1").expect(0);
        assert!(run.messages.contains("not compared   "), "{}", run.messages);
    }
    folder
        .run("near many --write pairs -o - --threshold 0.5 --max-candidates 1")
        .expect(0)
        .says("not compared   ");
    folder.run("near in --write pairs --check --threshold 0.7").expect(1);
    folder.run("near in -o x --threshold 1.5").expect(2).says("threshold above 0 and up to 1, found 1.5");
    folder.run("near in -o x --memory 1K").expect(0);
    folder.run("near in -o x --force --memory 0K").expect(2).says("--memory: expected 1M or more");
    folder.run("near in -o x --keep best").expect(2).says("best");
}

#[test]
fn the_files_of_datatrove_have_numbers_of_documents_with_a_text() {
    let folder = stories();
    folder
        .run("near in --write datatrove -o out --threshold 0.7")
        .expect(0)
        .says("documents      5 in, 3 out");
    let numbers = |name: &str| -> Vec<u32> {
        let bytes = folder.read(&format!("out/{name}"));
        bytes.chunks(4).map(|bytes| u32::from_le_bytes(bytes.try_into().unwrap())).collect()
    };
    assert!(numbers("000000.remove").is_empty());
    assert_eq!(numbers("000000.clusters"), [0, 0]);
    assert_eq!(numbers("000000.sizes"), [0, 3]);
    // The empty document before them does not count.
    assert_eq!(numbers("000001.remove"), [0, 1]);
    assert_eq!(numbers("000001.clusters"), [0, 0, 1, 0]);
    assert_eq!(numbers("000001.sizes"), [0, 3, 1, 3]);
    folder.run("near in --write datatrove -o out.jsonl").expect(2).says("expected a folder");
}

#[test]
fn a_low_threshold_needs_a_low_recall() {
    let folder = stories();
    folder.run("near in -o - --write ids --threshold 0.03 --recall 0.5").expect(0);
    folder
        .run("near in -o - --write ids --threshold 0.03")
        .expect(2)
        .says("cannot reach recall 0.99 at similarity 0.03: use a higher threshold, a lower recall");
}

#[test]
fn contamination_lists_the_items_that_are_found() {
    let folder = stories();
    folder.write(
        "items.jsonl",
        line("q1", &format!("Is it true? é {STORY}"))
            + &line("q2", "Who built the lighthouse of the island?"),
    );
    let run = folder.run("contamination --items items.jsonl in -o - --ngram 8").expect(0);
    assert!(run.messages.starts_with("items          1 of 2 found\ndocuments      5 in"), "{}", run.messages);
    let items = values(&run.out);
    assert_eq!((&items[0]["id"], &items[0]["documents"]), (&"q1".into(), &3.into()));
    assert_eq!((&items[0]["longest"]["source"], &items[0]["longest"]["start"]), (&"1".into(), &14.into()));
    assert_eq!((&items[1]["share"], &items[1]["longest"]), (&0.0.into(), &Value::Null));
    folder.write("bad.jsonl", line("q", "x") + "nonsense\n");
    for choice in ["keep", "drop", "stop"] {
        let run = folder.run(&format!("contamination --items bad.jsonl in -o - --bad {choice}")).expect(2);
        let run = run.says("--items: bad.jsonl, line 2");
        assert!(!run.messages.contains("--bad"), "{}", run.messages);
    }
    folder.write("field.jsonl", "{\"question\":\"x\"}\n");
    let field = "--items: field.jsonl: expected the field `text` in a line, found `question`";
    folder.run("contamination --items field.jsonl in -o -").expect(2).says(field);
}

#[test]
fn fingerprints_are_those_of_the_library() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("x", DOUBLED) + &line("y", ""));
    let of = |arguments: &str| {
        values(&folder.run(&format!("fingerprints a.jsonl -o - -q {arguments}")).expect(0).out)
    };
    let lines = of("");
    let expected: Vec<String> = DOUBLED.lines().map(|line| refrain::fingerprint(line).to_string()).collect();
    assert_eq!(lines[0], serde_json::json!({ "id": "x", "fingerprints": expected }));
    assert_eq!(lines[1], serde_json::json!({ "id": "y", "fingerprints": [] }));
    let whole = of("--granularity documents");
    assert_eq!(whole[0]["fingerprints"], serde_json::json!([refrain::fingerprint(DOUBLED).to_string()]));
    assert_ne!(of("--seed 7")[0], lines[0]);
    assert_ne!(of("--fold punctuation")[0], lines[0]);
}

#[test]
fn a_report_shows_one_document() {
    let folder = Folder::new();
    folder.write("a.jsonl", line("x", "Nothing.") + &line("y", DOUBLED));
    let run = folder.run("report a.jsonl --document y").expect(0);
    let report = String::from_utf8(run.out).unwrap();
    assert!(report.contains("1 removed: document") && !report.contains('\u{1B}'), "{report}");
    folder.run("report a.jsonl --document y -o page.html").expect(0);
    let run = folder.run("report a.jsonl --document y -o -").expect(0);
    assert_eq!(run.out, folder.read("page.html"));
    assert!(folder.text("page.html").starts_with("<!DOCTYPE html>"));
    folder.write("page.txt", DOUBLED);
    folder.run("report page.txt --policy keep-all").expect(0);
    folder
        .run("report a.jsonl --document z")
        .expect(2)
        .says("expected a document with the id `z`, found none");
}

#[test]
fn a_report_of_damaged_inputs_has_its_own_status() {
    let folder = Folder::new();
    folder.write("bad.jsonl", "nonsense\n".to_owned() + &line("y", DOUBLED) + "nonsense\n");
    let message = "refrain: bad.jsonl, line 1: expected a JSON object on each line";
    let run = folder.run("report bad.jsonl").expect(3).says(message);
    assert!(String::from_utf8(run.out).unwrap().contains("1 removed: document"));
    folder.run("report bad.jsonl -o page.html").expect(3).says(message);
    folder.run("report bad.jsonl --bad stop").expect(2).says("bad.jsonl, line 1: ");
    let whole = gz(line("y", DOUBLED).as_bytes(), 1 << 20);
    folder.write("cut.jsonl.gz", [&whole[..], &whole[..20]].concat());
    folder.run("report cut.jsonl.gz").expect(3).says("refrain: cut.jsonl.gz: ");
}

#[test]
fn removals_and_statistics_are_written() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", line("x", DOUBLED) + "nonsense\n");
    folder.run("clean in -o out --removed removed --stats stats.json -q").expect(3);
    let removed = values(&folder.read("removed"));
    assert_eq!(removed[0]["id"], "x");
    assert_eq!(removed[0]["text"], DOUBLED[ONCE.len()..]);
    assert_eq!((&removed[0]["original_start"], &removed[0]["reason"]), (&14.into(), &"document".into()));
    let stats: Value = serde_json::from_slice(&folder.read("stats.json")).unwrap();
    assert_eq!((&stats["documents"], &stats["changed"], &stats["bad"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!((&stats["segments"], &stats["segments_removed"]), (&5.into(), &2.into()));
    assert_eq!(stats["reasons"]["document"]["removals"], 1);
}

#[test]
fn hidden_commands_print_completions_and_the_manual_page() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let run = folder.run(&format!("completions {shell}")).expect(0);
        assert!(String::from_utf8(run.out).unwrap().contains("granularity"), "{shell}");
    }
    let man = String::from_utf8(folder.run("man").expect(0).out).unwrap();
    assert!(man.contains(".TH refrain 1") && man.contains(".SH \"DEDUP\"") && man.contains("granularity"));
    let run = folder.run("--help").expect(0);
    let help = String::from_utf8(run.out).unwrap();
    assert!(help.contains("clean") && !help.contains("completions"));
}

#[test]
fn a_teaser_is_removed_if_similar_copies_are() {
    let folder = Folder::new();
    let (teaser, article) = (&STORY[..60], STORY);
    folder.write("in.jsonl", line("1", &format!("{teaser}\u{2026}\n{article}\n")));
    let run = folder.run("clean in.jsonl -o - -q --similar 0.8").expect(0);
    assert_eq!(values(&run.out)[0]["text"], format!("{article}\n"));
    let run = folder.run("clean in.jsonl -o - -q").expect(0);
    assert_eq!(run.out, folder.read("in.jsonl"));
    folder.run("clean in.jsonl -o - --similar 7").expect(2).says("expected a number from 0.1 to 1");
}
