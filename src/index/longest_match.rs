//! The longest run from each segment of a document that also occurs in another document.
//!
//! The algorithm computes matching statistics (Chang and Lawler, "Sublinear approximate string
//! matching and biological applications", 1994) with a suffix automaton (Blumer et al., "The
//! smallest automaton recognizing the subwords of a text", 1985):
//!
//! 1. The automaton is built from the keys of the document in reverse order, because an automaton
//!    finds the longest match that *ends* at a place, and the longest run that *starts* there is
//!    wanted.
//! 2. Each other document is read once through the automaton, also in reverse order. Each state
//!    that is reached records its longest match, with the document and the place of this match.
//! 3. Matches are propagated along the suffix links: a run occurs wherever a longer run occurs that
//!    starts with it.
//!
//! Time is linear in the number of segments of the document and of the documents that are compared
//! with it, if no segment is followed by many different ones. In the worst case it is O(n log n),
//! because all transitions of a state but the first are in a sorted map.

use std::collections::{BTreeMap, HashMap};

use super::store::DocumentView;
use crate::fingerprint::Fingerprint;
use crate::work;

/// No state.
const NONE: u32 = u32::MAX;

/// A run that stands in another document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    /// How many segments it has.
    pub(super) len: u32,
    /// The number of the other document.
    pub(super) document: u32,
    /// Where it begins there.
    pub(super) place: u32,
}

#[derive(Clone, Debug)]
struct State {
    /// The length of the longest run that ends in this state, and the state of the longest that does not.
    len: u32,
    link: u32,
    /// The first transition; most states have no other.
    first: (u32, u32),
    /// The longest run that was met here, and the first place of any.
    longest: Option<Run>,
    earliest: Option<(u32, u32)>,
}

impl State {
    fn new(len: u32, link: u32) -> Self {
        Self { len, link, first: (NONE, NONE), longest: None, earliest: None }
    }
}

/// A document with which others are compared, in the order of their numbers.
pub(super) struct Longest {
    /// Keys numbered in the order in which they come.
    ids: HashMap<Fingerprint, u32>,
    states: Vec<State>,
    /// Where the first state goes with each id.
    root: Vec<u32>,
    /// The transitions of other states after their first.
    more: BTreeMap<(u32, u32), u32>,
    /// The state of all that begins with a segment, from the last segment to the first.
    begins: Vec<u32>,
}

/// Segments are numbered in 32 bits, and states in twice their number: half of that is a document of 2³¹
/// segments, for which no machine that is known has the memory.
fn number(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(NONE - 1)
}

impl Longest {
    pub(super) fn new(keys: &[Fingerprint]) -> Self {
        let (states, begins) = (Vec::with_capacity(keys.len() + 1), Vec::with_capacity(keys.len()));
        let mut this = Self { ids: HashMap::new(), states, root: Vec::new(), more: BTreeMap::new(), begins };
        this.states.push(State::new(0, NONE));
        let mut last = 0;
        for key in keys.iter().rev() {
            let next = number(this.ids.len());
            let id = *this.ids.entry(*key).or_insert(next);
            if id == next {
                this.root.push(NONE);
            }
            last = this.extend(last, id);
            this.begins.push(last);
        }
        this
    }

    fn state(&self, state: u32) -> Option<&State> {
        self.states.get(state as usize)
    }

    fn next(&self, state: u32, id: u32) -> Option<u32> {
        let to = match state {
            0 => *self.root.get(id as usize)?,
            _ => match self.state(state)?.first {
                (first, to) if first == id => to,
                (NONE, _) => NONE,
                _ => self.more.get(&(state, id)).copied().unwrap_or(NONE),
            },
        };
        (to != NONE).then_some(to)
    }

    fn set_next(&mut self, state: u32, id: u32, to: u32) {
        if state == 0 {
            if let Some(place) = self.root.get_mut(id as usize) {
                *place = to;
            }
            return;
        }
        let Some(from) = self.states.get_mut(state as usize) else { return };
        if from.first.0 == NONE || from.first.0 == id {
            from.first = (id, to);
        } else {
            self.more.insert((state, id), to);
        }
    }

    /// The state of all that was read and one more id.
    fn extend(&mut self, last: u32, id: u32) -> u32 {
        let len = self.state(last).map_or(0, |state| state.len) + 1;
        let new = number(self.states.len());
        self.states.push(State::new(len, 0));
        let mut from = last;
        let old = loop {
            work::count(1);
            if let Some(old) = self.next(from, id) {
                break old;
            }
            self.set_next(from, id, new);
            from = self.state(from).map_or(NONE, |state| state.link);
            if from == NONE {
                return new;
            }
        };
        let len = self.state(from).map_or(0, |state| state.len) + 1;
        let link = if self.state(old).is_some_and(|state| state.len == len) {
            old
        } else {
            self.split(from, id, old, len)
        };
        if let Some(new) = self.states.get_mut(new as usize) {
            new.link = link;
        }
        new
    }

    /// Parts the runs up to a length from the longer ones of a state, which go on as it does.
    fn split(&mut self, mut from: u32, id: u32, old: u32, len: u32) -> u32 {
        let short = number(self.states.len());
        let Some(state) = self.state(old) else { return 0 };
        let state = State { len, ..state.clone() };
        self.states.push(state);
        let more: Vec<_> = self.more.range((old, 0)..=(old, NONE)).map(|((_, id), to)| (*id, *to)).collect();
        work::count(more.len());
        self.more.extend(more.into_iter().map(|(id, to)| ((short, id), to)));
        if let Some(old) = self.states.get_mut(old as usize) {
            old.link = short;
        }
        while from != NONE && self.next(from, id) == Some(old) {
            work::count(1);
            self.set_next(from, id, short);
            from = self.state(from).map_or(NONE, |state| state.link);
        }
        short
    }

    /// Compares with the next document.
    pub(super) fn compare(&mut self, document: u32, view: &DocumentView<'_>) {
        let (mut state, mut len) = (0, 0);
        for place in (0..view.len()).rev() {
            work::count(1);
            let id = view.key(place).and_then(|key| self.ids.get(&key).copied());
            let Some(id) = id else {
                (state, len) = (0, 0);
                continue;
            };
            let next = loop {
                match self.next(state, id) {
                    None if state != 0 => {
                        work::count(1);
                        state = self.state(state).map_or(0, |state| state.link);
                        len = self.state(state).map_or(0, |state| state.len);
                    }
                    next => break next,
                }
            };
            // The first state goes on with every id there is.
            let Some(next) = next else { continue };
            (state, len) = (next, len + 1);
            let Some(at) = self.states.get_mut(state as usize) else { continue };
            let place = number(place);
            let run = Run { len, document, place };
            // Of one document, the last that is met is the first that stands there.
            if at
                .longest
                .is_none_or(|known| len > known.len || len == known.len && known.document == document)
            {
                at.longest = Some(run);
            }
            if at.earliest.is_none_or(|(known, _)| known == document) {
                at.earliest = Some((document, place));
            }
        }
    }

    /// For each segment, the longest run that begins with it in one of the documents; of several that are as
    /// long, the one in the document with the lowest number, and the first there.
    pub(super) fn runs(mut self) -> Vec<Option<Run>> {
        let mut order: Vec<u32> = (1..number(self.states.len())).collect();
        order.sort_unstable_by_key(|state| self.state(*state).map_or(0, |state| state.len));
        // What stands there with more in front of it stands there.
        for state in order.iter().rev() {
            let Some((link, earliest)) = self.state(*state).map(|state| (state.link, state.earliest)) else {
                continue;
            };
            let (Some(link), Some(earliest)) = (self.states.get_mut(link as usize), earliest) else {
                continue;
            };
            let first = link.earliest.map_or(earliest, |known| known.min(earliest));
            link.earliest = Some(first);
            let whole = Run { len: link.len, document: earliest.0, place: earliest.1 };
            let is_better = |known: Run| {
                known.len < whole.len || (known.document, known.place) > (whole.document, whole.place)
            };
            if link.longest.is_none_or(is_better) {
                link.longest = Some(whole);
            }
        }
        for state in order {
            let Some(link) = self.state(state).map(|state| state.link).filter(|link| *link != 0) else {
                continue;
            };
            let shorter = self.state(link).and_then(|link| link.longest);
            if let Some(state) = self.states.get_mut(state as usize) {
                state.longest = state.longest.or(shorter);
            }
        }
        let run = |state: &u32| self.state(*state)?.longest;
        self.begins.iter().rev().map(run).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(ids: &[u8]) -> Vec<Fingerprint> {
        ids.iter().map(|id| Fingerprint::from_u128(u128::from(*id))).collect()
    }

    fn runs(here: &[Fingerprint], others: &[Vec<Fingerprint>]) -> Vec<Option<Run>> {
        let mut longest = Longest::new(here);
        for (number, other) in (0..).zip(others) {
            let key = |place: usize| other[place];
            longest.compare(number, &DocumentView::new("", "", other.len(), &key, b""));
        }
        longest.runs()
    }

    proptest! {
        #[test]
        fn no_run_is_longer(
            here in prop::collection::vec(0..4_u8, 0..24),
            others in prop::collection::vec(prop::collection::vec(0..5_u8, 0..24), 0..5),
        ) {
            let (here, others) = (keys(&here), others.iter().map(|other| keys(other)).collect::<Vec<_>>());
            let found = runs(&here, &others);
            prop_assert_eq!(found.len(), here.len());
            for (first, found) in found.into_iter().enumerate() {
                let mut best: Option<Run> = None;
                for (document, other) in (0..).zip(&others) {
                    for place in 0..other.len() {
                        let len = here[first..].iter().zip(&other[place..]).take_while(|(a, b)| a == b).count();
                        if len > best.map_or(0, |best| best.len as usize) {
                            best = Some(Run { len: number(len), document, place: number(place) });
                        }
                    }
                }
                prop_assert_eq!(found, best, "from {}", first);
            }
        }
    }

    #[test]
    fn steps_grow_with_the_segments() {
        let fibonacci = |len: usize| {
            let (mut a, mut b) = (vec![0], vec![0, 1]);
            while b.len() < len {
                let next = [&b[..], &a].concat();
                a = std::mem::replace(&mut b, next);
            }
            b.truncate(len);
            b
        };
        type Sequence<'a> = &'a dyn Fn(usize) -> Vec<u8>;
        let sequences: [Sequence<'_>; 4] = [
            &|len| vec![0; len],
            &|len| (0..len).map(|i| u8::from(i % 2 == 0)).collect(),
            &fibonacci,
            &|len| {
                (0..len)
                    .map(|i| if i % 2 == 0 { 0 } else { u8::try_from(i * i / 7 % 251).unwrap_or(0) })
                    .collect()
            },
        ];
        for (kind, sequence) in sequences.iter().enumerate() {
            let steps = |len| {
                let here = keys(&sequence(len));
                let others = vec![here.clone(), keys(&sequence(len / 2)), here[len / 3..].to_vec()];
                work::of(|| assert!(runs(&here, &others).iter().all(Option::is_some)))
            };
            let (few, many) = (steps(2_000), steps(20_000));
            assert!(many <= 12 * few, "{kind}: {few}, then {many}");
        }
    }
}
