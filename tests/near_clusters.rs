//! Clusters: every text that is removed is a near duplicate of one that is kept.

use std::ops::ControlFlow;

use refrain::near::{
    Bands, Keep, NearOptions, Pair, Shingler, Shingles, cluster, cluster_of_pairs, cluster_while, pairs,
    pairs_while, transitive_clusters,
};
use refrain_testkit::Random;
use refrain_testkit::prose::{edited, story};
use refrain_testkit::similarity::{containment, similarity, words};

fn read(texts: &[String], size: usize) -> Vec<Shingles> {
    let shingler = Shingler::new().words_per_shingle(size);
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

fn criteria(similarity: f64) -> NearOptions {
    // Bands that bring everything together that has anything in common, so that only comparing can lose it.
    let bands = Bands::new(128, 1, 128).expect("there is room");
    NearOptions::new(similarity).expect("it is a threshold").with_bands(bands)
}

#[test]
fn short_texts_are_compared_whole_and_every_one_has_a_verdict() -> Result<(), Box<dyn std::error::Error>> {
    let texts = ["", "!!!", "???", "One.", "one", "two", "Two words", "two  words!", "words two", "!!!", ""];
    let shingler = Shingler::new();
    let shingles = texts.map(|text| shingler.shingle(text));
    let verdicts = cluster(&shingles, &NearOptions::new(0.8)?, &Keep::First).into_items();
    let of: Vec<Option<usize>> = verdicts.iter().map(|verdict| verdict.duplicate_of()).collect();
    let expected = [None, None, None, None, Some(3), None, None, Some(6), None, Some(1), Some(0)];
    assert_eq!(of, expected);
    assert_eq!(shingler.common_spans("Two words", "two  words!").len(), 1);
    assert!(shingler.common_spans("Two words", "words two").is_empty());
    Ok(())
}

/// Every text that goes was compared with one that is kept, whatever is kept first.
#[test]
fn clusters_are_stars_around_what_is_kept() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(9);
    let texts = edited(&mut random, 300);
    let shingles = read(&texts, 5);
    let criteria = NearOptions::new(0.6)?;
    let priorities: Vec<u64> = (0..texts.len() as u64).rev().collect();
    for keep in [Keep::First, Keep::Longest, Keep::Priority(priorities)] {
        let verdicts = cluster(&shingles, &criteria, &keep).into_items();
        let before = |a: usize, b: usize| match &keep {
            Keep::Longest => (usize::MAX - shingles[a].len(), a) < (usize::MAX - shingles[b].len(), b),
            Keep::Priority(priorities) => priorities[a] < priorities[b],
            _ => a < b,
        };
        let mut gone = 0;
        for (text, verdict) in verdicts.iter().enumerate() {
            let Some(of) = verdict.duplicate_of() else { continue };
            gone += 1;
            assert!(verdicts[of].is_kept() && before(of, text), "{keep:?}");
            assert_eq!(verdict.similarity(), similarity(&texts[text], &texts[of], 5));
            assert_eq!(verdict.containment(), containment(&texts[text], &texts[of], 5));
            assert!(verdict.similarity() >= 0.6);
        }
        assert!(gone > 50, "{keep:?}: {gone}");
        // No kept text is near another kept one, except for pairs that are missed: one in a hundred.
        let kept: Vec<usize> = (0..texts.len()).filter(|text| verdicts[*text].is_kept()).collect();
        let near = kept.iter().flat_map(|b| kept.iter().filter(move |a| *a < b).map(move |a| (*a, *b)));
        assert!(near.filter(|(a, b)| shingles[*a].similarity(&shingles[*b]) >= 0.6).count() <= 2, "{keep:?}");
    }
    Ok(())
}

/// A chain of texts, each near the next: only who asks for it by name gets one cluster.
#[test]
fn a_chain_is_no_star() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(10);
    let all: Vec<String> = words(&story(&mut random, 400));
    let texts: Vec<String> = (0..12).map(|step| all[step * 12..step * 12 + 150].join(" ")).collect();
    let shingles = read(&texts, 5);
    let criteria = NearOptions::new(0.75)?;
    let found = pairs(&shingles, &criteria).into_items();
    assert_eq!(found.len(), 11);
    assert_eq!(transitive_clusters(12, &found), [0; 12]);
    let kept = cluster(&shingles, &criteria, &Keep::First)
        .items()
        .iter()
        .filter(|verdict| verdict.is_kept())
        .count();
    assert_eq!(kept, 6);
    assert_eq!(transitive_clusters(3, &[]), [0, 1, 2]);
    Ok(())
}

/// Of two that a text resembles as much, it is a duplicate of the one that was kept first.
#[test]
fn the_first_of_those_that_are_as_similar_stands_for_a_text() {
    let words: Vec<String> = (0..60).map(|word| format!("w{word}")).collect();
    let with = |at: usize| -> String {
        let mut words = words.clone();
        words[at] = "other".to_owned();
        words.join(" ")
    };
    // Either has ten shingles that the other has not, and the third five that neither has.
    let texts = read(&[with(20), with(40), words.join(" ")], 5);
    assert_eq!(texts[0].similarity(&texts[2]), texts[1].similarity(&texts[2]));
    let members = cluster(&texts, &criteria(texts[0].similarity(&texts[2])), &Keep::First).into_items();
    assert_eq!(members.iter().map(|member| member.duplicate_of()).collect::<Vec<_>>(), [None, None, Some(0)]);
}

/// Another engine groups texts by their keys, compares the pairs of each group, and gets the answer of
/// the library.
#[test]
fn clusters_of_pairs_found_by_keys_are_those_of_the_library() -> Result<(), Box<dyn std::error::Error>> {
    use std::collections::HashMap;

    let mut random = Random::new(21);
    let mut texts = edited(&mut random, 200);
    texts.extend(texts.iter().take(40).cloned().collect::<Vec<_>>());
    texts.extend(texts.iter().take(40).map(|text| text[..text.len() / 2].to_owned()).collect::<Vec<_>>());
    texts.extend(["", "", "!!", "One.", "one"].map(str::to_owned));
    let shingles = read(&texts, 3);
    for options in [NearOptions::new(0.5)?, NearOptions::new(0.8)?.containment(0.7)?] {
        let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
        for (text, shingles) in shingles.iter().enumerate() {
            for key in options.keys(shingles) {
                groups.entry(key).or_default().push(text);
            }
        }
        let mut found: Vec<Pair> = Vec::new();
        for group in groups.values() {
            for (at, b) in group.iter().enumerate() {
                for a in group[..at].iter().filter(|a| *a != b) {
                    let overlap = options.verify(&shingles[*b], &shingles[*a]);
                    found.extend(overlap.map(|overlap| Pair::new(*b, *a, overlap)));
                }
            }
        }
        let priorities = (0..texts.len() as u64).map(|text| text * 7919 % 31).collect();
        for keep in [Keep::First, Keep::Longest, Keep::Priority(priorities)] {
            let result = cluster(&shingles, &options, &keep);
            assert_eq!((result.truncated_buckets(), result.skipped_candidates()), (0, 0));
            let assignments = cluster_of_pairs(texts.len(), &found, &options, &keep);
            assert_eq!(assignments, result.into_items(), "{keep:?}");
            assert!(assignments.iter().filter(|assignment| !assignment.is_kept()).count() > 60);
        }
        found.sort_unstable_by_key(|pair| (pair.second(), pair.first()));
        found.dedup();
        assert_eq!(found, pairs(&shingles, &options).into_items());
    }
    Ok(())
}

#[test]
fn long_calls_can_be_stopped() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(22);
    let texts: Vec<String> = (0..2_500).map(|_| story(&mut random, 12)).collect();
    let texts: Vec<String> = texts.iter().chain(&texts).cloned().collect();
    let (shingles, options) = (read(&texts, 5), NearOptions::new(0.8)?);
    let all = pairs(&shingles, &options);
    assert_eq!((all.compared(), all.items().len() >= 2_500), (5_000, true));
    let stop_at = |limit: usize| {
        move |compared: usize| {
            if compared < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    };
    let some = pairs_while(&shingles, &options, stop_at(3_000));
    assert!((3_000..5_000).contains(&some.compared()));
    let of_these = all.items().iter().filter(|pair| pair.second() < some.compared());
    assert!(some.items().iter().eq(of_these) && !some.items().is_empty());
    let some = cluster_while(&shingles, &options, &Keep::First, stop_at(3_000));
    let all = cluster(&shingles, &options, &Keep::First);
    let end = some.compared();
    assert_eq!(some.items()[..end], all.items()[..end]);
    assert!(some.items()[end..].iter().all(|assignment| assignment.is_kept()));
    assert_eq!(pairs_while(&shingles, &options, |_| ControlFlow::Break(())).compared(), 0);
    // Also a short list, with the feature `rayon` as without it.
    assert_eq!(pairs_while(&shingles[..200], &options, stop_at(100)).compared(), 128);
    let mut asked = Vec::new();
    let proceed = |compared| {
        asked.push(compared);
        ControlFlow::Continue(())
    };
    cluster_while(&shingles, &options, &Keep::First, proceed);
    assert!(asked.into_iter().eq((0..5_000).step_by(64)));
    Ok(())
}
