//! Allocations, bytes of memory, and what a page costs beside its fingerprints.

use super::*;

/// How often a document asks for memory when it is read, searched and cleaned in a workspace that
/// has seen a few like it.
pub(crate) fn allocations() -> Vec<(String, u64)> {
    let english = SCRIPTS.iter().find(|script| script.name == "english");
    let page = english.map(|script| prose(script, 1_000)).unwrap_or_default();
    let pages = [
        ("a page in which nothing repeats", page.clone()),
        ("a page, doubled", page.repeat(2)),
        ("the article", ARTICLE.to_owned()),
        ("ten thousand random lines of two", (ADVERSARIES[4].text)(10_000)),
    ];
    let mut rows = Vec::new();
    for (name, page) in pages {
        let mut workspace = Workspace::new();
        let mut round = || {
            let doc = workspace.read(&page, &Options::new());
            let repeats = workspace.repeats(&doc);
            black_box(repeats.families().len());
            workspace.recycle_repeats(repeats);
            workspace.recycle(doc);
        };
        (0..8).for_each(|_| round());
        let count = allocation_counter::measure(round).count_total;
        rows.push((format!("allocations, reading and finding, {name}"), count));
    }
    let long = pages::prose(1).concat();
    for (name, page) in [("a page in which nothing repeats", page), ("prose with long lines", long)] {
        let mut workspace = Workspace::new();
        let cleaner = Cleaner::new();
        let mut round = || drop(black_box(cleaner.edits_with(&page, &mut workspace)));
        (0..8).for_each(|_| round());
        let count = allocation_counter::measure(round).count_total;
        rows.push((format!("allocations, cleaning, {name}"), count));
    }
    rows
}

/// The most memory that cleaning takes at a time, in bytes for each line, beside the text. The bound
/// is that of the documentation of the crate: 40 for each segment, and 950 for each repeated one.
pub(crate) fn memory(is_wanted: &dyn Fn(&str) -> bool, test: bool) {
    let lines = if test { 10_000 } else { 1_000_000 };
    for adversary in ADVERSARIES.iter() {
        let text = (adversary.text)(lines);
        let count = text.lines().filter(|line| !line.is_empty()).count();
        for (name, policy) in [("default", Policy::default()), ("drop_all", Policy::drop_all())] {
            let name = format!("peak bytes a line, {}, {name}", adversary.name);
            if count < lines / 2 || !is_wanted(&name) {
                continue;
            }
            let cleaner = Cleaner::new().policy(policy);
            let peak = allocation_counter::measure(|| drop(black_box(cleaner.edits(&text)))).bytes_max;
            if !test {
                report(&name, peak as f64 / count as f64, 990.0, false);
            }
        }
    }
}

/// Measures the cost of a document in addition to the fingerprints of its lines: segmentation, ids,
/// and their memory.
pub(crate) fn overhead() {
    let english = SCRIPTS.iter().find(|script| script.name == "english");
    for bytes in [1_000, 10_000, 100_000] {
        let page = english.map(|script| prose(script, bytes)).unwrap_or_default();
        let mut hash = ours(paragraphs(&page), Normalization::TEXT);
        let mut new = || Document::new(black_box(&page)).len() as u128;
        let mut workspace = Workspace::new();
        let mut reused = || {
            let doc = workspace.read(black_box(&page), &Options::new());
            let len = doc.len();
            workspace.recycle(doc);
            len as u128
        };
        let repeat = 2_000_000 / bytes;
        let nanoseconds = |work: &mut dyn FnMut() -> u128| {
            let mut times: Vec<f64> = (0..ROUNDS)
                .map(|_| {
                    time(Clock::Processor, &mut || (0..repeat).fold(0, |sum, _| sum ^ work())) * 1e9
                        / repeat as f64
                })
                .collect();
            times.sort_by(f64::total_cmp);
            times[ROUNDS / 2]
        };
        let (hash, new, reused) = (nanoseconds(&mut hash), nanoseconds(&mut new), nanoseconds(&mut reused));
        println!(
            "overhead of a document of {} bytes in {} lines: {:.0} of {new:.0} ns ({:.0} %); in a workspace {:.0} of \
             {reused:.0} ns ({:.0} %)",
            page.len(),
            page.lines().count(),
            new - hash,
            (new - hash) / new * 100.0,
            reused - hash,
            (reused - hash) / reused * 100.0,
        );
    }
}
