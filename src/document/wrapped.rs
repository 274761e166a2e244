//! Recognizes prose whose lines were broken at a fixed width.

use super::Document;
use super::features::ends_sentence;

/// The minimum number of lines that were broken inside a sentence.
const BROKEN: usize = 5;

impl Document<'_> {
    /// Returns whether `segments` are lines of prose that was broken at a fixed width, as in print:
    /// four in five of the lines that end inside a sentence have no room for the first word of the
    /// next line, and half of those next lines continue the sentence with a lowercase letter.
    ///
    /// The lines of a poem have no common width.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the segments.
    pub(crate) fn is_wrapped(&self, segments: impl Iterator<Item = usize> + Clone) -> bool {
        let len = |text: &str| text.chars().count();
        let width = segments.clone().map(|i| len(self.key_text(i))).max().unwrap_or(0);
        let (mut broken, mut full, mut continued) = (0, 0, 0);
        for (i, next) in segments.clone().zip(segments.skip(1)) {
            let line = self.key_text(i);
            if next != i + 1 || ends_sentence(line) {
                continue;
            }
            let word = self.key_text(next).split(' ').next().unwrap_or_default();
            broken += 1;
            full += usize::from(len(line) + 1 + len(word) > width);
            continued += usize::from(self.is_continued_by(i, next));
        }
        broken >= BROKEN && 5 * full >= 4 * broken && 2 * continued >= broken
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    fn is_wrapped(text: &str) -> bool {
        let doc = Document::new(text);
        doc.is_wrapped(0..doc.len())
    }

    const COLUMN: [&str; 8] = [
        "The ferry crosses the bay every",
        "hour, and in winter only twice a",
        "day, because the ice on the quay",
        "has to be cut first. The captain",
        "has done that for forty years.",
        "Nobody has counted how often the",
        "ferry was late, but the keeper",
        "of the lighthouse says never.",
    ];

    #[test]
    fn a_column_is_wrapped_and_a_poem_is_not() {
        assert!(is_wrapped(&COLUMN.join("\n")));
        let poem = "the ice on the quay\nwas cut before the morning came\nand cut again\n\
            when the captain, who was no longer young,\nhad gone\nto look for his gloves\nand found a letter";
        assert!(!is_wrapped(poem));
        let names = "Anna Karlsson, Trondheim\nBernd Maurer, Eisenach\nCarla Fontana, Bologna\n\
            Denis Moreau, Bordeaux\nEdith Sander, Flensburg\nFrank Walters, Plymouth";
        assert!(!is_wrapped(names), "the lines begin with capital letters");
    }

    #[test]
    fn bounds_of_wrapped_text() {
        // Six lines end inside a sentence.
        let column = |change: &[(usize, &str)]| {
            let mut lines = COLUMN;
            change.iter().for_each(|(i, line)| lines[*i] = line);
            lines.join("\n")
        };
        assert!(!is_wrapped(&COLUMN[..5].join("\n")), "four lines are too few");
        assert!(is_wrapped(&column(&[(1, "hour, and in winter only")])), "five of six lines are full");
        let short = [(1, "hour, and in winter only"), (2, "day, because the ice")];
        assert!(!is_wrapped(&column(&short)), "four of six lines are full");
        let capital = [
            (1, "Hour, and in winter only twice a"),
            (2, "Day, because the ice on the quay"),
            (6, "Ferry was late, but the keeper"),
            (7, "Of the lighthouse says never."),
        ];
        assert!(is_wrapped(&column(&capital[..3])), "three of six lines begin with a lowercase letter");
        assert!(!is_wrapped(&column(&capital)), "two of six lines do");
    }
}
