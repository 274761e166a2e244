//! What is bounded where texts repeat themselves, are many, or share a template: nothing that is near is lost
//! by it without being told.

use refrain::near::{Bands, Keep, LshIndex, NearOptions, Shingler, Shingles, cluster, pairs};
use refrain_testkit::Random;
use refrain_testkit::prose::{edited, story};

fn read(texts: &[String]) -> Vec<Shingles> {
    let shingler = Shingler::new();
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

fn criteria(similarity: f64) -> NearOptions {
    // Bands that bring everything together that has anything in common, so that only comparing can lose it.
    let bands = Bands::new(128, 1, 128).expect("there is room");
    NearOptions::new(similarity).expect("it is a threshold").with_bands(bands)
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
            let texts = read(&[a, b]);
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
fn large_families_of_equal_texts_are_listed() {
    let mut random = Random::new(32);
    let (text, near) = (story(&mut random, 80), story(&mut random, 80));
    let mut texts: Vec<String> = vec![text.clone(); 400];
    texts.insert(100, near.clone());
    texts.insert(200, format!("{near} Indeed."));
    let shingles = read(&texts);
    let found = pairs(&shingles, &NearOptions::new(0.8).expect("it is a threshold"));
    assert_eq!((found.items().len(), found.skipped_candidates()), (400 * 399 / 2 + 1, 0));
    assert!(found.items().is_sorted_by_key(|pair| (pair.second(), pair.first())));
    // A bound of one candidate is one of four that are listed.
    let found = pairs(&shingles, &NearOptions::new(0.8).expect("it is a threshold").candidates(1));
    assert_eq!(found.items().iter().filter(|pair| pair.second() == 401).count(), 4);
    assert_eq!(found.items().len() + found.skipped_candidates(), 400 * 399 / 2 + 1);
    let kept = cluster(&shingles, &NearOptions::new(0.8).expect("it is a threshold"), &Keep::First);
    assert_eq!(kept.items().iter().filter(|member| member.is_kept()).count(), 2);
}

/// Many that are near and not equal: what a bucket does not list is counted.
#[test]
fn what_full_buckets_do_not_list_is_told() {
    let mut random = Random::new(33);
    let text = story(&mut random, 200);
    let texts: Vec<String> = (0..400).map(|number| format!("{text} Page {number}.")).collect();
    let found = pairs(&read(&texts), &NearOptions::new(0.8).expect("it is a threshold"));
    assert!(found.truncated_buckets() > 0 && found.items().len() >= 256 * 400 - 256 * 257 / 2);
    assert!(
        found.items().len() + found.skipped_candidates() >= 400 * 399 / 2,
        "{} {}",
        found.items().len(),
        found.skipped_candidates()
    );
}

/// What shares rare buckets comes before what shares many that a template fills.
#[test]
fn a_template_does_not_hide_what_is_near() {
    let mut random = Random::new(34);
    let frame = story(&mut random, 120);
    let short = story(&mut random, 40);
    let mut texts = vec![short.clone()];
    texts.extend((0..400).map(|_| format!("{frame}\n{}", story(&mut random, 60))));
    texts.push(format!("{frame}\n{short}"));
    let within =
        NearOptions::new(0.8).and_then(|criteria| criteria.containment(0.9)).expect("they are thresholds");
    let found = pairs(&read(&texts), &within).into_items();
    assert!(found.iter().any(|pair| (pair.first(), pair.second()) == (0, 401)));
    // The same in an index.
    let shingler = Shingler::new();
    let index = LshIndex::new(&shingler, within);
    for (number, text) in texts[..401].iter().enumerate() {
        index.insert(&number.to_string(), &shingler.shingle(text)).expect("there is room");
    }
    let near = index.query(&shingler.shingle(&texts[401])).expect("it is read");
    assert!(near.iter().any(|near| near.document() == "0") && near.truncated_buckets() > 0);
    // A frame of nine tenths, and pages that are nearer than that.
    let frame = story(&mut random, 900);
    let page = |random: &mut Random| format!("{frame}\n{}", story(random, 110));
    let mut texts: Vec<String> = (0..1500).map(|_| page(&mut random)).collect();
    for number in 0..150 {
        texts.push(texts[number * 9].replacen(". ", " indeed. ", 3));
    }
    let shingles = read(&texts);
    let found = pairs(&shingles, &NearOptions::new(0.9).expect("it is a threshold")).into_items();
    let expected = (0..150).filter(|number| shingles[number * 9].similarity(&shingles[1500 + number]) >= 0.9);
    let expected: Vec<(usize, usize)> = expected.map(|number| (number * 9, 1500 + number)).collect();
    let hit = expected
        .iter()
        .filter(|(a, b)| found.iter().any(|pair| (pair.first(), pair.second()) == (*a, *b)))
        .count();
    assert!(expected.len() > 140 && hit * 100 >= expected.len() * 98, "{hit} of {}", expected.len());
}

/// A document with many equal parts does not hide others from itself.
#[test]
fn a_second_look_leaves_out_all_parts_of_the_document_and_nothing_else() {
    let mut random = Random::new(35);
    let shingler = Shingler::new();
    let text = shingler.shingle(&story(&mut random, 50));
    let index = LshIndex::new(&shingler, NearOptions::new(0.8).expect("it is a threshold"));
    index.insert_parts("own", &vec![text.clone(); 300]).expect("there is room");
    index.insert("other", &text).expect("there is room");
    let near = index.query_excluding("own", &text).expect("it is read");
    assert_eq!(near.iter().map(|near| near.document()).collect::<Vec<_>>(), ["other"]);
    // Learnt again, it does not meet what it was, and of its parts one is left.
    let near = index.query_and_insert("own", &text).expect("there is room");
    assert_eq!(near.iter().map(|near| near.document()).collect::<Vec<_>>(), ["other"]);
    assert_eq!(index.len(), 2);
    let near = index.query_and_insert("third", &text).expect("there is room");
    assert_eq!(near.iter().map(|near| near.document()).collect::<Vec<_>>(), ["other", "own"]);
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
    let texts = read(&[with(20), with(40), words.join(" ")]);
    assert_eq!(texts[0].similarity(&texts[2]), texts[1].similarity(&texts[2]));
    let members = cluster(&texts, &criteria(texts[0].similarity(&texts[2])), &Keep::First).into_items();
    assert_eq!(members.iter().map(|member| member.duplicate_of()).collect::<Vec<_>>(), [None, None, Some(0)]);
}

/// Looking and learning meets what was there before, in any number of threads: of two texts that are near
/// exactly one meets the other.
#[test]
fn of_two_that_are_near_exactly_one_meets_the_other() {
    let mut random = Random::new(36);
    let texts: Vec<String> = (0..60).map(|_| story(&mut random, 60)).collect();
    let shingler = Shingler::new();
    let shingles: Vec<Shingles> = texts.iter().map(|text| shingler.shingle(text)).collect();
    let index = LshIndex::new(&shingler, NearOptions::new(0.8).expect("it is a threshold"));
    let met: usize = std::thread::scope(|scope| {
        let threads = ["a", "b"].map(|name| {
            let (index, shingles) = (&index, &shingles);
            scope.spawn(move || -> usize {
                let meets = |(number, text): (usize, &Shingles)| {
                    let near = index.query_and_insert(&format!("{name}{number}"), text);
                    near.expect("there is room").len()
                };
                shingles.iter().enumerate().map(meets).sum()
            })
        });
        threads.into_iter().map(|thread| thread.join().expect("it ends")).sum()
    });
    assert_eq!((met, index.len()), (60, 120));
}

/// The same pairs, clusters and counts, whatever the number of threads.
#[cfg(feature = "rayon")]
#[test]
fn any_number_of_threads_finds_the_same() {
    let texts = read(&edited(&mut Random::new(37), 2500));
    let criteria =
        NearOptions::new(0.7).and_then(|criteria| criteria.containment(0.9)).expect("they are thresholds");
    let in_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
        pool.install(|| (pairs(&texts, &criteria), cluster(&texts, &criteria, &Keep::Longest)))
    };
    let one = in_threads(1);
    assert!(one.0.items().len() > 500);
    for threads in [2, 8] {
        assert_eq!(in_threads(threads), one, "{threads}");
    }
}
