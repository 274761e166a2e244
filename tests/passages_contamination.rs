//! Contamination: shares beside sets of n-grams, planted items, and reports that depend neither on
//! the order of documents nor on threads.

mod common;

use std::collections::HashSet;

use common::passages::{documents, text};
use proptest::prelude::*;
use refrain::passages::{Contamination, ItemReport, PassageOptions, Text};
use refrain_testkit::passages::{Unit, units, words};
use refrain_testkit::{Random, cases, prose};

fn set(size: usize, items: &[String]) -> Contamination {
    let mut set =
        Contamination::with_options(&PassageOptions::new().min_words(size).expect("there is a word"));
    for (number, text) in items.iter().enumerate() {
        set.add(Text { id: &number.to_string(), text }).expect("it is short");
    }
    set
}

fn scan(mut set: Contamination, documents: &[(usize, String)]) -> Vec<ItemReport> {
    for (number, text) in documents {
        set.scan(Text { id: &number.to_string(), text }).expect("it is short");
    }
    set.report()
}

fn grams(units: &[Unit], size: usize) -> HashSet<&[Unit]> {
    if units.is_empty() { HashSet::new() } else { units.windows(size).collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(300, 10_000)))]

    #[test]
    fn shares_are_those_of_sets(items in documents(), corpus in documents(), size in 1..6_usize, seed: u64) {
        let items: Vec<String> = items.iter().map(|item| text(item)).collect();
        let mut corpus: Vec<(usize, String)> = corpus.iter().map(|document| text(document)).enumerate().collect();
        let report = scan(set(size, &items), &corpus);
        let of_corpus: Vec<Vec<Unit>> = corpus.iter().map(|(_, text)| units(text)).collect();
        for (item, report) in items.iter().zip(&report) {
            let all = units(item);
            let size = size.min(all.len());
            prop_assert_eq!(report.words(), all.len());
            let seen: HashSet<&[Unit]> = of_corpus.iter().flat_map(|units| grams(units, size.max(1))).collect();
            let own = if size == 0 { Vec::new() } else { all.windows(size).collect() };
            let count = own.iter().filter(|gram| seen.contains(**gram)).count();
            prop_assert_eq!((report.ngrams(), report.seen_ngrams()), (own.len(), count));
            let share = if own.is_empty() { 0.0 } else { count as f64 / own.len() as f64 };
            prop_assert_eq!(report.share(), share);
            prop_assert_eq!(report.weighted_share() > 0.0, count > 0);
            prop_assert!(report.weighted_share() <= 1.0 + 1e-9);
            let own: HashSet<&[Unit]> = own.into_iter().collect();
            let shares = |units: &&Vec<Unit>| !grams(units, size.max(1)).is_disjoint(&own);
            prop_assert_eq!(report.documents(), of_corpus.iter().filter(shares).count() as u64);
            match report.longest() {
                None => prop_assert_eq!(count, 0),
                Some(found) => {
                    let document: usize = found.document_id().parse().expect("ids are numbers");
                    let (here, there) = (units(&item[found.span()]), units(&corpus[document].1[found.source()]));
                    prop_assert!(found.words() >= size && found.words() <= here.len().min(there.len()));
                    prop_assert_eq!(words(&here)[..size].to_vec(), words(&there)[..size].to_vec());
                    // At least as long as the longest run of equal words without a hole.
                    let long = (size..=all.len()).rev().find(|len| {
                        let runs: HashSet<&[Unit]> = all.windows(*len).collect();
                        of_corpus.iter().any(|units| units.windows(*len).any(|run| runs.contains(run)))
                    });
                    let has_repeats = all.windows(size).collect::<HashSet<_>>().len() < all.len() + 1 - size;
                    prop_assert!(has_repeats || Some(found.words()) >= long);
                }
            }
        }
        // In any order, and on threads.
        Random::new(seed).shuffle(&mut corpus);
        prop_assert_eq!(&scan(set(size, &items), &corpus), &report);
        let ids: Vec<String> = corpus.iter().map(|(number, _)| number.to_string()).collect();
        let texts: Vec<Text<'_>> =
            ids.iter().zip(&corpus).map(|(id, (_, text))| Text { id, text }).collect();
        let mut all = set(size, &items);
        all.scan_all(&texts)?;
        prop_assert_eq!(all.documents(), texts.len() as u64);
        prop_assert_eq!(&all.report(), &report);
    }
}

/// Items that are planted whole, with a changed word, in half, twice, and short.
#[test]
fn planted_items_are_found() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(17);
    let mut items: Vec<String> = (0..5).map(|_| prose::story(&mut random, 60)).collect();
    items.push(items[0].clone());
    items.push("A riddle of nine uncommon words about forty wet goats".to_owned());
    items.push("Never planted: another riddle of the same length about goats".to_owned());
    let changed: String = items[1]
        .split(' ')
        .enumerate()
        .map(|(at, word)| if at == 30 { " changed" } else { word })
        .collect::<Vec<_>>()
        .join(" ");
    let half: String = items[2].split(' ').take(30).collect::<Vec<_>>().join(" ");
    let corpus = [
        format!("{} {} {}", prose::story(&mut random, 40), items[0], prose::story(&mut random, 40)),
        format!("{} {changed}", prose::story(&mut random, 40)),
        half,
        format!("Quiz\n{}\n", items[6].to_uppercase()),
        prose::story(&mut random, 500),
    ];
    let mut set = Contamination::new();
    for (number, text) in items.iter().enumerate() {
        set.add(Text { id: &number.to_string(), text })?;
    }
    for (number, text) in corpus.iter().enumerate() {
        set.scan(Text { id: &number.to_string(), text })?;
    }
    let report = set.report();
    let share = |item: usize| report[item].share();
    assert!(share(0) >= 0.9 && share(5) == share(0), "{} {}", share(0), share(5));
    let longest = report[1].longest().ok_or("it is found")?;
    assert!(longest.words() >= 50 && longest.document_id() == "1", "{longest:?}: joined over one hole");
    assert!(share(1) > 0.5 && share(1) < 0.8);
    assert!(share(2) > 0.2 && share(2) < 0.5);
    assert_eq!((share(3), share(4), share(7)), (0.0, 0.0, 0.0));
    assert_eq!((share(6), report[6].ngrams(), report[6].documents()), (1.0, 1, 1));
    let found = report[6].longest().ok_or("it is found")?;
    assert_eq!(corpus[3][found.source()].to_lowercase(), items[6].to_lowercase());
    Ok(())
}

#[test]
fn common_ngrams_weigh_little() -> Result<(), Box<dyn std::error::Error>> {
    let mut set = Contamination::with_options(&PassageOptions::new().min_words(3)?);
    for number in 0..50 {
        let text = format!("read the text below word{number} other{number} last{number}");
        set.add(Text { id: &number.to_string(), text: &text })?;
    }
    set.scan(Text { id: "page", text: "Please read the text below." })?;
    for item in set.report() {
        assert!(item.share() == 0.4 && item.weighted_share() < 0.15, "{item:?}");
    }
    Ok(())
}

#[test]
fn findings_of_parts_give_the_report_on_all_documents() {
    let mut random = Random::new(31);
    let text = |random: &mut Random, words: usize| {
        (0..words).map(|_| format!("w{}", random.below(9))).collect::<Vec<_>>().join(" ")
    };
    let items: Vec<String> = (0..8).map(|_| text(&mut random, 12)).collect();
    let corpus: Vec<(usize, String)> = (0..40).map(|i| (i, text(&mut random, 30))).collect();
    let expected = scan(set(3, &items), &corpus);
    assert!(expected.iter().any(|item| item.documents() > 1));
    let ids: Vec<String> = (0..corpus.len()).map(|i| i.to_string()).collect();
    let texts: Vec<Text<'_>> = ids.iter().zip(&corpus).map(|(id, (_, text))| Text { id, text }).collect();
    let mut parts = set(3, &items);
    for part in texts.chunks(7).rev() {
        let findings = set(3, &items).find(part).expect("they are short");
        assert_eq!(findings.documents(), part.len() as u64);
        parts.add_findings(&findings).expect("the items are the same");
    }
    assert_eq!((parts.report(), parts.documents()), (expected, 40));
    let mut merged = refrain::passages::Findings::default();
    texts.chunks(9).rev().for_each(|part| merged.merge(parts.find(part).expect("they are short")));
    assert_eq!(merged, parts.find(&texts).expect("they are short"));
    // Findings of other items change nothing.
    let other = set(3, &items).find(&texts).expect("they are short");
    let mut few = set(3, &items[..1]);
    assert_eq!(few.add_findings(&other), Err(refrain::error::PassageError::OtherItems));
    assert_eq!((few.documents(), few.report()[0].seen_ngrams()), (0, 0));
}
