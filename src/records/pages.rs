//! The pages of a text with form feeds.

use crate::span::Span;

/// Returns the spans of the pages of a text: the parts between form feeds (U+000C), which programs
/// that convert PDF files write after each page. The form feed belongs to the page before it, and a
/// text without form feeds is one page. An empty text has no page.
///
/// Running heads and page numbers repeat from page to page. An index finds them if each page is a
/// document, with digits folded so that page numbers are equal:
///
/// ```
/// use refrain::index::{Index, Page, Thresholds};
/// use refrain::records::pages;
/// use refrain::{Document, Normalization, Options};
///
/// let text = "\
/// Report of the committee
/// The roof holds.
/// Page 1
/// \u{C}Report of the committee
/// The drains are old.
/// Page 2
/// \u{C}Report of the committee
/// Money is short.
/// Page 3
/// ";
/// let options = Options::new().normalization(Normalization::TEXT.fold_digits());
/// let index = Index::with_options(&options);
/// let documents: Vec<_> = pages(text)
///     .into_iter()
///     .map(|page| Document::with_options(&text[page], &options))
///     .collect();
/// for (number, document) in documents.iter().enumerate() {
///     index.insert(Page { id: &number.to_string(), scope: "report", document })?;
/// }
/// let boilerplate = index.boilerplate("report", Thresholds::new())?;
/// let mut clean = documents[0].text().to_owned();
/// for document in &documents[1..] {
///     clean += &boilerplate.removals(document)?.apply();
/// }
/// assert_eq!(clean.lines().count(), 5);
/// # Ok::<(), refrain::error::IndexError>(())
/// ```
///
/// # Complexity
///
/// Linear in the length of the text.
pub fn pages(text: &str) -> Vec<Span> {
    let mut start = 0;
    let ends = text.match_indices('\u{C}').map(|(at, _)| at + 1).chain([text.len()]);
    let mut pages = Vec::new();
    for end in ends {
        if end > start {
            pages.push(Span::new(start, end));
        }
        start = end;
    }
    pages
}
