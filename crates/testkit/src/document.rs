//! Documents that are generated from code.

use std::{fs, path::Path};

/// Compares a document of the repository with `text`. If `UPDATE_DOCS` is set in the environment, writes `text` to it
/// first.
///
/// # Panics
///
/// If the document differs.
#[expect(clippy::expect_used, reason = "a test that cannot write has failed")]
#[expect(
    clippy::disallowed_methods,
    reason = "a developer sets this variable for a test run"
)]
pub fn assert_document(name: &str, text: &str) {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, text).expect("the document can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{name} is out of date: run `just docs`");
}
