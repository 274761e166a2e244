//! Estimates of sketches against exact values: unbiased, and as precise as the theory predicts. All
//! numbers are the same in every run.

#![allow(clippy::cast_possible_truncation, reason = "numbers of a test are small")]

use refrain::error::NearError;
use refrain::near::{Bands, MinHash, NearOptions, Shingler, Shingles, SimHash};
use refrain_testkit::Random;

/// Two texts of `len` shingles each, `both` of them in both: shingles of one word.
fn two(shingler: &Shingler, random: &mut Random, len: usize, both: usize) -> (Shingles, Shingles) {
    let mut words =
        |count: usize| -> Vec<String> { (0..count).map(|_| format!("w{:x}", random.number())).collect() };
    let (shared, a, b) = (words(both), words(len - both), words(len - both));
    let text = |own: Vec<String>| shingler.shingle(&[shared.clone(), own].concat().join(" "));
    (text(a), text(b))
}

/// The mean of the errors and of their squares.
fn errors(all: &[f64]) -> (f64, f64) {
    let len = all.len() as f64;
    (all.iter().sum::<f64>() / len, all.iter().map(|error| error * error).sum::<f64>() / len)
}

/// A thousand pairs for each of ten resemblances, for texts shorter than a sketch and longer: the mean error
/// is within four standard errors of 0, the mean square within the theory's variance and four standard errors
/// of that.
#[test]
fn estimates_of_sketches_are_unbiased_and_as_sharp_as_promised() {
    let shingler = Shingler::new().words_per_shingle(1);
    for (values, len) in [(64, 40), (128, 20), (128, 300), (256, 1000)] {
        let mut random = Random::new(values as u64 * 7 + len as u64);
        for tenth in 0..10 {
            // Both have r of 2 n − both: what is shared follows from the similarity.
            let wanted = 0.05 + 0.1 * f64::from(tenth);
            let both = (2.0 * len as f64 * wanted / (1.0 + wanted)).round() as usize;
            let all: Vec<f64> = (0..1000)
                .map(|_| {
                    let (a, b) = two(&shingler, &mut random, len, both);
                    let sketch =
                        |shingles: &Shingles| MinHash::with_values(shingles, values).expect("it is made");
                    sketch(&a).similarity(&sketch(&b)).expect("both are of one size") - a.similarity(&b)
                })
                .collect();
            let exact = both as f64 / (2 * len - both) as f64;
            let promised = MinHash::standard_error(values, exact).powi(2);
            let (mean, square) = errors(&all);
            assert!(mean.abs() < 4.0 * (promised / 1000.0).sqrt(), "{values} {len} {exact}: mean {mean}");
            assert!(
                square < promised * (1.0 + 4.0 * (2.0_f64 / 1000.0).sqrt()),
                "{values} {len} {exact}: {square} {promised}"
            );
        }
    }
}

#[test]
fn repetition_counts_in_sketches() {
    let shingler = Shingler::new().words_per_shingle(1);
    let mut random = Random::new(3);
    let all: Vec<f64> = (0..300)
        .map(|_| {
            let (a, _) = two(&shingler, &mut random, 100, 100);
            let text: Vec<String> = a.hashes().iter().map(|hash| format!("w{hash:x}")).collect();
            let (once, thrice) = (text.join(" "), [&text[..], &text, &text].concat().join(" "));
            let (once, thrice) = (shingler.shingle(&once), shingler.shingle(&thrice));
            assert_eq!(once.similarity(&thrice), 1.0 / 3.0);
            MinHash::new(&once).similarity(&MinHash::new(&thrice)).expect("both are of one size") - 1.0 / 3.0
        })
        .collect();
    let (mean, square) = errors(&all);
    let promised = MinHash::standard_error(128, 1.0 / 3.0).powi(2);
    assert!(
        mean.abs() < 4.0 * (promised / 300.0).sqrt() && square < 1.4 * promised,
        "{mean} {square} {promised}"
    );
}

/// The cosine of texts of one length is what they share as a part of one.
#[test]
fn simhash_estimates_the_cosine() {
    let shingler = Shingler::new().words_per_shingle(1);
    let mut random = Random::new(4);
    for both in [0, 50, 100, 150, 180, 196] {
        let cosine = both as f64 / 200.0;
        let all: Vec<f64> = (0..500)
            .map(|_| {
                let (a, b) = two(&shingler, &mut random, 200, both);
                let (a, b) = (SimHash::new(&a), SimHash::new(&b));
                assert_eq!(SimHash::from_u64(a.to_u64()), a);
                f64::from(a.distance(b)) / 64.0 - cosine.acos() / std::f64::consts::PI
            })
            .collect();
        let part = cosine.acos() / std::f64::consts::PI;
        let promised = part * (1.0 - part) / 64.0;
        let (mean, square) = errors(&all);
        // Sums of a few hundred signs are not quite normal: a tenth of a bit.
        assert!(mean.abs() < 4.0 * (promised / 500.0).sqrt() + 0.1 / 64.0, "{cosine}: {mean}");
        assert!(square < 1.4 * promised, "{cosine}: {square} {promised}");
        assert!(SimHash::standard_error(cosine) < 0.2);
    }
}

/// Two texts agree in all rows of a band as often as the curve says.
#[test]
fn bands_find_what_the_curve_predicts() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new().words_per_shingle(1);
    let mut random = Random::new(5);
    let bands = Bands::choose(128, 0.7, 0.95)?;
    assert_eq!((bands.bands(), bands.rows(), bands.values()), (25, 5, 128));
    for both in [150, 200, 240, 270, 290] {
        let found = (0..400)
            .filter(|_| {
                let (a, b) = two(&shingler, &mut random, 300, both);
                let (a, b) = (MinHash::new(&a), MinHash::new(&b));
                let rows = a.values().chunks_exact(bands.rows()).zip(b.values().chunks_exact(bands.rows()));
                rows.take(bands.bands()).any(|(a, b)| a == b)
            })
            .count();
        let predicted = bands.probability(both as f64 / (600 - both) as f64);
        let error = (predicted * (1.0 - predicted) / 400.0).sqrt();
        assert!((found as f64 / 400.0 - predicted).abs() < 4.0 * error + 0.01, "{both}: {found} {predicted}");
    }
    Ok(())
}

#[test]
fn bands_are_chosen_for_a_recall() -> Result<(), Box<dyn std::error::Error>> {
    for threshold in [0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97, 1.0] {
        for recall in [0.5, 0.9, 0.99] {
            for values in [64, 100, 128, 256] {
                match Bands::choose(values, threshold, recall) {
                    Ok(bands) => {
                        assert!(
                            bands.probability(threshold) >= recall && bands.bands() * bands.rows() <= values
                        );
                        // One row more would miss too many.
                        let more = Bands::new(values / (bands.rows() + 1), bands.rows() + 1, values);
                        let more = more?;
                        assert!(bands.rows() == 32 || more.probability(threshold) < recall);
                    }
                    Err(error) => {
                        assert!(matches!(error, NearError::OutOfReach { .. }) && threshold < 0.1, "{error}");
                    }
                }
            }
        }
    }
    Ok(())
}

/// The default recall is out of reach of the lowest thresholds, and other bands are not.
#[test]
fn a_recall_that_is_given_decides() -> Result<(), Box<dyn std::error::Error>> {
    let options = NearOptions::new(0.03)?;
    assert_eq!(options.bands(), Bands::new(128, 1, 128)?);
    assert!(matches!(options.clone().recall(0.99), Err(NearError::OutOfReach { .. })));
    assert_eq!(options.clone().recall(0.5)?.bands(), Bands::choose(128, 0.03, 0.5)?);
    let more = Bands::choose(256, 0.03, 0.99)?;
    assert_eq!(options.with_bands(more).bands(), more);
    Ok(())
}

#[test]
fn what_cannot_be_is_an_error_that_says_so() -> Result<(), Box<dyn std::error::Error>> {
    let shingles = Shingler::new().shingle("One.");
    let message = |error: NearError| error.to_string();
    assert_eq!(
        MinHash::with_values(&shingles, 63).map_err(message),
        Err("expected 64 to 256 values in a MinHash sketch, found 63".to_owned())
    );
    assert!(MinHash::with_values(&shingles, 257).is_err() && MinHash::with_values(&shingles, 256).is_ok());
    let (a, b) = (MinHash::new(&shingles), MinHash::with_values(&shingles, 64)?);
    assert_eq!((a.similarity(&b), a.similarity(&a)), (None, Some(1.0)));
    for threshold in [0.0, -1.0, 1.01, f64::NAN, f64::INFINITY] {
        assert!(matches!(NearOptions::new(threshold), Err(NearError::Threshold { .. })), "{threshold}");
        let within = NearOptions::new(0.8).and_then(|criteria| criteria.containment(threshold));
        assert!(matches!(within, Err(NearError::Threshold { .. })), "{threshold}");
    }
    for recall in [0.0, 1.0, f64::NAN] {
        let criteria = NearOptions::new(0.8).and_then(|criteria| criteria.recall(recall));
        assert!(matches!(criteria, Err(NearError::Recall { .. })), "{recall}");
    }
    assert!(matches!(Bands::new(64, 3, 128), Err(NearError::Bands { .. })));
    assert!(matches!(Bands::new(usize::MAX, 3, 128), Err(NearError::Bands { .. })));
    assert!(matches!(Bands::new(0, 3, 128), Err(NearError::Bands { .. })));
    Ok(())
}
