# Development commands. Run `just setup` once, then `just run`.

export PATH := justfile_directory() / "target/tools/bin:" + env("PATH")

# List all commands
default:
    @just --list --unsorted

# Install everything needed to build, run and test
setup:
    scripts/setup

# Run the server in development mode
run *arguments:
    cargo run -- {{ arguments }}

# Check format, lints, documentation (private items too) and spelling
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items
    typos

# Run all Rust tests, or those whose name contains the filter
test *filter:
    cargo test --workspace -- {{ filter }}

# Run the tests over HTTP, or those of one feature
it feature="":
    cargo test -p portcullis-tests --test it -- {{ feature }}

# Accept the current snapshots
snap:
    cargo insta --version || cargo install --locked cargo-insta
    cargo insta test --accept --workspace

# List every file of one feature
slice feature:
    @git ls-files --cached --others --exclude-standard | grep -E '(^|[/_]){{ replace(feature, "_", "[-_]") }}([./-]|$)'

# Regenerate the parts of docs/ that are generated from code
docs:
    UPDATE_DOCS=1 cargo test -p portcullis-server --lib
    UPDATE_DOCS=1 cargo test -p portcullis-tests wire_codes
    UPDATE_DOCS=1 cargo test -p portcullis-tests the_list_of_routes_is_current

# Build the program that the commands below use, unless PORTCULLIS_BIN names one
[private]
program:
    test -n "${PORTCULLIS_BIN:-}" || cargo build -p portcullis-server

# Run the official JavaScript client, in Node and in a browser, against the debug build
client: program
    cd tests/client && npm ci && npm test

# Check the OpenAPI document with an independent validator, with generated requests and with a generated client
openapi: program
    python3 -m venv target/openapi
    target/openapi/bin/pip install --quiet --disable-pip-version-check --requirement tests/openapi/requirements.txt
    cd tests/openapi && npm ci && npm test

# Compare Portcullis with Better Auth: the same requests on both, and both on one database
compat: program
    cd tests/compat && npm ci && npm test

# Run nginx and Caddy with the configurations of the documentation, in front of an application
proxies: program
    cd tests/proxies && npm test

# Test fail-overs of the database and of the server under load (see docs/scaling.md)
failover *arguments: program
    tests/failover/run {{ arguments }}

# Run the examples, verifiers and guides of other languages
languages: program
    tests/languages/run

# Make the packages from the debug build, and install, use, upgrade and remove them in a copy of this machine (as root)
package:
    tests/package/run

# Measure Portcullis, Better Auth and their floors; --peers adds other Rust servers (see bench/README.md)
bench *arguments:
    cargo build --release -p portcullis-server -p portcullis-baseline
    cd bench && npm ci && node run.mjs {{ arguments }}

# Measure Portcullis beside other Rust servers, which are built first (see bench/README.md)
peers *arguments:
    just bench --only peers {{ arguments }}

# Measure signatures, encodings and the matching of origins by themselves (see bench/README.md)
micro *arguments:
    cargo bench -p portcullis-crypto -p portcullis-domain -p portcullis-http --bench cookie_cache --bench cookies --bench jwt --bench origin -- {{ arguments }}

# Measure lists and searches with many users and organizations (see bench/README.md)
bench-lists *arguments:
    cargo build --release -p portcullis-server
    cd bench && npm ci && node lists.mjs {{ arguments }}

# Run everything that a change must pass
ci:
    .ci/run

# Check licences and sources of the dependencies
deny:
    cargo deny --version || cargo install --locked cargo-deny
    cargo deny check bans licenses sources
