//! HTML pages: a common layout without scripts.

use std::fmt::{self, Display, Write as _};

/// The style of a page. The content security policy contains its hash, so browsers apply no other style.
pub(crate) struct Style {
    /// The rules.
    pub(crate) rules: &'static str,
    /// Their SHA-256 in base64.
    pub(crate) hash: &'static str,
    /// The `form-action` of the policy: the URLs to which the page may send a form, also by a redirect of the answer.
    /// Empty: any URL, also that of an application.
    pub(crate) form_action: &'static str,
}

/// A whole page, written as HTML.
pub(crate) struct Page<'a, Content> {
    /// The title, which is also the heading.
    pub(crate) title: &'a str,
    /// The style.
    pub(crate) style: &'a Style,
    /// The HTML below the heading; any text in it is [`Escaped`].
    pub(crate) content: Content,
}

/// Text that is escaped for HTML content and attributes.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Style {
    /// Returns the content security policy: the page may load only its own style, and no other page may frame it.
    pub(crate) fn policy(&self) -> String {
        let form_action = match self.form_action {
            "" => String::new(),
            places => format!(" form-action {places};"),
        };
        format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none';{form_action} frame-ancestors 'none'",
            self.hash
        )
    }
}

impl<Content: Display> Display for Page<'_, Content> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Escaped(self.title);
        let style = self.style.rules;
        let content = &self.content;
        write!(
            f,
            r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"#
        )
    }
}

impl Display for Escaped<'_> {
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

/// Fails unless the policy allows this style.
#[cfg(test)]
pub(crate) fn assert_policy_admits(style: &Style) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};

    let hash = STANDARD.encode(Sha256::digest(style.rules));
    assert_eq!(style.hash, hash);
    assert!(style.policy().contains(&format!("style-src 'sha256-{hash}'")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_text_is_escaped() {
        let text = r#"<b>"it's"</b> &amp;"#;
        assert_eq!(
            Escaped(text).to_string(),
            "&lt;b&gt;&quot;it&#39;s&quot;&lt;/b&gt; &amp;amp;"
        );
    }
}
