//! Each row of the table, and what is just short of it.

use super::*;

#[test]
fn hundredths_are_whole_numbers() {
    let goes = |part, whole| Measures::at_least(part, 30, whole);
    assert!(goes(30, 100) && goes(3, 10) && goes(300, 999));
    assert!(!goes(29, 100) && !goes(299, 1000) && !goes(0, 100));
    assert!(!goes(0, 0), "nothing is no part of nothing");
    assert!(goes(u64::MAX / 2, u64::MAX) && !goes(u64::MAX / 4, u64::MAX));
}

/// A block of `segments` of one weight, twice in a document of weight `document` in which nothing else repeats.
fn measures(segments: u32, mean: u64, document: u64) -> Measures {
    let weight = mean * u64::from(segments);
    Measures {
        segments,
        weight,
        heaviest: u32::try_from(mean).unwrap_or(u32::MAX),
        count: 2,
        even: weight,
        copy_span: weight,
        original_span: weight,
        family: weight,
        document,
        repeated: weight,
        echo: false,
    }
}

#[test]
fn a_body_is_long_enough_and_enough_of_the_document() {
    let five = measures(5, 40, 1_000);
    assert_eq!(body(&five), Some("body repeated"));
    assert_eq!(body(&Measures { document: 200 * 100 / 15, ..five }), Some("body repeated"));
    assert_eq!(body(&Measures { document: 1_400, ..five }), None, "less than 15 %");
    assert_eq!(body(&measures(4, 40, 500)), Some("body repeated"));
    assert_eq!(body(&measures(4, 40, 600)), None, "four segments are less than 30 %");
    assert_eq!(body(&measures(2, 100, 500)), None, "two segments");
    assert_eq!(body(&measures(5, 37, 1_000)), None, "short lines");
    assert_eq!(body(&Measures { count: 4, ..five }), None, "four times");
    assert_eq!(body(&Measures { copy_span: 400, ..five }), None, "half of the copy is something else");
    assert_eq!(body(&Measures { original_span: 400, ..five }), None, "half of the original is");
}

#[test]
fn a_long_run_need_not_be_much_of_the_document() {
    let run = measures(4, 100, 100_000);
    assert_eq!(body(&run), Some("long run repeated"));
    assert_eq!(body(&measures(4, 99, 100_000)), None);
    assert_eq!(body(&Measures { repeated: 1_001, ..run }), None, "other things repeat more");
    assert_eq!(body(&Measures { copy_span: 572, ..run }), None);
    assert_eq!(body(&Measures { original_span: 801, ..run }), None);
}

#[test]
fn a_document_repeated_may_have_short_lines() {
    let whole = Measures { echo: true, ..measures(2, 10, 50) };
    assert_eq!(body(&whole), Some("document repeated"));
    assert_eq!(body(&Measures { document: 51, ..whole }), None);
    assert_eq!(body(&Measures { echo: false, ..whole }), None);
    assert_eq!(body(&Measures { even: 17, ..whole }), None);
    assert_eq!(body(&measures(15, 10, 428)), Some("document repeated"));
    assert_eq!(body(&measures(14, 10, 300)), None);
}

#[test]
fn an_echo_stands_right_after_its_original() {
    let none = InPlace::default();
    let one = Measures { echo: true, ..measures(1, 80, 10_000) };
    assert_eq!(echo(&one, none), Some("echo"));
    assert_eq!(echo(&Measures { echo: false, ..one }, none), None);
    assert_eq!(echo(&Measures { heaviest: 79, ..one }, none), None);
    assert_eq!(echo(&Measures { echo: true, ..measures(4, 80, 10_000) }, none), None);
    let short = Measures { echo: true, ..measures(1, 45, 10_000) };
    assert_eq!(echo(&short, none), None);
    let three = InPlace { segments: 3, weight: 135 };
    assert_eq!(echo(&short, three), Some("doubled in place"));
    assert_eq!(echo(&short, InPlace { segments: 2, weight: 90 }), None);
    assert_eq!(echo(&short, InPlace { segments: 3, weight: 134 }), None);
    assert_eq!(echo(&Measures { repeated: 169, ..short }, three), None);
}

#[test]
fn lists_menus_and_widgets() {
    let six = measures(6, 20, 10_000);
    assert_eq!(list(&six), Some("list repeated"));
    assert_eq!(list(&measures(5, 20, 10_000)), None);
    assert_eq!(list(&Measures { count: 3, ..six }), None);
    assert_eq!(list(&Measures { repeated: 241, ..six }), None);

    let menu = Measures { repeated: 600, ..measures(12, 20, 10_000) };
    assert_eq!(Policy::Thorough.menu(&menu), Some("menu repeated"));
    assert_eq!(Policy::Cautious.menu(&menu), None);
    assert_eq!(Policy::Thorough.menu(&Measures { repeated: 801, ..menu }), None);

    let widget = Measures { family: 400, repeated: 500, heaviest: 60, ..measures(3, 40, 1_000) };
    assert_eq!(Policy::Cautious.widget(&widget), Some("widget"));
    assert_eq!(Policy::Cautious.widget(&Measures { family: 430, ..widget }), None);
    assert_eq!(Policy::Thorough.widget(&Measures { family: 430, ..widget }), Some("widget"));
    assert_eq!(Policy::Cautious.widget(&Measures { repeated: 501, ..widget }), None);
    assert_eq!(Policy::Cautious.widget(&Measures { heaviest: 44, ..widget }), None);
    assert_eq!(Policy::Cautious.widget(&Measures { even: 100, ..widget }), None);
    assert_eq!(Policy::Cautious.widget(&Measures { copy_span: 151, ..widget }), None);
}

#[test]
fn what_stays_has_a_reason() {
    let kept = [
        (Measures { count: 4, ..measures(5, 40, 9_000) }, "template"),
        (measures(5, 20, 9_000), "refrain"),
        (measures(2, 90, 9_000), "quotation"),
        (Measures { copy_span: 900, ..measures(5, 40, 9_000) }, "scattered"),
        (measures(5, 40, 9_000), "small"),
    ];
    for (measures, word) in kept {
        assert!(body(&measures).is_none() && why_kept(&measures).starts_with(word));
        assert!(why_kept(&measures).contains(": kept, "));
    }
}
