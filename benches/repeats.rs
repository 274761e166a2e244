//! What finding and cleaning cost on top of reading, and whether the cost grows as the text does.
//!
//! Every bench asserts its answer before it times anything.

mod common;

use std::hint::black_box;

use common::{ARTICLE, SCRIPTS, criterion, prose, sizes, up_to_the_largest};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use refrain::{Cleaner, Document, Policy};
use refrain_testkit::adversarial::ADVERSARIES;

/// A document in which nothing repeats, one whose every third line does, and one that is doubled.
fn repeats(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("repeats");
    let doc = Document::new(ARTICLE);
    assert_eq!(doc.repeats().families().len(), 1);
    group.throughput(Throughput::Bytes(ARTICLE.len() as u64));
    group.bench_function(BenchmarkId::new("article", "6.5kB"), |b| {
        b.iter(|| black_box(&doc).repeats().is_empty())
    });
    for &(size, bytes) in sizes() {
        let unique = prose(&SCRIPTS[0], bytes);
        let refrain = unique
            .lines()
            .enumerate()
            .map(|(i, line)| if i % 3 == 2 { "The refrain.\n".into() } else { format!("{line}\n") });
        let lines = unique.lines().count();
        let cases = [
            ("none", unique.clone(), 0),
            ("refrain", refrain.collect(), usize::from(lines >= 6)),
            ("doubled", unique.repeat(2), 1),
        ];
        for (name, text, families) in cases {
            let doc = Document::new(&text);
            assert_eq!(doc.repeats().families().len(), families, "{name} {size}");
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(name, size), |b| {
                b.iter(|| black_box(&doc).repeats().is_empty())
            });
        }
    }
}

fn clean(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("clean");
    assert_eq!(refrain::clean(ARTICLE), include_str!("../tests/fixtures/article.clean.txt"));
    group.throughput(Throughput::Bytes(ARTICLE.len() as u64));
    group.bench_function(BenchmarkId::new("article", "6.5kB"), |b| {
        b.iter(|| refrain::clean(black_box(ARTICLE)).len())
    });
    for script in &SCRIPTS {
        for &(size, bytes) in sizes() {
            let once = prose(script, bytes / 2);
            let text = once.repeat(2);
            assert_eq!(refrain::clean(&text), once);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(script.name, size), |b| {
                b.iter(|| refrain::clean(black_box(&text)).len())
            });
        }
    }
}

/// Ten and a hundred times the input: the throughput in bytes a second should stay what it is.
fn scaling(criterion: &mut Criterion) {
    let cleaner = Cleaner::new().policy(Policy::drop_all());
    for adversary in &ADVERSARIES {
        let mut group = criterion.benchmark_group(format!("scaling/{}", adversary.name));
        for &n in up_to_the_largest(&[10_000, 100_000, 1_000_000]) {
            let text = (adversary.text)(n);
            assert!(cleaner.clean(&text) == (adversary.clean)(&text), "{} {n}", adversary.name);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::from_parameter(n), |b| {
                b.iter(|| cleaner.clean(black_box(&text)).len())
            });
        }
    }
}

criterion_group! {
    name = blocks;
    config = criterion();
    targets = repeats, clean, scaling
}
criterion_main!(blocks);
