//! The table of the documentation, names, and each row of the table at its bounds.

use super::conditions::Pass;
use super::rules::{self, RULES};
use super::*;
use crate::document::Relation;
use crate::repeats::{Kinds, Layers};

/// Returns the table of `rules.md`, written from the rows.
fn table() -> String {
    let mut table =
        String::from("| rule | applies to | conditions | guards | kinds of text |\n|---|---|---|---|---|\n");
    for row in RULES {
        let pass = match row.pass {
            Pass::Tandem => "tandem repeats",
            Pass::Block => "blocks that are not tandem repeats",
            Pass::Any => "all blocks",
        };
        let list = |items: Vec<String>| items.join("; ");
        let conditions = list(row.conditions.iter().map(ToString::to_string).collect());
        let guards = list(row.guards.iter().map(ToString::to_string).collect());
        table.push_str(&format!("| `{}` | {pass} | {conditions} | {guards} | {} |\n", row.rule, row.texts));
    }
    table
}

#[test]
fn the_table_of_the_documentation_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/rules.md");
    if std::env::var_os("REFRAIN_BLESS").is_some() {
        std::fs::write(path, table()).expect("rules.md can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, table(), "run the test with REFRAIN_BLESS=1 to rewrite src/policy/rules.md");
}

#[test]
fn names_are_read_as_they_are_printed() {
    let policies = [
        Policy::default(),
        Policy::scraper(),
        Policy::keep_all(),
        Policy::drop_all(),
        Policy::scraper().without(Rule::Echo).without(Rule::Menu),
        Policy::keep_all().with(Rule::Loop),
        Policy::default().with(Rule::Box).without(Rule::Far),
        Policy::transcript().similar(0.8),
        Policy::pdf().with(Rule::Box).similar(1.0),
        Policy::drop_all().similar(0.0),
    ];
    for policy in policies {
        assert_eq!(policy.to_string().parse(), Ok(policy), "{policy}");
    }
    for rule in Rule::ALL {
        assert_eq!(rule.name().parse(), Ok(rule));
        assert_eq!(Policy::keep_all().with(rule).rules().collect::<Vec<_>>(), [rule]);
        assert!(!Policy::scraper().without(rule).contains(rule));
    }
    assert_eq!(Policy::default().with(Rule::Echo), Policy::default());
    assert_eq!("keep-all-echo".parse(), Ok(Policy::keep_all()));
}

#[test]
fn errors_name_the_names_that_there_are() {
    let error = |name: &str| name.parse::<Policy>().map_err(|error| error.to_string());
    assert!(
        error("cautious")
            .is_err_and(|error| error.starts_with("unknown policy `cautious`; expected `default`"))
    );
    assert!(
        error("scraper+menus")
            .is_err_and(|error| error.starts_with("unknown rule `menus`; expected one of: document, body"))
    );
    for text in ["default+similar=", "default+similar=0", "default+similar=1.5", "default+similar=nan"] {
        assert!(
            error(text).is_err_and(|error| error.starts_with("expected a number from 0.1 to 1")),
            "{text}"
        );
    }
    assert!(error("default-similar=0.8").is_err_and(|error| error.starts_with("unknown rule")));
    assert_eq!(Policy::default().similar(f64::NAN), Policy::default().similar(1.0));
    assert!(
        error("scraper+").is_err()
            && error("").is_err()
            && error("scraperx").is_err()
            && error("défaut").is_err()
    );
}

#[test]
fn hundredths_are_whole_numbers() {
    let holds = |part, whole| Measures::at_least(part, 30, whole);
    assert!(holds(30, 100) && holds(3, 10) && holds(300, 999));
    assert!(!holds(29, 100) && !holds(299, 1000) && !holds(0, 100));
    assert!(!holds(0, 0), "nothing is no part of nothing");
    assert!(holds(u64::MAX / 2, u64::MAX) && !holds(u64::MAX / 4, u64::MAX));
}

/// Evidence with fixed answers.
#[derive(Clone, Copy)]
struct Given {
    kinds: Kinds,
    relation: Relation,
    is_quoted: bool,
    is_labeled: bool,
    is_continued: bool,
}

impl Evidence for Given {
    fn kinds(&mut self) -> Kinds {
        self.kinds
    }

    fn headings(&mut self) -> (Relation, bool) {
        (self.relation, self.is_quoted)
    }

    fn is_labeled(&self) -> bool {
        self.is_labeled
    }

    fn is_continued(&self) -> bool {
        self.is_continued
    }
}

/// Returns a block of five lines of prose, twice in a text of weight `document` without other
/// repeats.
fn block(weight: u64, document: u64) -> (Measures, Given) {
    let measures = Measures {
        count: 2,
        segments: 5,
        max_segment_weight: 60,
        occurrences: 2,
        weight,
        copy_span: weight,
        original_span: weight,
        distance: weight,
        document,
        uniform: weight,
        copies: weight,
        repeated: weight,
        ..Measures::default()
    };
    let kinds = Kinds { prose: weight, ..Kinds::default() };
    let (relation, is_quoted, is_labeled, is_continued) = (Relation::None, false, false, false);
    (measures, Given { kinds, relation, is_quoted, is_labeled, is_continued })
}

fn decide(policy: Policy, block: (Measures, Given)) -> (bool, &'static str) {
    let (measures, mut evidence) = block;
    policy.decide(&measures, &mut evidence)
}

#[test]
fn a_share_decides() {
    let decide = |block| decide(Policy::default(), block);
    assert_eq!(decide(block(420, 1_000)), (true, "document"));
    assert_eq!(decide(block(419, 1_000)), (true, "body"));
    assert_eq!(decide(block(300, 1_000)), (true, "body"));
    assert_eq!(decide(block(250, 1_000)), (true, "body"), "if it occurs nowhere else");
    assert_eq!(decide(block(249, 1_000)), (false, "small share of the text"));
    let (mut three, evidence) = block(290, 1_000);
    three.occurrences = 3;
    assert_eq!(decide((three, evidence)), (false, "lines occur elsewhere too"));
}

/// A single line is kept, unless it is a paragraph that has other line breaks in the other place.
#[test]
fn a_paragraph_with_other_line_breaks_is_several_lines() {
    let of = |weight: u64, is_rewrapped| {
        let (measures, evidence) = block(weight, 1_000);
        decide(Policy::default(), (Measures { segments: 1, is_rewrapped, ..measures }, evidence))
    };
    assert_eq!(of(300, false), (false, "few lines"));
    assert_eq!(of(300, true), (true, "body"));
    assert_eq!(of(299, true), (false, "few lines"));
}

#[test]
fn guards_keep() {
    let decide = |block| decide(Policy::default(), block);
    let body = block(400, 1_000);
    let with = |change: fn(&mut Measures, &mut Given)| {
        let (mut measures, mut evidence) = body;
        change(&mut measures, &mut evidence);
        decide((measures, evidence))
    };
    assert_eq!(with(|_, _| {}), (true, "body"));
    assert_eq!(with(|_, evidence| evidence.relation = Relation::OneKind), (false, "parallel sections"));
    assert_eq!(with(|_, evidence| evidence.relation = Relation::Related), (false, "parallel sections"));
    let with_records = |records, record_weight| {
        let (measures, evidence) = body;
        decide((measures, Given { kinds: Kinds { records, record_weight, ..evidence.kinds }, ..evidence }))
    };
    assert_eq!(with_records(3, 134), (false, "records"));
    assert_eq!(with_records(3, 133), (true, "body"));
    assert_eq!(with_records(2, 400), (true, "body"));
    assert_eq!(with(|_, evidence| evidence.kinds.code = 160), (false, "code"));
    assert_eq!(with(|_, evidence| evidence.kinds.code = 159), (true, "body"));
    assert_eq!(with(|m, _| m.max_segment_weight = 44), (false, "verse"));
    assert_eq!(with(|m, _| m.max_segment_weight = 45), (true, "body"));
    let long_lines = |clauses, segments, max_segment_weight, occurrences| {
        let (measures, evidence) = body;
        let kinds = Kinds { clauses, ..evidence.kinds };
        let measures = Measures { segments, max_segment_weight, occurrences, ..measures };
        decide((measures, Given { kinds, ..evidence }))
    };
    let list = |numbers, segments| {
        let (measures, evidence) = body;
        let kinds = Kinds { numbers, ..evidence.kinds };
        decide((Measures { segments, max_segment_weight: 44, ..measures }, Given { kinds, ..evidence }))
    };
    assert_eq!(list(3, 15), (true, "body"));
    assert_eq!(list(3, 16), (false, "verse"));
    assert_eq!(list(2, 8), (false, "verse"));
    assert_eq!(long_lines(2, 6, 74, 3), (false, "verse"));
    assert_eq!(long_lines(2, 6, 75, 3), (true, "body"));
    assert_eq!(long_lines(2, 7, 74, 3), (true, "body"));
    assert_eq!(long_lines(1, 2, 74, 3), (true, "body"));
    assert_eq!(long_lines(2, 6, 74, 2), (true, "body"));
    assert_eq!(with(|_, evidence| evidence.kinds.prose = 59), (false, "little prose"));
    assert_eq!(with(|m, _| m.copy_span = 700), (false, "wide holes"));
    let (measures, evidence) = block(450, 1_000);
    let related = Given { relation: Relation::Related, ..evidence };
    let parallel = Given { relation: Relation::OneKind, ..evidence };
    assert_eq!(
        decide((measures, related)),
        (true, "document"),
        "related headings do not keep a whole document"
    );
    assert_eq!(decide((measures, parallel)), (false, "parallel sections"));
    let records = Kinds { records: 5, record_weight: 150, ..evidence.kinds };
    assert_eq!(decide((measures, Given { kinds: records, ..evidence })), (false, "records"));
    let ascending = Kinds { is_ascending: true, ..records };
    assert_eq!(decide((measures, Given { kinds: ascending, ..evidence })), (true, "document"));
}

#[test]
fn a_refrain_is_no_half_of_a_song() {
    let of = |weight, max_segment_weight, occurrences| {
        let (measures, evidence) = block(weight, 1_000);
        decide(Policy::default(), (Measures { max_segment_weight, occurrences, ..measures }, evidence))
    };
    assert_eq!(of(470, 44, 3), (true, "document"));
    assert_eq!(of(469, 44, 3), (false, "verse"));
    assert_eq!(of(469, 44, 2), (true, "document"));
    assert_eq!(of(469, 45, 3), (true, "document"));
    let covered = |copy_span, original_span| {
        let (measures, evidence) = block(475, 1_000);
        let measures = Measures { copy_span, original_span, ..measures };
        decide(Policy::default(), (Measures { max_segment_weight: 44, occurrences: 3, ..measures }, evidence))
    };
    assert_eq!(covered(500, 500), (true, "document"));
    assert_eq!(covered(501, 475), (false, "verse"));
    assert_eq!(covered(475, 501), (false, "verse"));
}

#[test]
fn a_tandem_repeat_needs_less() {
    let decide = |block| decide(Policy::default(), block);
    let tandem = |weight: u64, count: u32, occurrences: u32| {
        let (measures, evidence) = block(weight, 100_000);
        (Measures { is_tandem: true, is_adjacent: true, count, occurrences, ..measures }, evidence)
    };
    assert_eq!(decide(tandem(85, 2, 2)), (true, "echo"));
    assert!(!decide(tandem(84, 2, 2)).0);
    assert!(!decide(tandem(200, 2, 3)).0, "its lines occur elsewhere too");
    assert_eq!(decide(tandem(300, 2, 4)), (true, "echo"));
    let list = |share: u64, distance: u64, segments: u32, bare: u64| {
        let (measures, mut evidence) = block(200, 20_000 / share);
        (evidence.kinds.prose, evidence.kinds.bare) = (0, bare);
        decide((Measures { distance, segments, max_segment_weight: 20, ..measures }, evidence))
    };
    assert_eq!(list(25, 30, 16, 120), (true, "echo"));
    assert!(!list(24, 30, 16, 120).0 && !list(25, 32, 16, 120).0 && !list(25, 30, 15, 120).0);
    assert_eq!(list(25, 30, 16, 119), (false, "verse"));
    assert_eq!(decide(tandem(30, 4, 9)), (true, "loop"));
    assert!(!decide(tandem(29, 4, 9)).0);
    assert!(!decide(tandem(30, 3, 9)).0);
    assert_eq!(decide(tandem(8, 12, 12)), (true, "loop"));
    assert!(!decide(tandem(8, 11, 12)).0 && !decide(tandem(7, 12, 12)).0);
    assert!(!decide(block(200, 100_000)).0, "a block that is no tandem repeat");
}

/// A lead needs a label before it and prose after it, and a longer text only the label.
#[test]
fn a_copy_below_a_label_needs_less() {
    let of = |weight: u64, change: fn(&mut Measures, &mut Given)| {
        let (mut measures, mut evidence) = block(weight, 100_000);
        measures.distance = weight * 60 / 100;
        (evidence.is_labeled, evidence.is_continued) = (true, true);
        change(&mut measures, &mut evidence);
        decide(Policy::default(), (measures, evidence))
    };
    assert_eq!(of(100, |_, _| {}), (true, "lead"));
    assert_eq!(of(100, |_, evidence| evidence.relation = Relation::Related), (true, "lead"));
    assert_eq!(of(100, |_, evidence| evidence.relation = Relation::OneKind), (false, "parallel sections"));
    assert_eq!(of(100, |_, evidence| evidence.is_quoted = true), (false, "quotation"));
    assert!(!of(99, |_, _| {}).0);
    assert!(!of(100, |m, _| m.distance = 61).0);
    assert_eq!(of(100, |m, _| m.repeated = 250), (true, "lead"));
    assert!(!of(100, |m, _| m.repeated = 251).0);
    assert!(!of(100, |_, evidence| evidence.kinds.prose = 49).0);
    assert!(!of(100, |_, evidence| evidence.is_labeled = false).0);
    assert!(!of(100, |_, evidence| evidence.is_continued = false).0);
    let alone = |m: &mut Measures, evidence: &mut Given| {
        (m.distance, evidence.is_continued) = (m.weight / 4, false);
    };
    assert_eq!(of(252, alone), (true, "lead"));
    assert!(!of(248, alone).0);
    assert!(!of(252, |m, evidence| (m.distance, evidence.is_continued) = (66, false)).0);
    let among_others = |m: &mut Measures, evidence: &mut Given| {
        (m.distance, m.repeated, evidence.is_continued) = (0, 420, false);
    };
    assert_eq!(of(252, among_others), (true, "lead"));
    assert!(!of(251, among_others).0);
    let related = |m: &mut Measures, evidence: &mut Given| {
        (m.distance, evidence.is_continued, evidence.relation) = (0, false, Relation::Related);
    };
    assert_eq!(of(252, related), (false, "parallel sections"));
}

#[test]
fn the_scraper_policy_asks_more() {
    let of = |change: fn(&mut Measures, &mut Given)| {
        let (mut measures, mut evidence) = block(160, 100_000);
        change(&mut measures, &mut evidence);
        assert!(!decide(Policy::default(), (measures, evidence)).0);
        decide(Policy::scraper(), (measures, evidence))
    };
    assert_eq!(of(|m, _| m.distance = 24), (true, "near"));
    assert_eq!(of(|_, _| {}), (true, "lone"));
    assert_eq!(of(|_, evidence| evidence.kinds.items = 2), (true, "lone"));
    assert_eq!(of(|_, evidence| evidence.kinds.items = 3), (false, "list"));
    assert!(!of(|m, _| m.repeated = 200).0, "other text repeats more");
    let template = |m: &mut Measures, given: &mut Given| {
        m.occurrences = 4;
        (given.kinds.prose, given.kinds.bare) = (120, 40);
    };
    assert_eq!(of(template), (true, "template"));
    let menu = |m: &mut Measures, given: &mut Given| {
        m.max_segment_weight = 30;
        (given.kinds.prose, given.kinds.bare) = (0, 160);
    };
    assert_eq!(of(menu), (true, "menu"));
    let parallel = |m: &mut Measures, given: &mut Given| {
        m.max_segment_weight = 30;
        (given.kinds.prose, given.kinds.bare, given.relation) = (0, 160, Relation::Related);
    };
    assert_eq!(of(parallel), (false, "parallel sections"));
    // Three lists, and the weight between two of them.
    for (gap, occurrences, expected) in [
        (31, 3, (true, "menu")),
        (32, 3, (false, "parallel sections")),
        (640, 3, (false, "parallel sections")),
        (642, 3, (true, "menu")),
        (640, 2, (true, "menu")),
    ] {
        let (mut measures, mut evidence) = block(160, 100_000);
        menu(&mut measures, &mut evidence);
        (measures.gap, measures.occurrences) = (gap, occurrences);
        assert_eq!(decide(Policy::scraper(), (measures, evidence)), expected, "{gap} {occurrences}");
    }
    let in_a_row = |m: &mut Measures, _: &mut Given| {
        m.is_tandem = true;
        m.occurrences = 3;
    };
    assert_eq!(of(in_a_row), (true, "box"));
    assert_eq!(of(|m, _| (m.is_tandem, m.occurrences, m.max_segment_weight) = (true, 3, 45)), (true, "box"));
    assert_eq!(
        of(|m, _| (m.is_tandem, m.occurrences, m.max_segment_weight) = (true, 3, 44)),
        (false, "verse")
    );
}

/// The reason is that of the row with the most conditions that hold, and of the first such row.
#[test]
fn the_reason_to_keep_is_that_of_the_row_that_nearly_removes() {
    let of = |rules: &[Rule], change: fn(&mut Measures)| {
        let (mut measures, mut evidence) = block(160, 100_000);
        measures.distance = 0;
        change(&mut measures);
        evidence.kinds.prose = 0;
        decide(rules.iter().fold(Policy::keep_all(), |policy, rule| policy.with(*rule)), (measures, evidence))
    };
    let no_condition_holds = |m: &mut Measures| (m.is_tandem, m.weight, m.occurrences) = (true, 10, 5);
    assert_eq!(of(&[Rule::Box], no_condition_holds), (false, "short"));
    assert_eq!(of(&[Rule::Box], |_| {}), (false, "no rule"), "the rule asks about tandem repeats");
    assert_eq!(of(&[Rule::Near, Rule::Menu], |_| {}), (false, "little prose"));
    assert_eq!(of(&[Rule::Near, Rule::Menu], |m| m.distance = 1_000), (false, "sentences"));
    let is_rare = |m: &mut Measures| (m.occurrences, m.repeated) = (3, 250);
    assert_eq!(of(&[Rule::Template], is_rare), (false, "other text repeats more"));
    assert_eq!(of(&[Rule::Template, Rule::Menu], is_rare), (false, "sentences"));
}

#[test]
fn the_reason_to_keep_is_the_first_guard() {
    let (mut measures, evidence) = block(160, 100_000);
    (measures.distance, measures.count, measures.occurrences) = (0, 3, 3);
    let kinds = Kinds { code: 80, bare: 20, ..evidence.kinds };
    let evidence = Given { kinds, relation: Relation::Related, ..evidence };
    let of = |policy: Policy| decide(policy, (measures, evidence));
    assert_eq!(of(Policy::keep_all().with(Rule::Template)), (false, "code"));
    assert_eq!(of(Policy::keep_all().with(Rule::Near)), (false, "parallel sections"));
    assert_eq!(of(Policy::keep_all().with(Rule::Template).with(Rule::Near)), (false, "parallel sections"));
}

#[test]
fn units_that_are_doubled_in_place_are_a_second_layer() {
    // Three units of two segments, or four headings, which are all repetition of the text.
    let units = Layers {
        runs: 3,
        segments: 6,
        pages: 0,
        page_segments: 0,
        shortest: 0,
        longest: 0,
        continued: 0,
        max_segment_weight: 60,
        weight: 180,
        copies: 180,
        data: 0,
        span: 480,
        span_with_data: 1_000_000,
        repeated: 180,
    };
    let headings = Layers { runs: 4, segments: 4, max_segment_weight: 80, weight: 100, copies: 100, ..units };
    let of = |policy: Policy, layers: Layers, change: fn(&mut Layers)| {
        let mut layers = layers;
        change(&mut layers);
        policy.double_layer(&layers)
    };
    let (of_units, pdf) = (|change| of(Policy::default(), units, change), Policy::pdf());
    assert_eq!(of_units(|_| {}), Some(Rule::Layers));
    assert_eq!(of_units(|layers| layers.runs = 2), None, "they are three quarters of the span");
    assert_eq!(of_units(|layers| layers.weight = 179), None);
    assert_eq!(of_units(|layers| layers.repeated = 225), Some(Rule::Layers));
    assert_eq!(of_units(|layers| layers.repeated = 226), None);
    assert_eq!(of_units(|layers| layers.max_segment_weight = 45), Some(Rule::Layers));
    assert_eq!(of_units(|layers| layers.max_segment_weight = 44), None);
    assert_eq!(of(pdf, units, |layers| layers.max_segment_weight = 44), Some(Rule::Overlay));

    let stretch = Layers { runs: 2, weight: 150, copies: 150, span: 352, repeated: 250, ..units };
    let of_stretch = |change| of(Policy::default(), stretch, change);
    assert_eq!(of_stretch(|_| {}), Some(Rule::Layers));
    assert_eq!(of_stretch(|layers| layers.span = 353), None);
    let with_data = |layers: &mut Layers| {
        (layers.span, layers.data, layers.span_with_data) = (1_000, 100, 470);
    };
    assert_eq!(of_stretch(with_data), Some(Rule::Layers));
    assert_eq!(
        of_stretch(|layers| {
            (layers.span, layers.data, layers.span_with_data) = (1_000, 100, 471);
        }),
        None
    );
    assert_eq!(of_stretch(|layers| layers.repeated = 251), None);
    assert_eq!(of_stretch(|layers| layers.segments = 5), None);
    assert_eq!(of_stretch(|layers| (layers.weight, layers.copies) = (149, 151)), None);
    assert_eq!(of_stretch(|layers| layers.max_segment_weight = 44), None);
    assert_eq!(of(pdf, stretch, |layers| layers.max_segment_weight = 44), Some(Rule::Overlay));

    // Captions that roll up, each line three times.
    let captions = Layers { runs: 30, segments: 30, continued: 15, max_segment_weight: 44, ..units };
    let captions = Layers { weight: 900, copies: 1800, span: 2700, repeated: 1894, ..captions };
    let of_captions = |change| of(Policy::default(), captions, change);
    assert_eq!(of_captions(|_| {}), Some(Rule::Layers));
    assert_eq!(of_captions(|layers| layers.segments = 29), None);
    assert_eq!(of_captions(|layers| layers.continued = 14), None, "a song");
    assert_eq!(of_captions(|layers| layers.repeated = 1895), None);

    // Three pages of a PDF file, or three lists.
    let pages = Layers { runs: 3, pages: 3, page_segments: 30, shortest: 9, longest: 11, ..captions };
    let pages = Layers { continued: 0, copies: 900, span: 2117, repeated: 947, ..pages };
    let are_pages = |change: fn(&mut Layers)| {
        let mut layers = pages;
        change(&mut layers);
        Policy::are_doubled_pages(&layers)
    };
    assert!(are_pages(|_| {}));
    assert!(!are_pages(|layers| (layers.pages, layers.page_segments) = (2, 20)));
    assert!(are_pages(|layers| layers.pages = 6));
    assert!(!are_pages(|layers| layers.pages = 7), "stanzas");
    assert!(!are_pages(|layers| layers.segments = 29));
    assert!(!are_pages(|layers| layers.shortest = 11), "stanzas");
    assert!(!are_pages(|layers| layers.span = 2118));
    assert!(!are_pages(|layers| layers.repeated = 948));
    assert!(!are_pages(|layers| (layers.weight, layers.copies, layers.span) = (149, 900, 1049)));

    let of_headings = |change| of(pdf, Layers { repeated: 125, ..headings }, change);
    assert_eq!(of_headings(|_| {}), Some(Rule::Headings));
    assert_eq!(of_headings(|layers| layers.runs = 3), None);
    assert_eq!(of_headings(|layers| layers.max_segment_weight = 81), None);
    assert_eq!(of_headings(|layers| layers.repeated = 126), None);
    assert_eq!(of(Policy::scraper(), Layers { repeated: 125, ..headings }, |_| {}), None);
}

#[test]
fn units_that_are_too_few_and_too_light_are_no_layer() {
    let (default, pdf) = (Policy::default(), Policy::pdf());
    assert!(!default.may_be_double_layer(9, 149) && default.may_be_double_layer(2, 150));
    assert!(!pdf.may_be_double_layer(3, 149) && pdf.may_be_double_layer(4, 0));
    // Units that are a layer or doubled pages may be one.
    for (runs, weight) in (0..40).flat_map(|runs| (0..400).step_by(7).map(move |weight| (runs, weight))) {
        let layers = Layers {
            runs,
            segments: 40,
            pages: runs,
            page_segments: 5 * runs,
            shortest: 4,
            longest: 6,
            continued: 40,
            max_segment_weight: 80,
            weight,
            copies: weight,
            data: 0,
            span: weight,
            span_with_data: weight,
            repeated: weight,
        };
        for policy in [default, pdf, Policy::transcript()] {
            let is_layer = policy.double_layer(&layers).is_some() || Policy::are_doubled_pages(&layers);
            assert!(!is_layer || policy.may_be_double_layer(runs as usize, weight), "{runs} {weight}");
        }
    }
}

#[test]
fn what_is_too_light_for_every_rule_is_not_decided_on() {
    assert_eq!(Policy::keep_all().least_weight(false, 1_000_000, Some(0)), 0);
    assert_eq!(Policy::default().least_weight(false, 1_000_000, Some(0)), 100);
    assert_eq!(Policy::default().least_weight(true, 1_000_000, Some(0)), 96);
    assert_eq!(Policy::scraper().least_weight(false, 1_000_000, Some(0)), 60);
    assert_eq!(Policy::default().least_weight(false, 100, Some(0)), 10, "a tenth of the text");
    assert_eq!(rules::MUCH, 10);
    let least = |repeated| Policy::default().least_weight(false, 1_000_000, repeated);
    assert_eq!((least(Some(250)), least(Some(251))), (100, 101), "a lead is 40 % of the repetition");
    assert_eq!((least(Some(10_000)), least(None)), (450, 450));
    let without_far = Policy::default().without(Rule::Far);
    assert_eq!(without_far.least_weight(false, 1_000, None), 100, "a tenth of the text");
    assert_eq!(without_far.without(Rule::Lead).least_weight(false, 1_000, None), 0, "no such row");
}

#[test]
fn lines_with_less_repetition_than_every_rule_requires_are_not_searched() {
    for (policy, least) in [
        (Policy::keep_all(), 0),
        (Policy::default(), 85),
        (Policy::scraper(), 40),
        (Policy::transcript(), 24),
    ] {
        assert_eq!(policy.least_repetition(), least, "{policy}");
    }
}
