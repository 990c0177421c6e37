//! The language of comments, messages and documentation (`docs/style.md`): counts that may only fall.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{files, root, shown};

/// Words that no text of the repository holds, in identifiers as little as in prose.
const BANNED: &[&str] = &["whoever", "somebody", "nobody", "anybody", "whomever"];
/// Files that name the operating system's user `nobody`.
const SYSTEM_USER: &[&str] = &[
    "crates/cluster/src/cluster.rs",
    "crates/cluster/src/error.rs",
    "crates/cluster/src/lib.rs",
    "crates/cluster/src/system_user.rs",
    "crates/cluster/tests/cluster/ordinary_user.rs",
    "crates/test_database/tests/killed.rs",
    "docs/testing.md",
];
/// Words that are rarely plain, and how often each part of the repository holds them in prose. A count may only fall:
/// lower it here when it has fallen.
const RARE: &[&str] = &["where", "tell", "tells", "told", "alone", "besides"];

/// Where prose is counted: a folder, and how often it holds each word of [`RARE`].
const COUNTS: &[(&str, [usize; 6])] = &[
    ("crates/application", [4, 0, 0, 0, 0, 0]),
    ("crates/cluster", [1, 0, 0, 0, 0, 0]),
    ("crates/persistence", [3, 0, 0, 0, 0, 0]),
    ("crates/server", [2, 0, 0, 0, 0, 0]),
    ("crates/test_database", [0, 0, 0, 0, 1, 0]),
    ("docs", [9, 0, 0, 0, 1, 1]),
    ("tests/compat", [5, 0, 0, 0, 0, 0]),
];

/// The text of a file that readers read as prose: all of a Markdown file but its code, the comments and string
/// literals of a program.
fn prose(path: &str, text: &str) -> String {
    if Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "md")
    {
        return markdown(text);
    }
    text.lines().map(program_line).collect::<Vec<_>>().join("\n")
}

fn markdown(text: &str) -> String {
    let mut is_code = false;
    let is_prose = |line: &&str| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    };
    text.lines().filter(is_prose).collect::<Vec<_>>().join("\n")
}

/// The comment of a line, or what stands between quotation marks in it.
fn program_line(line: &str) -> String {
    let trimmed = line.trim_start();
    if trimmed.starts_with("//") || trimmed.starts_with('*') || trimmed.starts_with('#') {
        return line.to_owned();
    }
    let (code, comment) = line.split_once(" // ").unwrap_or((line, ""));
    let literals = code.split('"').skip(1).step_by(2);
    let literals: Vec<_> = literals.filter(|literal| !is_sql(literal)).collect();
    format!("{} {comment}", literals.join(" "))
}

/// Whether a literal is, or continues, a statement for PostgreSQL.
fn is_sql(literal: &str) -> bool {
    let signs = [
        "select ",
        "update ",
        "delete ",
        "where key",
        "where {",
        "where \\",
        " where '",
        " = '",
        " like '",
        " in (",
    ];
    // The name of a column follows, which has quotation marks of its own.
    let is_cut = literal.trim_end().trim_end_matches(" not").ends_with("where");
    is_cut || signs.iter().any(|sign| literal.contains(sign))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic())
}

fn count(text: &str, word: &str) -> usize {
    let is_word = |other: &&str| {
        other.eq_ignore_ascii_case(word) && other.chars().skip(1).all(|c| c.is_ascii_lowercase())
    };
    words(text).filter(is_word).count()
}

/// Every file that people wrote: programs, scripts and documentation.
fn written() -> Vec<PathBuf> {
    let folders = ["bench", "crates", "docs", "migrations", "scripts", "tests"];
    let endings = ["rs", "mjs", "md", "sql", "sh", "html", "css"];
    let mut all: Vec<_> = folders
        .iter()
        .flat_map(|folder| endings.iter().flat_map(|ending| files(folder, ending)))
        .filter(|path| !path.ends_with("tests/it/architecture/prose.rs"))
        .collect();
    all.push(root().join("README.md"));
    all
}

/// The part of the repository that a file belongs to: a crate, or a folder at the root.
fn part(path: &str) -> String {
    let depth = if path.starts_with("crates/") || path.starts_with("tests/") {
        2
    } else {
        1
    };
    path.split('/').take(depth).collect::<Vec<_>>().join("/")
}

#[test]
fn no_text_holds_a_banned_word() {
    for path in written() {
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let found =
                words(line).find(|word| BANNED.iter().any(|banned| banned.eq_ignore_ascii_case(word)));
            let is_system_user = found == Some("nobody") && SYSTEM_USER.contains(&shown(&path).as_str());
            assert!(
                found.is_none() || is_system_user,
                "{}:{}: name the actor instead of \"{}\"",
                shown(&path),
                number + 1,
                found.unwrap_or_default()
            );
        }
    }
}

#[test]
fn words_that_are_rarely_plain_get_rarer() {
    let mut found: BTreeMap<String, [usize; 6]> = BTreeMap::new();
    for path in written() {
        let name = shown(&path);
        let text = prose(&name, &fs::read_to_string(&path).unwrap());
        let counts = found.entry(part(&name)).or_default();
        for (sum, word) in counts.iter_mut().zip(RARE) {
            *sum += count(&text, word);
        }
    }
    found.retain(|_, counts| counts.iter().any(|count| *count > 0));
    let expected: BTreeMap<String, [usize; 6]> = COUNTS
        .iter()
        .map(|(part, counts)| ((*part).to_owned(), *counts))
        .collect();
    assert_eq!(
        found, expected,
        "counts of {RARE:?}: rewrite new sentences by docs/style.md, or lower a count that has fallen"
    );
}

#[test]
fn only_prose_is_counted() {
    for (line, expected) in [
        ("impl<T> A for B where T: Copy {", 0),
        ("/// Where it is, where it was.", 2),
        ("let sql = \"SELECT 1 WHERE x\";", 0),
        ("let sql = \"from x where name = 'ada'\";", 0),
        ("let sql = r#\"from x where \"userId\" = 'x'\"#;", 0),
        ("let text = \"where are you\"; // where", 2),
    ] {
        assert_eq!(count(&prose("a.rs", line), "where"), expected, "{line}");
    }
    assert_eq!(count(&prose("a.md", "where\n```\nwhere\n```\nwhere"), "where"), 2);
}
