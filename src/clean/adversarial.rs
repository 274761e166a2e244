//! Inputs that make careless algorithms slow, at any size, and what is left of each when every copy goes.

pub struct Adversary {
    pub name: &'static str,
    /// The text with about `n` lines or, where it has but one, characters.
    pub text: fn(usize) -> String,
    /// What `Policy::All` leaves of lines.
    pub clean: fn(&str) -> String,
}

pub const ADVERSARIES: [Adversary; 12] = [
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

fn random(n: usize) -> String {
    let mut state = 1_u64;
    lines((0..n).map(|i| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i > 0 && state >> 63 == 1
    }))
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

/// The first line of each kind, compared without case and zero-width spaces.
fn firsts(text: &str) -> String {
    let mut seen = std::collections::HashSet::new();
    let first = |line: &&str| seen.insert(line.to_lowercase().replace('\u{200B}', ""));
    text.lines().filter(first).map(|line| format!("{line}\n")).collect()
}
