//! The hashing hot path: how fast is text cut, brought into canonical form, and fingerprinted?
//!
//! Every bench asserts its answer before it times anything.

mod common;

use std::hint::black_box;

use common::{ARTICLE, SCRIPTS, criterion, prose, sizes};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use refrain::{Document, Fingerprint, Fingerprinter, Normalization, Options, Segmentation, Span};

/// The article and every script at every size, each under its name.
fn on_every_text(
    criterion: &mut Criterion,
    group: &str,
    bench: impl Fn(&mut BenchmarkGroup<'_, WallTime>, BenchmarkId, &str),
) {
    let mut group = criterion.benchmark_group(group);
    let mut run = |id: BenchmarkId, text: &str| {
        group.throughput(Throughput::Bytes(text.len() as u64));
        bench(&mut group, id, text);
    };
    run(BenchmarkId::new("article", "6.5kB"), ARTICLE);
    for script in &SCRIPTS {
        for &(name, bytes) in sizes() {
            run(BenchmarkId::new(script.name, name), &prose(script, bytes));
        }
    }
}

fn spans(text: &str, by: Segmentation) -> Vec<Span> {
    let raw = Options::new().segmentation(by).normalization(Normalization::RAW);
    Document::with_options(text, &raw).segments().map(|segment| segment.span()).collect()
}

/// Cutting, and the hash of the raw text: no form is made.
fn segmentation(criterion: &mut Criterion) {
    let by = [
        ("lines, raw", Segmentation::Lines),
        ("paragraphs, raw", Segmentation::Paragraphs),
        #[cfg(feature = "uax29")]
        ("sentences, raw", Segmentation::Sentences),
        #[cfg(feature = "uax29")]
        ("words, raw", Segmentation::Words),
    ];
    for (name, by) in by {
        on_every_text(criterion, name, |group, id, text| {
            let (count, lines) = (spans(text, by).len(), text.lines().count());
            match by {
                Segmentation::Lines => assert_eq!(count, lines),
                Segmentation::Paragraphs => assert_eq!(count, 1),
                _ => assert!(count > lines),
            }
            let options = Options::new().segmentation(by).normalization(Normalization::RAW);
            group.bench_function(id, |b| b.iter(|| Document::with_options(black_box(text), &options).len()));
        });
    }
}

fn canonical_form(criterion: &mut Criterion) {
    on_every_text(criterion, "canonical form", |group, id, text| {
        let form = Normalization::TEXT;
        let once = form.canonical(text);
        assert_eq!(form.canonical(&once), once);
        group.bench_function(id, |b| b.iter(|| form.canonical(black_box(text)).len()));
    });
}

fn fingerprints(criterion: &mut Criterion) {
    for form in [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT] {
        on_every_text(criterion, &format!("fingerprint of every line, {form}"), |group, id, text| {
            let lines: Vec<&str> =
                spans(text, Segmentation::Lines).into_iter().map(|span| &text[span]).collect();
            let mut prints = Fingerprinter::new().normalization(form);
            let first =
                Fingerprinter::new().normalization(Normalization::RAW).fingerprint(&form.canonical(lines[0]));
            assert_eq!(prints.fingerprint(lines[0]), first);
            group.bench_function(id, |b| {
                b.iter(|| {
                    let mix = |mix, line: &&str| mix ^ prints.fingerprint(black_box(line)).to_u128();
                    Fingerprint::from_u128(lines.iter().fold(0, mix))
                });
            });
        });
    }
}

fn whole_document(criterion: &mut Criterion) {
    on_every_text(criterion, "whole document", |group, id, text| {
        assert_eq!(Document::new(text).len(), text.lines().count());
        group.bench_function(id, |b| b.iter(|| Document::new(black_box(text)).len()));
    });
}

criterion_group! {
    name = hashing;
    config = criterion();
    targets = segmentation, canonical_form, fingerprints, whole_document
}
criterion_main!(hashing);
