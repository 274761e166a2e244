//! The help of each command is the one in the files below `tests/help`. After a change that is
//! meant, `TRYCMD=overwrite cargo test -p refrain-cli --test help` writes them.

#[test]
fn the_help_of_each_command() {
    trycmd::TestCases::new().case("tests/help/*.trycmd");
}
