//! Composition of mails.

use std::{fmt, str::FromStr, time::SystemTime};

use chrono::{DateTime, Utc};
use lettre::{
    Address,
    message::{
        self, MultiPart, MultiPartKind, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use portcullis_domain::email::EmailAddress;

use super::{SmtpOptions, error::SmtpError};
use crate::render::Rendered;

/// A sender: an address with an optional name, as in `Example <no-reply@example.com>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox(message::Mailbox);

/// The text is not a valid sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither an e-mail address nor of the form `Name <address>`")]
pub struct InvalidMailbox;

impl Mailbox {
    pub(super) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl FromStr for Mailbox {
    type Err = InvalidMailbox;

    fn from_str(text: &str) -> Result<Self, InvalidMailbox> {
        let mailbox: message::Mailbox = text.parse().map_err(|_| InvalidMailbox)?;
        let address: &str = mailbox.email.as_ref();
        let is_plain = address.is_ascii() && !text.contains(char::is_control);
        is_plain.then_some(Self(mailbox)).ok_or(InvalidMailbox)
    }
}

/// Hides the address, which would end in a log.
impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(…)")
    }
}

/// The parts of a mail.
pub(super) struct Letter<'a> {
    pub(super) id: &'a str,
    pub(super) to: &'a EmailAddress,
    pub(super) written_at: DateTime<Utc>,
    pub(super) content: Rendered,
}

impl Letter<'_> {
    /// Returns the mail. The same parts always give the same bytes, so that servers and recipients can detect
    /// duplicates.
    pub(super) fn seal(self, options: &SmtpOptions) -> Result<lettre::Message, SmtpError> {
        let to = self.to.as_str();
        let to: Address = match to.parse() {
            Ok(address) if to.is_ascii() => address,
            _ => return Err(SmtpError::Address),
        };
        let mut builder = lettre::Message::builder()
            .from(options.from.0.clone())
            .to(to.into())
            .subject(self.content.subject)
            .date(SystemTime::from(self.written_at))
            .message_id(Some(format!("<{}@{}>", self.id, options.from.domain())))
            // Prevents automatic replies (RFC 3834).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = &options.reply_to {
            builder = builder.reply_to(reply_to.0.clone());
        }
        // No line of quoted-printable text begins with `--=_`.
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("=_{}", self.id))
            .singlepart(part(ContentType::TEXT_PLAIN, self.content.text))
            .singlepart(part(ContentType::TEXT_HTML, self.content.html));
        builder.multipart(parts).map_err(SmtpError::Mail)
    }
}

/// Returns a part in an encoding that every server forwards unchanged.
fn part(content_type: ContentType, text: String) -> SinglePart {
    SinglePart::builder()
        .header(content_type)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(text)
}
