//! Resemblance and containment against their definition; what is found among many texts, and what is shared.

use std::collections::HashMap;

use proptest::prelude::*;
use refrain::near::{
    Keep, LshIndex, NearOptions, Pair, Shingler, Shingles, cluster, pairs, transitive_clusters,
};
use refrain::{Document, Normalization};
use refrain_testkit::{Random, prose};

/// Words of ASCII letters and digits in lower case.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How often every run of `size` words is in a text; a short one is one run.
fn bag(text: &str, size: usize) -> HashMap<Vec<String>, usize> {
    let words = words(text);
    let mut bag = HashMap::new();
    if words.len() < size {
        bag.insert(words, 1);
    } else {
        words.windows(size).for_each(|run| *bag.entry(run.to_vec()).or_default() += 1);
    }
    bag
}

/// What is in both, in the first, and in the second.
fn overlap(a: &str, b: &str, size: usize) -> (usize, usize, usize) {
    let (a, b) = (bag(a, size), bag(b, size));
    let both = a.iter().map(|(run, count)| *count.min(b.get(run).unwrap_or(&0))).sum();
    (both, a.values().sum(), b.values().sum())
}

fn similarity(a: &str, b: &str, size: usize) -> f64 {
    let (both, a, b) = overlap(a, b, size);
    both as f64 / (a + b - both) as f64
}

fn containment(a: &str, b: &str, size: usize) -> f64 {
    let (both, a, _) = overlap(a, b, size);
    both as f64 / a as f64
}

fn read(texts: &[String], size: usize) -> Vec<Shingles> {
    let shingler = Shingler::new().words_per_shingle(size);
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

/// Some words, with signs between them.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "B",
        "storm",
        "Ferry",
        "incomprehensible",
        "nine9",
        "x, y",
        "-",
        "harbours",
    ]);
    prop::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn resemblance_and_containment_are_what_is_shared(a in text(), b in text(), size in 1..7_usize) {
        // A text without words is compared by its signs, which the oracle leaves out.
        prop_assume!(!words(&a).is_empty() && !words(&b).is_empty());
        let shingler = Shingler::new().words_per_shingle(size);
        let (x, y) = (shingler.shingle(&a), shingler.shingle(&b));
        prop_assert_eq!(x.similarity(&y), similarity(&a, &b, size));
        prop_assert_eq!(y.similarity(&x), similarity(&a, &b, size));
        prop_assert_eq!(x.containment(&y), containment(&a, &b, size));
        prop_assert_eq!(y.containment(&x), containment(&b, &a, size));
        prop_assert_eq!(x.len(), bag(&a, size).values().sum::<usize>());
    }

    /// Every shingle that is in both is in a run, and what a run spans has the same words in both texts.
    #[test]
    fn shared_parts_are_the_same_and_all_of_it(a in text(), b in text(), size in 1..5_usize) {
        let shared = Shingler::new().words_per_shingle(size).common_spans(&a, &b);
        let mut runs = 0;
        for part in &shared {
            let (here, there) = (words(&a[part.first()]), words(&b[part.second()]));
            // A piece between white space may have a word more than the run at its ends.
            let short = here.len().min(there.len());
            prop_assert!(here.len() < short + 2 && there.len() < short + 2);
            let (both, _, _) = overlap(&a[part.first()], &b[part.second()], size.min(short));
            prop_assert!(both > 0);
            runs += (short + 1).saturating_sub(size).max(1);
        }
        let (both, _, _) = overlap(&a, &b, size);
        if words(&a).len() >= size && words(&b).len() >= size {
            prop_assert!(runs >= both && shared.is_empty() == (both == 0));
        }
        prop_assert!(shared.windows(2).all(|pair| pair[0].first().start() <= pair[1].first().start()));
    }

    /// In any script the pieces of which a text is made have the words that it has as a whole: a text shares
    /// all with itself.
    #[test]
    fn any_text_shares_all_of_itself(text in any::<String>(), more in "[\u{AC00}\u{1100}\u{1161}\u{11A8}\u{30AB}\u{FF76}\u{FF9E}\u{3099}\u{E01}\u{E34}\u{6F22}\u{B4}a ]{0,20}") {
        for text in [text, more] {
            let shingler = Shingler::new().words_per_shingle(1);
            let shingles = shingler.shingle(&text);
            let shared = shingler.common_spans(&text, &text);
            prop_assert!(shared.len() <= 1);
            if let Some(all) = shared.first() {
                let (here, there) = (shingler.shingle(&text[all.first()]), shingler.shingle(&text[all.second()]));
                prop_assert_eq!(here.hashes(), shingles.hashes());
                prop_assert_eq!(there.hashes(), shingles.hashes());
            }
        }
    }

    #[test]
    fn any_texts_are_read_and_compared(texts in prop::collection::vec(any::<String>(), 0..6), size in 0..9_usize) {
        let shingles = read(&texts, size);
        let criteria = NearOptions::new(0.5).and_then(|criteria| criteria.containment(0.5)).expect("both can be");
        let found = pairs(&shingles, &criteria).into_items();
        for pair in found {
            prop_assert!(pair.first() < pair.second() && pair.second() < texts.len());
        }
        prop_assert_eq!(cluster(&shingles, &criteria, &Keep::First).items().len(), texts.len());
    }
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
    let texts = prose::edited(&mut random, 400);
    for least in [0.7, 0.8] {
        let (_, near, missed) = check_pairs(&texts, 5, least, None);
        assert!(near > 150, "{near}");
        // At least 0.99 where the resemblance is at the threshold, and more above it.
        assert!(missed * 100 <= near, "{missed} of {near} at {least}");
    }
}

#[test]
fn a_story_inside_a_long_one_is_found() {
    let mut random = Random::new(6);
    let mut texts = Vec::new();
    for story in 0..60 {
        let short = prose::story(&mut random, 40 + story);
        let long = [prose::story(&mut random, 900), short.clone(), prose::story(&mut random, 700)].join("\n");
        if story % 2 == 0 { texts.extend([short, long]) } else { texts.extend([long, short]) }
    }
    let (found, near, missed) = check_pairs(&texts, 5, 0.8, Some(0.9));
    assert_eq!((found.len(), near, missed), (60, 60, 0));
    assert!(found.iter().all(|pair| pair.similarity() < 0.2 && pair.containment() == 1.0));
    let verdicts = cluster(
        &read(&texts, 5),
        &NearOptions::new(0.8).and_then(|c| c.containment(0.9)).expect("it can be"),
        &Keep::First,
    );
    // The short one goes if the long one is kept before it; a long one never goes for a short one that is in
    // it.
    for story in 0..60 {
        let (first, second) = (verdicts.items()[2 * story], verdicts.items()[2 * story + 1]);
        assert!(first.is_kept());
        assert_eq!(second.duplicate_of(), (story % 2 == 1).then_some(2 * story));
    }
}

/// Samplers of the beginning of a text lose it when a word is put in front.
#[test]
fn one_word_in_front_of_a_text_of_any_length_is_found() {
    let mut random = Random::new(7);
    for len in [5, 6, 10, 30, 100, 400, 1000, 3000, 30_000] {
        let text = prose::story(&mut random, len);
        let texts =
            [text.clone(), format!("Update {text}"), format!("{text} Ends"), prose::story(&mut random, len)];
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
        let text = prose::story(&mut random, len);
        let texts = [text.clone(), format!("{text}\n{text}")];
        let (found, _, _) = check_pairs(&texts, 5, 0.8, Some(0.9));
        assert_eq!(found.len(), 1);
        assert!(found[0].similarity() <= 0.5 && found[0].containment() == 1.0);
        let (found, _, _) = check_pairs(&texts, 5, 0.8, None);
        assert!(found.is_empty());
    }
}

#[test]
fn short_texts_are_compared_whole_and_every_one_has_a_verdict() {
    let texts = ["", "!!!", "???", "One.", "one", "two", "Two words", "two  words!", "words two", "!!!", ""];
    let shingler = Shingler::new();
    let shingles = texts.map(|text| shingler.shingle(text));
    let verdicts = cluster(&shingles, &NearOptions::new(0.8).expect("it can be"), &Keep::First).into_items();
    let of: Vec<Option<usize>> = verdicts.iter().map(|verdict| verdict.duplicate_of()).collect();
    let expected = [None, None, None, None, Some(3), None, None, Some(6), None, Some(1), Some(0)];
    assert_eq!(of, expected);
    assert_eq!(shingler.common_spans("Two words", "two  words!").len(), 1);
    assert!(shingler.common_spans("Two words", "words two").is_empty());
}

#[test]
fn different_texts_differ_in_every_script() {
    let pairs = [
        ("Die Fähre fährt wieder um neun Uhr ab.", "Ein Sturm zog am Abend über den Hafen hin."),
        ("Паром снова отходит в девять часов утра.", "Шторм пришёл вечером и закрыл весь порт."),
        ("渡轮从星期一九点开始重新开航", "星期日晚上暴风雨关闭了港口"),
        ("フェリーは月曜日から再開します", "日曜の夜に嵐で港が閉まった"),
        ("เรือข้ามฟากจะเปิดให้บริการอีกครั้ง", "พายุเข้าเมื่อคืนวันอาทิตย์จนท่าเรือต้องปิด"),
        ("नौका सोमवार से फिर चलेगी सुबह नौ बजे", "रविवार की रात तूफ़ान से बंदरगाह बंद रहा"),
        ("العبارة تبحر من جديد يوم الاثنين صباحا", "أغلقت عاصفة الميناء ليلة الأحد كلها"),
    ];
    let shingler = Shingler::new().words_per_shingle(3);
    for (a, b) in pairs {
        let (x, y) = (shingler.shingle(a), shingler.shingle(b));
        assert!(x.similarity(&y) < 0.05, "{a}");
        assert!(x.len() > 3 && x.similarity(&shingler.shingle(&format!("{a} !"))) == 1.0, "{a}");
    }
}

/// Every text that goes was compared with one that is kept, whatever is kept first.
#[test]
fn clusters_are_stars_around_what_is_kept() {
    let mut random = Random::new(9);
    let texts = prose::edited(&mut random, 300);
    let shingles = read(&texts, 5);
    let criteria = NearOptions::new(0.6).expect("it can be");
    let priorities: Vec<u64> = (0..texts.len() as u64).rev().collect();
    for keep in [Keep::First, Keep::Longest, Keep::Priority(priorities)] {
        let verdicts = cluster(&shingles, &criteria, &keep).into_items();
        let before = |a: usize, b: usize| match &keep {
            Keep::Longest => (usize::MAX - shingles[a].len(), a) < (usize::MAX - shingles[b].len(), b),
            Keep::Priority(random) => random[a] < random[b],
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
        // What is kept is near nothing that is kept; one in a hundred may be missed.
        let kept: Vec<usize> = (0..texts.len()).filter(|text| verdicts[*text].is_kept()).collect();
        let near = kept.iter().flat_map(|b| kept.iter().filter(move |a| *a < b).map(move |a| (*a, *b)));
        assert!(near.filter(|(a, b)| shingles[*a].similarity(&shingles[*b]) >= 0.6).count() <= 2, "{keep:?}");
    }
}

/// A chain of texts, each near the next: only who asks for it by name gets one cluster.
#[test]
fn a_chain_is_no_star() {
    let mut random = Random::new(10);
    let all: Vec<String> = words(&prose::story(&mut random, 400));
    let texts: Vec<String> = (0..12).map(|step| all[step * 12..step * 12 + 150].join(" ")).collect();
    let shingles = read(&texts, 5);
    let criteria = NearOptions::new(0.75).expect("it can be");
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
}

/// Texts that share a template are told apart by what is outside of it, and take time in proportion to their
/// number.
#[test]
fn a_template_joins_nothing() {
    let mut random = Random::new(11);
    let frame = prose::story(&mut random, 120);
    let page = |random: &mut Random| format!("{frame}\n{}", prose::story(random, 80));
    let mut texts: Vec<String> = (0..3000).map(|_| page(&mut random)).collect();
    // Two that are near outside of it as well.
    texts.push(texts[1500].replacen(' ', " indeed ", 1));
    let shingles = read(&texts, 5);
    let found = pairs(&shingles, &NearOptions::new(0.8).expect("it can be"));
    assert_eq!(
        found.items().iter().map(|pair| (pair.first(), pair.second())).collect::<Vec<_>>(),
        [(1500, 3000)]
    );
    assert!(found.truncated_buckets() > 0, "what was bounded is reported");
}

#[test]
fn an_index_finds_what_comparing_all_finds() {
    let mut random = Random::new(12);
    let texts = prose::edited(&mut random, 200);
    let shingler = Shingler::new();
    let criteria = NearOptions::new(0.7).expect("it can be");
    let shingles = read(&texts, 5);
    let index = LshIndex::new(&shingler, criteria.clone());
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (b, text) in shingles.iter().enumerate() {
        let near = index.query_and_insert(&b.to_string(), text).expect("there is room");
        assert!(near.iter().is_sorted_by(|x, y| x.similarity() >= y.similarity()));
        found.extend(near.iter().map(|near| (near.document().parse().expect("a number"), b)));
    }
    found.sort_unstable_by_key(|(a, b)| (*b, *a));
    let expected: Vec<(usize, usize)> =
        pairs(&shingles, &criteria).items().iter().map(|pair| (pair.first(), pair.second())).collect();
    assert_eq!(found, expected);
    // What is forgotten is not found; what is learnt again is not met by itself.
    let (a, b) = expected[0];
    let near = |index: &LshIndex, text: usize| -> Vec<usize> {
        let near = index.query_excluding(&text.to_string(), &shingles[text]).expect("it is read");
        near.iter().map(|near| near.document().parse().expect("a number")).collect()
    };
    assert!(near(&index, b).contains(&a));
    assert!(
        index.remove(&a.to_string()).expect("it is read")
            && !index.remove(&a.to_string()).expect("it is read")
    );
    assert!(!near(&index, b).contains(&a));
    assert_eq!(index.len(), 199);
    index.insert(&b.to_string(), &shingles[a]).expect("there is room");
    assert_eq!(
        index.query(&shingles[a]).expect("it is read").iter().next().map(|near| near.similarity()),
        Some(1.0)
    );
    assert!(shingler.shingle("").len() == 1 && !index.is_empty() && index.contains("3").expect("it is read"));
}

#[test]
fn paragraphs_are_found_where_they_stand() {
    let mut random = Random::new(13);
    let pages: Vec<String> = (0..40)
        .map(|_| (0..9).map(|_| prose::story(&mut random, 45)).collect::<Vec<_>>().join("\n"))
        .collect();
    let shingler = Shingler::new().words_per_shingle(3);
    let index = LshIndex::new(&shingler, NearOptions::new(0.6).expect("it can be"));
    for (page, text) in pages.iter().enumerate() {
        index
            .insert_parts(&page.to_string(), &shingler.shingle_segments(&Document::new(text)))
            .expect("there is room");
    }
    assert_eq!(index.len(), 360);
    for (page, text) in pages.iter().enumerate() {
        let doc = Document::new(text);
        let segment = doc.segment(page % 9).expect("there are nine");
        let light = segment.text().replacen(' ', " quite ", 1);
        let near = index.query(&shingler.shingle(&light)).expect("it is read");
        let found = near.iter().next().expect("it is a light rewrite");
        assert_eq!(
            (found.document(), found.part(), found.span()),
            (&*page.to_string(), page % 9, segment.span())
        );
    }
    // A page that is learnt again with fewer paragraphs has left nothing behind.
    index.insert_parts("7", &shingler.shingle_segments(&Document::new("Nothing."))).expect("there is room");
    assert_eq!(index.len(), 352);
    assert!(index.remove("7").expect("it is read") && !index.contains("7").expect("it is read"));
    let odd = Shingler::new().normalization(Normalization::RAW).seed(3).shingle("Nothing.");
    assert!(index.query(&odd).expect("it is read").is_empty());
}
