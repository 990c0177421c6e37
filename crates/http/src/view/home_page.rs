//! The page at the root, to which links in messages lead that name no other.

use std::fmt::{self, Display};

use super::{
    html::{Escaped, Page},
    password_page::STYLE,
};

/// What the page reports.
pub(crate) struct HomePage<'a> {
    /// The code of what went wrong, if something did.
    pub(crate) error: Option<&'a str>,
}

impl HomePage<'_> {
    /// The page.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        let (title, text) = if self.error.is_some() {
            (
                "This link did not work",
                "It may be used already or too old, or belong to another account. Please request a new one.",
            )
        } else {
            (
                "Authentication service",
                "If you followed a link from a message, it has done its work: you can close this page.",
            )
        };
        Page {
            title,
            style: &STYLE,
            content: fmt::from_fn(move |f| {
                write!(f, "<p>{text}</p>")?;
                match self.error {
                    Some(code) => write!(f, r#"<p class="quiet">Code: {}</p>"#, Escaped(code)),
                    None => Ok(()),
                }
            }),
        }
    }
}
