//! A text without segments of the caller's choice.

use std::borrow::Cow;

use super::{Cuts, EditList};
use crate::document::Document;

impl<'t> Document<'t> {
    /// The text without some of its segments, cut as an [`EditList`](EditList#how-a-cut-is-made) cuts; borrowed if nothing
    /// goes. Numbers that are no segment's are passed over. Where segments are sentences or words, a run without which
    /// others would stand around it stays.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let doc = Document::new("Home\n\nThe ferry sails again.\n\nImprint\n");
    /// assert_eq!(doc.without(&[0, 2]), "The ferry sails again.\n");
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    pub fn without(&self, segments: &[usize]) -> Cow<'t, str> {
        let mut goes = vec![false; self.len()];
        for segment in segments {
            if let Some(goes) = goes.get_mut(*segment) {
                *goes = true;
            }
        }
        let mut cuts = Cuts::new(self.text(), self.spans());
        if let Some(by) = self.segmentation().filter(|by| !by.is_by_line_ends()) {
            let mut first = 0;
            for run in goes.chunk_by_mut(|a, b| a == b) {
                let end = first + run.len();
                if run.first().is_some_and(|goes| *goes) && !cuts.can_go(first, end, by) {
                    run.fill(false);
                }
                first = end;
            }
        }
        cuts.remove(|segment| goes.get(segment).is_some_and(|goes| *goes).then_some(0));
        EditList::new(self.text(), cuts.edits(), Vec::new(), true).apply()
    }
}
