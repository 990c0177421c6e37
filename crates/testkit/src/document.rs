//! Documents that are made from the code.

use std::{fs, path::Path};

/// Compares a document of the repository with what it should be; with `UPDATE_DOCS=1` in the environment, writes it.
///
/// # Panics
///
/// Where the document is behind.
#[expect(clippy::expect_used, reason = "a test that cannot write has failed")]
#[expect(clippy::disallowed_methods, reason = "how a developer asks for it")]
pub fn assert_document(name: &str, text: &str) {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, text).expect("the document can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{name} is behind: `just docs` renews it");
}
