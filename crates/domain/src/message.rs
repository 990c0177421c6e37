//! Messages to people.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    email::EmailAddress,
    id::{MessageId, UserId},
    rate_limit::Rule,
    secret::Secret,
};

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Follow the link to prove that the address is yours.
    VerifyEmail,
    /// Follow the link to set another password.
    ResetPassword,
    /// Follow the link if you want another address.
    ChangeEmail,
    /// Follow the link to delete your account.
    DeleteAccount,
    /// Somebody tried to sign up with your address.
    SignUpAttempt,
    /// Your password was changed.
    PasswordChanged,
    /// Your address was changed.
    EmailChanged,
}

/// How many messages of one sort an e-mail address receives, if requests are limited: strangers must not fill a
/// mailbox (better-auth#9479).
pub const MOST_TO_ONE_ADDRESS: [Rule; 3] = [
    Rule {
        window: TimeDelta::minutes(1),
        max: 3,
    },
    Rule {
        window: TimeDelta::hours(1),
        max: 10,
    },
    Rule {
        window: TimeDelta::days(1),
        max: 30,
    },
];

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::DeleteAccount,
        Self::SignUpAttempt,
        Self::PasswordChanged,
        Self::EmailChanged,
    ];

    /// Whether it tells of what was done, and nobody but its reader can have it sent.
    #[must_use]
    pub const fn is_notice(self) -> bool {
        matches!(self, Self::PasswordChanged | Self::EmailChanged)
    }

    /// The kind as webhooks and templates name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
            Self::ChangeEmail => "change-email",
            Self::DeleteAccount => "delete-account",
            Self::SignUpAttempt => "sign-up-attempt",
            Self::PasswordChanged => "password-changed",
            Self::EmailChanged => "email-changed",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A message to somebody.
#[derive(Clone, Debug)]
pub struct Message {
    /// Never changes: whoever is told of it twice can tell.
    pub id: MessageId,
    /// What it says.
    pub kind: MessageKind,
    /// Where it goes.
    pub to: EmailAddress,
    /// The link to follow, where there is one.
    pub link: Option<Link>,
    /// Whom it is about.
    pub user: Recipient,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// From then on it must not be sent any more.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A link that holds a secret.
#[derive(Clone, Debug)]
pub struct Link {
    /// The whole address to follow.
    pub url: Secret<String>,
    /// The secret in it.
    pub token: Secret<String>,
    /// The address that the user is to have by it, where that is to be agreed to.
    pub new_email: Option<EmailAddress>,
}

/// Whom a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The user's id.
    pub id: UserId,
    /// Where the message goes, as the reference has it: where a user wants another address, that may be the new one.
    pub email: EmailAddress,
    /// What the user is called.
    pub name: String,
}

impl Message {
    /// The address that the user is to have, where the message asks for it.
    #[must_use]
    pub fn new_email(&self) -> Option<&EmailAddress> {
        self.link.as_ref()?.new_email.as_ref()
    }

    /// Whether what it says is out of date.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end < now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::named(kind.name()), Some(kind));
        }
        assert_eq!(MessageKind::named("verify"), None);
    }

    #[test]
    fn notices_are_what_nobody_else_can_have_sent() {
        let notices = MessageKind::ALL.into_iter().filter(|kind| kind.is_notice());
        let expected = [MessageKind::PasswordChanged, MessageKind::EmailChanged];
        assert_eq!(notices.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_message_is_good_until_its_end_and_not_beyond() {
        let now = DateTime::<Utc>::default();
        let ending = |expires_at| Message {
            id: MessageId::new("M"),
            kind: MessageKind::VerifyEmail,
            to: EmailAddress::from_stored("ada@example.com"),
            link: None,
            user: Recipient {
                id: UserId::new("U"),
                email: EmailAddress::from_stored("ada@example.com"),
                name: "Ada".to_owned(),
            },
            created_at: now,
            expires_at,
        };
        assert!(!ending(None).is_expired(now));
        assert!(!ending(Some(now)).is_expired(now));
        assert!(ending(Some(now - TimeDelta::milliseconds(1))).is_expired(now));
        assert!(!ending(Some(now + TimeDelta::milliseconds(1))).is_expired(now));
    }
}
