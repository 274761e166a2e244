//! Songs, poems and psalms keep what is sung again; lists of short lines are not taken for verse.

use refrain::{Cleaner, Policy, clean};
use refrain_testkit::texts::SENTENCES;

#[test]
fn a_refrain_that_is_sung_twice_each_time_stays() {
    let refrain = "\
Oh ferry of ours, come over to me,
nobody waits on the side of the sea,
bring us the bread and the news and the mail,
come when the wind is too weak for a sail.
";
    let song = format!(
        "The mail boat\nWords: the keepers of the gate\nMy window was open from evening till dawn,\na letter was promised and none of it came.\n\
         Refrain:\n{refrain}{refrain}Gulls on the chimney have nothing to say,\nyesterday's paper is yellow with salt.\n\
         Refrain:\n{refrain}{refrain}"
    );
    let edits = Cleaner::new().edits(&song);
    assert!(edits.is_empty(), "{edits:?}");
    assert!(edits.decisions().iter().any(|decision| decision.reason() == "verse"), "{edits:?}");
}

/// A song with a long meter, whose last chorus is sung twice. Lines that end like those of articles
/// are no verse.
#[test]
fn a_refrain_of_long_lines_stays() {
    let chorus = "\
Oh the ferry left the harbor with the mail and with the bread,
and the keeper on the island has a blanket on his head,
there is ice upon the railing, there is snow upon the quay,
and the mail will wait till morning for the quiet of the sea.
";
    let stanzas = [
        "My window was open from the evening till the dawn,\nwith a lantern and a letter and the curtains never drawn,\n",
        "The captain was grumpy and the sailors were so few,\nwho had waited for the summer as the summer waited too,\n",
        "Now gulls on the chimney are as still as any stone,\nand the paper that they bring us is as salty as the bone,\n",
    ];
    let song = |end: &str| {
        let song =
            format!("The mail boat\n{}{chorus}", stanzas.map(|stanza| format!("{stanza}{chorus}")).concat());
        song.replace(",\n", end)
    };
    let verse = song(",\n");
    let edits = Cleaner::new().edits(&verse);
    assert!(edits.is_empty(), "{edits:?}");
    assert!(edits.decisions().iter().any(|decision| decision.reason() == "verse"), "{edits:?}");
    for end in ["\u{60C}\n", "\u{FF0C}\n", ",\u{201D}\n"] {
        assert_eq!(clean(&song(end)), song(end));
    }
    assert!(!Cleaner::new().edits(&song(".\n")).is_empty());
    // A chorus that is nowhere else may be a paragraph.
    let stanzas = stanzas.concat();
    let page = |chorus: &str| format!("The mail boat\n{stanzas}{chorus}");
    assert_eq!(clean(&page(&chorus.repeat(2))), page(chorus));
}

/// For `scraper`, a chorus that is sung three times is no menu. A menu between longer texts is one.
#[test]
fn a_chorus_is_no_menu() {
    let chorus = "\
Chorus
Oh the ferry left the harbor with the bread
And the keeper has a blanket on his head
There is ice and there is snow upon the quay
And the mail will wait for morning and the sea
";
    let stanzas = [
        "My window was open from evening till dawn\nA lantern, a letter, the curtains undrawn\n",
        "The captain was grumpy, the sailors were few\nWho waited for summer as summer waited too\n",
        "Now gulls on the chimney are still as a stone\nThe paper they bring us is salty as bone\n",
    ];
    let song = stanzas.map(|stanza| format!("{stanza}{chorus}")).concat();
    let scraper = Cleaner::new().policy(Policy::scraper());
    assert_eq!(scraper.clean(&song), song);
    let page = |sentences: usize| {
        let part = |i: usize| SENTENCES[8 * i..][..sentences].join("\n");
        let menu =
            "Timetable of May\nFares and passes\nMap of the harbor\nLost property\nGift shop\nContact\n";
        [0, 1, 2].map(|i| format!("{}\n{menu}", part(i))).concat()
    };
    assert_eq!(scraper.clean(&page(2)), page(2));
    assert_ne!(scraper.clean(&page(8)), page(8));
}

/// The ingredients of a recipe come twice in a row. A psalm that does has numbers too, but those of
/// its verses, which ascend.
#[test]
fn a_list_with_quantities_is_no_verse() {
    let with = |lines: [&str; 7], copies: usize| {
        let steps = "Chop the leeks, and steam them until they are soft. Serve with bread.\n";
        format!("Read by the cook\n{}{steps}", lines.map(|line| format!("{line}\n")).concat().repeat(copies))
    };
    let ingredients = [
        "3 leeks from the garden",
        "200 g of red lentils",
        "1 lemon with its peel",
        "Fresh parsley and thyme",
        "Olive oil for the pan",
        "Salt and black pepper",
        "A red onion in slices",
    ];
    assert_eq!(clean(&with(ingredients, 2)), with(ingredients, 1));
    let contents = [
        "1 Introduction ......... 7",
        "2 The Fishing Village .. 11",
        "2.1 Boats .............. 12",
        "2.2 Nets ............... 15",
        "3 Women and Shares ..... 19",
        "4 Disputes ............. 33",
        "5 Summary .............. 48",
    ];
    assert_eq!(clean(&with(contents, 2)), with(contents, 1));
    let psalm = [
        "1 The hills are glad of the rain",
        "2 The valleys sing of corn",
        "3 The sea gives back",
        "what it has taken",
        "4 The islands of the north wait",
        "for the morning",
        "5 And so do we",
    ];
    assert_eq!(clean(&with(psalm, 2)), with(psalm, 2));
    // A chapter and a verse, or digits of another script.
    for digits in
        [["3:1", "3:2", "3:3", "3:4", "3:5"], ["\u{661}", "\u{662}", "\u{663}", "\u{664}", "\u{665}"]]
    {
        let mut lines = psalm.map(str::to_owned);
        for (number, digit) in (1..).zip(digits) {
            lines = lines.map(|line| line.replacen(&format!("{number} "), &format!("{digit} "), 1));
        }
        let psalm = lines.each_ref().map(String::as_str);
        assert_eq!(clean(&with(psalm, 2)), with(psalm, 2));
    }
}
