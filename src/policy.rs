//! Which copies go.

/// Which copies go. [`settle`](Self::settle) asks it until nothing changes; [`edits`](Self::edits) asks it
/// once. The first occurrence of a segment always stays.
///
/// ```
/// use refrain::{Document, Policy};
///
/// let song = "We set out at dawn.\nOh, the sea!\nWe came home by night.\nOh, the sea!\nAnd we sang.\n";
/// let doc = Document::new(song);
/// assert_eq!(Policy::default().settle(&doc).apply(), song);
/// assert_eq!(
///     Policy::All.settle(&doc).apply(),
///     "We set out at dawn.\nOh, the sea!\nWe came home by night.\nAnd we sang.\n"
/// );
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Policy {
    /// Nothing goes: for a report.
    None,
    /// Every copy goes, refrains and all.
    All,
    /// The default: a copy goes only if it is so large a part of the document that a machine must have made it,
    /// at least 30 % of the weight of all segments. A chorus, a formula of law, a table row and a quotation
    /// are less, as a rule, and stay.
    ///
    /// A copy is weighed whole, before it is cut into pieces where it overlaps its source: of a body that stands
    /// five times in a row all but one goes. In a later round, the document is what is left of it.
    #[default]
    Cautious,
}

/// What a policy says of one copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Decision {
    pub(crate) dropped: bool,
    pub(crate) reason: &'static str,
}

impl Policy {
    /// Whether weights make a difference.
    pub(crate) fn weighs(self) -> bool {
        self == Self::Cautious
    }

    /// What becomes of a copy of weight `copy` in a document of weight `document`.
    pub(crate) fn decide(self, copy: u64, document: u64) -> Decision {
        match self {
            Self::None => Decision { dropped: false, reason: "kept: the policy is to drop nothing" },
            Self::All => Decision { dropped: true, reason: "a copy: the policy is to drop them all" },
            Self::Cautious => large_share(copy, document),
        }
    }
}

/// A copy goes if it is at least 30 hundredths of the document. One without a letter in it has no parts.
fn large_share(copy: u64, document: u64) -> Decision {
    if document > 0 && u128::from(copy) * 100 >= u128::from(document) * 30 {
        Decision { dropped: true, reason: "large: what is repeated is at least 30 % of the document" }
    } else {
        Decision { dropped: false, reason: "kept: what is repeated is less than 30 % of the document" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_hundredths_are_large() {
        let goes = |copy, document| Policy::Cautious.decide(copy, document).dropped;
        assert!(goes(30, 100) && goes(3, 10) && goes(300, 999));
        assert!(!goes(29, 100) && !goes(299, 1000) && !goes(0, 100));
        assert!(!goes(0, 0), "nothing is no part of nothing");
        assert!(goes(u64::MAX / 2, u64::MAX) && !goes(u64::MAX / 4, u64::MAX));
    }
}
