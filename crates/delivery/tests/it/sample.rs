//! Sample messages and options.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::testing::FixedClock;
use portcullis_delivery::{Renderer, TemplateOptions};
use portcullis_domain::{
    destination::PhoneNumber,
    email::EmailAddress,
    id::{MessageId, UserId},
    message::{Content, ContentKind, InvitationContent, Link, Message, MessageKind, Recipient},
    secret::Secret,
};

pub(crate) const TO: &str = "ada@example.com";
pub(crate) const PHONE: &str = "+4915112345678";
pub(crate) const TOKEN: &str = "ToKeN-0123456789";
pub(crate) const CODE: &str = "271828";

/// The time at which every message is created.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
}

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(now()))
}

pub(crate) fn options() -> TemplateOptions {
    TemplateOptions {
        folder: None,
        app_name: "Example & Sons".to_owned(),
        logo_url: None,
    }
}

/// Returns the renderer with the built-in templates.
pub(crate) fn renderer() -> Arc<Renderer> {
    static RENDERER: LazyLock<Arc<Renderer>> = LazyLock::new(|| Arc::new(Renderer::new(options()).unwrap()));
    Arc::clone(&RENDERER)
}

pub(crate) fn address() -> EmailAddress {
    EmailAddress::parse(TO).unwrap()
}

/// Returns a message of this kind, with a link or a code if the kind has one.
pub(crate) fn message(kind: MessageKind) -> Message {
    let link = Link {
        url: Secret::new(format!(
            "https://auth.example.com/api/auth/{TOKEN}?callbackURL=%2F&x=1"
        )),
        token: Secret::new(TOKEN.to_owned()),
        new_email: (kind == MessageKind::ChangeEmail)
            .then(|| EmailAddress::parse("countess@example.com").unwrap()),
    };
    let content = match kind.content() {
        ContentKind::Link => Content::Link(link),
        ContentKind::Invitation => Content::Invitation(Box::new(InvitationContent {
            link,
            role: "member".to_owned(),
            organization_id: "organization-1".to_owned(),
            organization_name: "Analytical Engines".to_owned(),
            organization_slug: "engines".to_owned(),
            inviter: Recipient {
                id: UserId::new("user-2"),
                email: EmailAddress::parse("charles@example.com").unwrap(),
                name: "Charles Babbage".to_owned(),
            },
        })),
        ContentKind::Code => Content::Code(Secret::new(CODE.to_owned())),
        ContentKind::Notice => Content::Notice,
    };
    let lifetime = match kind.content() {
        ContentKind::Link | ContentKind::Invitation => Some(TimeDelta::hours(1)),
        ContentKind::Code => Some(TimeDelta::minutes(3)),
        ContentKind::Notice => None,
    };
    Message {
        id: MessageId::new("Message0123456789Message01234567"),
        kind,
        to: address().into(),
        content,
        user: Some(Recipient {
            id: UserId::new("user-1"),
            email: address(),
            name: "Ada Lovelace".to_owned(),
        }),
        created_at: now(),
        expires_at: lifetime.map(|lifetime| now() + lifetime),
    }
}

/// Returns a message to a user with this name.
pub(crate) fn message_to(name: &str, kind: MessageKind) -> Message {
    let mut message = message(kind);
    name.clone_into(&mut message.user.as_mut().unwrap().name);
    if let Content::Invitation(invitation) = &mut message.content {
        name.clone_into(&mut invitation.inviter.name);
        name.clone_into(&mut invitation.organization_name);
    }
    message
}

/// Returns a message of this kind to a phone.
pub(crate) fn phone_message(kind: MessageKind) -> Message {
    Message {
        to: PhoneNumber::new(PHONE).into(),
        user: None,
        ..message(kind)
    }
}
