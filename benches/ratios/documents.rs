//! Rows on reading and cleaning documents.

use super::*;

/// Reading beside splitting and hashing, and cleaning beside reading: on pages, and on prose in
/// which nothing repeats.
pub(crate) fn cleaning() -> Vec<Row> {
    let pages = pages::generated(BYTES / 5_000);
    let statistics = pages::Statistics::of(&pages);
    assert!(
        (4_500.0..6_000.0).contains(&statistics.page)
            && (42.0..50.0).contains(&statistics.line)
            && (0.01..0.02).contains(&statistics.long)
            && (0.15..0.18).contains(&statistics.repeats),
        "{statistics:?}"
    );
    let prose = pages::prose(BYTES / 10_000);
    let statistics = pages::Statistics::of(&prose);
    let is_long = (210.0..228.0).contains(&statistics.line) && (0.22..0.26).contains(&statistics.long);
    assert!(is_long && statistics.repeats == 0.0, "{statistics:?}");

    let mut rows = vec![
        reading("pages", &pages, 0.44),
        reading("prose with long lines", &prose, 0.51),
        edits("pages", &pages, 0.6, |text, clean| kinds(text) == kinds(clean)),
        edits("prose with long lines", &prose, 0.7, |text, clean| text == clean),
    ];
    match pages::site_pages() {
        Ok(pages) => {
            rows.push(reading("site_pages", &pages, 0.38));
            rows.push(edits("site_pages", &pages, 0.6, |text, clean| clean.len() <= text.len()));
        }
        Err(error) => println!("skipped: rows on site_pages ({error})"),
    }
    match pages::english() {
        Ok(documents) => {
            rows.push(reading("en.txt", &documents, 0.58));
            rows.push(edits("en.txt", &documents, 0.7, |text, clean| clean.len() <= text.len()));
        }
        Err(error) => println!("skipped: rows on en.txt ({error})"),
    }
    rows
}

pub(crate) fn reading(name: &str, pages: &[String], bar: f64) -> Row {
    for page in pages {
        let document = Document::new(page);
        let lines = page.lines().filter(|line| line.contains(char::is_alphanumeric)).count();
        assert!((lines..=page.len()).contains(&document.len()), "{name}: lines");
    }
    let hash = pages.to_vec();
    Row {
        name: format!("reading, {name} / lines + xxh3_128"),
        bar,
        at_least: true,
        ours: read(pages.to_vec()),
        theirs: Box::new(move || {
            let lines = hash.iter().flat_map(|page| black_box(page).lines());
            let lines = lines.map(str::trim).filter(|line| !line.is_empty());
            lines.fold(0, |sum: u128, line| sum.wrapping_mul(3) ^ xxh3_128(line.as_bytes()))
        }),
        same: false,
        clock: Clock::Processor,
    }
}

/// Returns rows on the cost of options and policies, as times of reading and cleaning without them.
pub(crate) fn options() -> Vec<Row> {
    let pages = pages::generated(BYTES / 5_000);
    let row = |name: &str, bar: f64, ours: Box<dyn FnMut() -> u128>, theirs: Box<dyn FnMut() -> u128>| Row {
        name: format!("time, {name}"),
        bar,
        at_least: false,
        ours,
        theirs,
        same: false,
        clock: Clock::Processor,
    };
    let leading = Leading::NONE.times().counters().bullets().quotes();
    let text = Normalization::TEXT;
    let mut rows: Vec<Row> = [
        ("skip_leading", 1.5, Options::new().skip_leading(leading)),
        ("fold_arabic", 1.5, Options::new().normalization(text.fold_arabic())),
        ("decode_references", 1.5, Options::new().normalization(text.decode_references())),
        ("strip_diacritics", 1.5, Options::new().normalization(text.strip_diacritics())),
    ]
    .into_iter()
    .map(|(name, bar, options)| {
        let name = format!("reading with {name} / reading, pages");
        row(&name, bar, read_with(pages.clone(), options), read(pages.clone()))
    })
    .collect();
    for (policy, bar) in
        [(Policy::transcript(), 8.0), (Policy::pdf(), 1.5), (Policy::default().similar(0.8), 5.0)]
    {
        let cleaner = Cleaner::new().policy(policy);
        let name = format!("edits, {policy} / edits, default, pages");
        rows.push(row(&name, bar, edited(cleaner, pages.clone()), edited(Cleaner::new(), pages.clone())));
    }
    rows
}

/// The number of removals from each page.
fn edited(cleaner: Cleaner, pages: Vec<String>) -> Box<dyn FnMut() -> u128> {
    let mut workspace = Workspace::new();
    Box::new(move || {
        let edits =
            pages.iter().map(|page| cleaner.edits_with(black_box(page), &mut workspace).len() as u128);
        edits.sum()
    })
}

pub(crate) fn read(pages: Vec<String>) -> Box<dyn FnMut() -> u128> {
    read_with(pages, Options::new())
}

/// The number of lines of each page.
fn read_with(pages: Vec<String>, options: Options) -> Box<dyn FnMut() -> u128> {
    let mut workspace = Workspace::new();
    Box::new(move || {
        let mut lines = 0;
        for page in &pages {
            let document = workspace.read(black_box(page), &options);
            lines += document.len() as u128;
            workspace.recycle(document);
        }
        lines
    })
}

/// The different lines of a text.
pub(crate) fn kinds(text: &str) -> HashSet<&str> {
    text.lines().collect()
}

/// Cleaning with a workspace beside reading. `is_right` compares a text with what is left of it.
pub(crate) fn edits(name: &str, pages: &[String], bar: f64, is_right: fn(&str, &str) -> bool) -> Row {
    let cleaner = Cleaner::new();
    let mut workspace = Workspace::new();
    for page in pages {
        let edits = cleaner.edits_with(page, &mut workspace);
        assert!(edits == cleaner.edits(page) && edits.is_fixed_point(), "{name}: edits");
        let clean = edits.apply();
        assert!(is_right(page, &clean) && cleaner.clean(&clean) == clean, "{name}: what is left");
    }
    Row {
        name: format!("edits, {name} / reading"),
        bar,
        at_least: true,
        ours: edited(cleaner, pages.to_vec()),
        theirs: read(pages.to_vec()),
        same: false,
        clock: Clock::Processor,
    }
}

/// A crawl of pages on two threads, and on one.
#[cfg(feature = "rayon")]
pub(crate) fn two_threads(text: &str) -> Row {
    let lines: Vec<&str> = text.lines().collect();
    let pages: Vec<String> = lines.chunks(8).map(|lines| lines.join("\n").repeat(2)).collect();
    let on = |threads: usize| -> Box<dyn FnMut() -> u128> {
        let pages = pages.clone();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        Box::new(move || {
            let work = || Cleaner::new().par_clean(&pages).iter().map(|page| page.len() as u128).sum();
            pool.as_ref().map_or(0, |pool| pool.install(work))
        })
    };
    Row {
        name: "pages a second, two threads / one thread".into(),
        bar: 1.7,
        at_least: true,
        ours: on(2),
        theirs: on(1),
        same: true,
        clock: Clock::Wall,
    }
}
