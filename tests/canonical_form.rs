//! The canonical form equals the result of the reference pipeline, the form of a form is
//! the same form, and canonically equivalent texts have one form, with every combination of
//! options.

mod common;

use common::every_form;
use proptest::prelude::*;
use refrain::Normalization;
use refrain_testkit::canonical::{INTERESTING, canonical, nfc, nfd};
use refrain_testkit::cases;

/// The few that matter in threes.
const DENSE: &str = concat!(
    "aA !-0<\u{301}\u{308}\u{327}\u{338}\u{345}\u{34f}\u{390}\u{3b1}\u{3b9}\u{419}\u{130}\u{df}\u{b4}\u{ad}\u{378}",
    "\u{64b}\u{660}\u{9be}\u{9c7}\u{1100}\u{1161}\u{11a8}\u{1160}\u{2019}\u{2212}\u{20dd}\u{3099}\u{304b}\u{ac00}\u{ff9e}\u{fb01}\u{2028}",
);

/// Parts of character references.
const REFERENCES: [&str; 40] = [
    "&",
    ";",
    "#",
    "x",
    "&amp;",
    "&#38;",
    "&#x26;",
    "&#59;",
    "amp;",
    "#38;",
    "#x26;",
    "lt",
    "&lt;",
    "&LT;",
    "&Eacute;",
    "eacute",
    "&#769;",
    "\u{301}",
    "&#12;",
    "4",
    "\u{664}",
    "\u{660}",
    "a",
    "\u{E1}",
    "\u{C1}mp;",
    "\u{640}",
    "\u{64E}",
    "&nbsp;",
    "&shy;",
    "&zwj;",
    "&uml;",
    "&frac12;",
    "&#xFF06;",
    "\u{FF06}",
    "\u{FF1B}",
    "\u{37E}",
    "&#x378;",
    "\u{378}",
    "\u{AD}",
    "&#1575;\u{654}",
];

fn check(text: &str, forms: &[Normalization]) {
    let mut equivalent = vec![nfd(text), nfc(text)];
    equivalent.retain(|equivalent| equivalent != text);
    for form in forms {
        let ours = form.canonical(text);
        assert_eq!(ours, canonical(text, &form.to_string()), "the {form} form of {text:?}");
        assert_eq!(form.canonical(&ours), ours, "the {form} form of the form of {text:?}");
        if *form != Normalization::RAW && *form != Normalization::WHITESPACE {
            for equivalent in &equivalent {
                assert_eq!(form.canonical(equivalent), ours, "{form}: {equivalent:?} for {text:?}");
            }
        }
    }
}

#[test]
fn every_character_alone() {
    let forms = every_form();
    let mut buffer = [0; 4];
    for (i, c) in ('\0'..=char::MAX).enumerate() {
        // In the short version each character is checked in one form, and its neighbors in others.
        // This is also enough for ideographs, planes that have no character yet, and private ones.
        let is_like_others =
            matches!(c, '\u{20000}'..='\u{2F7FF}' | '\u{2FA20}'..='\u{DFFFF}' | '\u{F0000}'..);
        let checked = if is_like_others { 1 } else { cases(1, forms.len()) };
        let first = i % (forms.len() + 1 - checked);
        check(c.encode_utf8(&mut buffer), &forms[first..][..checked]);
    }
}

#[test]
fn every_character_between_a_letter_and_a_mark() {
    for c in '\0'..=char::MAX {
        let text = format!("a{c}\u{301}");
        assert_eq!(Normalization::TEXT.canonical(&text), canonical(&text, "text"), "{c:?}");
    }
}

#[test]
fn pairs_of_interesting_characters() {
    let forms = every_form();
    for a in INTERESTING.chars() {
        for b in INTERESTING.chars() {
            check(&format!("{a}{b}"), &forms);
        }
    }
}

#[test]
fn triples_of_interesting_characters() {
    let forms = every_form();
    for (i, a) in DENSE.chars().enumerate() {
        for (j, b) in DENSE.chars().enumerate() {
            for c in DENSE.chars().skip(cases((i + j) % 4, 0)).step_by(cases(4, 1)) {
                check(&format!("{a}{b}{c}"), &forms);
            }
        }
    }
}

/// Checks `other` at each place of ASCII texts, whose lengths are from 0 in these steps.
fn check_in_ascii(other: &str, forms: &[Normalization], step: usize) {
    let prose = "The Ferry Left At Nine, With MORE bicycles than cars On Board, And it Came Back by ten O'Clock Sharp.";
    for len in (0..prose.len()).step_by(step) {
        for at in 0..=len {
            check(&format!("{}{other}{}", &prose[..at], &prose[at..len]), forms);
        }
    }
}

/// Blocks of 32, 16 and 8 bytes, which begin anywhere and end anywhere in a text of any length.
#[test]
fn one_sign_at_any_place_in_ascii_of_any_length() {
    let forms = [Normalization::WHITESPACE, Normalization::TEXT];
    for other in
        ["\u{201C}", "\u{2026}", "  ", "\n", "\0", "\u{C9}", "e\u{301}", "\u{301}", "\u{378}", "\u{416}"]
    {
        check_in_ascii(other, &forms, 1);
    }
}

/// Signs that become ASCII, and characters that do not, in forms whose steps change neither.
#[test]
fn one_sign_in_ascii_with_steps_for_other_characters() {
    let text = Normalization::TEXT;
    let forms = [
        text.strip_diacritics(),
        text.canonical_equivalence().strip_diacritics().fold_arabic(),
        text.strip_diacritics().fold_digits(),
        text.decode_references().fold_arabic().strip_punctuation(),
    ];
    for other in [
        "\u{AB}",
        "\u{2011}",
        "\u{2019}",
        "\u{2212}",
        "\u{2E3A}",
        "&#8217;",
        "&#233;",
        "\u{C9}",
        "\u{627}\u{654}",
    ] {
        check_in_ascii(other, &forms, 7);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500, 4_000)))]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text, &every_form());
    }

    #[test]
    fn texts_of_interesting_characters(
        text in prop::collection::vec(prop::sample::select(INTERESTING.chars().collect::<Vec<_>>()), 0..24),
    ) {
        check(&text.into_iter().collect::<String>(), &every_form());
    }

    /// Parts of references, inside each other, and characters that later steps remove or replace.
    #[test]
    fn parts_of_references(atoms in prop::collection::vec(prop::sample::select(&REFERENCES[..]), 0..12)) {
        let references: Vec<Normalization> =
            every_form().into_iter().filter(|form| form.to_string().contains("references")).collect();
        check(&atoms.concat(), &references);
    }

    #[test]
    fn runs_of_ascii_of_any_length_with_something_else_between(
        parts in prop::collection::vec(("[ -~]{0,150}", "[a-zA-Z ]{0,150}", prop::sample::select(INTERESTING.chars().collect::<Vec<_>>())), 0..5),
        tail in "[a-zA-Z .]{0,140}",
    ) {
        let mut text = String::new();
        for (any, letters, other) in parts {
            text.push_str(&any);
            text.push_str(&letters);
            text.push(other);
        }
        text.push_str(&tail);
        check(&text, &every_form()[..4]);
        // Without doubled spaces runs go through blocks whole.
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        check(&words.join(" "), &every_form()[..4]);
    }

    #[test]
    fn characters_of_one_script_and_its_marks(
        text in "[\\u{20}-\\u{7e}]{0,8}[\\u{a0}-\\u{370}]{0,8}[\\u{370}-\\u{530}\\u{1e00}-\\u{2000}]{0,8}",
        other in "[\\u{600}-\\u{700}\\u{900}-\\u{a00}]{0,8}[\\u{3040}-\\u{3100}\\u{ff00}-\\u{ffef}]{0,8}",
    ) {
        check(&format!("{text}{other}"), &every_form());
        check(&format!("{other}{text}"), &every_form());
    }
}

#[test]
fn what_the_text_form_makes_equal() {
    let cases = [
        ("Stra\u{df}e", "STRASSE"),
        (
            "\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}",
            "\u{3c3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c3}",
        ),
        ("\u{130}stanbul", "i\u{307}stanbul"),
        ("10\u{2075}", "105"),
        ("a\u{b4}", "a \u{301}"),
        ("\u{201e}so\u{201c} \u{2014} \u{ab}oui\u{bb}", "\"so\" - \"oui\""),
        ("\u{ff21}\u{ff22}\u{3000}\u{fb01}", "ab fi"),
        ("co\u{ad}op\u{200b}er\u{2060}ate\u{feff}", "cooperate"),
        ("  a\u{a0}\t\n b ", "a b"),
    ];
    for (text, form) in cases {
        assert_eq!(Normalization::TEXT.canonical(text), Normalization::TEXT.canonical(form), "{text}");
        assert_eq!(Normalization::TEXT.canonical(text), Normalization::TEXT.canonical(form));
    }
}

#[test]
fn what_the_switches_make_equal_and_what_they_leave() -> Result<(), Box<dyn std::error::Error>> {
    let form = |name: &str| name.parse::<Normalization>();
    assert_eq!(form("text+canonical")?.canonical("10\u{2075} \u{ff21}"), "10\u{2075} \u{ff41}");
    assert_eq!(form("text+diacritics")?.canonical("\u{c9}t\u{e9} \u{419}"), "ete \u{438}");
    assert_eq!(
        form("text+diacritics")?.canonical("\u{939}\u{93f}\u{928}\u{94d}"),
        "\u{939}\u{93f}\u{928}\u{94d}"
    );
    assert_eq!(form("text+punctuation")?.canonical("(\u{2212}5, ok.)"), "5 ok");
    assert_eq!(form("text+digits")?.canonical("1\u{661}\u{96a}x"), "000x");
    let references = form("text+references")?;
    for (text, expected) in [
        ("caf&eacute; &amp; Caf&#xE9;", "caf\u{e9} & caf\u{e9}"),
        ("&amp;amp;lt;b&AMP;gt;", "<b>"),
        ("&am&#112;; &&amp;;", "& &&;"),
        ("e&#769;&nbsp;&NBSP;x&shy;y", "\u{e9} xy"),
        (
            "&copy; &unknown; &amp &#0; &#xD800; &#1114112; &;",
            "\u{a9} &unknown; &amp &#0; &#xd800; &#1114112; &;",
        ),
        ("&hearts;&Alpha;&beta;", "\u{2665}\u{3b1}\u{3b2}"),
        ("\u{FF06}eacute\u{FF1B} \u{FE60}amp;", "\u{e9} &"),
    ] {
        assert_eq!(references.canonical(text), expected, "{text}");
    }
    let arabic = form("text+arabic")?;
    // A word with and without vowel marks, stretched, and with each kind of alef.
    assert_eq!(
        arabic.canonical("\u{645}\u{64F}\u{62D}\u{64E}\u{645}\u{640}\u{651}\u{64E}\u{62F}"),
        "\u{645}\u{62D}\u{645}\u{62F}"
    );
    assert_eq!(
        arabic.canonical("\u{623}\u{625}\u{622}\u{649}\u{629}"),
        "\u{627}\u{627}\u{627}\u{64A}\u{647}"
    );
    assert_eq!(arabic.canonical("\u{624}\u{626}"), "\u{624}\u{626}", "hamza on other letters is kept");
    let all = form("text+canonical+diacritics+punctuation+digits")?;
    assert_eq!(all.canonical("!!!"), "!!!");
    assert_eq!(all.canonical("???"), "???");
    assert_eq!(all.canonical("!!! 7"), "0");
    Ok(())
}
