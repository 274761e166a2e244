//! Each row of the table, at its borders.

use super::*;

#[test]
fn hundredths_are_whole_numbers() {
    let goes = |part, whole| Measures::at_least(part, 30, whole);
    assert!(goes(30, 100) && goes(3, 10) && goes(300, 999));
    assert!(!goes(29, 100) && !goes(299, 1000) && !goes(0, 100));
    assert!(!goes(0, 0), "nothing is no part of nothing");
    assert!(goes(u64::MAX / 2, u64::MAX) && !goes(u64::MAX / 4, u64::MAX));
}
