//! Indexes whose store breaks its contract: errors, and no panics.

use refrain::error::IndexError;
use refrain::index::store::{
    Answer, DocumentView, FrequentKey, KeyCounts, Planning, Posting, Query, Store, View, Visit,
};
use refrain::index::{Detail, Index, Page, Thresholds};
use refrain::near::{LshIndex, NearOptions, Shingler};
use refrain::{Document, Fingerprint, Options};

/// A store that breaks its contract: it calls nothing, or answers too few keys.
#[derive(Debug)]
struct Liar {
    calls: bool,
}

impl Store for Liar {
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        if self.calls { read(self) } else { Ok(()) }
    }

    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError> {
        if self.calls { plan(self).map(drop) } else { Ok(()) }
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}

impl View for Liar {
    fn find(&self, _: &Query<'_>) -> Result<Answer, IndexError> {
        let mut answer = Answer::new(u32::MAX, 0);
        let places = [0, 1, u32::MAX].map(|place| Posting { document: 0, place });
        answer.push(KeyCounts { documents: 3, in_scope: 9 }, places);
        Ok(answer)
    }

    fn document(&self, _: u32, with: Visit<'_>) -> Result<bool, IndexError> {
        let key_at = &|_| Fingerprint::from_u128(0);
        with(&DocumentView { id: "", scope: "", len: 1 << 20, key_at, payload: &[7; 40] })?;
        with(&DocumentView { id: "", scope: "", len: 0, key_at, payload: &[] })?;
        Ok(true)
    }

    fn number(&self, _: &str) -> Result<Option<u32>, IndexError> {
        Ok(Some(u32::MAX))
    }

    fn next_document(&self, from: u32, _: Option<&str>) -> Result<Option<u32>, IndexError> {
        Ok(Some(from.max(u32::MAX - 3)))
    }

    fn len(&self) -> u64 {
        u64::MAX
    }

    fn scope(&self, index: u32) -> Result<Option<(String, u32)>, IndexError> {
        Ok((index < 3).then(|| (String::new(), u32::MAX)))
    }

    fn scope_documents(&self, _: &str) -> Result<u32, IndexError> {
        Ok(u32::MAX)
    }

    fn frequent(&self, _: &str, _: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let first = Posting { document: 5, place: u32::MAX };
        Ok(vec![FrequentKey { key: Fingerprint::from_u128(1), documents: 0, first }; 3])
    }
}

/// Errors and no panics, whatever a store answers.
#[test]
fn a_store_that_breaks_its_contract() -> Result<(), Box<dyn std::error::Error>> {
    let shingler = Shingler::new();
    let shingles = shingler.shingle("one two");
    let document = Document::new("a\nb\nc");
    let page = Page { id: "1", scope: "s", document: &document };
    for calls in [false, true] {
        let index = Index::with_store(Liar { calls }, &Options::new());
        for detail in [Detail::Counts, Detail::Matches, Detail::Runs] {
            assert!(index.query("s", &document, detail).is_err());
            assert!(index.query_and_insert(page, detail).is_err());
        }
        assert_eq!(index.insert(page).is_ok(), calls);
        assert_eq!(index.insert_all(&[page, page]).is_ok(), calls);
        assert_eq!(index.remove("1").is_ok(), calls);
        drop((index.boilerplate("s", Thresholds::new()), index.len(), index.save(Vec::new())));
        assert!(index.ids().count() <= 4 && index.scopes().count() <= 3);
        let near = LshIndex::with_store(Liar { calls }, &shingler, NearOptions::new(0.8)?);
        assert!(near.query(&shingles).is_err() && near.insert("1", &shingles).is_err());
        assert!(near.query_and_insert("1", &shingles).is_err() && near.remove("1").is_err());
    }
    Ok(())
}
