//! The canonical fixture: a newspaper article as it was scraped, its body twice.

use refrain::{Document, Policy};

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
fn the_edit_says_what_goes_and_why() {
    let edits = Policy::default().settle(&Document::new(ARTICLE));
    let spans: Vec<_> = edits.spans().collect();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0], 3350..6542);
    assert!(edits.is_settled());
    let [verdict] = edits.verdicts() else { panic!("one verdict, not {:?}", edits.verdicts()) };
    assert!(verdict.is_dropped());
    assert_eq!(verdict.original().span(), 157..3349);
    assert_eq!(verdict.copy().span(), 3350..6542);
    assert_eq!(verdict.reason(), "body repeated");
}
