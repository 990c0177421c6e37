# What one does here, by name. `just setup` once, then `just run`.

export PATH := justfile_directory() / "target/tools/bin:" + env("PATH")

# List what there is
default:
    @just --list --unsorted

# Install what building, running and testing need
setup:
    scripts/setup

# Run the server in development mode
run *arguments:
    cargo run -- {{ arguments }}

# Format, lints, docs (private items too, which may be linked), spelling
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items
    typos

# All Rust tests, or those whose name holds the filter
test *filter:
    cargo test --workspace -- {{ filter }}

# The tests on the wire, or those of one feature
it feature="":
    cargo test -p portcullis-tests --test it -- {{ feature }}

# Accept what the snapshots say now
snap:
    cargo insta --version || cargo install --locked cargo-insta
    cargo insta test --accept --workspace

# Every file of one feature, in every room
slice feature:
    @git ls-files --cached --others --exclude-standard | grep -E '(^|[/_]){{ feature }}([./]|$)'

# Renew the parts of docs/ that are made from the code
docs:
    UPDATE_DOCS=1 cargo test -p portcullis-server --lib
    UPDATE_DOCS=1 cargo test -p portcullis-tests wire_codes

# The official JavaScript client, in Node and in a browser, against the debug build
client:
    cargo build -p portcullis-server
    cd tests/client && npm ci && npm test

# The same requests on the reference and on ours, and both on one database
compat:
    cargo build -p portcullis-server
    cd tests/compat && npm ci && npm test

# Session checks and sign-ins beside the reference's (see bench/README.md)
bench *arguments:
    cargo build --release -p portcullis-server -p portcullis-baseline
    cd bench && npm ci && node run.mjs {{ arguments }}

# Exactly what every change must pass
ci:
    .ci/run

# Licences and sources of the dependencies
deny:
    cargo deny --version || cargo install --locked cargo-deny
    cargo deny check bans licenses sources
