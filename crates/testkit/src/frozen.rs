//! Generators whose bytes are frozen: published figures of the benches, and the seeds of cases that
//! failed once, were made with them. New code uses [`Random`](crate::Random) and
//! [`prose`](crate::prose).

/// The linear congruential generator of MMIX (Knuth, *The Art of Computer Programming*, volume 2,
/// third edition, 1997, section 3.3.4, line 26).
#[derive(Clone, Debug)]
pub struct Mmix(u64);

impl Mmix {
    /// Starts the sequence of numbers of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `n`, which must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// The letters of a script, and the signs between words, between sentences, and around quotations.
#[derive(Debug)]
pub struct Script {
    /// The language in lower case.
    pub name: &'static str,
    letters: &'static str,
    space: &'static str,
    comma: &'static str,
    stop: &'static str,
    quotes: (&'static str, &'static str),
}

/// Seven languages in six scripts.
pub const SCRIPTS: [Script; 7] = [
    Script {
        name: "english",
        letters: "eeeeeetttttaaaaooooiiiinnnnsssshhhhrrrrddllluucccmmmwwffggyyppbbvk",
        space: " ",
        comma: ", ",
        stop: ". ",
        quotes: ("\u{201C}", "\u{201D}"),
    },
    Script {
        name: "german",
        letters: "eeeeeeeennnnniiiissssrrrrtttaaaadddhhhuuulllcccgggmmooobbwwffkkzzvp\u{FC}\u{E4}\u{F6}\u{DF}j",
        space: " ",
        comma: ", ",
        stop: ". ",
        quotes: ("\u{201E}", "\u{201C}"),
    },
    Script {
        name: "french",
        letters: "eeeeeaaassssiiitttnnnrrruuullloooddccmmpp\u{E9}\u{E9}\u{E9}\u{E8}\u{E0}\u{E7}\u{EA}vqfbghj\u{F4}",
        space: " ",
        comma: ", ",
        stop: ". ",
        quotes: ("\u{AB}\u{A0}", "\u{A0}\u{BB}"),
    },
    Script {
        name: "russian",
        letters: "\u{43E}\u{43E}\u{43E}\u{435}\u{435}\u{430}\u{430}\u{438}\u{438}\u{43D}\u{43D}\u{442}\u{442}\u{441}\u{441}\u{440}\u{432}\u{43B}\u{43A}\u{43C}\u{434}\u{43F}\u{443}\u{44F}\u{44B}\u{44C}\u{433}\u{437}\u{431}\u{447}\u{439}\u{445}\u{436}\u{451}",
        space: " ",
        comma: ", ",
        stop: ". ",
        quotes: ("\u{AB}", "\u{BB}"),
    },
    Script {
        name: "persian",
        letters: "\u{627}\u{627}\u{627}\u{6CC}\u{6CC}\u{646}\u{631}\u{62F}\u{647}\u{648}\u{645}\u{62A}\u{628}\u{634}\u{633}\u{6A9}\u{632}\u{644}\u{62E}\u{67E}\u{6AF}\u{200C}",
        space: " ",
        comma: "\u{60C} ",
        stop: ". ",
        quotes: ("\u{AB}", "\u{BB}"),
    },
    Script {
        name: "hindi",
        letters: "\u{915}\u{947}\u{930}\u{93E}\u{939}\u{948}\u{928}\u{940}\u{938}\u{924}\u{93F}\u{92E}\u{94D}\u{92A}\u{932}\u{935}\u{902}\u{94B}\u{92F}\u{926}\u{917}\u{941}\u{91C}",
        space: " ",
        comma: ", ",
        stop: "\u{964} ",
        quotes: ("\u{201C}", "\u{201D}"),
    },
    Script {
        name: "chinese",
        letters: "\u{7684}\u{4E00}\u{662F}\u{4E0D}\u{4E86}\u{4EBA}\u{6211}\u{5728}\u{6709}\u{4ED6}\u{8FD9}\u{4E2D}\u{5927}\u{6765}\u{4E0A}\u{56FD}\u{4E2A}\u{5230}\u{8BF4}\u{4EEC}\u{4E3A}\u{5B50}\u{548C}\u{4F60}\u{5730}\u{51FA}\u{9053}\u{4E5F}\u{65F6}\u{5E74}",
        space: "",
        comma: "\u{FF0C}",
        stop: "\u{3002}",
        quotes: ("\u{201C}", "\u{201D}"),
    },
];

/// Returns at least `bytes` of prose: one paragraph of a few sentences in each line, and no line
/// twice.
pub fn prose(script: &Script, bytes: usize) -> String {
    let letters: Vec<char> = script.letters.chars().collect();
    let mut numbers = Mmix::new(bytes as u64);
    let mut text = String::with_capacity(bytes + 1_000);
    while text.len() < bytes {
        for _ in 0..2 + numbers.below(4) {
            let quoted = numbers.below(4) == 0;
            text.push_str(if quoted { script.quotes.0 } else { "" });
            for word in 0..5 + numbers.below(15) {
                if word > 0 {
                    text.push_str(if numbers.below(9) == 0 { script.comma } else { script.space });
                }
                for i in 0..1 + numbers.below(8) {
                    let letter = letters[numbers.below(letters.len())];
                    text.extend(letter.to_uppercase().filter(|_| word == 0 && i == 0));
                    text.extend((word > 0 || i > 0).then_some(letter));
                }
            }
            text.push_str(if quoted { script.quotes.1 } else { "" });
            text.push_str(script.stop);
        }
        text.push('\n');
    }
    text
}
