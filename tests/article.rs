//! The canonical fixture: a scraped newspaper article whose body is doubled.

use refrain::{Cleaner, Document};

const ARTICLE: &str = include_str!("fixtures/article.txt");
const CLEAN: &str = include_str!("fixtures/article.clean.txt");

#[test]
fn the_article_comes_out_once() {
    assert_eq!(refrain::clean(ARTICLE), CLEAN);
}

#[test]
fn the_body_is_one_family_with_exact_spans() {
    let doc = Document::new(ARTICLE);
    assert_eq!(doc.len(), 37);
    let repeats = doc.repeats();
    assert_eq!(repeats.families().len(), 1);
    for family in &repeats {
        assert_eq!(family.original().span(), 157..3349);
        assert_eq!(family.original().segments(), 3..20);
        let copies: Vec<_> = family.copies().collect();
        assert_eq!(copies.len(), 1);
        assert_eq!(copies[0].span(), 3350..6542);
        assert_eq!(copies[0].segments(), 20..37);
        assert_eq!(family.count(), 2);
    }
}

#[test]
fn the_removal_says_what_goes_and_why() {
    let edits = Cleaner::new().edits(ARTICLE);
    assert!(edits.is_fixed_point());
    let removals: Vec<_> = edits.iter().collect();
    assert_eq!(removals.len(), 1, "{removals:?}");
    let removal = removals[0];
    assert_eq!(removal.span(), 3350..6542);
    assert_eq!(removal.original(), 157..3349);
    assert_eq!(removal.copy(), 3350..6542);
    assert_eq!(removal.reason(), "document");
    let decision = &edits.decisions()[removal.decision_index()];
    assert!(decision.is_removed());
    assert_eq!((decision.reason(), decision.round()), ("document", 1));
    assert_eq!(decision.block().original().span(), 157..3349);
    assert_eq!(decision.block().copy().span(), 3350..6542);
    assert_eq!(edits.kept().count(), edits.decisions().len() - 1);
}
