//! Cleaning cuts what its edits say, loses no segment, and stops at a fixed point.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use refrain::edits::{Edits, Positions, Removal};
use refrain::report::Report;
use refrain::{Cleaner, Document, Fingerprint, Options, Policy, Rule, Segmentation, Workspace, fingerprint};
use refrain_fuzz::{Bytes, options, policy, text};

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let policy = policy(&mut bytes);
    // Most inputs are cleaned with the default options, as `refrain::clean` does.
    let is_default = bytes.below(4) > 0;
    let options = if is_default { Options::new() } else { options(&mut bytes) };
    let text = text(bytes.rest());

    let cleaner = Cleaner::new().policy(policy).options(options.clone());
    let edits = cleaner.edits(&text);
    let clean = edits.apply();
    check_edits(&edits, &clean);
    if edits.is_fixed_point() {
        let again = cleaner.edits(&clean);
        assert!(again.is_empty(), "{again:?} of {clean:?} of {text:?} under {policy}");
    }
    let mut workspace = Workspace::new();
    assert_eq!(cleaner.edits_with(&text, &mut workspace), edits);
    assert_eq!(cleaner.clean_with(&text, &mut workspace), clean);

    // Similar segments, overlaps and parts of lines are removed although they are not equal lines,
    // and a line in which a loop is shortened is another line.
    let is_exact = !policy.contains(Rule::Overlap)
        && !policy.to_string().contains("similar")
        && edits.iter().all(|removal| removal.reason() != Rule::Partial.name());
    let looks_inside = edits.iter().any(|removal| {
        let mut ends = text.match_indices('\n').map(|(at, _)| at);
        let span = removal.span();
        let is_last_line = span.end() == text.len() && text[..span.start()].ends_with('\n');
        !ends.any(|at| span.contains(at)) && !is_last_line
    });
    let lines = Options::new().segmentation(Segmentation::Lines).skip_leading(policy.leading());
    let is_rewrapped = |removal: &&Removal| {
        let [copy, original] =
            [removal.copy(), removal.original()].map(|span| fingerprints(&text[span], &lines));
        copy != original
    };
    if is_default && is_exact && !looks_inside && edits.iter().any(|removal| is_rewrapped(&removal)) {
        for removal in edits.iter().filter(is_rewrapped) {
            let original = removal.original();
            let is_whole = edits.iter().all(|other| {
                other.span().end() <= original.start() || original.end() <= other.span().start()
            });
            let [copy, original] = [removal.copy(), original].map(|span| fingerprint(&squeezed(&text[span])));
            assert!(copy == original || !is_whole, "{removal:?} of {text:?} under {policy}");
        }
    } else if is_default && is_exact && !looks_inside {
        let after = fingerprints(&clean, &lines);
        assert!(fingerprints(&text, &lines).is_subset(&after), "{clean:?} of {text:?} under {policy}");
    }
    if bytes.last() == 255 {
        let document = Document::with_options(&text, &options);
        let report = Report::new(&document, &edits);
        assert!(report.html().contains("<!DOCTYPE html>"));
        drop(report.width(40).text());
    }
    if policy == Policy::default() && is_default {
        assert_eq!(refrain::clean(&text), clean);
    }
});

/// Returns `text` without what may differ if lines are broken elsewhere.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}')).collect()
}

fn fingerprints(text: &str, options: &Options) -> HashSet<Fingerprint> {
    let document = Document::with_options(text, options);
    document.segments().map(|segment| segment.fingerprint()).collect()
}

/// Checks that `clean` is the text without the removals, in their order.
fn check_edits(edits: &Edits<'_>, clean: &str) {
    let text = edits.text();
    let positions = Positions::new(text);
    let mut left = String::new();
    let mut end = 0;
    for removal in edits {
        let (span, copy, original) = (removal.span(), removal.copy(), removal.original());
        assert!(end <= span.start() && !span.is_empty(), "{edits:?}");
        assert!(span.start() <= copy.start() && copy.end() <= span.end(), "{removal:?} of {text:?}");
        assert!(!text[copy].is_empty() && !text[original].is_empty());
        assert!(edits.decisions()[removal.decision_index()].is_removed() && !removal.reason().is_empty());
        assert_eq!(positions.code_points(span).len(), text[span].chars().count());
        assert_eq!(positions.utf16(span).len(), text[span].encode_utf16().count());
        left.push_str(&text[end..span.start()]);
        end = span.end();
    }
    left.push_str(&text[end..]);
    assert_eq!(clean, left, "{edits:?}");
    assert!(!clean.trim().is_empty() || text.trim().is_empty(), "nothing is left of {text:?}");
}
