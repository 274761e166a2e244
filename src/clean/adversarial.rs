//! Inputs that make careless algorithms slow, at any size, and what is left of each when every copy
//! is removed.

pub struct Adversary {
    pub name: &'static str,
    /// The text with about `n` lines or, where it has but one, characters.
    pub text: fn(usize) -> String,
    /// The text that `Policy::drop_all` leaves, by lines.
    pub clean: fn(&str) -> String,
}

pub const ADVERSARIES: [Adversary; 27] = [
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

/// Numbers below `n` as if at random.
fn numbers(n: usize) -> impl Iterator<Item = usize> {
    let mut state = 1_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((u128::from(state) * n as u128) >> 64).unwrap_or(0)
    })
}

fn random(n: usize) -> String {
    lines(numbers(2).take(n).enumerate().map(|(i, number)| i > 0 && number == 1))
}

/// One `a`, a line of its own, two `a`, a line of its own, and so on.
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

/// A line that is long only until it is normalised, and many short ones that equal it.
fn ignorable(n: usize) -> String {
    format!("a{}\n{}", "\u{200B}".repeat(n), "A\n".repeat(n / 2))
}

fn body(n: usize) -> String {
    (0..n).map(|i| format!("Line {i} of the body says something of its own.\n")).collect()
}

/// A body twice, that twice, and so on, with a line of its own after every seventh.
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

/// One line, that and a second one, these and a third one, and so on.
fn prefixes(n: usize) -> String {
    let lines: Vec<String> = body((2 * n).isqrt()).lines().map(|line| format!("{line}\n")).collect();
    (0..lines.len()).map(|end| lines[..end].concat()).collect()
}

/// One line twice, two others twice, three others twice, and so on.
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

/// A long line before the first of many equal ones, which have short lines before them and other
/// lines between them.
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

fn random_letters(n: usize) -> String {
    numbers(26).take(n).map(|i| char::from(b'a' + u8::try_from(i).unwrap_or(0))).collect()
}

fn random_sentences(n: usize) -> String {
    numbers((n / 60).max(1))
        .take(n / 15)
        .map(|i| format!("Sentence {i} of many is said at random. "))
        .collect()
}

/// A word of eight letters for each number.
fn word(i: usize) -> String {
    (0..8)
        .map(|place| char::from(b'a' + u8::try_from((i >> (2 * place)) % 4 * 4 + place % 4).unwrap_or(0)))
        .collect()
}

fn many_loops(n: usize) -> String {
    (0..n / 90).map(|i| format!("{} ", word(i)).repeat(36) + &format!("is word {i}. ")).collect()
}

/// Loops inside the turns of loops.
fn loops_in_loops(n: usize) -> String {
    let inner = |i: usize| format!("{} ", word(i)).repeat(12) + "and then it goes on with these words, ";
    (0..n / 80).map(|i| format!("{}so it is. ", inner(i).repeat(5))).collect()
}

fn fibonacci_words(n: usize) -> String {
    fibonacci(n / 11).replace("a\n", "lighthouse ").replace("b\n", "seagull ")
}

/// The first line of each kind, compared without case and zero-width spaces.
fn firsts(text: &str) -> String {
    let mut seen = std::collections::HashSet::new();
    let first = |line: &&str| seen.insert(line.to_lowercase().replace('\u{200B}', ""));
    text.lines().filter(first).map(|line| format!("{line}\n")).collect()
}
