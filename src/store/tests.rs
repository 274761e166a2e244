//! Tests of boxes, views and answers.

use super::*;
use crate::index::Memory;

/// A store of which no call succeeds.
#[derive(Debug)]
struct Broken;

fn broken() -> Result<(), IndexError> {
    Err(IndexError::Full { limit: 0, of: "documents" })
}

impl Store for Broken {
    fn read(&self, _: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        broken()
    }

    fn write(&self, _: Planning<'_, '_>) -> Result<(), IndexError> {
        broken()
    }

    fn sync(&self) -> Result<(), IndexError> {
        broken()
    }
}

#[test]
fn a_box_returns_the_errors_of_its_store() {
    let store: Box<dyn Store> = Box::new(Broken);
    assert!(store.read(&mut |_| Ok(())).is_err());
    assert!(store.write(&mut |_| Ok(Change { remove: Vec::new(), add: Vec::new() })).is_err());
    assert!(store.sync().is_err());
}

#[test]
fn a_view_is_empty_until_a_document_is_added() -> Result<(), IndexError> {
    let store = Memory::default();
    assert!(read(&store, |view| Ok(view.is_empty()))?);
    let record = Record { id: "1", scope: "", keys: &[], payload: &[] };
    store.write(&mut |_| Ok(Change { remove: Vec::new(), add: vec![record] }))?;
    assert!(!read(&store, |view| Ok(view.is_empty()))?);
    Ok(())
}

#[test]
fn an_answer_lists_the_postings_of_each_key() {
    let mut answer = Answer::new(7, 3);
    let posting = |document| Posting { document, place: 0 };
    let counts = |documents| KeyCounts { documents, in_scope: 0 };
    for (documents, listed) in [(2, vec![0, 1]), (0, vec![]), (1, vec![5])] {
        answer.push(counts(documents), listed.into_iter().map(posting));
    }
    assert_eq!(answer.scope_documents, 7);
    assert_eq!(answer.counts, [2, 0, 1].map(counts));
    assert_eq!(answer.postings(0), [posting(0), posting(1)]);
    assert_eq!(answer.postings(1), []);
    assert_eq!(answer.postings(2), [posting(5)]);
    assert_eq!(answer.postings(3), []);
}
