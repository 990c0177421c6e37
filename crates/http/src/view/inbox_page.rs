//! The page on which a developer reads what people would have been sent.

use std::fmt::{self, Display, Formatter};

use portcullis_application::ports::InboxEntry;

use super::{
    date::Date,
    html::{Escaped, Page, Style},
};

pub(crate) const STYLE: Style = Style {
    rules: include_str!("inbox_page.css"),
    hash: "YpKF8fYBdFXUDhNMh6S8K4pbgZ7vgqfUYThUa/uHqJs=",
};

/// What has come, the newest first.
pub(crate) struct InboxPage {
    pub(crate) entries: Vec<InboxEntry>,
}

impl InboxPage {
    /// The page that shows it.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: "Inbox",
            style: &STYLE,
            content: fmt::from_fn(|f| {
                f.write_str(r#"<p class="quiet">Messages that people would have been sent. They are kept in memory until the server stops. <a href="">Look again</a></p>"#)?;
                if self.entries.is_empty() {
                    return f.write_str("<p>Nothing has been sent yet.</p>");
                }
                f.write_str("<ol>")?;
                for entry in &self.entries {
                    write_entry(entry, f)?;
                }
                f.write_str("</ol>")
            }),
        }
    }
}

fn write_entry(entry: &InboxEntry, f: &mut Formatter<'_>) -> fmt::Result {
    let (subject, to, text) = (
        Escaped(&entry.subject),
        Escaped(entry.to.as_str()),
        Escaped(&entry.text),
    );
    let (kind, at) = (entry.kind.name(), Date::from(entry.at));
    write!(
        f,
        r#"<li data-kind="{kind}"><h2>{subject}</h2><p class="meta">To {to} · {kind} · <time datetime="{at}">{at}</time></p>"#
    )?;
    if let Some(url) = &entry.url {
        let url = Escaped(url);
        write!(
            f,
            r#"<a class="follow" href="{url}" rel="noreferrer">Follow the link</a>"#
        )?;
    }
    write!(
        f,
        "<details><summary>Read it</summary><pre>{text}</pre></details></li>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::html::assert_policy_admits;

    #[test]
    fn the_policy_admits_the_pages_own_style() {
        assert_policy_admits(&STYLE);
    }
}
