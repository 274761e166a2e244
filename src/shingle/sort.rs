//! Sorting hashes, whose high bits are spread evenly.

use crate::work;

/// From how many hashes on it is worth while to put them into parts first.
const FEW: usize = 48;

/// A part with more than this is sorted by comparing.
const CROWDED: u32 = 24;

/// A list that is sorted, with memory that is kept from one list to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sorter {
    hashes: Vec<u64>,
    ends: Vec<u32>,
}

impl Sorter {
    /// Begins a list, which is empty.
    pub(crate) fn start(&mut self) -> &mut Vec<u64> {
        self.hashes.clear();
        &mut self.hashes
    }

    /// The list, sorted. Hashes go by their high bits into one to two times as many parts as there are
    /// hashes, so that hardly anything is left to compare. Linear for hashes of different texts; O(n log n)
    /// whatever they are.
    pub(crate) fn sorted(&mut self) -> Vec<u64> {
        let Self { hashes, ends } = self;
        let len = hashes.len();
        if len < FEW || u32::try_from(len).is_err() {
            let mut sorted = hashes.clone();
            sorted.sort_unstable();
            return sorted;
        }
        let bits = ((len as u64).ilog2() + 1).min(16);
        let part = |hash: u64| usize::try_from(hash >> (64 - bits)).unwrap_or_default();
        ends.clear();
        ends.resize(1 << bits, 0);
        for hash in &*hashes {
            ends[part(*hash)] += 1;
        }
        let mut end = 0;
        let mut crowded = false;
        for count in &mut *ends {
            crowded |= *count > CROWDED;
            end += std::mem::replace(count, end);
        }
        let mut sorted = vec![0; len];
        for hash in &*hashes {
            let place = &mut ends[part(*hash)];
            sorted[*place as usize] = *hash;
            *place += 1;
        }
        if crowded {
            let mut start = 0;
            for end in &*ends {
                let end = *end as usize;
                sorted[start..end].sort_unstable();
                start = end;
            }
            return sorted;
        }
        for i in 1..len {
            let hash = sorted[i];
            let mut at = i;
            while at > 0 && sorted[at - 1] > hash {
                sorted[at] = sorted[at - 1];
                at -= 1;
                work::count(1);
            }
            sorted[at] = hash;
        }
        sorted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts(
            mut hashes in prop::collection::vec(prop_oneof![any::<u64>(), 0..9_u64, (0..9_u64).prop_map(|low| low << 61)], 0..400),
        ) {
            let mut expected = hashes.clone();
            expected.sort_unstable();
            let mut sorter = Sorter::default();
            sorter.start().append(&mut hashes);
            prop_assert_eq!(sorter.sorted(), expected);
        }
    }

    #[test]
    fn equal_hashes_take_no_more_steps_than_others() {
        let mut sorter = Sorter::default();
        sorter.start().resize(100_000, 7);
        assert!(work::of(|| drop(sorter.sorted())) < 100_000);
    }
}
