//! Sorting hashes, whose high bits are spread evenly.

use crate::steps;

/// From how many hashes on it is worth while to put them into parts first.
const FEW: usize = 48;

/// A part with more than this is sorted by comparing.
const CROWDED: u32 = 24;

/// Memory that is kept from one list to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Sorter {
    ends: Vec<u32>,
    from: Vec<u64>,
}

impl Sorter {
    /// Sorts a list. Hashes go by their high bits into about as many parts as there are hashes, so that hardly anything is left to
    /// compare. Linear for hashes of different texts; O(n log n) whatever they are.
    pub(super) fn sort(&mut self, hashes: &mut [u64]) {
        let len = hashes.len();
        if len < FEW || u32::try_from(len).is_err() {
            hashes.sort_unstable();
            return;
        }
        let bits = (len as u64).ilog2().min(16);
        let part = |hash: u64| usize::try_from(hash >> (64 - bits)).unwrap_or_default();
        let Self { ends, from } = self;
        ends.clear();
        ends.resize(1 << bits, 0);
        from.clear();
        from.extend_from_slice(hashes);
        for hash in &*from {
            ends[part(*hash)] += 1;
        }
        let mut end = 0;
        let mut crowded = false;
        for count in &mut *ends {
            crowded |= *count > CROWDED;
            end += std::mem::replace(count, end);
        }
        for hash in &*from {
            let place = &mut ends[part(*hash)];
            hashes[*place as usize] = *hash;
            *place += 1;
        }
        if crowded {
            let mut start = 0;
            for end in &*ends {
                let end = *end as usize;
                hashes[start..end].sort_unstable();
                start = end;
            }
            return;
        }
        for i in 1..len {
            let hash = hashes[i];
            let mut at = i;
            while at > 0 && hashes[at - 1] > hash {
                hashes[at] = hashes[at - 1];
                at -= 1;
                steps::count(1);
            }
            hashes[at] = hash;
        }
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
            Sorter::default().sort(&mut hashes);
            prop_assert_eq!(hashes, expected);
        }
    }

    #[test]
    fn equal_hashes_take_no_more_steps_than_others() {
        let mut same = vec![7; 100_000];
        assert!(steps::of(|| Sorter::default().sort(&mut same)) < 100_000);
    }
}
