//! Every way that is compared with gives the right answers.

use std::process::Command;

#[test]
fn every_way_gives_the_right_answers() {
    let status = Command::new(env!("CARGO_BIN_EXE_refrain-compare")).arg("--test").status();
    assert!(status.expect("it starts").success());
}
