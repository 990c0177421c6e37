//! The page at the root, to which links in messages lead if they name no other page.

use std::fmt::{self, Display};

use super::{
    html::{Escaped, Page},
    password_page::STYLE,
};

/// What the page reports.
pub(crate) struct HomePage<'a> {
    /// The code of the error, if there was one.
    pub(crate) error: Option<&'a str>,
}

impl HomePage<'_> {
    /// Returns the page.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        let (title, text) = if self.error.is_some() {
            (
                "This link did not work",
                "It may have been used already, have expired, or belong to another account. Please request a new one.",
            )
        } else {
            (
                "Authentication service",
                "If you followed a link from a message, the link has worked and you can close this page.",
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
