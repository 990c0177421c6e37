//! Every test that `docs/deviations.md` names exists.

use std::{collections::BTreeSet, fs};

use super::{files, root};

/// The folder of each letter by which the page names a place of tests.
const PLACES: &[(&str, &str)] = &[
    ("A", "crates/application"),
    ("C", "crates/crypto"),
    ("D", "crates/domain"),
    ("H", "crates/http"),
    ("O", "crates/oauth"),
    ("P", "crates/persistence"),
    ("S", "crates/server"),
    ("U", "crates/outbound"),
    ("W", "tests/it"),
];

/// The names of functions below a folder.
fn functions(folder: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let (_, rest) = line.split_once("fn ")?;
        let (name, _) = rest.split_once('(')?;
        Some(name.to_owned())
    };
    let texts = files(folder, "rs")
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap());
    texts
        .flat_map(|text| text.lines().filter_map(name).collect::<Vec<_>>())
        .collect()
}

/// A sentence of the page as the name of a test.
fn function_name(sentence: &str) -> String {
    let words = sentence.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("_")
}

/// The letter and the sentence of each test in the last cell of a row; a sentence without a letter has the one before.
fn named(row: &str) -> Vec<(String, String)> {
    let Some((_, cell)) = row.trim_end_matches(['|', ' ']).rsplit_once('|') else {
        return Vec::new();
    };
    let mut place = String::new();
    let mut found = Vec::new();
    for part in cell.split(';').map(str::trim) {
        let sentence = match part.split_once(": ") {
            Some((letter, sentence)) if letter.len() == 1 => {
                letter.clone_into(&mut place);
                sentence
            }
            _ => part,
        };
        if !place.is_empty() {
            found.push((place.clone(), sentence.to_owned()));
        }
    }
    found
}

#[test]
fn every_test_that_the_page_of_deviations_names_exists() {
    let page = fs::read_to_string(root().join("docs/deviations.md")).unwrap();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ")).collect();
    for (letter, folder) in PLACES {
        let functions = functions(folder);
        for row in &rows {
            for (place, sentence) in named(row) {
                assert!(
                    place != *letter || functions.contains(&function_name(&sentence)),
                    "{folder} has no test \"{sentence}\""
                );
            }
        }
    }
}
