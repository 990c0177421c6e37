//! Names and texts in SQL.

/// Quotes a name.
pub(in crate::migrations) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns a text as a literal that does not depend on `standard_conforming_strings`.
pub(in crate::migrations) fn text(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_quoted() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(text(r"it's a \"), r"E'it''s a \\'");
    }
}
