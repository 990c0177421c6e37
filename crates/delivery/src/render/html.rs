//! Escaping for HTML.

use minijinja::{AutoEscape, Error, Output, State, Value, escape_formatter};

/// Writes a value with the escaping for the template's file type. Unlike the engine, it does not escape slashes, so
/// that programs that rewrite or follow links in mails find them without parsing HTML.
pub(super) fn write_escaped(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            out.write_str(&escaped(text)).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_and_slashes_are_not() {
        assert_eq!(
            escaped("<a href='x' title=\"y\">&amp; https://a/b"),
            "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp; https://a/b"
        );
    }
}
