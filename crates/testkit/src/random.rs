//! The random numbers of all tests.

/// SplitMix64, a generator of random numbers that gives the same numbers on every machine.
///
/// Source: Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014,
/// with the constants of its `java.util.SplittableRandom`.
///
/// ```
/// let mut random = refrain_testkit::Random::new(1_234_567);
/// assert_eq!(random.number(), 6_457_827_717_110_365_317);
/// assert_eq!(random.number(), 3_203_168_211_198_807_973);
/// ```
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts the sequence of numbers of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number below `n`, or 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.number() >> 11) as usize % n.max(1)
    }

    /// Shuffles `items` (Fisher and Yates 1938; Durstenfeld 1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
