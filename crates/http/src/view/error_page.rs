//! The page that shows an error after a redirect.

use std::{
    borrow::Cow,
    fmt::{self, Display},
};

use super::{
    error_words::is_of_link,
    html::{Escaped, Page, Style},
};

pub(crate) const STYLE: Style = Style {
    rules: include_str!("error_page.css"),
    hash: "aVh75aLmSqeWGg6osb5RbBP4CX1ay962Oc7PUf51oAo=",
    form_action: "'none'",
};

/// The title of a page about a link that did not work.
pub(crate) const LINK_FAILED: &str = "This link did not work";

/// The error that the page shows.
pub(crate) struct ErrorPage<'a> {
    /// The code, for support staff.
    pub(crate) code: Cow<'a, str>,
    /// A sentence for the user.
    pub(crate) description: Cow<'a, str>,
    /// The page to which the link leads.
    pub(crate) start_page: &'a str,
}

impl ErrorPage<'_> {
    /// Returns the page.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: if is_of_link(&self.code) {
                LINK_FAILED
            } else {
                "Something went wrong"
            },
            style: &STYLE,
            content: fmt::from_fn(|f| {
                let code = Escaped(&self.code);
                let description = Escaped(&self.description);
                let start_page = Escaped(self.start_page);
                write!(
                    f,
                    r#"<p>{description}</p>
<p class="code">Code: <code>{code}</code></p>
<a href="{start_page}">Go to the start page</a>"#
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::html::assert_policy_admits;

    #[test]
    fn the_policy_allows_the_pages_own_style() {
        assert_policy_admits(&STYLE);
    }
}
