//! Examples in the documentation of items.

use std::fs;

use super::{files, root};

/// The Rust examples in comments that `cargo test` runs.
fn examples(text: &str) -> usize {
    let comments = text.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))
    });
    let fences = comments.filter_map(|comment| comment.trim().strip_prefix("```"));
    // Every second fence ends an example.
    let openings = fences.step_by(2);
    openings
        .filter(|language| ["", "rust", "no_run"].contains(language))
        .count()
}

#[test]
fn every_example_of_a_crate_is_run() {
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let mut without = 0;
    for folder in crates.map(|entry| entry.unwrap().path()) {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        if !manifest.contains("\ndoctest = false\n") {
            continue;
        }
        without += 1;
        let name = folder.file_name().unwrap().to_str().unwrap();
        for path in files(&format!("crates/{name}/src"), "rs") {
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(examples(&text), 0, "{}: remove `doctest = false`", path.display());
        }
    }
    assert!(without > 5, "only {without} crates were found");
}

#[test]
fn an_example_is_found() {
    assert_eq!(examples("/// ```\n/// let a = 1;\n/// ```\nfn a() {}"), 1);
    assert_eq!(examples("//! ```text\n//! a\n//! ```\n//! ```rust\n//! ```"), 1);
}
