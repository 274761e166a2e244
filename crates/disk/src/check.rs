//! A check of the tables against each other.
//!
//! The documents determine all other rows. So the check computes from the documents, for each kind
//! of row, a total: the number of rows and the sum of their hashes. It compares the totals with
//! those of the rows that exist. Other rows have the same total with a probability of about 2⁻⁶⁴.

use std::collections::BTreeMap;
use std::iter;

use refrain::Fingerprint;
use refrain::error::IndexError;
use refrain::index::store::{Posting, View as _};
use xxhash_rust::xxh3::xxh3_64;

use crate::read::{Reader, decode_document};
use crate::rows::{Count, Entry, Postings, Table, member_key, put_numbers, put_scope, scope_key};
use crate::write::places;

/// A total over rows: their number, and the sum of their hashes.
#[derive(Default, PartialEq, Eq)]
struct Total(u64, u64);

impl Total {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        self.0 += 1;
        self.1 = self.1.wrapping_add(xxh3_64(&[key, value].concat()));
    }

    fn add_posting(&mut self, key: Fingerprint, entry: Entry) {
        self.add(&Entry::more_key(key, entry.posting.document), &entry.to_bytes());
    }

    /// Returns the total of a table.
    fn of(reader: &Reader<'_>, table: Table) -> Result<Self, IndexError> {
        let mut total = Self::default();
        for row in reader.engine.rows(table) {
            let (key, value) = row?;
            total.add(&key, &value);
        }
        Ok(total)
    }
}

/// Reads everything, and returns an error for the first contradiction.
pub(crate) fn check(reader: &Reader<'_>) -> Result<(), IndexError> {
    let (mut names, mut postings, mut documents) = (Total::default(), Total::default(), 0);
    // The name of each scope, and the number of its documents.
    let scopes: Result<Vec<_>, _> = (0..reader.mark.scopes).map(|scope| reader.scope(scope)).collect();
    let scopes: Vec<String> = scopes?.into_iter().flatten().map(|(name, _)| name).collect();
    let mut numbers: BTreeMap<&str, (u32, u32)> =
        scopes.iter().zip(0..).map(|(name, number)| (&**name, (number, 0))).collect();
    for row in reader.engine.rows(Table::Documents) {
        let (key, value) = row?;
        let number = key.as_ref().try_into().ok().map(u32::from_be_bytes);
        let number = number.filter(|number| *number < reader.mark.next);
        let number = reader.decoded(number, "the number of a document")?;
        let stored = reader.decoded(decode_document(number, &value), &format!("document {number}"))?;
        let scope = reader.decoded(numbers.get_mut(&*stored.scope), "a scope")?;
        scope.1 += 1;
        names.add(&reader.hash(b'd', &stored.id), &put_numbers(&[number]));
        names.add(&member_key(scope.0, number), &[]);
        for (key, place) in places(&stored.keys) {
            let posting = Posting { document: number, place };
            postings.add_posting(key, Entry { posting, scope: scope.0 });
        }
        documents += 1;
    }
    for (name, (number, documents)) in numbers {
        names.add(&reader.hash(b's', name), &put_numbers(&[number]));
        names.add(&scope_key(number), &put_scope(documents, name));
    }
    let agree = |is_equal: bool, what: &str| match is_equal {
        true => Ok(()),
        false => Err(reader.engine.damaged(format!("{what} are not those of the documents"))),
    };
    agree(documents == reader.mark.documents, "the numbers of documents")?;
    agree(names == Total::of(reader, Table::Names)?, "ids and scopes")?;
    let (stored, counts) = stored_postings(reader)?;
    agree(postings == stored, "the postings of keys")?;
    agree(counts == Total::of(reader, Table::Counts)?, "the counts of keys")
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
        let is_of_key =
            |row: &Result<(Fingerprint, _), _>| row.as_ref().map_or(true, |(other, _)| *other == key);
        let in_more = iter::from_fn(|| more.next_if(is_of_key)).map(|row| row.map(|(_, entry)| entry));
        let mut counts: BTreeMap<u32, Count> = BTreeMap::new();
        let (mut listed, mut last) = (0, None);
        for entry in postings.inline.iter().copied().map(Ok).chain(in_more) {
            let entry = entry?;
            if last.is_some_and(|last| last >= entry.posting) {
                return Err(reader.engine.damaged("the postings of a key are not in order"));
            }
            if listed == 0 && postings.in_more > 0 && entry.posting.document != postings.first {
                return Err(reader.engine.damaged("the row of a key names another first document"));
            }
            last = Some(entry.posting);
            listed += 1;
            total.add_posting(key, entry);
            let new = Count { documents: 0, first: entry.posting };
            counts.entry(entry.scope).or_insert(new).documents += 1;
        }
        if listed != postings.len() {
            let how = format!("a key has {listed} postings, and its row counts {}", postings.len());
            return Err(reader.engine.damaged(how));
        }
        counts.retain(|_, count| count.documents > 1 || postings.in_more > 0);
        for (scope, count) in counts {
            of_counts.add(&Count::key(scope, key), &count.to_bytes());
        }
    }
    let rest = more.next().transpose()?;
    reader.decoded(rest.is_none().then_some((total, of_counts)), "the row of a key")
}
