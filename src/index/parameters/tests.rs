//! Tests of builds without UAX #29.

use super::*;

#[test]
fn an_index_that_needs_a_feature_is_not_damaged() {
    let line =
        Parameters::new(&Options::new()).line().replace("segments lines", "segments words of Unicode 17.0.0");
    let error = Parameters::parse("folder", &line).unwrap_err().to_string();
    assert!(error.contains("lacks the feature `uax29`"), "{error}");
}
