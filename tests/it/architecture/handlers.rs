//! Handlers are short: they read their input, call one use case and render the outcome.

use std::fs;

use super::{files, shown};

const LONGEST_HANDLER: usize = 25;

/// The functions of a file that take a `Call`, each with its length from its first line to its closing brace.
fn handlers(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<_> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = line
            .strip_prefix("async fn ")
            .or_else(|| line.strip_prefix("pub(crate) async fn "))
        else {
            continue;
        };
        let head: String = lines[start..]
            .iter()
            .take_while(|line| !line.starts_with('}'))
            .take(8)
            .copied()
            .collect();
        let arguments = head.split('{').next().unwrap_or_default();
        let end = lines[start..].iter().position(|line| *line == "}");
        if arguments.contains("call: Call<")
            && let Some(length) = end
        {
            let name = name.split(['(', '<']).next().unwrap_or_default();
            found.push((name.to_owned(), length + 1));
        }
    }
    found
}

#[test]
fn no_handler_is_longer_than_25_lines() {
    let mut count = 0;
    let mut long = Vec::new();
    for path in files("crates/http/src", "rs") {
        for (name, length) in handlers(&fs::read_to_string(&path).unwrap()) {
            count += 1;
            if length > LONGEST_HANDLER {
                long.push(format!("{}: {name} has {length} lines", shown(&path)));
            }
        }
    }
    assert!(count > 20, "only {count} handlers were found");
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn a_handler_is_found_with_its_length() {
    let text = "async fn one(call: Call<'_>) -> Answer {\n    done()\n}\n\nasync fn two(\n    call: Call<'_, Jwt>,\n    by: \
                Caller,\n) -> Answer {\n    done()\n}\n\nasync fn three(other: Other) {\n}\n";
    assert_eq!(handlers(text), [("one".to_owned(), 3), ("two".to_owned(), 6)]);
}
