//! Serialization of messages for the queue.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    destination::{Destination, PhoneNumber},
    email::EmailAddress,
    id::{MessageId, UserId},
    message::{Content, ContentKind, InvitationContent, Link, Message, MessageKind, Recipient},
    secret::Secret,
};
use serde_json::{Value, json};

/// The value of `channel` in messages to phones. Messages to e-mail addresses have none.
const PHONE: &str = "phone";

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

/// Returns the text of a message. Replicas of an older version read the kinds that they know, so members are only added.
pub(super) fn write(message: &Message) -> Secret<String> {
    let link = message.link().map(|link| {
        let new_email = link.new_email.as_ref().map(EmailAddress::as_str);
        json!({ "url": link.url.expose(), "token": link.token.expose(), "newEmail": new_email })
    });
    let user = message.user.as_ref().map(person);
    let invitation = message.invitation().map(|invitation| {
        json!({
            "role": invitation.role,
            "organizationId": invitation.organization_id,
            "organizationName": invitation.organization_name,
            "organizationSlug": invitation.organization_slug,
            "inviter": person(&invitation.inviter),
        })
    });
    let text = json!({
        "kind": message.kind.name(),
        "to": message.to.as_str(),
        "channel": message.to.phone().map(|_number| PHONE),
        "link": link,
        "code": message.code().map(Secret::expose),
        "user": user,
        "invitation": invitation,
        "createdAt": message.created_at.timestamp_millis(),
        "expiresAt": message.expires_at.map(|end| end.timestamp_millis()),
    });
    Secret::new(text.to_string())
}

fn person(user: &Recipient) -> Value {
    json!({ "id": user.id.as_str(), "email": user.email.as_str(), "name": user.name })
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
    let time = |name: &str| DateTime::<Utc>::from_timestamp_millis(value.get(name)?.as_i64()?);
    let content = match kind.content() {
        ContentKind::Link => Content::Link(parse_link(value)?),
        ContentKind::Code => Content::Code(Secret::new(text(value, "/code")?)),
        ContentKind::Invitation => Content::Invitation(Box::new(InvitationContent {
            link: parse_link(value)?,
            role: text(value, "/invitation/role")?,
            organization_id: text(value, "/invitation/organizationId")?,
            organization_name: text(value, "/invitation/organizationName")?,
            organization_slug: text(value, "/invitation/organizationSlug")?,
            inviter: parse_person(value.pointer("/invitation/inviter")?)?,
        })),
        ContentKind::Notice => Content::Notice,
    };
    let user = match value.get("user") {
        None | Some(Value::Null) => None,
        Some(user) => Some(parse_person(user)?),
    };
    Some(Message {
        id: id.clone(),
        kind,
        to: parse_destination(value)?,
        content,
        user,
        created_at: time("createdAt")?,
        expires_at: time("expiresAt"),
    })
}

fn parse_destination(message: &Value) -> Option<Destination> {
    let to = text(message, "/to")?;
    Some(match text(message, "/channel").as_deref() {
        Some(PHONE) => PhoneNumber::new(to).into(),
        _ => EmailAddress::from_stored(to).into(),
    })
}

fn parse_link(message: &Value) -> Option<Link> {
    Some(Link {
        url: Secret::new(text(message, "/link/url")?),
        token: Secret::new(text(message, "/link/token")?),
        new_email: text(message, "/link/newEmail").map(EmailAddress::from_stored),
    })
}

fn parse_person(person: &Value) -> Option<Recipient> {
    Some(Recipient {
        id: UserId::new(text(person, "/id")?),
        email: EmailAddress::from_stored(text(person, "/email")?),
        name: text(person, "/name")?,
    })
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use portcullis_domain::message::MessageKind;

    use super::*;

    fn link() -> Link {
        Link {
            url: Secret::new("https://auth.example.com/T".to_owned()),
            token: Secret::new("T".to_owned()),
            new_email: None,
        }
    }

    fn message(kind: MessageKind, user: Option<Recipient>) -> Message {
        Message {
            id: MessageId::new("M"),
            kind,
            to: if kind.is_for_phones() {
                PhoneNumber::new("+4915112345678").into()
            } else {
                EmailAddress::from_stored("ada@example.com").into()
            },
            content: match kind.content() {
                ContentKind::Link => Content::Link(link()),
                ContentKind::Invitation => Content::Invitation(Box::new(InvitationContent {
                    link: link(),
                    role: "member".to_owned(),
                    organization_id: "O".to_owned(),
                    organization_name: "Acme".to_owned(),
                    organization_slug: "acme".to_owned(),
                    inviter: ada(),
                })),
                ContentKind::Code => Content::Code(Secret::new("123456".to_owned())),
                ContentKind::Notice => Content::Notice,
            },
            user,
            created_at: DateTime::UNIX_EPOCH,
            expires_at: Some(DateTime::UNIX_EPOCH),
        }
    }

    fn ada() -> Recipient {
        Recipient {
            id: UserId::new("U"),
            email: EmailAddress::from_stored("ada@example.com"),
            name: "Ada".to_owned(),
        }
    }

    #[test]
    fn a_message_of_every_kind_is_read_as_it_was_written() {
        for kind in MessageKind::ALL {
            for user in [Some(ada()), None] {
                let written = message(kind, user);
                let read = read(&written.id, write(&written).expose()).unwrap();
                assert_eq!(
                    read.link().map(|link| link.token.expose()),
                    written.link().map(|link| link.token.expose())
                );
                assert_eq!(
                    read.code().map(Secret::expose),
                    written.code().map(Secret::expose)
                );
                let invitation = |message: &Message| {
                    let invitation = message.invitation()?;
                    let names = (&invitation.organization_name, &invitation.role);
                    Some(format!("{names:?} {:?}", invitation.inviter))
                };
                assert_eq!(invitation(&read), invitation(&written));
                assert_eq!(
                    (read.kind, &read.user, &read.to),
                    (kind, &written.user, &written.to)
                );
                assert_eq!(
                    (read.created_at, read.expires_at),
                    (written.created_at, written.expires_at)
                );
            }
        }
    }

    /// An older replica queues this during a deployment.
    #[test]
    fn a_message_without_the_member_for_a_code_is_read() {
        let user = r#""user":{"id":"U","email":"ada@example.com","name":"Ada"}"#;
        for (kind, link) in [
            (
                "reset-password",
                r#"{"url":"https://auth.example.com/T","token":"T","newEmail":null}"#,
            ),
            ("password-changed", "null"),
        ] {
            let text = format!(
                r#"{{"kind":"{kind}","to":"ada@example.com","link":{link},{user},"createdAt":0,"expiresAt":0}}"#
            );
            let message = read(&MessageId::new("M"), &text).unwrap();
            assert_eq!(message.user, Some(ada()));
            assert_eq!(message.link().is_some(), kind == "reset-password");
        }
    }

    #[test]
    fn a_message_without_the_content_of_its_kind_is_malformed() {
        for kind in MessageKind::ALL {
            let name = kind.name();
            let text = format!(r#"{{"kind":"{name}","to":"ada@example.com","createdAt":0}}"#);
            let is_read = read(&MessageId::new("M"), &text).is_ok();
            assert_eq!(is_read, kind.content() == ContentKind::Notice, "{name}");
        }
    }
}
