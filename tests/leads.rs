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
        lead: "Nach vierzig Jahren wird die Nachtf\u{E4}hre zu den Inseln durch eine Br\u{FC}cke ersetzt, um die dort kaum jemand gebeten hat, wie der Rat am Montag erfuhr.",
        label: "Von Ida Brandt, Husum",
        body: "Der Rat entschied am Montag mit neun zu acht Stimmen, nach einer Aussprache bis Mitternacht.",
    },
    Article {
        lead: "Apr\u{E8}s quarante ans, le bac de nuit vers les \u{EE}les sera remplac\u{E9} par un pont que la plupart des habitants n'avaient pas demand\u{E9}, et qu'ils paieront.",
        label: "Publi\u{E9} le 3 mars \u{E0} 7 h 15",
        body: "Le conseil a tranch\u{E9} lundi, par neuf voix contre huit, apr\u{E8}s un d\u{E9}bat qui a dur\u{E9} jusqu'\u{E0} minuit.",
    },
    Article {
        lead: "\u{427}\u{435}\u{440}\u{435}\u{437} \u{441}\u{43E}\u{440}\u{43E}\u{43A} \u{43B}\u{435}\u{442} \u{43D}\u{43E}\u{447}\u{43D}\u{43E}\u{439} \u{43F}\u{430}\u{440}\u{43E}\u{43C} \u{43D}\u{430} \u{43E}\u{441}\u{442}\u{440}\u{43E}\u{432}\u{430} \u{437}\u{430}\u{43C}\u{435}\u{43D}\u{44F}\u{442} \u{43C}\u{43E}\u{441}\u{442}\u{43E}\u{43C}, \u{43E} \u{43A}\u{43E}\u{442}\u{43E}\u{440}\u{43E}\u{43C} \u{442}\u{430}\u{43C} \u{43D}\u{438}\u{43A}\u{442}\u{43E} \u{43D}\u{435} \u{43F}\u{440}\u{43E}\u{441}\u{438}\u{43B}, \u{441}\u{43E}\u{43E}\u{431}\u{449}\u{438}\u{43B} \u{432} \u{43F}\u{43E}\u{43D}\u{435}\u{434}\u{435}\u{43B}\u{44C}\u{43D}\u{438}\u{43A} \u{441}\u{43E}\u{432}\u{435}\u{442} \u{433}\u{43E}\u{440}\u{43E}\u{434}\u{430}.",
        label: "\u{410}\u{43D}\u{43D}\u{430} \u{41B}\u{435}\u{432}\u{438}\u{43D}\u{430}, 3 \u{43C}\u{430}\u{440}\u{442}\u{430}",
        body: "\u{421}\u{43E}\u{432}\u{435}\u{442} \u{440}\u{435}\u{448}\u{438}\u{43B} \u{434}\u{435}\u{43B}\u{43E} \u{434}\u{435}\u{432}\u{44F}\u{442}\u{44C}\u{44E} \u{433}\u{43E}\u{43B}\u{43E}\u{441}\u{430}\u{43C}\u{438} \u{43F}\u{440}\u{43E}\u{442}\u{438}\u{432} \u{432}\u{43E}\u{441}\u{44C}\u{43C}\u{438} \u{43F}\u{43E}\u{441}\u{43B}\u{435} \u{441}\u{43F}\u{43E}\u{440}\u{430} \u{434}\u{43E} \u{43F}\u{43E}\u{43B}\u{443}\u{43D}\u{43E}\u{447}\u{438}.",
    },
    Article {
        lead: "\u{56DB}\u{5341}\u{5E74}\u{6765}\u{5F80}\u{8FD4}\u{5916}\u{5C9B}\u{7684}\u{591C}\u{73ED}\u{6E21}\u{8239}\u{5C06}\u{88AB}\u{4E00}\u{5EA7}\u{5927}\u{6865}\u{53D6}\u{4EE3},\u{800C}\u{5C9B}\u{4E0A}\u{7684}\u{591A}\u{6570}\u{5C45}\u{6C11}\u{4ECE}\u{6765}\u{6CA1}\u{6709}\u{8981}\u{6C42}\u{8FC7}\u{8FD9}\u{5EA7}\u{6865},\u{5E02}\u{8BAE}\u{4F1A}\u{661F}\u{671F}\u{4E00}\u{8FD9}\u{6837}\u{5BA3}\u{5E03}\u{3002}",
        label: "\u{8BB0}\u{8005} \u{6797}\u{6653} \u{4E09}\u{6708}\u{4E09}\u{65E5}",
        body: "\u{8BAE}\u{4F1A}\u{661F}\u{671F}\u{4E00}\u{4EE5}\u{4E5D}\u{7968}\u{5BF9}\u{516B}\u{7968}\u{901A}\u{8FC7}\u{4E86}\u{51B3}\u{5B9A},\u{8FA9}\u{8BBA}\u{4E00}\u{76F4}\u{6301}\u{7EED}\u{5230}\u{5348}\u{591C},\u{5C9B}\u{4E0A}\u{7684}\u{4EE3}\u{8868}\u{5168}\u{90E8}\u{6295}\u{4E86}\u{53CD}\u{5BF9}\u{7968}\u{3002}",
    },
    Article {
        lead: "\u{96E2}\u{5CF6}\u{3078}\u{56DB}\u{5341}\u{5E74}\u{901A}\u{3044}\u{7D9A}\u{3051}\u{305F}\u{591C}\u{306E}\u{6E21}\u{3057}\u{8239}\u{304C}\u{6A4B}\u{306B}\u{66FF}\u{308F}\u{308B}\u{3053}\u{3068}\u{306B}\u{306A}\u{3063}\u{305F}\u{304C}\u{3001}\u{5CF6}\u{306E}\u{4EBA}\u{306E}\u{591A}\u{304F}\u{306F}\u{6A4B}\u{3092}\u{671B}\u{3093}\u{3067}\u{3044}\u{306A}\u{304B}\u{3063}\u{305F}\u{3068}\u{5E02}\u{8B70}\u{4F1A}\u{306F}\u{6708}\u{66DC}\u{306B}\u{767A}\u{8868}\u{3057}\u{305F}\u{3002}",
        label: "\u{6587}\u{30FB}\u{68EE}\u{5DDD} \u{9065} \u{4E09}\u{6708}\u{4E09}\u{65E5}",
        body: "\u{8B70}\u{4F1A}\u{306F}\u{6708}\u{66DC}\u{3001}\u{4E5D}\u{5BFE}\u{516B}\u{3067}\u{3053}\u{306E}\u{8A08}\u{753B}\u{3092}\u{6C7A}\u{3081}\u{305F}\u{3002}\u{8B70}\u{8AD6}\u{306F}\u{771F}\u{591C}\u{4E2D}\u{307E}\u{3067}\u{7D9A}\u{304D}\u{3001}\u{5CF6}\u{306E}\u{8B70}\u{54E1}\u{306F}\u{5168}\u{54E1}\u{304C}\u{53CD}\u{5BFE}\u{3057}\u{305F}\u{3002}",
    },
    Article {
        lead: "\u{628}\u{639}\u{62F} \u{623}\u{631}\u{628}\u{639}\u{64A}\u{646} \u{639}\u{627}\u{645}\u{627} \u{633}\u{64A}\u{62D}\u{644} \u{62C}\u{633}\u{631} \u{645}\u{62D}\u{644} \u{627}\u{644}\u{639}\u{628}\u{627}\u{631}\u{629} \u{627}\u{644}\u{644}\u{64A}\u{644}\u{64A}\u{629} \u{625}\u{644}\u{649} \u{627}\u{644}\u{62C}\u{632}\u{631} \u{627}\u{644}\u{628}\u{639}\u{64A}\u{62F}\u{629}\u{60C} \u{648}\u{645}\u{639}\u{638}\u{645} \u{633}\u{643}\u{627}\u{646}\u{647}\u{627} \u{644}\u{645} \u{64A}\u{637}\u{644}\u{628}\u{648}\u{627} \u{647}\u{630}\u{627} \u{627}\u{644}\u{62C}\u{633}\u{631} \u{642}\u{637}\u{60C} \u{643}\u{645}\u{627} \u{623}\u{639}\u{644}\u{646} \u{645}\u{62C}\u{644}\u{633} \u{627}\u{644}\u{645}\u{62F}\u{64A}\u{646}\u{629} \u{64A}\u{648}\u{645} \u{627}\u{644}\u{627}\u{62B}\u{646}\u{64A}\u{646} \u{641}\u{64A} \u{628}\u{64A}\u{627}\u{646} \u{642}\u{635}\u{64A}\u{631}.",
        label: "\u{643}\u{62A}\u{628}\u{62A} \u{633}\u{644}\u{645}\u{649} \u{62D}\u{62F}\u{627}\u{62F}",
        body: "\u{642}\u{631}\u{631} \u{627}\u{644}\u{645}\u{62C}\u{644}\u{633} \u{630}\u{644}\u{643} \u{628}\u{62A}\u{633}\u{639}\u{629} \u{623}\u{635}\u{648}\u{627}\u{62A} \u{645}\u{642}\u{627}\u{628}\u{644} \u{62B}\u{645}\u{627}\u{646}\u{64A}\u{629} \u{628}\u{639}\u{62F} \u{646}\u{642}\u{627}\u{634} \u{637}\u{648}\u{64A}\u{644} \u{627}\u{633}\u{62A}\u{645}\u{631} \u{62D}\u{62A}\u{649} \u{645}\u{646}\u{62A}\u{635}\u{641} \u{627}\u{644}\u{644}\u{64A}\u{644}.",
    },
];

impl Article {
    /// Returns the lines with the lead above and below `label`, and `rest` below both. Other
    /// articles are above, so that the lead is a small share of the text.
    fn printed(&self, label: &str, rest: &[&str]) -> String {
        let others = ARTICLES.iter().filter(|other| other.lead != self.lead);
        let above = others.flat_map(|other| [other.lead, other.body]).collect::<Vec<_>>();
        let lines = [&above, &["1 2 3", self.lead, label, self.lead][..], rest].concat();
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
            _ => "1 2 3",
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
        let text = article.printed(article.label, &[article.body; 1]);
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
        "Moorings in the basin\n(a) Nobody lays a mooring in the inner basin without a permit of the harbor master.\n{rest}\
         About rafts\n(a) Nobody anchors a raft or a swimming platform in the inner basin without such a permit.\n{rest}"
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
