//! Serialization of messages for the queue.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    id::{MessageId, UserId},
    message::{Link, Message, MessageKind, Recipient},
    secret::Secret,
};
use serde_json::{Value, json};

/// Why a queued message cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Its kind is unknown.
    #[error("a queued message has an unknown kind")]
    Kind,
    /// Its content is malformed.
    #[error("a queued message is malformed")]
    Form,
}

pub(super) fn write(message: &Message) -> Secret<String> {
    let link = message.link.as_ref().map(|link| {
        let new_email = link.new_email.as_ref().map(EmailAddress::as_str);
        json!({ "url": link.url.expose(), "token": link.token.expose(), "newEmail": new_email })
    });
    let user = &message.user;
    let text = json!({
        "kind": message.kind.name(),
        "to": message.to.as_str(),
        "link": link,
        "user": { "id": user.id.as_str(), "email": user.email.as_str(), "name": user.name },
        "createdAt": message.created_at.timestamp_millis(),
        "expiresAt": message.expires_at.map(|end| end.timestamp_millis()),
    });
    Secret::new(text.to_string())
}

pub(crate) fn read(id: &MessageId, text: &str) -> Result<Message, Unreadable> {
    let value: Value = serde_json::from_str(text).map_err(|_| Unreadable::Form)?;
    let kind = value
        .get("kind")
        .and_then(Value::as_str)
        .ok_or(Unreadable::Form)?;
    let kind = MessageKind::from_name(kind).ok_or(Unreadable::Kind)?;
    parse(id, kind, &value).ok_or(Unreadable::Form)
}

fn parse(id: &MessageId, kind: MessageKind, value: &Value) -> Option<Message> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let time = |name: &str| DateTime::<Utc>::from_timestamp_millis(value.get(name)?.as_i64()?);
    let link = text("/link/url").zip(text("/link/token"));
    Some(Message {
        id: id.clone(),
        kind,
        to: EmailAddress::from_stored(text("/to")?),
        link: link.map(|(url, token)| Link {
            url: Secret::new(url),
            token: Secret::new(token),
            new_email: text("/link/newEmail").map(EmailAddress::from_stored),
        }),
        user: Recipient {
            id: UserId::new(text("/user/id")?),
            email: EmailAddress::from_stored(text("/user/email")?),
            name: text("/user/name")?,
        },
        created_at: time("createdAt")?,
        expires_at: time("expiresAt"),
    })
}
