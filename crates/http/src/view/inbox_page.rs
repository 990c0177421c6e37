//! The page on which a developer reads messages that were not sent.

use std::fmt::{self, Display, Formatter};

use portcullis_application::ports::InboxEntry;

use super::{
    date::Date,
    html::{Escaped, Page, Style},
};

pub(crate) const STYLE: Style = Style {
    rules: include_str!("inbox_page.css"),
    hash: "c9ZztWk0jUwvP5F5c7ENiKz8DSKSGVfYRXZ+BkSTnUo=",
    form_action: "'none'",
};

/// The messages, newest first.
pub(crate) struct InboxPage {
    pub(crate) entries: Vec<InboxEntry>,
}

impl InboxPage {
    /// Returns the page.
    pub(crate) fn page(&self) -> Page<'_, impl Display> {
        Page {
            title: "Inbox",
            style: &STYLE,
            content: fmt::from_fn(|f| {
                f.write_str(
                    r#"<p class="quiet">Messages that were not sent. They are kept until the server stops.</p>"#,
                )?;
                f.write_str(r#"<a class="again" href="">Reload</a>"#)?;
                if self.entries.is_empty() {
                    return f.write_str(r#"<p class="empty">Nothing has been sent yet.</p>"#);
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
    let (kind, at) = (entry.kind.name(), Date::from(entry.at));
    let time = entry.at.format("%Y-%m-%d %H:%M:%S UTC");
    write!(
        f,
        r#"<li data-kind="{kind}"><p class="kind"><span>{kind}</span><time datetime="{at}">{time}</time></p>"#
    )?;
    let (subject, to) = (Escaped(&entry.subject), Escaped(entry.to.as_str()));
    write!(f, r#"<h2>{subject}</h2><p class="to">To {to}</p>"#)?;
    if let Some(url) = &entry.url {
        let url = Escaped(url);
        write!(
            f,
            r#"<a class="follow" href="{url}" rel="noreferrer">Follow the link</a>"#
        )?;
    }
    if let Some(code) = &entry.code {
        write!(f, r#"<p class="code">{}</p>"#, Escaped(code))?;
    }
    let text = Escaped(&entry.text);
    write!(
        f,
        "<details><summary>Show the text</summary><pre>{text}</pre></details></li>"
    )
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use portcullis_domain::{email::EmailAddress, id::MessageId, message::MessageKind};

    use super::*;
    use crate::view::html::assert_policy_admits;

    fn shown(entries: Vec<InboxEntry>) -> String {
        InboxPage { entries }.page().to_string()
    }

    fn entry(subject: &str, url: Option<&str>) -> InboxEntry {
        InboxEntry {
            id: MessageId::new(subject),
            kind: MessageKind::ResetPassword,
            to: EmailAddress::from_stored("ada@example.com").into(),
            subject: subject.to_owned(),
            text: format!("Hello {subject}"),
            html: String::new(),
            url: url.map(str::to_owned),
            code: None,
            at: Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5).unwrap(),
        }
    }

    #[test]
    fn the_policy_allows_the_pages_own_style() {
        assert_policy_admits(&STYLE);
    }

    #[test]
    fn messages_keep_their_order_and_only_those_with_a_url_have_a_link() {
        let page = shown(vec![
            entry("Second", Some("https://a.example/b?c=1&d=2")),
            entry("First", None),
        ]);
        let (_, list) = page.split_once("<ol>").unwrap();
        let (list, _) = list.split_once("</ol>").unwrap();
        let head = concat!(
            r#"<li data-kind="reset-password"><p class="kind"><span>reset-password</span>"#,
            r#"<time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04:05 UTC</time></p>"#
        );
        assert_eq!(
            list,
            [
                head,
                r#"<h2>Second</h2><p class="to">To ada@example.com</p>"#,
                r#"<a class="follow" href="https://a.example/b?c=1&amp;d=2" rel="noreferrer">Follow the link</a>"#,
                "<details><summary>Show the text</summary><pre>Hello Second</pre></details></li>",
                head,
                r#"<h2>First</h2><p class="to">To ada@example.com</p>"#,
                "<details><summary>Show the text</summary><pre>Hello First</pre></details></li>",
            ]
            .concat()
        );
    }

    #[test]
    fn the_code_of_a_message_is_shown() {
        let entry = InboxEntry {
            code: Some("271828".to_owned()),
            ..entry("Code", None)
        };
        let page = shown(vec![entry]);
        assert!(page.contains(r#"<p class="code">271828</p>"#), "{page}");
    }

    #[test]
    fn html_in_a_message_is_escaped() {
        let hostile = r#"<img src=x onerror=alert(1)>"'"#;
        let mut entry = entry(hostile, Some(hostile));
        entry.to = EmailAddress::from_stored(hostile).into();
        entry.code = Some(hostile.to_owned());
        let page = shown(vec![entry]);
        assert!(!page.contains("<img"), "{page}");
        assert_eq!(
            page.matches("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;")
                .count(),
            5
        );
    }
}
