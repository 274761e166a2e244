//! An index of near duplicates finds the pairs that a comparison of all texts finds.

use refrain::error::IndexError;
use refrain::near::{Insertion, LshIndex, NearOptions, Shingler, Shingles, pairs};
use refrain::{Document, Normalization};
use refrain_testkit::Random;
use refrain_testkit::prose::{edited, story};

fn read(texts: &[String], size: usize) -> Vec<Shingles> {
    let shingler = Shingler::new().words_per_shingle(size);
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

#[test]
fn an_index_finds_what_comparing_all_finds() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(12);
    let texts = edited(&mut random, 200);
    let shingler = Shingler::new();
    let criteria = NearOptions::new(0.7)?;
    let shingles = read(&texts, 5);
    let index = LshIndex::new(&shingler, criteria.clone());
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (b, text) in shingles.iter().enumerate() {
        let (near, _) = index.query_and_insert(&b.to_string(), text)?;
        assert!(near.iter().is_sorted_by(|x, y| x.similarity() >= y.similarity()));
        found.extend(near.iter().map(|near| (near.document_id().parse().expect("a number"), b)));
    }
    found.sort_unstable_by_key(|(a, b)| (*b, *a));
    let expected: Vec<(usize, usize)> =
        pairs(&shingles, &criteria).items().iter().map(|pair| (pair.first(), pair.second())).collect();
    assert_eq!(found, expected);
    // A removed text is not found; a text that is inserted again does not find itself.
    let (a, b) = expected[0];
    let near = |index: &LshIndex, text: usize| -> Vec<usize> {
        let near = index.query_excluding(&text.to_string(), &shingles[text]).expect("it is read");
        near.iter().map(|near| near.document_id().parse().expect("a number")).collect()
    };
    assert!(near(&index, b).contains(&a));
    assert!(index.remove(&a.to_string())? && !index.remove(&a.to_string())?);
    assert!(!near(&index, b).contains(&a));
    assert_eq!(index.len()?, 199);
    index.insert(&b.to_string(), &shingles[a])?;
    assert_eq!(index.query(&shingles[a])?.iter().next().map(|near| near.similarity()), Some(1.0));
    assert!(shingler.shingle("").len() == 1 && !index.is_empty()? && index.contains("3")?);
    Ok(())
}

#[test]
fn paragraphs_are_found_where_they_stand() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(13);
    let pages: Vec<String> =
        (0..40).map(|_| (0..9).map(|_| story(&mut random, 45)).collect::<Vec<_>>().join("\n")).collect();
    let shingler = Shingler::new().words_per_shingle(3);
    let index = LshIndex::new(&shingler, NearOptions::new(0.6)?);
    for (page, text) in pages.iter().enumerate() {
        index.insert_parts(&page.to_string(), &shingler.shingle_segments(&Document::new(text)))?;
    }
    assert_eq!(index.len()?, 360);
    for (page, text) in pages.iter().enumerate() {
        let doc = Document::new(text);
        let segment = doc.segment(page % 9).expect("there are nine");
        let light = segment.text().replacen(' ', " quite ", 1);
        let near = index.query(&shingler.shingle(&light))?;
        let found = near.iter().next().expect("it is a light rewrite");
        assert_eq!(
            (found.document_id(), found.part(), found.span()),
            (&*page.to_string(), page % 9, segment.span())
        );
    }
    // A page that is inserted again with fewer paragraphs leaves nothing of the others.
    index.insert_parts("7", &shingler.shingle_segments(&Document::new("Nothing.")))?;
    assert_eq!(index.len()?, 352);
    assert!(index.remove("7")? && !index.contains("7")?);
    let odd = Shingler::new().normalization(Normalization::RAW).seed(3).shingle("Nothing.");
    assert!(index.query(&odd)?.is_empty());
    Ok(())
}

/// A document with many equal parts does not hide others from itself.
#[test]
fn a_second_look_leaves_out_all_parts_of_the_document_and_nothing_else()
-> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(35);
    let shingler = Shingler::new();
    let text = shingler.shingle(&story(&mut random, 50));
    let index = LshIndex::new(&shingler, NearOptions::new(0.8)?);
    index.insert_parts("own", &vec![text.clone(); 300])?;
    index.insert("other", &text)?;
    let near = index.query_excluding("own", &text)?;
    assert_eq!(near.iter().map(|near| near.document_id()).collect::<Vec<_>>(), ["other"]);
    // Inserted again, it does not find its old version, and one of its parts is left.
    let (near, insertion) = index.query_and_insert("own", &text)?;
    assert_eq!(insertion, Insertion::Replaced);
    assert_eq!(near.iter().map(|near| near.document_id()).collect::<Vec<_>>(), ["other"]);
    assert_eq!(index.len()?, 2);
    assert_eq!(index.insert("own", &text)?, Insertion::Unchanged);
    let (near, _) = index.query_and_insert("third", &text)?;
    assert_eq!(near.iter().map(|near| near.document_id()).collect::<Vec<_>>(), ["other", "own"]);
    Ok(())
}

/// `query_and_insert` finds the texts that were there before, in any number of threads: of two texts that are near
/// exactly one meets the other.
#[test]
fn of_two_that_are_near_exactly_one_meets_the_other() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(36);
    let texts: Vec<String> = (0..60).map(|_| story(&mut random, 60)).collect();
    let shingler = Shingler::new();
    let shingles: Vec<Shingles> = texts.iter().map(|text| shingler.shingle(text)).collect();
    let index = LshIndex::new(&shingler, NearOptions::new(0.8)?);
    let met: usize = std::thread::scope(|scope| {
        let threads = ["a", "b"].map(|name| {
            let (index, shingles) = (&index, &shingles);
            scope.spawn(move || -> usize {
                let meets = |(number, text): (usize, &Shingles)| {
                    let near = index.query_and_insert(&format!("{name}{number}"), text);
                    near.expect("there is room").0.len()
                };
                shingles.iter().enumerate().map(meets).sum()
            })
        });
        threads.into_iter().map(|thread| thread.join().expect("it ends")).sum()
    });
    assert_eq!((met, index.len()?), (60, 120));
    Ok(())
}

/// A store that holds something else under the same parameters: said, not believed.
#[test]
fn a_record_that_is_no_text_is_damage() -> Result<(), Box<dyn std::error::Error>> {
    use refrain::index::store::{Change, OwnedRecord, Record, Store as _};
    let shingler = Shingler::new();
    let index = LshIndex::new(&shingler, NearOptions::new(0.5)?);
    let text = shingler.shingle("One two three four five six seven eight.");
    index.insert("1", &text)?;
    let mut stored: Option<OwnedRecord> = None;
    index.store().read(&mut |view| {
        view.document(0, &mut |document| {
            stored = Some(document.to_owned());
            Ok(())
        })
        .map(drop)
    })?;
    let stored = stored.expect("it was inserted");
    for (id, payload) in [("no number", &stored.payload[..]), ("0:2", &stored.payload[..7])] {
        let record = Record { id, scope: "", keys: &stored.keys, payload };
        index.store().write(&mut |_| Ok(Change { remove: Vec::new(), add: vec![record] }))?;
        assert!(matches!(index.query(&text), Err(IndexError::Damaged { .. })), "{id}");
        index.store().write(&mut |_| Ok(Change { remove: vec![id.to_owned()], add: Vec::new() }))?;
        assert_eq!(index.query(&text).map(|near| near.len())?, 1);
    }
    Ok(())
}

/// Threads that change the number of parts of one document left parts that nothing could remove.
#[test]
fn parts_of_one_id_from_two_threads() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new();
    let parts = ["one", "two", "three"].map(|text| shingler.shingle(text));
    for _ in 0..refrain_testkit::cases(300, 20_000) {
        let index = LshIndex::new(&shingler, NearOptions::new(0.8)?);
        std::thread::scope(|scope| {
            scope.spawn(|| index.insert_parts("document", &parts).map(drop));
            scope.spawn(|| index.insert_parts("document", &parts[..1]).map(drop));
        });
        let len = index.len()?;
        assert!(len == 1 || len == 3, "{len}");
        assert!(index.remove("document")? && index.is_empty()?);
    }
    Ok(())
}

/// If several threads insert equal texts, exactly one is told of no other.
#[test]
fn parts_of_equal_documents_from_many_threads() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new();
    let text = shingler.shingle("One two three four five six seven eight.");
    for _ in 0..refrain_testkit::cases(50, 2_000) {
        let index = LshIndex::new(&shingler, NearOptions::new(0.8)?);
        let mut found: Vec<usize> = std::thread::scope(|scope| {
            let insert = |id: usize| {
                let (index, text) = (&index, &text);
                scope.spawn(move || index.query_and_insert(&id.to_string(), text).map(|(near, _)| near.len()))
            };
            let threads: Vec<_> = (0..4).map(insert).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).collect::<Result<_, _>>()
        })?;
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2, 3]);
    }
    Ok(())
}

/// "No limit" overflowed a sum, and pairs and neighbors were missing without a word.
#[test]
fn any_number_of_candidates_is_a_limit() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(37);
    let shingler = Shingler::new();
    let text = story(&mut random, 40);
    let shingles: Vec<Shingles> = (0..6).map(|_| shingler.shingle(&text)).collect();
    for candidates in [16, u32::MAX as usize, usize::MAX / 4, usize::MAX] {
        let options = NearOptions::new(0.8)?.max_candidates(candidates);
        let found = pairs(&shingles, &options);
        assert_eq!((found.items().len(), found.skipped_candidates()), (15, 0), "{candidates}");
        let index = LshIndex::new(&shingler, options);
        for (id, shingles) in shingles.iter().enumerate() {
            index.insert(&id.to_string(), shingles)?;
        }
        assert_eq!(index.query_excluding("3", &shingles[3])?.len(), 5, "{candidates}");
        assert_eq!(index.query_and_insert("3", &shingles[3])?.0.len(), 5, "{candidates}");
    }
    Ok(())
}

/// The number of skipped candidates is never more than the truth, and exact if one bucket has all.
#[test]
fn skipped_candidates_are_a_lower_bound() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random::new(38);
    let shingler = Shingler::new().words_per_shingle(1);
    let words = ["a", "b", "c", "d", "e", "f", "g", "h"];
    for round in 0..200 {
        let options = NearOptions::new(0.3)?.max_candidates(1 + random.below(4));
        let index = LshIndex::new(&shingler, options.clone());
        let (mut texts, mut parts) = (Vec::new(), Vec::new());
        for id in 0..12 {
            let text: Vec<&str> = (0..3).map(|_| words[random.below(words.len())]).collect();
            texts.push(shingler.shingle(&text.join(" ")));
            // Some documents have several equal parts.
            parts.push(1 + random.below(3));
            index.insert_parts(&id.to_string(), &vec![texts[id].clone(); parts[id]])?;
        }
        for (id, text) in texts.iter().enumerate() {
            let keys: std::collections::HashSet<_> = options.keys(text).into_iter().collect();
            let share = |other: &Shingles| options.keys(other).iter().any(|key| keys.contains(key));
            let mut sharing = 0;
            for other in (0..texts.len()).filter(|other| *other != id && share(&texts[*other])) {
                sharing += parts[other];
            }
            let found = index.query_excluding(&id.to_string(), text)?;
            assert!(found.skipped_candidates() <= sharing, "round {round}");
        }
    }
    let options = NearOptions::new(0.9)?.max_candidates(4);
    let index = LshIndex::new(&shingler, options);
    let text = shingler.shingle("a b c d e f g h");
    index.insert_parts("own", &vec![text.clone(); 30])?;
    for id in 0..20 {
        index.insert(&id.to_string(), &text)?;
    }
    let found = index.query_excluding("own", &text)?;
    assert_eq!((found.len(), found.skipped_candidates()), (4, 16));
    Ok(())
}
