//! Counts the steps of cleaning, which are proportional to the length of the text, and compares
//! cleaning with all decisions to cleaning with those that are needed.

use proptest::prelude::*;
use refrain_testkit::adversarial::ADVERSARIES;
use refrain_testkit::cases;

use super::*;
use crate::edits::BlockDecision;
use crate::normalize::Normalization;
use crate::work;

fn policies() -> [Policy; 5] {
    [
        Policy::drop_all(),
        Policy::default(),
        Policy::scraper(),
        Policy::transcript(),
        Policy::pdf().similar(0.5),
    ]
}

/// The size of a text, and the number of steps that it took.
struct Work {
    bytes: usize,
    segments: usize,
    /// The rounds of finding and deciding: one more than those that removed something.
    rounds: u64,
    steps: u64,
}

impl Work {
    /// Counts the steps of reading a document and cleaning its text.
    fn of<'t>(cleaner: &Cleaner, read: impl FnOnce() -> Document<'t>) -> Self {
        let mut work = Self { bytes: 0, segments: 0, rounds: 1, steps: 0 };
        work.steps = work::of(|| {
            let doc = read();
            let round = |decision: &BlockDecision| decision.round() as u64 + u64::from(decision.is_removed());
            let rounds = cleaner.edits_of(&doc).decisions().iter().map(round).max();
            (work.bytes, work.segments) = (doc.text().len(), doc.len());
            work.rounds = rounds.unwrap_or(1);
        });
        work
    }

    /// Returns whether the steps of a round exceed 260 for each byte and 2,200 for each segment.
    fn is_slow(&self) -> bool {
        self.steps > self.rounds * (260 * self.bytes as u64 + 2_200 * self.segments as u64)
    }

    /// Returns whether this work, of ten times the text, takes more than 13 times the steps of
    /// `few`, in as many rounds.
    fn grows_faster_than(&self, few: &Self) -> bool {
        self.steps * few.rounds > (13 * few.steps + 1_000) * self.rounds.max(few.rounds)
    }
}

/// Checks a kind of work at two sizes, and at a third one if the second takes too many steps for
/// the first: a small text may be below a threshold from which more of it is read.
fn check(wrong: &mut Vec<String>, name: String, work: impl Fn(usize) -> Work) {
    let (mut few, mut many) = (work(2_000), work(20_000));
    if many.grows_faster_than(&few) {
        (few, many) = (many, work(200_000));
    }
    if few.is_slow() || many.is_slow() || many.grows_faster_than(&few) {
        wrong.push(format!("{name}: {}, then {} steps in {} rounds", few.steps, many.steps, many.rounds));
    }
}

/// Every loop that could take more steps than its input is long counts its steps: see `work`. The
/// short version reads each input with one of the segmentations.
#[test]
fn ten_times_the_input_takes_ten_times_the_steps() {
    let by = [
        Segmentation::Auto,
        Segmentation::Paragraphs,
        #[cfg(feature = "uax29")]
        Segmentation::Sentences,
        #[cfg(feature = "uax29")]
        Segmentation::Words,
    ];
    let mut wrong = Vec::new();
    for (i, adversary) in ADVERSARIES.iter().enumerate() {
        for policy in policies() {
            for by in some(&by, i) {
                let options = Options::new().segmentation(by);
                let cleaner = Cleaner::new().policy(policy);
                check(&mut wrong, format!("{}, {policy}, {by:?}", adversary.name), |n| {
                    let text = (adversary.text)(n);
                    let lines = policy == Policy::drop_all() && by == Segmentation::Auto;
                    assert!(!lines || cleaner.clean(&text) == (adversary.clean)(&text), "{}", adversary.name);
                    Work::of(&cleaner, || Document::with_options(&text, &options))
                });
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns all `items`, or only one, which depends on `number`, in the short version.
fn some<T: Copy>(items: &[T], number: usize) -> impl Iterator<Item = T> {
    items.iter().skip(cases(number % items.len(), 0)).take(cases(1, items.len())).copied()
}

#[test]
fn spans_and_forms_take_as_many_steps_as_anything() -> Result<(), Box<dyn std::error::Error>> {
    let form = "text+canonical+diacritics+punctuation+digits".parse::<Normalization>()?;
    let options = Options::new().normalization(form);
    let mut wrong = Vec::new();
    for (i, adversary) in ADVERSARIES.iter().enumerate() {
        for policy in some(&policies(), i) {
            let cleaner = Cleaner::new().policy(policy);
            check(&mut wrong, format!("{}, {policy}", adversary.name), |n| {
                let text = (adversary.text)(n);
                let doc = Document::with_options(&text, &options);
                let spans: Vec<_> = doc.segments().map(|segment| segment.span()).collect();
                Work::of(&cleaner, || match Document::from_spans(&text, &spans, &options) {
                    Ok(given) => given,
                    Err(error) => panic!("spans are in order: {error}"),
                })
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

/// Alignment, tandem repeats and cuts are public, so their steps are counted separately.
#[test]
fn finding_and_cutting_take_ten_times_the_steps() {
    for adversary in &ADVERSARIES {
        let work = |n| {
            let text = (adversary.text)(n);
            let doc = Document::new(&text);
            let spans: Vec<Span> = doc.segments().map(|segment| segment.span()).step_by(2).collect();
            let chars: Vec<Span> =
                text.char_indices().map(|(at, c)| Span::new(at, at + c.len_utf8())).step_by(3).collect();
            [
                work::of(|| drop(doc.repeats())),
                work::of(|| drop(doc.repeats().tandems())),
                work::of(|| drop(doc.repeats().blocks())),
                work::of(|| drop(crate::edits::cut(&text, &spans))),
                work::of(|| drop(crate::edits::cut(&text, &chars))),
            ]
        };
        let (few, many) = (work(2_000), work(20_000));
        let is_linear = few.iter().zip(&many).all(|(few, many)| *many <= 13 * few + 1_000);
        assert!(is_linear, "{}: {few:?}, then {many:?}", adversary.name);
    }
}

#[test]
fn a_document_without_repeats_takes_one_look_at_every_id() {
    let text: String = (0..1_000).map(|i| format!("line {i}\n")).collect();
    let doc = Document::with_options(&text, &Options::new().normalization(Normalization::RAW));
    assert_eq!(work::of(|| drop(doc.repeats())), 1_000);
}

/// The ends of a line are beginnings of the next one at each of its letters, or at each but for an
/// accent.
#[test]
fn overlaps_are_searched_in_linear_time() {
    let texts: [fn(usize) -> String; 6] = [
        // Cues that roll up, and two cues of many lines.
        |n| {
            let cue = |i: usize| format!("0:{:02}\nline {i}\nline {}\nline {}\n\n", i % 60, i + 1, i + 2);
            (0..n / 30).map(cue).collect()
        },
        |n| format!("0:01\n{0}\n0:02\n{0}b\n", "a\n".repeat(n)),
        // A copy of overlapping lines that is removed as one run.
        |n| {
            let lines = (0..n / 100).map(|i| {
                let words =
                    |from: usize| (from..from + 5).map(|word| format!("word{word} ")).collect::<String>();
                format!("{}{}{}\n", words(15 * i), words(15 * i + 5), words(15 * i + 10))
            });
            let lines: String = lines.collect();
            let chunks: String = lines
                .lines()
                .zip(lines.lines().skip(1))
                .map(|(a, b)| format!("{} {b}\n", &a[a.len() / 2..]))
                .collect();
            format!("{chunks}A line.\n{chunks}")
        },
        |n| format!("{0}\n{0}c", "ab".repeat(n)),
        |n| format!("{0}\n{0}", "abab abab abab abab abab ".repeat(n / 10)),
        |n| {
            format!(
                "{}\n{} end",
                "a b c d e f g h i j k l ".repeat(n / 10),
                "\u{E1} b c d e f g h i j k l ".repeat(n / 10)
            )
        },
    ];
    for (number, text) in texts.into_iter().enumerate() {
        let steps = |n: usize| {
            let text = text(n);
            let options = Options::new().skip_leading(Leading::NONE.times());
            let cleaner = Cleaner::new().options(options).policy(Policy::default().with(Rule::Overlap));
            work::of(|| drop(cleaner.edits(&text)))
        };
        // Long lines are searched for loops without a quick test.
        let (few, many) = (steps(20_000), steps(200_000));
        assert!(many <= 13 * few, "text {number}: {few}, then {many}");
    }
}

/// Lines of many weights, some of which are repeated in place or elsewhere.
fn pages() -> impl Strategy<Value = String> {
    let line =
        |number: usize| format!("{} {}.\n", ["ab", "cde", "f"][number % 3].repeat(1 + number % 19), number);
    let part = (0_usize..90, 1_usize..5, 1_usize..5);
    prop::collection::vec(part, 1..24).prop_map(move |parts| {
        let part = |(first, lines, times): (usize, usize, usize)| {
            (first..first + lines).map(line).collect::<String>().repeat(if times < 4 {
                1
            } else {
                2 + first % 3
            })
        };
        parts.into_iter().map(part).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// With a rule of the caller, no block is too light for a decision.
    #[test]
    fn nothing_is_removed_from_what_is_too_light(text in pages()) {
        for policy in policies().into_iter().chain([Policy::pdf()]) {
            let cleaner = Cleaner::new().policy(policy);
            let with_all = cleaner.clone().rule("none", |_| None);
            let removals = |cleaner: &Cleaner| {
                let edits = cleaner.edits(&text);
                edits.iter().map(|removal| (removal.span(), removal.reason().to_owned())).collect::<Vec<_>>()
            };
            prop_assert_eq!(removals(&cleaner), removals(&with_all), "{}", policy);
        }
    }
}
