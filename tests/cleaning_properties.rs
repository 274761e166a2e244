//! Properties that every answer of the default cleaner has, over kinds of text.
//!
//! All of them take the path of `refrain::clean`. The texts are made of sentences that occur once
//! unless the property repeats them.

use proptest::prelude::*;
use refrain::{Cleaner, clean};
use refrain_testkit::cases;
use refrain_testkit::frozen::Mmix;

/// A kind of text: the words of a language and how a line of it is built.
#[derive(Clone, Copy, Debug)]
struct Kind {
    words: &'static [&'static str],
    /// Between two words, and at the end of a sentence.
    space: &'static str,
    stop: &'static str,
    /// The least and the greatest number of words of a line.
    len: (usize, usize),
}

const ENGLISH: &[&str] = &[
    "harbor", "the", "keeper", "says", "that", "nobody", "counted", "boats", "before", "winter", "and",
    "three", "ropes", "were", "found", "under", "an", "old", "bench", "with", "paint", "still", "wet",
    "when", "children", "came", "along", "quietly", "carrying", "lanterns",
];
const RUSSIAN: &[&str] = &[
    "паром",
    "вчера",
    "ушёл",
    "раньше",
    "обычного",
    "потому",
    "что",
    "капитан",
    "увидел",
    "тучу",
    "над",
    "лесом",
    "и",
    "решил",
    "не",
    "ждать",
    "последних",
    "пассажиров",
    "с",
    "корзинами",
    "яблок",
    "на",
    "мокром",
    "причале",
];
const ARABIC: &[&str] = &[
    "العبّارة",
    "تأخّرت",
    "اليوم",
    "لأنّ",
    "الربّان",
    "نسي",
    "مفتاح",
    "المحرّك",
    "في",
    "بيت",
    "أخته",
    "قرب",
    "السوق",
    "القديم",
    "وعاد",
    "مشيا",
    "تحت",
    "المطر",
    "ضاحكا",
    "مع",
    "الأولاد",
];
const HINDI: &[&str] = &[
    "नाव",
    "आज",
    "देर",
    "से",
    "चली",
    "क्योंकि",
    "मल्लाह",
    "की",
    "घड़ी",
    "रुक",
    "गई",
    "थी",
    "और",
    "घाट",
    "पर",
    "सबने",
    "चाय",
    "पीकर",
    "इंतज़ार",
    "किया",
    "बारिश",
    "में",
];
const CHINESE: &[&str] = &[
    "渡船", "今天", "来得", "很晚", "因为", "船夫", "忘了", "钥匙", "大家", "只好", "在", "码头", "喝茶",
    "聊天", "直到", "雨停", "孩子", "提着", "灯笼", "回家", "母亲", "煮面",
];
const JAPANESE: &[&str] = &[
    "渡し船は",
    "今朝も",
    "遅れて",
    "来たので",
    "みんな",
    "桟橋で",
    "お茶を",
    "飲みながら",
    "雨が",
    "やむのを",
    "待って",
    "それから",
    "子どもたちが",
    "提灯を",
    "持って",
    "静かに",
    "帰った",
    "母は",
    "うどんを",
];

const PROSE: &[Kind] = &[
    Kind { words: ENGLISH, space: " ", stop: ".", len: (16, 40) },
    Kind { words: RUSSIAN, space: " ", stop: ".", len: (16, 40) },
    Kind { words: ARABIC, space: " ", stop: ".", len: (16, 40) },
    Kind { words: HINDI, space: " ", stop: "।", len: (24, 48) },
    Kind { words: CHINESE, space: "", stop: "。", len: (16, 40) },
    Kind { words: JAPANESE, space: "", stop: "。", len: (10, 24) },
];

/// Lines that no guard keeps, long and short.
const LINES: &[Kind] = &[
    Kind { words: ENGLISH, space: " ", stop: ".", len: (16, 40) },
    Kind { words: ENGLISH, space: " ", stop: "", len: (9, 14) },
    Kind { words: ENGLISH, space: " ", stop: ".", len: (5, 9) },
    Kind { words: RUSSIAN, space: " ", stop: ".", len: (5, 30) },
    Kind { words: ARABIC, space: " ", stop: "", len: (8, 20) },
    Kind { words: CHINESE, space: "", stop: "。", len: (5, 40) },
    Kind { words: JAPANESE, space: "", stop: "", len: (5, 12) },
];

impl Kind {
    /// A line that depends on `seed`; two seeds do not give one line, because the line has its
    /// number in words.
    fn line(self, seed: u64) -> String {
        let mut random = Mmix::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut word = || self.words[random.below(self.words.len())];
        let len = self.len.0 + usize::try_from(seed % 1_000_003).unwrap_or(0) % (self.len.1 - self.len.0 + 1);
        let mut words: Vec<&str> = (0..len.saturating_sub(4)).map(|_| word()).collect();
        let base = self.words.len() as u64;
        words.extend(
            [seed / base / base % base, seed / base % base, seed % base]
                .map(|i| self.words[usize::try_from(i).unwrap_or(0)]),
        );
        words.join(self.space) + self.stop
    }

    fn lines(self, from: u64, count: usize) -> Vec<String> {
        (from..).take(count).map(|seed| self.line(seed)).collect()
    }
}

fn kind(kinds: &'static [Kind]) -> impl Strategy<Value = Kind> {
    prop::sample::select(kinds)
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn cleaned(text: &str) -> String {
    clean(text).into_owned()
}

/// Returns a line that has no word in common with those of other numbers below 676.
fn label(number: usize) -> String {
    let letter = |i: usize| char::from(b"abcdefghijklmnopqrstuvwxyz"[i % 26]);
    let (a, b) = (letter(number / 26), letter(number));
    format!("qu{a}{b} {b}{a}re")
}

fn repeated(unit: &[String], count: usize) -> Vec<String> {
    unit.iter().cloned().cycle().take(unit.len() * count).collect()
}

/// Where each of `lines` is in `all`, in order, each after the one before.
fn is_subsequence(lines: &[String], all: &[&str]) -> bool {
    let mut all = all.iter();
    lines.iter().all(|line| all.any(|other| line == other))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(100, 400)))]

    /// If k copies in a row leave one, so do more, with the same output.
    #[test]
    fn monotone(kind in kind(LINES), around in kind(PROSE), len in 1_usize..7, context in 0_usize..25, first in 0_u64..5_000) {
        let before = around.lines(10_000, context);
        let after = around.lines(11_000, context);
        let unit = kind.lines(first, len);
        let with = |count: usize| text(&[&before[..], &repeated(&unit, count), &after].concat());
        let one = with(1);
        let mut collapsed = false;
        for count in [2, 3, 4, 5, 6, 8, 11, 12, 13, 20, 50, 200] {
            let out = clean(&with(count)).into_owned();
            prop_assert!(!collapsed || out == one, "{} copies are kept:\n{}", count, out);
            collapsed = out == one;
        }
        prop_assert!(collapsed, "200 copies are kept of {:?}", unit);
    }

    /// Sentences inside a line have the same property.
    #[test]
    fn monotone_inside_a_line(kind in kind(&PROSE[..4]), around in kind(&PROSE[..4]), len in 1_usize..4, context in 3_usize..8, first in 0_u64..5_000) {
        let join = |lines: &[String]| lines.join(" ");
        let before = join(&around.lines(10_000, context));
        let after = join(&around.lines(11_000, context));
        let unit = kind.lines(first, len);
        let with = |count: usize| format!("{before} {} {after}\n", join(&repeated(&unit, count)));
        let one = with(1);
        let mut collapsed = false;
        for count in [2, 3, 4, 5, 8, 20, 60] {
            let out = clean(&with(count)).into_owned();
            prop_assert!(!collapsed || out == one, "{} copies are kept:\n{}", count, out);
            collapsed = out == one;
        }
        prop_assert!(collapsed, "60 copies are kept of {:?}", unit);
    }

    /// A paragraph is quoted on top, the body comes twice or three times: the quote and the body
    /// stay once.
    #[test]
    fn quote(kind in kind(PROSE), paragraphs in 3_usize..30, quoted in any::<prop::sample::Index>(), copies in 2_usize..4, tail in 0_usize..4, first in 0_u64..5_000) {
        let body = kind.lines(first, paragraphs);
        let quoted = quoted.index(paragraphs);
        let title = ["The old ferry".to_owned(), body[quoted].clone()];
        let tail = kind.lines(20_000, tail);
        let input = text(&[&title[..], &repeated(&body, copies), &tail].concat());
        let wanted = text(&[&title[..], &body, &tail].concat());
        let out = clean(&input);
        // The quote before its own paragraph is a copy directly behind its original, and one of the
        // two may be removed.
        let without_quote = text(&[&title[..1], &body[..], &tail].concat());
        prop_assert!(out == wanted || (quoted == 0 && out == without_quote), "quoted {}:\n{}", quoted, out);
    }

    /// Below an article with captions, its paragraphs come twice with the lines of a template above
    /// them: the paragraphs and these lines stay once.
    #[test]
    fn layers_below_an_article(kind in kind(&PROSE[..4]), paragraphs in 5_usize..20, above in 4_usize..12, first in 0_u64..5_000) {
        let body = kind.lines(first, paragraphs);
        let labels = |from: usize, count: usize| (from..from + count).map(label).collect::<Vec<_>>();
        let (template, between) = (labels(0, above), labels(100, 12));
        let captions = labels(200, paragraphs).into_iter();
        let article: Vec<String> = body.iter().cloned().zip(captions).flat_map(<[String; 2]>::from).collect();
        let layer = [&template[..], &body].concat();
        let input = text(&[&article[..], &layer, &between, &layer].concat());
        prop_assert_eq!(cleaned(&input), text(&[article, template, between].concat()));
    }

    /// Captions that roll up show each line two or three times: each line stays once. If the lines
    /// begin with capitals, they may be a song in which each line is sung two or three times.
    #[test]
    fn captions_that_roll_up(kind in kind(&PROSE[..2]), captions in 30_usize..100, copies in 2_usize..4, first in 0_u64..5_000) {
        let lines = Kind { len: (5, 6), stop: "", ..kind }.lines(first, captions);
        let rolled = |lines: &[String], copies: usize| {
            text(&lines.iter().flat_map(|line| repeated(std::slice::from_ref(line), copies)).collect::<Vec<_>>())
        };
        let captions: Vec<String> = lines.iter().map(|line| line.to_lowercase()).collect();
        prop_assert_eq!(cleaned(&rolled(&captions, copies)), text(&captions));
        let capital = |line: &String| {
            let mut chars = line.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
        };
        let short = lines.iter().filter(|line| line.chars().count() < 45);
        let song: Vec<String> = short.map(capital).collect();
        let song = rolled(&song, copies);
        prop_assert!(cleaned(&song) == song, "{}", song);
    }

    /// Each of a few lists of different lengths comes twice in a row: each stays once. Stanzas of
    /// one length, each of which is sung twice, all stay.
    #[test]
    fn lists_that_come_twice_in_a_row(kind in kind(&PROSE[..4]), lists in 4_usize..9, first in 0_u64..4_000) {
        let short = Kind { len: (3, 4), stop: "", ..kind };
        let text_of = |len: fn(usize) -> usize, copies: usize| {
            let lists = (0..lists).map(|i| repeated(&short.lines(first + 100 * i as u64, len(i)), copies));
            text(&lists.collect::<Vec<_>>().concat())
        };
        let title = "On Monday we sing\n";
        prop_assert_eq!(cleaned(&text_of(|i| 7 + i, 2)), text_of(|i| 7 + i, 1));
        for song in [text_of(|_| 6, 2), format!("{title}{title}{}", text_of(|_| 6, 2)), text_of(|i| 3 + i % 2, 2)] {
            prop_assert!(cleaned(&song) == song, "{}", song);
        }
    }

    /// Each page of a file comes twice in a row, with a head and a foot that all pages have: of the
    /// body of each page, one copy is left.
    #[test]
    fn pages_that_come_twice_in_a_row(kind in kind(&PROSE[..4]), pages in 4_usize..9, has_head in any::<bool>(), has_foot in any::<bool>(), first in 0_u64..4_000) {
        let short = Kind { len: (3, 4), stop: "", ..kind };
        let bodies: Vec<Vec<String>> = (0..pages).map(|i| short.lines(first + 100 * i as u64, 20 + i)).collect();
        let [head, foot] = [(has_head, "Annals"), (has_foot, "Imprint")]
            .map(|(has, line)| if has { vec![line.to_owned()] } else { Vec::new() });
        let page = |body: &Vec<String>| repeated(&[&head[..], body, &foot].concat(), 2);
        let out = cleaned(&text(&bodies.iter().flat_map(page).collect::<Vec<_>>()));
        let is_of_page = |line: &&str| !["Annals", "Imprint"].contains(line);
        prop_assert!(out.lines().filter(is_of_page).eq(bodies.concat().iter()), "{}", out);
    }

    /// Records that come twice in a row stay, also next to lines that are doubled.
    #[test]
    fn records_next_to_doubled_lines(kind in kind(&PROSE[..4]), doubled in 6_usize..20, records in 4_usize..12, first in 0_u64..5_000) {
        let lines = kind.lines(first, doubled);
        let twice: Vec<String> = lines.iter().flat_map(|line| [line.clone(), line.clone()]).collect();
        let short = Kind { len: (3, 4), stop: "", ..kind };
        let log: Vec<String> = (0..records).map(|i| format!("08:{} {}", 10 + i, short.line(i as u64))).collect();
        let log = repeated(&log, 2);
        prop_assert_eq!(cleaned(&text(&[&twice[..], &log].concat())), text(&[lines, log].concat()));
    }

    /// Lines are inserted after every few paragraphs of one copy: the paragraphs stay once, in
    /// order, and each inserted line at least once.
    #[test]
    fn inserts(kind in kind(PROSE), paragraphs in 4_usize..30, every in 1_usize..4, is_first in any::<bool>(), are_equal in any::<bool>(), first in 0_u64..5_000) {
        let body = kind.lines(first, paragraphs);
        let short = Kind { len: (5, 7), stop: "", ..kind };
        let mut inserted = Vec::new();
        let mut with = Vec::new();
        for (i, paragraph) in body.iter().enumerate() {
            with.push(paragraph.clone());
            if (i + 1) % every == 0 {
                let line = short.line(if are_equal { 30_000 } else { 30_000 + i as u64 });
                inserted.push(line.clone());
                with.push(line);
            }
        }
        let title = ["The old ferry".to_owned()];
        let copies = if is_first { [with, body.clone()] } else { [body.clone(), with] };
        let input = text(&[&title[..], &copies[0], &copies[1]].concat());
        let out = clean(&input);
        let lines: Vec<&str> = out.lines().collect();
        let kept: Vec<&str> = lines.iter().copied().filter(|line| body.iter().any(|other| other == line)).collect();
        prop_assert!(kept.iter().eq(body.iter()), "every {}:\n{}", every, out);
        prop_assert!(inserted.iter().all(|line| lines.contains(&line.as_str())), "{}", out);
    }

    /// A body comes two to four times, with another line after each paragraph of each copy: each
    /// paragraph stays once.
    #[test]
    fn other_inserts_in_each_copy(kind in kind(PROSE), paragraphs in 4_usize..20, copies in 2_usize..5, first in 0_u64..5_000) {
        let body = kind.lines(first, paragraphs);
        let mut all = vec!["The old ferry".to_owned()];
        for (number, paragraph) in repeated(&body, copies).into_iter().enumerate() {
            all.extend([paragraph, label(number)]);
        }
        let input = text(&all);
        let out = clean(&input);
        let kept = out.lines().filter(|line| body.iter().any(|other| other == line));
        prop_assert!(kept.eq(body.iter()), "{}", out);
    }

    /// A title, an introductory sentence, and the same lines under headings of one kind: nothing is
    /// removed.
    #[test]
    fn parallel_sections(kind in kind(PROSE), heading in 0_usize..8, sections in 2_usize..4, lines in 1_usize..9, first in 0_u64..5_000) {
        let [a, b, c] = [kind.words[0], kind.words[4], kind.words[8]];
        let words = [kind.words[2], kind.words[6], kind.words[10]];
        let space = kind.space;
        let heading = |section: usize| match heading {
            0 => format!("{a}{space}{b} {}", section + 1),
            1 => format!("{a}{b}{space} {}", words[section]),
            2 => format!("- {}{space}{c}", words[section]),
            3 => format!("{} {a}{b}", words[section]),
            4 => format!("{}{space}{a}?", words[section]),
            5 => format!("{}{space}{b}:", words[section]),
            6 => format!("{a}: {}", Kind { len: (4, 6), ..kind }.line(60_000 + section as u64)),
            _ => format!("\u{7B2C}{}\u{7AE0} {}", ['\u{4E00}', '\u{4E8C}', '\u{4E09}'][section], words[section]),
        };
        let mut all = vec![format!("{b}{space}{c}"), kind.line(40_000)];
        let section = kind.lines(first, lines);
        for number in 0..sections {
            all.push(heading(number));
            all.extend(section.iter().cloned());
        }
        let input = text(&all);
        prop_assert_eq!(cleaned(&input), input);
    }

    /// Different labels above values that repeat, in two halves: nothing is removed.
    #[test]
    fn labels_with_values(kind in kind(PROSE), rows in 2_usize..6, first in 0_u64..5_000) {
        let values = kind.lines(first, 2);
        let mut all = vec!["The sea today".to_owned()];
        // Each half has the first value several times.
        for row in 0..2 * rows + 2 {
            let value = &values[usize::from(row % (rows + 1) == rows)];
            all.extend([label(row), value.clone()]);
        }
        let input = text(&all);
        prop_assert_eq!(cleaned(&input), input);
    }

    /// A line that is one text several times, with or without a space between, is that text once,
    /// even if the text has no stops or only the last one is missing.
    #[test]
    fn copies_in_a_line(kind in kind(PROSE), sentences in 5_usize..9, count in 2_usize..7, is_spaced in any::<bool>(), has_stops in any::<bool>(), first in 0_u64..5_000) {
        let mut once = kind.lines(first, sentences).join(kind.space);
        once = if has_stops { once.trim_end_matches(kind.stop).to_owned() } else { once.replace(kind.stop, "") };
        prop_assume!(once.len() >= 150);
        let line = vec![&*once; count].join(if is_spaced { " " } else { "" });
        let edits = Cleaner::new().edits(&line);
        prop_assert_eq!(edits.apply(), once);
        prop_assert!(edits.is_fixed_point());
    }

    /// Records stay at any count, with ascending times and with one time throughout.
    #[test]
    fn records(kind in kind(&PROSE[..4]), messages in 1_usize..4, count in 2_usize..60, is_ascending in any::<bool>(), context in 0_usize..10, first in 0_u64..5_000) {
        let short = Kind { len: (5, 9), stop: "", ..kind };
        let messages = short.lines(first, messages);
        let mut all = kind.lines(50_000, context);
        for (i, message) in repeated(&messages, count).iter().enumerate() {
            let i = if is_ascending { i } else { 0 };
            all.push(format!("2031-05-04 {:02}:{:02}:{:02} {message}", 6 + i / 3600, i / 60 % 60, i % 60));
        }
        let input = text(&all);
        prop_assert_eq!(cleaned(&input), input);
    }

    /// Posts that were loaded twice are there once, although half of their lines are names and times.
    #[test]
    fn posts(kind in kind(&PROSE[..4]), count in 3_usize..9, new in 0_usize..4, first in 0_u64..5_000) {
        let posts = |from: usize, count: usize| {
            let texts = kind.lines(first + from as u64, count).into_iter();
            let post = |(i, text)| [format!("#{i}, 10:{:02}", i + 7), text];
            (from..).zip(texts).flat_map(post).collect::<Vec<_>>()
        };
        let page = |copies: &[String]| {
            let title = ["Bandsaw drifts whatever I do".to_owned()];
            text(&[&title[..], &posts(1, count), &["Show more".to_owned()], copies, &posts(1 + count, new)].concat())
        };
        prop_assert_eq!(cleaned(&page(&posts(1, count))), page(&[]));
    }

    /// Line ends, letter case and the names of things do not matter.
    #[test]
    fn invariant(unit in 1_usize..12, copies in 1_usize..4, context in 0_usize..12, first in 0_u64..5_000) {
        let kind = PROSE[0];
        let body = kind.lines(first, unit);
        let input = text(&[&kind.lines(60_000, context)[..], &repeated(&body, copies), &kind.lines(61_000, 2)].concat());
        let out = clean(&input).into_owned();
        let crlf = |text: &str| text.replace('\n', "\r\n");
        prop_assert_eq!(cleaned(&crlf(&input)), crlf(&out));
        prop_assert_eq!(cleaned(&input.to_uppercase()), out.to_uppercase());
        // Every letter becomes the next one.
        let next = |text: &str| -> String {
            text.chars().map(|c| if c.is_ascii_lowercase() { char::from((c as u8 - b'a' + 1) % 26 + b'a') } else { c }).collect()
        };
        prop_assert_eq!(cleaned(&next(&input)), next(&out));
        // Decomposed letters are the same letters.
        let accented = |text: &str, to: &str| text.replace('e', to);
        prop_assert_eq!(
            cleaned(&accented(&input, "e\u{301}")).replace("e\u{301}", "\u{E9}"),
            cleaned(&accented(&input, "\u{E9}"))
        );
    }

    /// One line more in front and one behind changes nothing in a text of forty lines or more, away
    /// from the thresholds.
    #[test]
    fn stable(kind in kind(PROSE), unit in 1_usize..40, copies in 1_usize..4, context in 20_usize..60, first in 0_u64..5_000) {
        let body = kind.lines(first, unit);
        let lines = [&kind.lines(60_000, context)[..], &repeated(&body, copies), &kind.lines(61_000, 20)].concat();
        let input = text(&lines);
        let edits = Cleaner::new().edits(&input);
        // Shares that decide: 20, 25, 30 and 42 in a hundred.
        let is_near = edits.decisions().iter().any(|decision| {
            let share = decision.block().share();
            [0.20, 0.25, 0.30, 0.42].iter().any(|bound| (share / bound - 1.0).abs() < 0.1)
        });
        prop_assume!(!is_near);
        let [front, behind] = [70_000, 71_000].map(|seed| kind.line(seed));
        let framed = format!("{front}\n{input}{behind}\n");
        prop_assert_eq!(cleaned(&framed), format!("{front}\n{}{behind}\n", edits.apply()));
    }
}

#[test]
fn every_paragraph_is_quoted_in_turn() {
    for paragraphs in [3, 4, 5, 8, 15, 30] {
        for quoted in 1..paragraphs {
            let body = PROSE[0].lines(0, paragraphs);
            let title = ["The old ferry".to_owned(), body[quoted].clone()];
            let input = text(&[&title[..], &repeated(&body, 2)].concat());
            assert_eq!(clean(&input), text(&[&title[..], &body].concat()), "{quoted} of {paragraphs}");
            assert!(is_subsequence(&body, &clean(&input).lines().collect::<Vec<_>>()));
        }
    }
}
