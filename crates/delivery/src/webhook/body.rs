//! The body of webhook requests.

use chrono::{DateTime, SecondsFormat, Utc};
use portcullis_domain::{email::EmailAddress, message::Message};
use serde::Serialize;

use crate::render::TEST;

/// Serialised in this order; members that are `None` are omitted.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(rename = "newEmail", skip_serializing_if = "Option::is_none")]
    new_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
}

#[derive(Serialize)]
struct User<'a> {
    id: &'a str,
    email: &'a str,
    name: &'a str,
}

impl<'a> Body<'a> {
    pub(super) fn of(message: &'a Message) -> Self {
        let link = message.link.as_ref();
        Self {
            kind: message.kind.name(),
            timestamp: rfc3339(message.created_at),
            data: Data {
                to: message.to.as_str(),
                url: link.map(|link| link.url.expose().as_str()),
                token: link.map(|link| link.token.expose().as_str()),
                new_email: message.new_email().map(EmailAddress::as_str),
                user: Some(User {
                    id: message.user.id.as_str(),
                    email: message.user.email.as_str(),
                    name: &message.user.name,
                }),
            },
        }
    }

    pub(super) fn of_test(to: &'a EmailAddress, now: DateTime<Utc>) -> Self {
        Self {
            kind: TEST,
            timestamp: rfc3339(now),
            data: Data {
                to: to.as_str(),
                url: None,
                token: None,
                new_email: None,
                user: None,
            },
        }
    }
}

fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
