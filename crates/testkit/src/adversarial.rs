//! Inputs of any size that make careless algorithms slow.

use crate::Random;

/// An input that makes careless algorithms slow.
#[derive(Debug)]
pub struct Adversary {
    /// The name in messages and tables.
    pub name: &'static str,
    /// Returns the text with about `n` lines or, for a text of one line, about `n` characters.
    pub text: fn(usize) -> String,
    /// Returns the text without every line that equals an earlier line.
    pub clean: fn(&str) -> String,
}

/// All inputs.
pub const ADVERSARIES: [Adversary; 28] = [
    Adversary { name: "equal lines", text: |n| "a\n".repeat(n), clean: |_| "a\n".into() },
    Adversary { name: "alternating lines", text: |n| "a\nb\n".repeat(n / 2), clean: |_| "a\nb\n".into() },
    Adversary { name: "Fibonacci lines", text: fibonacci, clean: |_| "a\nb\n".into() },
    Adversary { name: "Thue-Morse lines", text: thue_morse, clean: |_| "a\nb\n".into() },
    Adversary { name: "random lines of two", text: random, clean: |_| "a\nb\n".into() },
    Adversary { name: "ever longer runs", text: runs, clean: |text| firsts(text) },
    Adversary { name: "blank lines", text: |n| "\n".repeat(n), clean: str::to_owned },
    Adversary { name: "one long line", text: |n| "word ".repeat(n / 5), clean: str::to_owned },
    Adversary {
        name: "combining marks",
        text: |n| format!("a{}", "\u{301}".repeat(n)),
        clean: str::to_owned,
    },
    Adversary {
        name: "marks out of order",
        text: |n| format!("a{}", "\u{301}\u{323}".repeat(n / 2)),
        clean: str::to_owned,
    },
    Adversary { name: "a refrain between verses", text: refrain, clean: |text| firsts(text) },
    Adversary { name: "one letter and ignorable ones", text: ignorable, clean: |text| firsts(text) },
    Adversary { name: "nested copies with gaps", text: nested, clean: |text| firsts(text) },
    Adversary { name: "sixteen bodies", text: sixteen, clean: |text| firsts(text) },
    Adversary { name: "ever longer prefixes", text: prefixes, clean: |text| firsts(text) },
    Adversary { name: "ever longer doubled parts", text: doubled_parts, clean: |text| firsts(text) },
    Adversary { name: "doubled lines between verses", text: doubled_lines, clean: |text| firsts(text) },
    Adversary { name: "headings only", text: headings, clean: |text| firsts(text) },
    Adversary { name: "a long line below a passage", text: long_line_below, clean: |text| firsts(text) },
    Adversary { name: "random lines of many", text: random_lines, clean: |text| firsts(text) },
    Adversary { name: "a very long heading", text: long_heading, clean: |text| firsts(text) },
    Adversary { name: "a very long rule as heading", text: long_rule, clean: |text| firsts(text) },
    Adversary { name: "one line of one word", text: |n| "lighthouse ".repeat(n / 11), clean: str::to_owned },
    Adversary { name: "one line of random letters", text: random_letters, clean: str::to_owned },
    Adversary { name: "one line of random sentences", text: random_sentences, clean: str::to_owned },
    Adversary { name: "one line of many loops", text: many_loops, clean: str::to_owned },
    Adversary { name: "one line of loops in loops", text: loops_in_loops, clean: str::to_owned },
    Adversary { name: "one line of Fibonacci words", text: fibonacci_words, clean: str::to_owned },
];

fn lines(bits: impl Iterator<Item = bool>) -> String {
    bits.map(|bit| if bit { "b\n" } else { "a\n" }).collect()
}

fn fibonacci(n: usize) -> String {
    let (mut a, mut b) = (vec![false], vec![false, true]);
    while b.len() < n {
        let next = [b.clone(), a].concat();
        (a, b) = (b, next);
    }
    lines(b.into_iter().take(n))
}

fn thue_morse(n: usize) -> String {
    lines((0..n).map(|i| i.count_ones() % 2 == 1))
}

/// Returns random numbers below `n`.
fn numbers(n: usize) -> impl Iterator<Item = usize> {
    let mut random = Random::new(1);
    std::iter::repeat_with(move || random.below(n))
}

fn random(n: usize) -> String {
    lines(numbers(2).take(n).enumerate().map(|(i, number)| i > 0 && number == 1))
}

/// Returns one `a`, a line of its own, two `a`, a line of its own, and so on.
fn runs(n: usize) -> String {
    let mut text = String::new();
    for run in (1..).take_while(|run| run * (run + 1) / 2 <= n) {
        text.push_str(&"a\n".repeat(run));
        text.push_str(&format!("{run}\n"));
    }
    text
}

fn refrain(n: usize) -> String {
    (0..n / 2).map(|i| format!("verse {i}\nrefrain\n")).collect()
}

/// Returns a line that is long only until it is normalized, and many short lines that equal it.
fn ignorable(n: usize) -> String {
    format!("a{}\n{}", "\u{200B}".repeat(n), "A\n".repeat(n / 2))
}

fn body(n: usize) -> String {
    (0..n).map(|i| format!("Line {i} of the body says something of its own.\n")).collect()
}

/// Returns a body twice, the result twice, and so on, with a line of its own after every seventh.
fn nested(n: usize) -> String {
    let mut text = body(n / 60);
    for level in 0..4 {
        text = format!("{text}Part {level}\n{text}");
    }
    let lines = text.lines().enumerate();
    lines
        .map(
            |(i, line)| if i % 7 == 6 { format!("{line}\nAdvertisement {i}\n") } else { format!("{line}\n") },
        )
        .collect()
}

fn sixteen(n: usize) -> String {
    let body = body(n / 17);
    (0..16).map(|i| format!("Title {i}\n{body}")).collect()
}

/// Returns one line, then this line and a second one, then these two and a third one, and so on.
fn prefixes(n: usize) -> String {
    let lines: Vec<String> = body((2 * n).isqrt()).lines().map(|line| format!("{line}\n")).collect();
    (0..lines.len()).map(|end| lines[..end].concat()).collect()
}

/// Returns one line twice, two others twice, three others twice, and so on.
fn doubled_parts(n: usize) -> String {
    let lines: Vec<String> = body(n / 2).lines().map(|line| format!("{line}\n")).collect();
    (0..n.isqrt())
        .map_while(|i| Some(lines.get(i * (i + 1) / 2..(i + 1) * (i + 2) / 2)?.concat().repeat(2)))
        .collect()
}

fn doubled_lines(n: usize) -> String {
    (0..n / 3).map(|i| format!("Verse {i} is sung.\nOh, the sea, the wide and lovely sea!\nOh, the sea, the wide and lovely sea!\n")).collect()
}

fn headings(n: usize) -> String {
    (0..n).map(|i| format!("Chapter {}\n", i % (n / 2).max(1))).collect()
}

fn random_lines(n: usize) -> String {
    numbers((n / 4).max(1)).take(n).map(|i| format!("Line {i} is one of many.\n")).collect()
}

/// Returns a long line before the first of many equal lines, which have short lines before them and
/// other lines between them.
fn after(heading: &str, n: usize) -> String {
    let other = |i: usize| {
        (0..9).map(move |line| format!("{line} is a line of part {i} alone\n")).collect::<String>()
    };
    let part = |i: usize| format!("This line is said in every part.\n{}Part {i}\n", other(i));
    format!("{heading}\n{}This line is said in every part.\n", (0..n / 11).map(part).collect::<String>())
}

fn long_heading(n: usize) -> String {
    after(&body(n / 10).replace('\n', " "), n)
}

fn long_rule(n: usize) -> String {
    after(&"-".repeat(4 * n), n)
}

/// Returns a passage above a long line, and copies of the passage with lines of signs between them.
fn long_line_below(n: usize) -> String {
    let passage =
        "The harbor was closed for the winter because of the ice.\nNobody remembers such a season.\n";
    let sign =
        |digit: char| digit.to_digit(16).map_or('~', |digit| char::from(b"!#$%&()*+,-/:;<="[digit as usize]));
    let line = |i: usize| format!("{i:x}").chars().map(sign).collect::<String>() + ".\n";
    let signs = |part: usize| (9 * part..9 * part + 9).map(line).collect::<String>();
    let parts: String = (1..n / 11).map(|part| passage.to_owned() + &signs(part)).collect();
    format!("The harbor\n{passage}{}x.\n{}{parts}", "-".repeat(4 * n), signs(0))
}

fn random_letters(n: usize) -> String {
    numbers(26).take(n).map(|i| char::from(b'a' + u8::try_from(i).unwrap_or(0))).collect()
}

fn random_sentences(n: usize) -> String {
    numbers((n / 60).max(1))
        .take(n / 15)
        .map(|i| format!("Sentence {i} of many is said at random. "))
        .collect()
}

/// Returns a word of eight letters, a different one for each of the first 65,536 numbers.
fn word(i: usize) -> String {
    (0..8)
        .map(|place| char::from(b'a' + u8::try_from((i >> (2 * place)) % 4 * 4 + place % 4).unwrap_or(0)))
        .collect()
}

fn many_loops(n: usize) -> String {
    (0..n / 90).map(|i| format!("{} ", word(i)).repeat(36) + &format!("is word {i}. ")).collect()
}

/// Returns loops inside the turns of loops.
fn loops_in_loops(n: usize) -> String {
    let inner = |i: usize| format!("{} ", word(i)).repeat(12) + "and then it goes on with these words, ";
    (0..n / 80).map(|i| format!("{}so it is. ", inner(i).repeat(5))).collect()
}

fn fibonacci_words(n: usize) -> String {
    fibonacci(n / 11).replace("a\n", "lighthouse ").replace("b\n", "seagull ")
}

/// Returns the first of all lines that are equal without case and zero-width spaces.
fn firsts(text: &str) -> String {
    let mut seen = std::collections::HashSet::new();
    let first = |line: &&str| seen.insert(line.to_lowercase().replace('\u{200B}', ""));
    text.lines().filter(first).map(|line| format!("{line}\n")).collect()
}
