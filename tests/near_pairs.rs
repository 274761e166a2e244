//! Pairs of near duplicates: each pair is right, few are missed, and bounds that leave out candidates
//! are reported.

use std::collections::HashMap;

use refrain::near::{Bands, Keep, LshIndex, NearOptions, Pair, Shingler, Shingles, cluster, pairs};
use refrain_testkit::Random;
use refrain_testkit::prose::{edited, story};
use refrain_testkit::similarity::{containment, similarity};

fn read(texts: &[String], size: usize) -> Vec<Shingles> {
    let shingler = Shingler::new().words_per_shingle(size);
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

fn criteria(similarity: f64) -> NearOptions {
    // Bands that bring everything together that has anything in common, so that only comparing can lose it.
    let bands = Bands::new(128, 1, 128).expect("there is room");
    NearOptions::new(similarity).expect("it is a threshold").with_bands(bands)
}

/// All pairs, each compared with the definition, and those that are near by it.
fn check_pairs(
    texts: &[String],
    size: usize,
    least: f64,
    contained: Option<f64>,
) -> (Vec<Pair>, usize, usize) {
    let shingles = read(texts, size);
    let mut criteria = NearOptions::new(least).expect("it can be");
    if let Some(contained) = contained {
        criteria = criteria.containment(contained).expect("it can be");
    }
    let found = pairs(&shingles, &criteria).into_items();
    for pair in &found {
        let (a, b) = (&texts[pair.first()], &texts[pair.second()]);
        assert_eq!(pair.similarity(), similarity(a, b, size), "precision");
        assert_eq!(pair.containment(), containment(a, b, size).max(containment(b, a, size)));
        assert!(pair.similarity() >= least || contained.is_some_and(|least| pair.containment() >= least));
    }
    assert!(found.is_sorted_by_key(|pair| (pair.second(), pair.first())));
    let known: HashMap<(usize, usize), Pair> =
        found.iter().map(|pair| ((pair.first(), pair.second()), *pair)).collect();
    assert_eq!(known.len(), found.len(), "a pair is named once");
    let (mut near, mut missed) = (0, 0);
    for b in 0..texts.len() {
        for a in 0..b {
            let (alike, within) =
                (shingles[a].similarity(&shingles[b]), shingles[a].containment(&shingles[b]));
            let within = within.max(shingles[b].containment(&shingles[a]));
            if alike >= least || contained.is_some_and(|least| within >= least) {
                near += 1;
                missed += usize::from(!known.contains_key(&(a, b)));
            }
        }
    }
    (found, near, missed)
}

#[test]
fn edits_of_every_kind_are_found() {
    let mut random = Random::new(5);
    let texts = edited(&mut random, 400);
    for least in [0.7, 0.8] {
        let (_, near, missed) = check_pairs(&texts, 5, least, None);
        assert!(near > 150, "{near}");
        // At least 0.99 where the resemblance is at the threshold, and more above it.
        assert!(missed * 100 <= near, "{missed} of {near} at {least}");
    }
}

#[test]
fn a_story_inside_a_long_one_is_found() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(6);
    let mut texts = Vec::new();
    for number in 0..60 {
        let short = story(&mut random, 40 + number);
        let long = [story(&mut random, 900), short.clone(), story(&mut random, 700)].join("\n");
        if number % 2 == 0 { texts.extend([short, long]) } else { texts.extend([long, short]) }
    }
    let (found, near, missed) = check_pairs(&texts, 5, 0.8, Some(0.9));
    assert_eq!((found.len(), near, missed), (60, 60, 0));
    assert!(found.iter().all(|pair| pair.similarity() < 0.2 && pair.containment() == 1.0));
    let verdicts =
        cluster(&read(&texts, 5), &NearOptions::new(0.8).and_then(|c| c.containment(0.9))?, &Keep::First);
    // The short one goes if the long one is kept before it; a long one never goes for a short one that is in
    // it.
    for number in 0..60 {
        let (first, second) = (verdicts.items()[2 * number], verdicts.items()[2 * number + 1]);
        assert!(first.is_kept());
        assert_eq!(second.duplicate_of(), (number % 2 == 1).then_some(2 * number));
    }
    Ok(())
}

/// Samplers of the beginning of a text lose it when a word is put in front.
#[test]
fn one_word_in_front_of_a_text_of_any_length_is_found() {
    let mut random = Random::new(7);
    for len in [5, 6, 10, 30, 100, 400, 1000, 3000, 30_000] {
        let text = story(&mut random, len);
        let texts = [text.clone(), format!("Update {text}"), format!("{text} Ends"), story(&mut random, len)];
        let least = similarity(&texts[0], &texts[1], 5).min(0.8);
        let (found, _, _) = check_pairs(&texts, 5, least, None);
        assert!(found.iter().any(|pair| (pair.first(), pair.second()) == (0, 1)), "{len}");
        assert!(found.iter().all(|pair| pair.second() < 3), "{len}");
    }
}

#[test]
fn a_text_is_not_equal_to_itself_doubled_but_contained() {
    let mut random = Random::new(8);
    for len in [5, 50, 500] {
        let text = story(&mut random, len);
        let texts = [text.clone(), format!("{text}\n{text}")];
        let (found, _, _) = check_pairs(&texts, 5, 0.8, Some(0.9));
        assert_eq!(found.len(), 1);
        assert!(found[0].similarity() <= 0.5 && found[0].containment() == 1.0);
        let (found, _, _) = check_pairs(&texts, 5, 0.8, None);
        assert!(found.is_empty());
    }
}

/// A comparison ends early if what was seen so far is too far off; a part of a text that repeats itself says
/// less.
#[test]
fn no_comparison_of_texts_that_are_near_ends_early() {
    let mut random = Random::new(31);
    let mut edit = |text: &str, every: usize| -> String {
        let words: Vec<&str> = text.split(' ').collect();
        let first = random.below(every);
        let new = |(at, word): (usize, &&str)| {
            if at % every == first { format!("x{word}x") } else { word.to_string() }
        };
        words.iter().enumerate().map(new).collect::<Vec<_>>().join(" ")
    };
    let mut compared = 0;
    for seed in 0..150 {
        let text = story(&mut Random::new(seed), 250);
        let table = " 0 |".repeat(250);
        let others = [
            (format!("{text}{table}"), format!("{}{table}", edit(&text, 25))),
            (
                [&*text; 4].join("\n"),
                [edit(&text, 60); 1].iter().map(|text| [&**text; 4].join("\n")).collect(),
            ),
            (format!("{text}{}", " la".repeat(700)), format!("{}{}", edit(&text, 9), " la".repeat(700))),
            (text.clone(), edit(&text, 50)),
        ];
        for (a, b) in others {
            let texts = read(&[a, b], 5);
            let alike = texts[0].similarity(&texts[1]);
            let found = pairs(&texts, &criteria(alike)).into_items();
            assert_eq!(found.len(), 1, "seed {seed}: {alike}");
            assert_eq!(found[0].similarity(), alike);
            compared += 1;
        }
    }
    assert_eq!(compared, 600);
}

/// Texts that are equal are compared as one, and all their pairs are listed, up to a bound that is told.
#[test]
fn large_families_of_equal_texts_are_listed() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(32);
    let (text, near) = (story(&mut random, 80), story(&mut random, 80));
    let mut texts: Vec<String> = vec![text.clone(); 400];
    texts.insert(100, near.clone());
    texts.insert(200, format!("{near} Indeed."));
    let shingles = read(&texts, 5);
    let found = pairs(&shingles, &NearOptions::new(0.8)?);
    assert_eq!((found.items().len(), found.skipped_candidates()), (400 * 399 / 2 + 1, 0));
    assert!(found.items().is_sorted_by_key(|pair| (pair.second(), pair.first())));
    // A bound of one candidate is one of four that are listed.
    let found = pairs(&shingles, &NearOptions::new(0.8)?.max_candidates(1));
    assert_eq!(found.items().iter().filter(|pair| pair.second() == 401).count(), 4);
    assert_eq!(found.items().len() + found.skipped_candidates(), 400 * 399 / 2 + 1);
    let kept = cluster(&shingles, &NearOptions::new(0.8)?, &Keep::First);
    assert_eq!(kept.items().iter().filter(|member| member.is_kept()).count(), 2);
    // A text that is near all of a family, and equal to none of it, has the same bound.
    let mut texts = vec![near.clone(); 20];
    texts.push(format!("{near} Indeed."));
    let found = pairs(&read(&texts, 5), &NearOptions::new(0.8)?.max_candidates(1));
    assert_eq!(found.items().iter().filter(|pair| pair.second() == 20).count(), 4);
    assert_eq!(found.items().len() + found.skipped_candidates(), 20 * 21 / 2);
    Ok(())
}

/// Different texts with one sum of hashes are not equal, and a text that is near a group of equal
/// texts is near all of them, with the numbers of shingles the right way round.
#[test]
fn groups_of_equal_texts_are_told_apart() -> Result<(), Box<dyn std::error::Error>> {
    let options = criteria(0.9);
    let of = |hashes: &[u64]| Shingles::from_hashes(hashes.to_vec()).ok_or("there are hashes");
    let found = pairs(&[of(&[1, 4])?, of(&[2, 3])?, of(&[1, 4])?], &options).into_items();
    assert_eq!(found.iter().map(|pair| (pair.first(), pair.second())).collect::<Vec<_>>(), [(0, 2)]);

    let options = criteria(0.5);
    let (x, y) = (of(&[1, 2, 3, 4])?, of(&[1, 2, 3])?);
    let (z, texts) = (of(&[2, 3, 4, 9])?, [&x, &x, &y, &x, &y]);
    let texts: Vec<Shingles> = texts.into_iter().chain([&z, &x]).cloned().collect();
    let found = pairs(&texts, &options).into_items();
    let mut expected = Vec::new();
    for b in 0..texts.len() {
        for a in 0..b {
            expected.extend(options.verify(&texts[a], &texts[b]).map(|overlap| Pair::new(a, b, overlap)));
        }
    }
    assert_eq!(found, expected);
    Ok(())
}

/// Many that are near and not equal: texts that a bucket does not list are counted.
#[test]
fn what_full_buckets_do_not_list_is_told() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(33);
    let text = story(&mut random, 200);
    let texts: Vec<String> = (0..400).map(|number| format!("{text} Page {number}.")).collect();
    let found = pairs(&read(&texts, 5), &NearOptions::new(0.8)?);
    assert!(found.truncated_buckets() > 0 && found.items().len() >= 256 * 400 - 256 * 257 / 2);
    // All texts are near each other. The number of those that are skipped is a lower bound.
    let (all, told) = (400 * 399 / 2, found.items().len() + found.skipped_candidates());
    assert!((all * 99 / 100..=all).contains(&told), "{told} of {all}");
    Ok(())
}

/// What shares rare buckets comes before what shares many that a template fills.
#[test]
fn a_template_does_not_hide_what_is_near() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(34);
    let frame = story(&mut random, 120);
    let short = story(&mut random, 40);
    let mut texts = vec![short.clone()];
    texts.extend((0..400).map(|_| format!("{frame}\n{}", story(&mut random, 60))));
    texts.push(format!("{frame}\n{short}"));
    let within = NearOptions::new(0.8).and_then(|criteria| criteria.containment(0.9))?;
    let found = pairs(&read(&texts, 5), &within).into_items();
    assert!(found.iter().any(|pair| (pair.first(), pair.second()) == (0, 401)));
    // The same in an index.
    let shingler = Shingler::new();
    let index = LshIndex::new(&shingler, within);
    for (number, text) in texts[..401].iter().enumerate() {
        index.insert(&number.to_string(), &shingler.shingle(text))?;
    }
    let near = index.query(&shingler.shingle(&texts[401]))?;
    assert!(near.iter().any(|near| near.document_id() == "0") && near.truncated_buckets() > 0);
    // A frame of nine tenths, and pages that are nearer than that.
    let frame = story(&mut random, 900);
    let page = |random: &mut Random| format!("{frame}\n{}", story(random, 110));
    let mut texts: Vec<String> = (0..1500).map(|_| page(&mut random)).collect();
    for number in 0..150 {
        texts.push(texts[number * 9].replacen(". ", " indeed. ", 3));
    }
    let shingles = read(&texts, 5);
    let found = pairs(&shingles, &NearOptions::new(0.9)?).into_items();
    let expected = (0..150).filter(|number| shingles[number * 9].similarity(&shingles[1500 + number]) >= 0.9);
    let expected: Vec<(usize, usize)> = expected.map(|number| (number * 9, 1500 + number)).collect();
    let hit = expected
        .iter()
        .filter(|(a, b)| found.iter().any(|pair| (pair.first(), pair.second()) == (*a, *b)))
        .count();
    assert!(expected.len() > 140 && hit * 100 >= expected.len() * 98, "{hit} of {}", expected.len());
    Ok(())
}

/// Texts that share a template are told apart by what is outside of it, and take time in proportion to their
/// number.
#[test]
fn a_template_joins_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(11);
    let frame = story(&mut random, 120);
    let page = |random: &mut Random| format!("{frame}\n{}", story(random, 80));
    let mut texts: Vec<String> = (0..3000).map(|_| page(&mut random)).collect();
    // Two that are near outside of it as well.
    texts.push(texts[1500].replacen(' ', " indeed ", 1));
    let shingles = read(&texts, 5);
    let found = pairs(&shingles, &NearOptions::new(0.8)?);
    assert_eq!(
        found.items().iter().map(|pair| (pair.first(), pair.second())).collect::<Vec<_>>(),
        [(1500, 3000)]
    );
    assert!(found.truncated_buckets() > 0, "what was bounded is reported");
    Ok(())
}

/// The same pairs, clusters and counts, whatever the number of threads.
#[cfg(feature = "rayon")]
#[test]
fn any_number_of_threads_finds_the_same() -> Result<(), Box<dyn std::error::Error>> {
    let texts = read(&edited(&mut Random::new(37), 2500), 5);
    let criteria = NearOptions::new(0.7).and_then(|criteria| criteria.containment(0.9))?;
    let in_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
        pool.install(|| (pairs(&texts, &criteria), cluster(&texts, &criteria, &Keep::Longest)))
    };
    let one = in_threads(1);
    assert!(one.0.items().len() > 500);
    for threads in [2, 8] {
        assert_eq!(in_threads(threads), one, "{threads}");
    }
    Ok(())
}
