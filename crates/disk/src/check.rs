//! A check of the tables against each other.
//!
//! The documents determine all other rows. So the check computes from the documents, for each kind
//! of row, a total: the number of rows and the sum of their hashes. It compares the totals with
//! those of the rows that exist. Other rows have the same total with a probability of about 2⁻⁶⁴.

use std::collections::BTreeMap;
use std::iter;

use refrain::error::IndexError;
use refrain::Fingerprint;
use refrain::index::store::{OwnedRecord, Posting, View as _};
use xxhash_rust::xxh3::xxh3_64;

use crate::read::{Reader, decode_document};
use crate::rows::{
    Count, Entry, Postings, Table, id_key, member_key, name_key, parse_numbers, put_scope, scope_key,
};

/// A total over rows: their number, and the sum of their hashes.
#[derive(Default, PartialEq, Eq)]
struct Total(u64, u64);

impl Total {
    fn add(&mut self, parts: &[&[u8]]) {
        self.0 += 1;
        self.1 = self.1.wrapping_add(xxh3_64(&parts.concat()));
    }

    fn add_posting(&mut self, key: Fingerprint, entry: Entry) {
        self.add(&[&Entry::more_key(key, entry.posting.document), &entry.to_bytes()]);
    }
}

/// Reads everything, and returns an error for the first contradiction.
pub(crate) fn check(reader: &Reader<'_>) -> Result<(), IndexError> {
    let (mut names, mut postings) = (Total::default(), Total::default());
    // For each scope with documents, its number, and the number of its documents.
    let mut scopes: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut documents = 0;
    for row in reader.engine.rows(Table::Documents) {
        let (key, value) = row?;
        let number = key.as_ref().try_into().ok().map(u32::from_be_bytes);
        let number = number.filter(|number| *number < reader.mark.next);
        let number = reader.decoded(number, "the number of a document")?;
        let stored = decode_document(number, &value);
        let OwnedRecord { id, scope: name, keys, .. } =
            reader.decoded(stored, &format!("document {number}"))?;
        if !scopes.contains_key(&name) {
            let scope = reader.decoded(reader.scope_named(&name)?, "the row of a scope")?;
            scopes.insert(name.clone(), (scope.0, 0));
        }
        let scope = scopes.entry(name).or_default();
        scope.1 += 1;
        names.add(&[&id_key(&id), &number.to_le_bytes()]);
        names.add(&[&member_key(scope.0, number)]);
        let mut places: Vec<(Fingerprint, u32)> = keys.into_iter().zip(0..).collect();
        places.sort_unstable();
        places.dedup_by_key(|(key, _)| *key);
        for (key, place) in places {
            let posting = Posting { document: number, place };
            postings.add_posting(key, Entry { posting, scope: scope.0 });
        }
        documents += 1;
    }
    for index in 0..reader.mark.scopes {
        if let Some((name, _)) = reader.scope(index)? {
            let (scope, documents) = scopes.remove(&name).unwrap_or((index, 0));
            names.add(&[&name_key(&name), &scope.to_le_bytes()]);
            names.add(&[&scope_key(scope), &put_scope(documents, &name)]);
        }
    }
    let agree = |is_equal: bool, what: &str| match is_equal {
        true => Ok(()),
        false => Err(reader.engine.damaged(format!("{what} are not those of the documents"))),
    };
    agree(documents == reader.mark.documents, "the numbers of documents")?;
    agree(names == stored_names(reader)?, "the rows of ids and scopes")?;
    let (stored, counts) = stored_postings(reader)?;
    agree(postings == stored, "the postings of keys")?;
    agree(counts == stored_counts(reader)?, "the counts of keys")
}

/// Returns the total of the table `names`, in which each number counts as a row.
fn stored_names(reader: &Reader<'_>) -> Result<Total, IndexError> {
    let mut total = Total::default();
    for row in reader.engine.rows(Table::Names) {
        let (key, value) = row?;
        match key.first() {
            Some(b'd' | b's') => {
                let numbers = reader.decoded(parse_numbers(&value), "the row of a name")?;
                numbers.iter().for_each(|number| total.add(&[&key, &number.to_le_bytes()]));
            }
            _ => total.add(&[&key, &value]),
        }
    }
    Ok(total)
}

/// Returns the total of the postings of all keys, and that of the counts that follow from them.
fn stored_postings(reader: &Reader<'_>) -> Result<(Total, Total), IndexError> {
    let (mut total, mut of_counts) = (Total::default(), Total::default());
    let more = reader.engine.rows(Table::More).map(|row| {
        let (key, value) = row?;
        reader.decoded(Entry::parse(&key, &value), "a posting")
    });
    let mut more = more.peekable();
    for row in reader.engine.rows(Table::Keys) {
        let (key, value) = row?;
        let key = key.as_ref().try_into().ok().map(Fingerprint::from_bytes);
        let key = reader.decoded(key, "a key")?;
        let postings = reader.decoded(Postings::parse(&value), "the row of a key")?;
        let rest = iter::from_fn(|| more.next_if(|row| row.as_ref().map_or(true, |(other, _)| *other == key)));
        let rest = rest.map(|row| row.map(|(_, entry)| entry));
        let mut counts: BTreeMap<u32, Count> = BTreeMap::new();
        let (mut listed, mut last) = (0, None);
        for entry in postings.first.iter().copied().map(Ok).chain(rest) {
            let entry = entry?;
            if last.is_some_and(|last| last >= entry.posting) {
                return Err(reader.engine.damaged("the postings of a key are not in order"));
            }
            last = Some(entry.posting);
            listed += 1;
            total.add_posting(key, entry);
            let new = Count { documents: 0, first: entry.posting };
            counts.entry(entry.scope).or_insert(new).documents += 1;
        }
        if listed != postings.all {
            let how = format!("a key has {listed} postings, and its row counts {}", postings.all);
            return Err(reader.engine.damaged(how));
        }
        for (scope, count) in counts {
            if count.documents > 1 || postings.has_more() {
                of_counts.add(&[&Count::key(scope, key), &count.to_bytes()]);
            }
        }
    }
    match more.next() {
        None => Ok((total, of_counts)),
        Some(row) => {
            row?;
            Err(reader.engine.damaged("there is a posting of no key"))
        }
    }
}

/// Returns the total of the table `counts`.
fn stored_counts(reader: &Reader<'_>) -> Result<Total, IndexError> {
    let mut total = Total::default();
    for row in reader.engine.rows(Table::Counts) {
        let (key, value) = row?;
        total.add(&[&key, &value]);
    }
    Ok(total)
}
