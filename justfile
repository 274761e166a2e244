# The commands of a contributor. `just --list` prints them.

# Builds everything that is built by default.
check:
    cargo check --all-targets

# Tests without features.
test:
    cargo test

# Tests with all features, all cases of long tests, and the store on disk.
test-long:
    REFRAIN_LONG=1 cargo test -p refrain -p refrain-disk --all-features

# Checks the format, the lints, the prose and the imports.
lint:
    cargo fmt --all --check
    cargo clippy --profile test --workspace --all-targets --all-features -- -D warnings
    .ci/prose
    .ci/circles

# Builds the documentation.
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --profile test --workspace --all-features --no-deps

# Measures the bars on speed; PART is a part of the name of a row.
bench PART='':
    cargo bench --bench ratios -- {{ PART }}

# Fuzzes each target for SECONDS; TARGETS are names of targets.
fuzz SECONDS='60' *TARGETS:
    .ci/fuzz {{ SECONDS }} {{ TARGETS }}

# Runs everything that must hold before a change lands.
all:
    .ci/run

# Packs the packages that are published, and builds what was packed.
release:
    cargo publish --dry-run -p refrain -p refrain-disk -p refrain-cli
