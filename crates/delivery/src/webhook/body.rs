//! The body of webhook requests.

use chrono::{DateTime, SecondsFormat, Utc};
use portcullis_domain::{
    destination::Destination,
    email::EmailAddress,
    message::{InvitationContent, Message, Recipient},
};
use serde::Serialize;

use crate::render::TEST;

/// The JSON object of a request, with its members in this order. Members that are `None` are omitted.
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
    otp: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    code_type: Option<&'static str>,
    #[serde(rename = "expiresAt", skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<Invitation<'a>>,
}

#[derive(Serialize)]
struct Invitation<'a> {
    id: &'a str,
    role: &'a str,
    organization: Organization<'a>,
    inviter: User<'a>,
}

#[derive(Serialize)]
struct Organization<'a> {
    id: &'a str,
    name: &'a str,
    slug: &'a str,
}

#[derive(Serialize)]
struct User<'a> {
    id: &'a str,
    email: &'a str,
    name: &'a str,
}

impl<'a> Body<'a> {
    pub(super) fn of(message: &'a Message) -> Self {
        let link = message.link();
        let code = message.code();
        let invitation = message.invitation();
        let has_end = code.is_some() || invitation.is_some();
        let end = message.expires_at.filter(|_| has_end);
        Self {
            kind: message.kind.webhook_name(),
            timestamp: rfc3339(message.created_at),
            data: Data {
                to: message.to.as_str(),
                url: link.map(|link| link.url.expose().as_str()),
                token: link.map(|link| link.token.expose().as_str()),
                new_email: message.new_email().map(EmailAddress::as_str),
                otp: code.map(|code| code.expose().as_str()),
                // wire: Better Auth's functions that send codes to phones receive them by this name.
                code: code
                    .filter(|_code| message.kind.is_for_phones() || message.kind.code_type().is_some())
                    .map(|code| code.expose().as_str()),
                code_type: message.kind.code_type(),
                expires_at: end.map(rfc3339),
                user: message.user.as_ref().map(User::of),
                invitation: invitation.map(Invitation::of),
            },
        }
    }

    pub(super) fn of_test(to: &'a Destination, now: DateTime<Utc>) -> Self {
        Self {
            kind: TEST,
            timestamp: rfc3339(now),
            data: Data {
                to: to.as_str(),
                url: None,
                token: None,
                new_email: None,
                otp: None,
                code: None,
                code_type: None,
                expires_at: None,
                user: None,
                invitation: None,
            },
        }
    }
}

impl<'a> User<'a> {
    fn of(user: &'a Recipient) -> Self {
        Self {
            id: user.id.as_str(),
            email: user.email.as_str(),
            name: &user.name,
        }
    }
}

impl<'a> Invitation<'a> {
    fn of(invitation: &'a InvitationContent) -> Self {
        Self {
            id: invitation.link.token.expose(),
            role: &invitation.role,
            organization: Organization {
                id: &invitation.organization_id,
                name: &invitation.organization_name,
                slug: &invitation.organization_slug,
            },
            inviter: User::of(&invitation.inviter),
        }
    }
}

fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
