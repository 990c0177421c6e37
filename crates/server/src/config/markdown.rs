//! The table of keys as documentation.

use std::fmt::Write;

use super::keys::{ALIASES, Fallback, KEYS, Key, Kind};

/// A table in Markdown of every key: name, variables, values, default and purpose.
#[must_use]
pub fn configuration_markdown() -> String {
    let mut table = String::from(
        "| key | variable | value | default | what it does |\n| --- | --- | --- | --- | --- |\n",
    );
    for key in KEYS {
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

fn variables(key: &Key) -> String {
    let aliases = ALIASES.iter().filter(|(_, name)| *name == key.name);
    let ours = format!("`{}`", key.variable());
    aliases.fold(ours, |list, (alias, _)| format!("{list}, `{alias}`"))
}

fn values(kind: &Kind) -> String {
    match kind {
        Kind::Boolean => "`true`, `false`".to_owned(),
        Kind::Number(range) => format!("{} to {} {}", range.least, range.most, range.unit),
        Kind::Text => "text".to_owned(),
        Kind::Secret => "text, never shown".to_owned(),
        Kind::List => "list of texts".to_owned(),
        Kind::Choice { built, .. } => {
            let choices: Vec<String> = built.iter().map(|choice| format!("`{choice}`")).collect();
            choices.join(", ")
        }
    }
}

fn fallback(key: &Key) -> String {
    match key.fallback {
        Fallback::Value("") => "none".to_owned(),
        Fallback::Value(text) => format!("`{text}`"),
        Fallback::Otherwise(words) => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    const BEGIN: &str = "<!-- made from the table of keys; run `UPDATE_DOCS=1 cargo test -p portcullis-server` to renew -->\n";
    const END: &str = "<!-- end of the table -->\n";

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever runs the test says whether to renew the file"
    )]
    fn the_documentation_shows_the_table_of_keys() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
        let text = fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(BEGIN).unwrap();
        let (table, after) = rest.split_once(END).unwrap();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let text = format!("{before}{BEGIN}\n{}\n{END}{after}", configuration_markdown());
            fs::write(&path, text).unwrap();
        } else {
            assert_eq!(table.trim(), configuration_markdown().trim());
        }
    }
}
