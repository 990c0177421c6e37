//! Texts, each with its limit. None may contain NUL, which PostgreSQL cannot store.

use std::borrow::Cow;

use portcullis_domain::{email::EmailAddress, password::Password, secret::Secret as Hidden};
use serde_json::Value;
use url::Url;

use super::{
    member::{Member, Reader},
    place::Place,
    schema::Shape,
};
use crate::options::Limits;

type Issue = Option<Cow<'static, str>>;
type HiddenText = Hidden<String>;

const NUL: Cow<'static, str> = Cow::Borrowed("Invalid string: must not include NUL");
const INVALID_EMAIL: &str = "Invalid email address";
/// The base for relative references such as images: only the scheme of the resolved URL matters.
const ANY_BASE: &str = "https://base.invalid";

/// Declares members that are texts: documentation, name, value, what is wrong with a text, and its conversion.
macro_rules! texts {
    ($($(#[$doc:meta])+ $name:ident -> $value:ty, $issue:expr, $convert:expr;)+) => {$(
        $(#[$doc])+
        pub(crate) enum $name {}

        impl Member for $name {
            type Value = $value;

            const SHAPE: Shape = Shape::$name;

            fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
                checked(value, at, reader, $issue).map($convert)
            }
        }
    )+};
}

texts! {
    /// Any text.
    Text -> String, text_issue, |text| text;
    /// The name of a user.
    Name -> String, |text, limits| nul(text).or_else(|| too_big(text, limits.name)), |text| text;
    /// A password. Its length is checked by the password policy, not here.
    Secret -> Password, |text, _limits| nul(text), Password::new;
    /// A URL to which the client is redirected.
    RedirectUrl -> String, url_issue, |text| text;
    /// The URL of a picture: `http`, `https` or relative.
    Image -> String, |text, limits| url_issue(text, limits).or_else(|| not_on_the_web(text)), |text| text;
}

/// A token of another server. Only the size of the body limits its length.
pub(crate) enum Token {}

impl Member for Token {
    type Value = HiddenText;

    const SHAPE: Shape = Shape::Token;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<HiddenText> {
        checked(value, at, reader, |text, _limits| nul(text)).map(HiddenText::new)
    }
}

/// The id of a provider.
pub(crate) enum ProviderName {}

impl Member for ProviderName {
    type Value = String;

    const SHAPE: Shape = Shape::Text;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<String> {
        // wire: Better Auth declares a list of ids or any text, so that a value of another type has no better issue.
        if !matches!(value, Some(Value::String(_))) {
            reader.issues.add(at, "Invalid input");
            return None;
        }
        checked(value, at, reader, text_issue)
    }
}

/// Any text but the empty one.
pub(crate) enum FilledText {}

impl Member for FilledText {
    type Value = String;

    const SHAPE: Shape = Shape::FilledText;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<String> {
        filled(value, at, reader, text_issue)
    }
}

/// A new password: not empty.
pub(crate) enum NewSecret {}

impl Member for NewSecret {
    type Value = Password;

    const SHAPE: Shape = Shape::NewSecret;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Password> {
        filled(value, at, reader, |text, _limits| nul(text)).map(Password::new)
    }
}

/// An e-mail address.
pub(crate) enum Email {}

impl Member for Email {
    type Value = EmailAddress;

    const SHAPE: Shape = Shape::Email;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<EmailAddress> {
        EmailAsSent::read(value, at, reader).map(|sent| sent.address)
    }
}

/// An e-mail address, together with its text as it was sent.
pub(crate) enum EmailAsSent {}

/// An e-mail address and its text.
pub(crate) struct SentEmail {
    pub(crate) text: String,
    pub(crate) address: EmailAddress,
}

impl Member for EmailAsSent {
    type Value = SentEmail;

    const SHAPE: Shape = Shape::Email;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<SentEmail> {
        let text = checked(value, at, reader, |_text, _limits| None)?;
        let Ok(address) = EmailAddress::parse(&text) else {
            reader.issues.add(at, INVALID_EMAIL);
            return None;
        };
        Some(SentEmail { text, address })
    }
}

/// Returns the text if it is one and has no issue.
fn checked(
    value: Option<Value>,
    at: Place<'_>,
    reader: &mut Reader<'_>,
    issue: impl FnOnce(&str, &Limits) -> Issue,
) -> Option<String> {
    let Some(Value::String(text)) = value else {
        reader.issues.wrong_type(at, "string", value.as_ref());
        return None;
    };
    match issue(&text, reader.limits) {
        None => Some(text),
        Some(issue) => {
            reader.issues.add(at, &issue);
            None
        }
    }
}

/// Returns the text if it is one, is not empty and has no issue.
fn filled(
    value: Option<Value>,
    at: Place<'_>,
    reader: &mut Reader<'_>,
    issue: impl FnOnce(&str, &Limits) -> Issue,
) -> Option<String> {
    // wire: zod checks the length of any value that has one.
    let is_empty_list = value
        .as_ref()
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty);
    let text = checked(value, at, reader, |text, limits| {
        empty(text).or_else(|| issue(text, limits))
    });
    if is_empty_list {
        reader
            .issues
            .add(at, "Too small: expected array to have >=1 items");
    }
    text
}

/// Returns what is wrong with any text, if anything.
pub(crate) fn text_issue(text: &str, limits: &Limits) -> Issue {
    nul(text).or_else(|| too_big(text, limits.text))
}

fn url_issue(text: &str, limits: &Limits) -> Issue {
    nul(text).or_else(|| too_big(text, limits.url))
}

fn nul(text: &str) -> Issue {
    text.contains('\0').then_some(NUL)
}

fn empty(text: &str) -> Issue {
    text.is_empty()
        .then(|| "Too small: expected string to have >=1 characters".into())
}

fn too_big(text: &str, limit: usize) -> Issue {
    (text.chars().nth(limit).is_some())
        .then(|| format!("Too big: expected string to have <={limit} characters").into())
}

fn not_on_the_web(reference: &str) -> Issue {
    let url = Url::parse(ANY_BASE).and_then(|base| base.join(reference));
    let is_on_the_web = url.is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    (!is_on_the_web).then(|| "Invalid URL".into())
}
