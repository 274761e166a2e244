//! Recognizes prose whose lines were broken at a fixed width.

use super::Document;
use super::features::ends_sentence;
use crate::work;

/// The minimum number of lines that were broken inside a sentence.
const LEAST_BROKEN: usize = 5;

impl Document<'_> {
    /// Returns whether `segments` are lines of prose that was broken at a fixed width, as in print.
    /// Each index is given with the position of the segment among the segments that are left, so
    /// that two lines are neighbors if only removed lines were between them.
    ///
    /// * Four in five of the lines that end inside a sentence have no room for the first word of
    ///   the next line.
    /// * Half of those next lines continue the sentence with a lowercase letter.
    /// * In one line of five, a sentence ends before the last word. In verse, even in one with
    ///   lines of equal length, most sentences end where lines end.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the segments.
    pub(crate) fn is_wrapped(&self, segments: impl Iterator<Item = (u32, usize)> + Clone) -> bool {
        let len = |text: &str| text.chars().count();
        let (mut width, mut lines, mut ended) = (0, 0, 0);
        for line in segments.clone().map(|(_, i)| self.key_text(i)) {
            work::count(line.len());
            width = width.max(len(line));
            lines += 1;
            let before = line.rsplit_once(' ').map_or("", |(before, _)| before);
            ended += usize::from(before.split(' ').any(|word| word.len() > 2 && ends_sentence(word)));
        }
        let (mut broken, mut full, mut continued) = (0, 0, 0);
        for ((place, i), (next_place, next)) in segments.clone().zip(segments.skip(1)) {
            let line = self.key_text(i);
            if next_place != place + 1 || ends_sentence(line) {
                continue;
            }
            let word = self.key_text(next).split(' ').next().unwrap_or_default();
            broken += 1;
            full += usize::from(len(line) + 1 + len(word) > width);
            continued += usize::from(self.is_continued_by(i, next));
        }
        broken >= LEAST_BROKEN && 5 * full >= 4 * broken && 2 * continued >= broken && 5 * ended >= lines
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    fn is_wrapped(text: &str) -> bool {
        let doc = Document::new(text);
        doc.is_wrapped((0..).zip(0..doc.len()))
    }

    const COLUMN: [&str; 11] = [
        "The ferry crosses the bay",
        "every hour. In winter it",
        "leaves only twice a day,",
        "because the ice on the quay",
        "has to be cut first. The",
        "captain has done that for",
        "forty years. Nobody has",
        "counted how often the ferry",
        "was late. The keeper of the",
        "lighthouse, who knows both of",
        "them, says never.",
    ];

    #[test]
    fn a_column_is_wrapped_and_a_poem_is_not() {
        assert!(is_wrapped(&COLUMN.join("\n")));
        let poem = "the ice on the quay\nwas cut before the morning came\nand cut again\n\
            when the captain, who was no longer young,\nhad gone\nto look for his gloves\nand found a letter";
        assert!(!is_wrapped(poem));
        let verse = "the ice had covered all the quay\nand every rope and every ship\nthe keeper came and cut a way\n\
            and cut the ice from lip to lip\nbut when the dawn was on the bay\nand every gull was on the wing\n\
            the snow had fallen all the day\nand nobody could do a thing";
        assert!(!is_wrapped(verse), "the lines have equal lengths, and no sentence ends in them");
        let names = "Anna Karlsson, Trondheim\nBernd Maurer, Eisenach\nCarla Fontana, Bologna\n\
            Denis Moreau, Bordeaux\nEdith Sander, Flensburg\nFrank Walters, Plymouth";
        assert!(!is_wrapped(names), "the lines begin with capital letters");
    }

    #[test]
    fn bounds_of_wrapped_text() {
        // Ten lines end inside a sentence.
        let column = |change: &[(usize, &str)]| {
            let mut lines = COLUMN;
            change.iter().for_each(|(i, line)| lines[*i] = line);
            is_wrapped(&lines.join("\n"))
        };
        assert!(is_wrapped(&COLUMN[..6].join("\n")), "five lines are enough");
        assert!(!is_wrapped(&COLUMN[..5].join("\n")), "four lines are too few");
        let short = [(2, "leaves only"), (3, "because the ice"), (5, "captain has")];
        assert!(column(&short[..2]), "eight of ten lines are full");
        assert!(!column(&short), "seven of ten lines are full");
        let capital = [
            (2, "Leaves only twice a day,"),
            (3, "Because the ice on the quay"),
            (5, "Captain has done that for"),
            (7, "Counted how often the ferry"),
            (9, "Lighthouse, who knows both of"),
            (10, "Them, says never."),
        ];
        assert!(column(&capital[..5]), "five of ten lines begin with a lowercase letter");
        assert!(!column(&capital), "four of ten lines do");
        let ends = [(1, "every hour, in winter it"), (4, "has to be cut first, the")];
        assert!(column(&ends[..1]), "sentences end inside three of eleven lines");
        assert!(!column(&ends), "sentences end inside two of eleven lines");
    }
}
