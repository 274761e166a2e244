//! Pairs, clusters and answers of an index equal the comparison of all texts with all others.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refrain::near::{Bands, Keep, LshIndex, NearOptions, Shingler, cluster, pairs};
use refrain_fuzz::{Bytes, text};
use refrain_testkit::similarity;

/// The number of texts, which fit into one bucket.
const MAX_TEXTS: usize = 12;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let size = 1 + bytes.below(6);
    let least = (30 + bytes.below(71)) as f64 / 100.0;
    let contained = (bytes.last() > 127).then(|| (30 + bytes.below(71)) as f64 / 100.0);
    let text = text(bytes.rest());
    let texts: Vec<&str> = text.split('\n').take(MAX_TEXTS).collect();

    // Bands of one row bring texts together that have anything in common, so only the comparison
    // can lose a pair.
    let bands = Bands::new(128, 1, 128).expect("there are as many values");
    let mut options = NearOptions::new(least).expect("the threshold is in range").with_bands(bands);
    if let Some(contained) = contained {
        options = options.containment(contained).expect("the threshold is in range");
    }
    let shingler = Shingler::new().words_per_shingle(size);
    let shingles: Vec<_> = texts.iter().map(|text| shingler.shingle(text)).collect();
    let is_near = |first: usize, second: usize| {
        let (first, second) = (&shingles[first], &shingles[second]);
        let within = first.containment(second).max(second.containment(first));
        first.similarity(second) >= least || contained.is_some_and(|least| within >= least)
    };

    let mut expected = Vec::new();
    for second in 0..texts.len() {
        for first in 0..second {
            let (a, b) = (texts[first], texts[second]);
            // A text without words has a shingle of its signs, which the definition does not know.
            if [a, b].iter().all(|text| text.is_ascii() && !similarity::words(text).is_empty()) {
                assert_eq!(shingles[first].similarity(&shingles[second]), similarity::similarity(a, b, size));
                assert_eq!(
                    shingles[first].containment(&shingles[second]),
                    similarity::containment(a, b, size)
                );
            }
            if is_near(first, second) {
                expected.push((first, second));
            }
        }
    }
    let found = pairs(&shingles, &options);
    assert_eq!((found.truncated_buckets(), found.skipped_candidates()), (0, 0));
    let found: Vec<_> = found.items().iter().map(|pair| (pair.first(), pair.second())).collect();
    // A short text that is contained in a long one may have no value in common with it.
    if contained.is_none() {
        assert_eq!(found, expected, "{texts:?}");
    }
    assert!(found.iter().all(|pair| expected.contains(pair)), "{texts:?}");

    let clusters = cluster(&shingles, &options, &Keep::Longest);
    for (number, assignment) in clusters.items().iter().enumerate() {
        if let Some(kept) = assignment.duplicate_of() {
            assert!(
                clusters.items()[kept].is_kept() && is_near(kept.min(number), kept.max(number)),
                "{texts:?}"
            );
        }
    }

    let index = LshIndex::new(&shingler, options);
    for (number, shingles) in shingles.iter().enumerate() {
        let neighbors = index.query(shingles).expect("the store is in memory");
        let neighbors: Vec<usize> =
            neighbors.iter().map(|found| found.document_id().parse().expect("ids are numbers")).collect();
        assert!(neighbors.iter().all(|other| is_near(*other, number)), "{texts:?}");
        if contained.is_none() {
            assert_eq!(
                neighbors.len(),
                (0..number).filter(|other| is_near(*other, number)).count(),
                "{texts:?}"
            );
        }
        index.insert(&number.to_string(), shingles).expect("the store is in memory");
    }

    if let [first, second, ..] = texts[..] {
        for common in shingler.common_spans(first, second) {
            // Spans are extended to white space, so one of them may have more words than the other.
            let [a, b] = [&first[common.first()], &second[common.second()]].map(|run| shingler.shingle(run));
            assert!(a.hashes().iter().any(|hash| b.hashes().contains(hash)), "{texts:?}");
        }
    }
});
