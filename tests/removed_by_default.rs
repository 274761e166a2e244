//! Single texts of which the default policy removes a copy, and texts like them of which it does not.

use std::ops::Range;

use refrain::{Cleaner, clean};

/// Returns lines that repeat nothing.
fn ships(numbers: Range<usize>) -> String {
    numbers.map(|number| format!("Ship {number} left for harbor {} before noon.\n", number * 7)).collect()
}

/// A line above the second copy of a body stays if it is not one of those above the first copy.
#[test]
fn a_line_above_a_copy_belongs_to_the_text_above() {
    let body = ships(0..5);
    let comments = "Comments\nHow sad.\nReply\nWe took the bus.\nReply\n";
    let page = |second: &str| format!("The old ferry\nShare\n{body}{comments}{second}");
    assert_eq!(clean(&page(&body)), page(""));
    assert_eq!(clean(&page(&format!("Share\n{body}"))), page(""));
}

/// A list, and then the elements inside it. A shorter one may be a form or the chorus of a song, and
/// a list that is a small part of the text is left to the policy for web pages.
#[test]
fn a_long_list_that_is_doubled_in_place_is_there_once() {
    let entries = [
        "Home",
        "Ferries",
        "Timetables",
        "Tickets for bicycles",
        "Islands",
        "Lighthouses",
        "Weather",
        "Harbor master",
        "Lost property",
        "Jobs",
        "Newsletter",
        "Contact",
        "Pilots",
        "Tides",
        "Bookshop",
        "Prices",
    ];
    let list = |count: usize| entries[..count].iter().map(|entry| format!("{entry}\n")).collect::<String>();
    let page = |list: &str, lines: usize| format!("The island ferries\n{list}{}", ships(0..lines));
    let long = list(16);
    for between in ["", "1\n/\n4\n"] {
        let twice = page(&format!("{long}{between}{long}"), 5);
        assert_eq!(clean(&twice), page(&format!("{long}{between}"), 5));
    }
    let lists = format!("Saturday\n{long}Sunday\n{long}{}", ships(0..5));
    assert_eq!(clean(&lists), lists);
    for (count, lines) in [(15, 4), (16, 40)] {
        let twice = page(&list(count).repeat(2), lines);
        assert_eq!(clean(&twice), twice);
    }
}

/// A tandem repeat is removed if it is heavy enough, however small a share of the text it is.
#[test]
fn a_sentence_that_occurs_twice_in_a_row_is_removed_from_a_long_text() {
    let sentence = "The keeper of the lighthouse asked nobody, because nobody who could have answered \
                    him was awake at that hour.\n";
    let once = ships(0..300) + sentence + &ships(300..600);
    let twice = ships(0..300) + sentence + sentence + &ships(300..600);
    let edits = Cleaner::new().edits(&twice);
    assert_eq!(edits.iter().map(|removal| removal.reason()).collect::<Vec<_>>(), ["echo"]);
    assert_eq!(edits.apply(), once);
}

/// So is a block that is far from its original.
#[test]
fn a_long_passage_that_occurs_again_is_removed_from_a_long_text() {
    let passage: String = ["keeper", "fisherman", "teacher", "postman", "baker", "mayor", "miller"]
        .map(|who| {
            format!("The {who} of the island said that nobody could answer the question of the old goat.\n")
        })
        .concat();
    // Sentences that differ in numbers above both places, or different sentences below them, would
    // make the places two sections.
    let boats = ships(0..200).replace("Ship", "Boat");
    let once = boats + &passage + "All ships\n" + &ships(200..600) + "Read more\n";
    let twice = once.clone() + &passage;
    let edits = Cleaner::new().edits(&twice);
    assert_eq!(edits.iter().map(|removal| removal.reason()).collect::<Vec<_>>(), ["far"]);
    assert_eq!(edits.apply(), once);
}

/// The first post of a thread is on top of the second page again. Its author also wrote the next
/// post, so the name is there once more, and the button below the post before it is that of each.
#[test]
fn the_name_above_the_next_post_stays() {
    let post = "Heron\nMember since spring\n\
        The chest from the sale has no key. Four bolts go outwards when the lever in the lid is turned.\n\
        Does anybody know the maker? I would like to have a key cut, if that does no damage to the lock.\n";
    let thread = "Locks\nWren\nAsk the museum in the old harbor. They have three of these.\nHeron\n\
        Thank you, I wrote to them. They do not open before June.\nPage 2\n";
    let rest = "Heron\nThe museum sent a drawing.\nWren\nGood.\n";
    assert_eq!(clean(&format!("{post}{thread}{post}{rest}")), format!("{post}{thread}{rest}"));
    let [post, rest] = [post, rest].map(|part| part.to_owned() + "Answer\n");
    let thread = thread.replace("Page 2\n", "Answer\n");
    assert_eq!(clean(&format!("{post}{thread}{post}{rest}")), format!("{post}{thread}{rest}"));
}

/// Two copies in a row go although the passage occurs elsewhere too, and so do three and four: the
/// further copies are not elsewhere.
#[test]
fn more_copies_in_a_row_leave_one_too() {
    let passage =
        ["keeper of the lighthouse", "captain of the old ferry", "mayor of the smallest island", "miller"]
            .map(|who| {
                format!(
                    "The {who} said that nobody could answer the question of the old goat before spring.\n"
                )
            })
            .concat();
    let text = |copies: usize| {
        let [a, b, c, d] = [0..40, 40..80, 80..120, 120..160].map(ships);
        format!("{a}{passage}{b}{passage}{c}{}{d}", passage.repeat(copies))
    };
    for copies in 1..6 {
        assert_eq!(clean(&text(copies)), text(1), "{copies}");
    }
}

/// A loop above a song whose lines are repeated in places: the loop goes, however long it is.
#[test]
fn a_loop_does_not_take_the_refrains_of_a_song_with_it() {
    let unit = "was renewed what the people of the village had asked for long before the war\n\
                The roof has new shingles, and the windows of the chapel remain blind, as the clay\n";
    let refrains = [
        "In you I have bathed the moonlight,\nand sold it off at the market.\n",
        "The heifer stood by the millpond,\nand spoke to her in the evening.\n",
        "For when we have no more nighttime,\nwho then will bless us the oak wood?\n",
    ];
    let verses = [
        "Oh river, river so silent,\nwhy do you flow so slowly?\n",
        "There came a buyer from Overton,\nhe gave for the moon a heifer.\n",
        "Go back, my lady, to crossing,\nand give the buyer his barley.\n",
    ];
    let stanzas: String =
        verses.iter().zip(refrains).map(|(verse, refrain)| format!("{verse}{refrain}{refrain}\n")).collect();
    let song = format!("{stanzas}{}{}he gave for the moon a heifer.\n", verses[0], verses[2]);
    for count in 2..14 {
        assert_eq!(clean(&format!("{}{song}", unit.repeat(count))), format!("{unit}{song}"), "{count}");
    }
}
