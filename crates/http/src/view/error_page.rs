//! The page for people whom a redirect has brought where something went wrong.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

const STYLE: &str = include_str!("error_page.css");
/// Nothing but the page's own style, known by its hash, and nobody may frame it.
pub(crate) const CONTENT_SECURITY_POLICY: &str = concat!(
    "default-src 'none'; style-src 'sha256-aVh75aLmSqeWGg6osb5RbBP4CX1ay962Oc7PUf51oAo='; ",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
);
const NO_DESCRIPTION: &str = "We could not finish what you asked for. Please go back and try again.";

/// What went wrong, as far as it may be told; written as HTML.
pub(crate) struct ErrorPage<'a> {
    /// A word for those who are asked for help.
    pub(crate) code: Cow<'a, str>,
    /// A sentence for whoever is there.
    pub(crate) description: Option<Cow<'a, str>>,
}

impl fmt::Display for ErrorPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = Escaped(&self.code);
        let description = Escaped(self.description.as_deref().unwrap_or(NO_DESCRIPTION));
        write!(
            f,
            r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Something went wrong</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>Something went wrong</h1>
<p>{description}</p>
<p class="code">Code: <code>{code}</code></p>
<a href="/">Go to the start page</a>
</main>
</body>
</html>
"#
        )
    }
}

/// Text that cannot become markup, wherever it stands.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                plain => f.write_char(plain)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_admits_the_pages_own_style() {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        assert!(
            CONTENT_SECURITY_POLICY.contains(&format!("'sha256-{hash}'")),
            "the style's hash is sha256-{hash}"
        );
    }

    #[test]
    fn no_text_becomes_markup() {
        let text = r#"<b>"it's"</b> &amp;"#;
        assert_eq!(
            Escaped(text).to_string(),
            "&lt;b&gt;&quot;it&#39;s&quot;&lt;/b&gt; &amp;amp;"
        );
    }
}
