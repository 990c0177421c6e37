//! `docs/adding-a-feature.md` names only what exists.

use std::{collections::BTreeSet, fs};

use super::{files, root, sources::ROLL_CALLS};

fn guide() -> String {
    fs::read_to_string(root().join("docs/adding-a-feature.md")).unwrap()
}

/// The files that a section of the guide lists, in the first cells of its table.
fn listed<'a>(guide: &'a str, section: &str) -> Vec<&'a str> {
    guide
        .lines()
        .skip_while(|line| *line != section)
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect()
}

/// The texts in backticks that are about no particular feature.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    let quoted = page.split('`').skip(1).step_by(2);
    quoted.filter(|text| {
        !["NAME", "NNNN", "SEAM", "*", "…", " "]
            .iter()
            .any(|part| text.contains(part))
    })
}

/// The path of a file or folder that a text in backticks is, from the root of the repository.
fn as_path(text: &str) -> Option<&str> {
    let folders = ["crates/", "docs/", "migrations/", "tests/"];
    folders
        .iter()
        .any(|folder| text.starts_with(folder))
        .then_some(text)
}

/// The names of constants, types and functions that a text in backticks consists of: `Answer::json::<T>`. Words in
/// lower case without `_` may be anything.
fn as_names(text: &str) -> impl Iterator<Item = &str> {
    let start = text.trim_start_matches('.').split(['(', '<', '!']).next();
    let start = start.unwrap_or_default();
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let parts = start.split("::").filter(move |_| start.chars().all(is_word));
    parts.filter(|part| part.contains('_') || part.contains(|c: char| c.is_ascii_uppercase()))
}

#[test]
fn the_guide_lists_every_roll_call_and_nothing_else() {
    assert_eq!(listed(&guide(), "## Roll calls"), ROLL_CALLS);
}

#[test]
fn every_file_that_the_guide_names_exists() {
    let guide = guide();
    let paths = quoted(&guide).filter_map(as_path);
    let missing: Vec<_> = paths.filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert_eq!(as_path("docs/errors.md"), Some("docs/errors.md"));
}

#[test]
fn every_name_of_the_code_in_the_guide_exists() {
    let paths = [files("crates", "rs"), files("tests", "rs"), files("tests", "mjs")].concat();
    let texts: Vec<_> = paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let words = texts
        .iter()
        .flat_map(|text| text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')));
    let words: BTreeSet<&str> = words.collect();
    let guide = guide();
    let names = quoted(&guide)
        .filter(|text| as_path(text).is_none())
        .flat_map(as_names);
    let missing: BTreeSet<&str> = names.filter(|name| !words.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn names_are_found_in_texts_in_backticks() {
    let found = |text| quoted(text).flat_map(as_names).collect::<Vec<_>>();
    assert_eq!(
        found("`A::b_c::<T>` and `.with_x()` or `NAME_x`, `mod`"),
        ["A", "b_c", "with_x"]
    );
    assert_eq!(
        found("```rust\nlet a_b = 1;\n```\n`two_factor.rs` `Call<'_, F>`"),
        [""; 0]
    );
}
