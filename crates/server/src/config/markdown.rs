//! The table of keys as documentation.

use std::fmt::{Display, Write};

use super::{
    environment::{FILE_SUFFIX, may_be_in_a_file},
    key::{Declaration, Fallback, Kind},
    keys::{ALIASES, keys},
    unsupported::UNSUPPORTED,
};

/// Returns a Markdown table of all keys: name, variables, values, default and purpose.
#[must_use]
pub fn configuration_markdown() -> String {
    let mut table = String::from(
        "| key | variable | value | default | what it does |\n| --- | --- | --- | --- | --- |\n",
    );
    for key in keys() {
        let row = [
            format!("`{}`", key.name),
            variables(key),
            values(&key.kind),
            fallback(key),
            key.doc.to_owned(),
        ];
        let _infallible = writeln!(table, "| {} |", row.join(" | "));
    }
    table
}

/// Returns a Markdown table of the options that are refused by name, and why.
#[must_use]
pub fn refused_options_markdown() -> String {
    let mut table = String::from("| option | why |\n| --- | --- |\n");
    for option in UNSUPPORTED {
        let why = option.why.reason();
        let _infallible = writeln!(table, "| `{}` | {why} |", option.name);
    }
    table
}

fn variables(key: &Declaration) -> String {
    let aliases = ALIASES.iter().filter(|(_, name)| *name == key.name);
    let ours = format!("`{}`", key.variable());
    let names = aliases.fold(ours, |list, (alias, _)| format!("{list}, `{alias}`"));
    if may_be_in_a_file(key) {
        format!("{names}; also with `{FILE_SUFFIX}`")
    } else {
        names
    }
}

fn values(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "`true`, `false`".to_owned(),
        Kind::Number(range) => match range.listed() {
            Some(numbers) => choices(&numbers),
            None => format!("{} to {} {}", range.least, range.most, range.unit)
                .trim_end()
                .to_owned(),
        },
        Kind::Fraction => "0 to 1, such as `0.5`".to_owned(),
        Kind::Time => "seconds, or a text such as `15m`".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Secret => "text, never shown".to_owned(),
        Kind::List => "list of texts".to_owned(),
        Kind::Secrets => "list of texts, never shown; separated by semicolons in the variable".to_owned(),
        Kind::Table(_) => "tables; JSON in the variable".to_owned(),
        Kind::Choice { built, .. } => choices(built),
    }
}

fn choices(values: &[impl Display]) -> String {
    let choices: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    choices.join(", ")
}

fn fallback(key: &Declaration) -> String {
    match key.fallback {
        Fallback::Value("" | "{}") => "none".to_owned(),
        Fallback::Value(text) => format!("`{text}`"),
        Fallback::Otherwise(words) => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    const RENEW: &str = "run `UPDATE_DOCS=1 cargo test -p portcullis-server --lib` to renew -->\n";

    /// Returns the text before a generated part, the part, and the text after it.
    fn split<'a>(text: &'a str, begin: &str, end: &str) -> (&'a str, &'a str, &'a str) {
        let (before, rest) = text.split_once(begin).unwrap();
        let (part, after) = rest.split_once(end).unwrap();
        (before, part, after)
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a developer sets the variable to renew the file"
    )]
    fn the_documentation_contains_every_key_and_every_refused_option() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
        let renews = std::env::var_os("UPDATE_DOCS").is_some();
        for (what, table) in [
            ("keys", configuration_markdown()),
            ("refused options", refused_options_markdown()),
        ] {
            let text = fs::read_to_string(&path).unwrap();
            let begin = format!("<!-- made from the table of {what}; {RENEW}");
            let end = format!("<!-- end of the table of {what} -->\n");
            let (before, part, after) = split(&text, &begin, &end);
            if renews {
                fs::write(&path, format!("{before}{begin}\n{table}\n{end}{after}")).unwrap();
            } else {
                assert_eq!(part.trim(), table.trim());
            }
        }
    }
}
