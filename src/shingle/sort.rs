//! Sorts hashes, whose high bits are evenly distributed.

use crate::work;

/// The minimum number of hashes that are distributed to parts before they are sorted.
const MIN_DISTRIBUTED: usize = 48;

/// The maximum number of hashes in a part for which insertion sort is used.
const LARGE: u32 = 24;

/// Sorts one list after another, and reuses its buffers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sorter {
    hashes: Vec<u64>,
    ends: Vec<u32>,
}

impl Sorter {
    /// Returns an empty list, to be filled and then [sorted](Self::sorted).
    pub(crate) fn start(&mut self) -> &mut Vec<u64> {
        self.hashes.clear();
        &mut self.hashes
    }

    /// Returns the list in ascending order.
    ///
    /// The high bits of a hash determine its part. There are one to two parts for each hash, up to
    /// 65,536, so almost nothing remains to be compared.
    ///
    /// # Complexity
    ///
    /// Linear in expectation for different hashes of a text, and O(n log n) in the worst case.
    pub(crate) fn sorted(&mut self) -> Vec<u64> {
        let Self { hashes, ends } = self;
        let len = hashes.len();
        if len < MIN_DISTRIBUTED || u32::try_from(len).is_err() {
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
        let mut any_large = false;
        for count in &mut *ends {
            any_large |= *count > LARGE;
            end += std::mem::replace(count, end);
        }
        let mut sorted = vec![0; len];
        for hash in &*hashes {
            let place = &mut ends[part(*hash)];
            sorted[*place as usize] = *hash;
            *place += 1;
        }
        if any_large {
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
        fn lists_are_sorted(
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
