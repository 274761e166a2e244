//! Removal of segments that the caller chooses.

use std::borrow::Cow;

use super::{Cut, Cuts, without};
use crate::document::Document;
use crate::error::CutError;

impl Document<'_> {
    /// Returns the text without the segments with the given indices; borrowed if nothing is
    /// removed.
    ///
    /// The [cuts](crate::edits#how-a-cut-is-made) are made as by a cleaner. A run of sentences or
    /// words is kept if the text around the run would be split into other segments without the run.
    /// If all segments are removed, one line end is left if there was one before or after the
    /// segments.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let text = "\
    /// Home
    ///
    /// The ferry sails again.
    ///
    /// Imprint
    /// ";
    /// let doc = Document::new(text);
    /// assert_eq!(doc.remove_segments(&[0, 2])?, "The ferry sails again.\n");
    /// assert_eq!(doc.remove_segments(&[0, 1, 2])?, "\n");
    /// # Ok::<(), refrain::error::CutError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    ///
    /// # Errors
    ///
    /// [`CutError::Segment`] if there is no segment with one of the indices.
    pub fn remove_segments(&self, segments: &[usize]) -> Result<Cow<'_, str>, CutError> {
        let mut causes = vec![None; self.len()];
        for segment in segments {
            let missing = || CutError::Segment { segment: *segment, segments: self.len() };
            *causes.get_mut(*segment).ok_or_else(missing)? = Some(0);
        }
        let cuts = self.cuts_without(causes);
        Ok(without(self.text(), cuts.iter().map(|cut| cut.span)))
    }

    /// Returns the cuts that remove the segments that have a cause. `causes` has an item for each
    /// segment.
    pub(crate) fn cuts_without(&self, mut causes: Vec<Option<u32>>) -> Vec<Cut> {
        let mut cuts = Cuts::new(self.text(), self.spans());
        if let Some(by) = self.segmentation().filter(|by| !by.is_by_line_ends()) {
            let mut first = 0;
            for run in causes.chunk_by_mut(|a, b| a.is_some() == b.is_some()) {
                let end = first + run.len();
                if run.first().is_some_and(Option::is_some) && !cuts.can_go(first, end, by) {
                    run.fill(None);
                }
                first = end;
            }
        }
        cuts.remove(|segment| causes.get(segment).copied().flatten());
        cuts.cuts(|cause| cause)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::options::Options;
    use crate::segment::Segmentation;
    use crate::span::Span;

    #[test]
    fn what_is_left_begins_and_ends_as_the_text_did() {
        let cases: [(&str, &[usize], &str); 7] = [
            ("a\nb\nc\n", &[0], "b\nc\n"),
            ("\n\na\nb\nc", &[0, 1], "\n\nc"),
            ("a\n\nb\n\nc\n", &[0, 2], "b\n"),
            ("a\n\nb\n\nc\n", &[1], "a\n\nc\n"),
            ("a\nb\nc", &[2], "a\nb\n"),
            ("a\r\nb\r\nc", &[0, 2], "b\r\n"),
            ("a\nb", &[], "a\nb"),
        ];
        for (text, segments, left) in cases {
            let document = Document::new(text);
            assert_eq!(document.remove_segments(segments).as_deref(), Ok(left), "{text:?}, {segments:?}");
        }
    }

    #[cfg(feature = "uax29")]
    #[test]
    fn sentences_and_words_are_removed() {
        let sentences = "It rained. It was late. We left.";
        let cases: [(Segmentation, &str, &[usize], &str); 5] = [
            (Segmentation::Sentences, sentences, &[0], "It was late. We left."),
            (Segmentation::Sentences, sentences, &[1], "It rained. We left."),
            (Segmentation::Sentences, sentences, &[1, 2], "It rained."),
            (Segmentation::Words, "one two three", &[0], "two three"),
            (Segmentation::Words, "one two three", &[1], "one three"),
        ];
        for (by, text, segments, left) in cases {
            let document = Document::with_options(text, &Options::new().segmentation(by));
            assert_eq!(document.remove_segments(segments).as_deref(), Ok(left), "{by:?}, {segments:?}");
        }
    }

    #[test]
    fn a_missing_segment_is_an_error() {
        let document = Document::new("a\nb");
        let missing = CutError::Segment { segment: 7, segments: 2 };
        assert_eq!(document.remove_segments(&[0, 7]), Err(missing));
        assert!(Document::new("").remove_segments(&[0]).is_err());
    }

    #[test]
    fn what_stands_between_spans_of_the_callers_own_stays() {
        let text = "<p>a</p><p>b</p><p>c</p>";
        let spans = [3..4, 11..12, 19..20].map(Span::from);
        let doc = Document::from_spans(text, &spans, &Options::new());
        let left = doc.map(|doc| doc.remove_segments(&[0, 2]).map(|left| left.into_owned()));
        assert_eq!(left, Ok(Ok("<p></p><p>b</p><p></p>".to_owned())));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// The text that is left has the segments that were kept and, for sentences and words,
        /// perhaps others that could not be removed.
        #[test]
        fn what_is_left_is_what_was_kept(
            atoms in prop::collection::vec(prop::sample::select(&ATOMS[..]), 0..12),
            goes in prop::collection::vec(any::<bool>(), 12),
            kind in any::<prop::sample::Index>(),
        ) {
            let text = atoms.concat();
            let by = KINDS[kind.index(KINDS.len())];
            let options = Options::new().segmentation(by);
            let doc = Document::with_options(&text, &options);
            let goes: Vec<usize> = (0..doc.len()).filter(|segment| goes[segment % goes.len()]).collect();
            let left = doc.remove_segments(&goes)?;
            let again = Document::with_options(&left, &options);
            let (all, got): (Vec<&str>, Vec<&str>) =
                (doc.segments().map(|s| s.text()).collect(), again.segments().map(|s| s.text()).collect());
            let kept: Vec<&str> = all.iter().enumerate().filter(|(s, _)| !goes.contains(s)).map(|(_, s)| *s).collect();
            let is_within = |few: &[&str], many: &[&str]| {
                let mut many = many.iter();
                few.iter().all(|one| many.any(|other| one == other))
            };
            let is_right = is_within(&kept, &got) && is_within(&got, &all);
            prop_assert!(is_right, "{:?} without {:?} by {:?} is {:?}", text, goes, by, left);
            if by.is_by_line_ends() {
                prop_assert_eq!(got, kept);
            }
        }
    }

    const ATOMS: [&str; 26] = [
        "a",
        "b ",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        ".",
        "! ",
        "\u{300}",
        "e",
        "\u{30AB}",
        "\u{30BF}",
        "\u{200B}",
        "\u{2029}",
        "\u{201C}",
        "'",
        "-",
        "_",
        "1",
        ",",
        "\t",
        "Mr. ",
        "\u{3002}",
        "\u{AD}",
        "\u{1F468}\u{200D}",
        "?\n",
    ];

    const KINDS: &[Segmentation] = &[
        Segmentation::Lines,
        Segmentation::Paragraphs,
        #[cfg(feature = "uax29")]
        Segmentation::Sentences,
        #[cfg(feature = "uax29")]
        Segmentation::Words,
    ];
}
