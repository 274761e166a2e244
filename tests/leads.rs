//! A paragraph that is printed again below a label, as leads are below bylines, is removed. The
//! texts that authors write in this form stay.

use proptest::prelude::*;
use refrain::{Cleaner, Policy};

/// A lead of about 120 letters, a line with the author or the date, and the rest of an article.
struct Article {
    lead: &'static str,
    label: &'static str,
    body: &'static str,
}

const ARTICLES: [Article; 7] = [
    Article {
        lead: "After forty years the night ferry to the outer islands will be replaced by a bridge, which most of the people who live there did not ask for.",
        label: "By Nora Pell | 3 March",
        body: "The council decided on Monday, by nine votes to eight, after a debate that lasted until midnight.",
    },
    Article {
        lead: "Nach vierzig Jahren wird die Nachtfähre zu den Inseln durch eine Brücke ersetzt, um die dort kaum jemand gebeten hat, wie der Rat am Montag erfuhr.",
        label: "Von Ida Brandt, Husum",
        body: "Der Rat entschied am Montag mit neun zu acht Stimmen, nach einer Aussprache bis Mitternacht.",
    },
    Article {
        lead: "Après vingt ans, le bac de nuit vers les îles sera remplacé par un tunnel que la plupart des habitants n'avaient pas demandé, et qu'ils paieront.",
        label: "Publié le 3 mars à 7 h 15",
        body: "Le conseil a tranché lundi, par neuf voix contre huit, après un débat qui a duré jusqu'à minuit.",
    },
    Article {
        lead: "Через сорок лет ночной паром на острова заменят мостом, о котором там никто не просил, сообщил в понедельник совет города.",
        label: "Анна Левина, 3 марта",
        body: "Совет решил дело девятью голосами против восьми после спора до полуночи.",
    },
    Article {
        lead: "四十年来往返外岛的夜班渡船将被一座大桥取代,而岛上的多数居民从来没有要求过这座桥,市议会星期一这样宣布。",
        label: "记者 林晓 三月三日",
        body: "议会星期一以九票对八票通过了决定,辩论一直持续到午夜,岛上的代表全部投了反对票。",
    },
    Article {
        lead: "離島へ四十年通い続けた夜の渡し船が橋に替わることになったが、島の人の多くは橋を望んでいなかったと市議会は月曜に発表した。",
        label: "文・森川 遥 三月三日",
        body: "議会は月曜、九対八でこの計画を決めた。議論は真夜中まで続き、島の議員は全員が反対した。",
    },
    Article {
        lead: "بعد أربعين عاما سيحل جسر محل العبارة الليلية إلى الجزر البعيدة، ومعظم سكانها لم يطلبوا هذا الجسر قط، كما أعلن مجلس المدينة يوم الاثنين في بيان قصير.",
        label: "كتبت سلمى حداد",
        body: "قرر المجلس ذلك بتسعة أصوات مقابل ثمانية بعد نقاش طويل استمر حتى منتصف الليل.",
    },
];

impl Article {
    /// Returns the lines with the lead above and below `label`, and `rest` below both. Other
    /// articles are above, so that the lead is a small share of the text.
    fn printed(&self, label: &str, rest: &[&str]) -> String {
        let others = ARTICLES.iter().filter(|other| other.lead != self.lead);
        let above = others.flat_map(|other| [other.lead, other.body]).collect::<Vec<_>>();
        let lines = [&above, &["The title of the article", self.lead, label, self.lead][..], rest].concat();
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

proptest! {
    /// Each lead that is removed occurs exactly twice, the second time below one to three labels and
    /// above prose; and no lead is missed because a text looks as if it repeated too little.
    #[test]
    fn leads_are_found_as_defined(numbers in prop::collection::vec(0_usize..24, 1..30)) {
        let line = |number: usize| match number {
            0..7 => ARTICLES[number].lead,
            7..14 => ARTICLES[number - 7].body,
            14..20 => ARTICLES[number - 14].label,
            20 => "The end.",
            21 => "***",
            _ => "The title of the article",
        };
        let lines: Vec<&str> = numbers.iter().map(|number| line(*number)).collect();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let edits = Cleaner::new().edits(&text);
        prop_assert_eq!(edits.apply(), Cleaner::new().rule("none", |_| None).clean(&text));
        for decision in edits.decisions().iter().filter(|decision| decision.reason() == "lead" && decision.round() == 1) {
            let block = decision.block();
            let (original, copy) = (block.original().segments(), block.copy().segments());
            prop_assert_eq!(&numbers[original.clone()], &numbers[copy.clone()]);
            for number in &numbers[copy.clone()] {
                prop_assert_eq!(numbers.iter().filter(|other| *other == number).count(), 2);
            }
            let between = &numbers[original.end..copy.start];
            prop_assert!((1..=3).contains(&between.len()) && between.iter().all(|number| (14..20).contains(number) || *number > 20));
            prop_assert!(numbers.get(copy.end).is_some_and(|number| *number < 14) || block.weight() >= 250);
        }
    }
}

fn reason(text: &str) -> Option<String> {
    Cleaner::new().edits(text).iter().next().map(|removal| removal.reason().to_owned())
}

#[test]
fn a_lead_below_a_label_is_removed() {
    for article in &ARTICLES {
        let text = article.printed(article.label, &[article.body]);
        let edits = Cleaner::new().edits(&text);
        let twice = format!("{}\n{}\n{}\n", article.lead, article.label, article.lead);
        let once = format!("{}\n{}\n", article.lead, article.label);
        assert_eq!(edits.apply(), text.replace(&twice, &once));
        assert_eq!(reason(&text).as_deref(), Some("lead"), "{text}");
        // Two labels, and longer text after the copy.
        let labels = format!("{}\n1 / 2", article.label);
        let text = article.printed(&labels, &[article.body, "1 2 3 4"]);
        assert_eq!(reason(&text).as_deref(), Some("lead"), "{text}");
    }
}

/// A paragraph of the body that is quoted above the body is followed by another paragraph.
#[test]
fn a_quotation_above_the_body_stays() {
    for article in &ARTICLES {
        let text = article.printed(article.body, &["1 2 3 4 5 6 7 8 9", article.body]);
        assert_eq!(reason(&text), None, "{text}");
    }
}

/// Two neighboring entries with equal text: no prose follows the copy.
#[test]
fn entries_with_equal_texts_stay() {
    for article in &ARTICLES {
        for rest in [&[][..], &["4 5 6"], &["4 5 6", article.body]] {
            let text = article.printed(article.label, rest);
            assert_eq!(reason(&text), None, "{text}");
        }
    }
}

/// Checks that the text below `labels` stays if the first such text is below `heading`.
fn check_that_entries_stay(heading: &str, labels: &str) {
    for article in &ARTICLES {
        let text = article.printed(labels, &[article.body]).replace("The title of the article", heading);
        assert_eq!(reason(&text), None, "{text}");
    }
}

/// The texts of two people, days or terms, with the name above each.
#[test]
fn texts_below_names_stay() {
    for (first, second) in [
        ("Anna Kern", "Peter Holm"),
        ("Tuesday", "Thursday"),
        ("BufferedInputStreamFactory", "SynchronousConnectionPool"),
        ("Grundstücksverkehrsgenehmigung", "Landwirtschaftsanpassungsgesetz"),
    ] {
        check_that_entries_stay(first, second);
    }
}

/// Entries below headings of one form, also with a line between the second one and its text.
#[test]
fn texts_below_headings_of_one_form_stay() {
    for (first, second) in [
        ("E-2041 Certificate expired last night", "E-2042 Certificate not yet valid"),
        ("Secondo giorno: Noto e Marzamemi", "Terzo giorno: Ragusa Ibla e Modica"),
        ("GEO 231 Field Mapping in the Uplands", "GEO 245 Rivers and Their Valleys"),
        ("TOURO (21/4 a 20/5)", "VIRGEM (23/8 a 22/9)"),
    ] {
        check_that_entries_stay(first, second);
        check_that_entries_stay(first, &format!("{second}\nIn the main hall"));
    }
}

/// The line above a description may be its price.
#[test]
fn a_description_below_a_price_is_removed() {
    for article in &ARTICLES {
        let text = article.printed("Add to cart\nDescription\nReviews (14)", &[article.body]);
        let text = text.replace("The title of the article", "Canvas backpack, 22 liters\n$79.00");
        assert_eq!(reason(&text).as_deref(), Some("lead"), "{text}");
    }
}

/// A description of 250 letters or more needs no prose after it.
#[test]
fn a_long_description_below_the_names_of_tabs_is_removed() {
    let description = ARTICLES[0].lead.repeat(2);
    let text = format!("Dish, 38 cm\n{description}\nDetails | Delivery\n{description}\nWeight: 2 kg\n");
    let expected = format!("Dish, 38 cm\n{description}\nDetails | Delivery\nWeight: 2 kg\n");
    assert_eq!(Cleaner::new().clean(&text), expected);
}

/// The copy begins in the middle of a list, so it belongs to a list of its own.
#[test]
fn a_second_list_with_equal_items_stays() {
    let rest = "\
(b) The harbor master decides within thirty days, after which the application is deemed granted.
(c) A permit is valid for one year, and may not be given to anybody else.
(d) Anybody who breaks this rule pays two hundred dollars for each day on which it is broken.
";
    let text = format!(
        "Moorings in the basin.\n(a) Nobody lays a mooring in the inner basin without a permit of the harbor master.\n{rest}\
         About rafts.\n(a) Nobody anchors a raft or a swimming platform in the inner basin without such a permit.\n{rest}"
    );
    assert_eq!(Cleaner::new().clean(&text), text);
    let without_lists = text.replace("(a) ", "").replace("(b) ", "").replace("(c) ", "").replace("(d) ", "");
    assert_ne!(Cleaner::new().clean(&without_lists), without_lists);
}

/// Captions that roll up show each line twice; the lines of captions are short.
#[test]
fn captions_in_which_each_line_comes_twice_are_halved_in_transcripts() {
    let lines = [
        "hello everybody and welcome to the",
        "boat shed it is raining so the noise",
        "you hear is the roof and not the saw",
        "today we are going to scarf a plank",
        "which is easier than it looks but",
        "only if your plane is really sharp",
        "mine was not when I filmed this so",
        "watch what happens to the far edge",
    ];
    let once: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let twice: String = lines.iter().map(|line| format!("{line}\n{line}\n")).collect();
    assert_eq!(Cleaner::new().policy(Policy::transcript()).clean(&twice), once);
    assert_eq!(Cleaner::new().clean(&twice), twice, "it may be a song");
}
